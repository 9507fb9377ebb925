from __future__ import annotations

import datetime as dt
import zoneinfo
from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from kundeservice.core.language import reads_english
from surveys.engine.words import CHANNELS, SCORED_AREAS
from surveys.models.choices import Phase
from surveys.models.fields import CodeField, ExactDecimalField


@dataclass(frozen=True)
class PhaseStep:
    """A phase as it stands on the line of an edition's life: done, current or upcoming."""

    label: str
    state: str


class EditionQuerySet(models.QuerySet["Edition"]):
    def newest_first(self) -> EditionQuerySet:
        return self.order_by("-year", "-starts_on", "code")

    def open_for_answers(self) -> EditionQuerySet:
        """Editions in which shoppers may report contacts."""
        return self.filter(phase__in=(Phase.FIELD, Phase.REVIEW))


class Edition(models.Model):
    """One year's award: its period, its rules and how far it has come.

    The figures here are rules of the edition and are frozen with it; no weight and no key lives in settings or code.
    """

    code = CodeField(_("kode"), unique=True)
    award = models.CharField(_("pris"), max_length=120)
    year = models.PositiveSmallIntegerField(_("år"))
    name_nb = models.CharField(_("navn"), max_length=160, blank=True)
    name_en = models.CharField(_("navn på engelsk"), max_length=160, blank=True)
    phase = models.PositiveSmallIntegerField(_("fase"), choices=Phase.choices, default=Phase.DRAFT)

    starts_on = models.DateField(_("feltperioden begynner"))
    ends_on = models.DateField(_("feltperioden slutter"))
    timezone = models.CharField(_("tidssone"), max_length=60, default="Europe/Oslo")
    opens_at = models.TimeField(_("første henvendelse på dagen"), default=dt.time(9))
    closes_at = models.TimeField(_("siste henvendelse på dagen"), default=dt.time(15))
    closed_days = models.JSONField(
        _("ekstra fridager"), default=list, blank=True, help_text=_("Datoer som ÅÅÅÅ-MM-DD.")
    )

    contacts_per_participant = models.PositiveSmallIntegerField(_("henvendelser per deltaker"), default=25)
    max_channels = models.PositiveSmallIntegerField(_("kontaktmåter per deltaker, høyst"), default=3)
    weight_wait = ExactDecimalField(_("vekt for svar- og ventetid"), default=Decimal(5))
    weight_welcome = ExactDecimalField(_("vekt for velkomst og mottak"), default=Decimal(15))
    weight_agent = ExactDecimalField(_("vekt for kundebehandleren"), default=Decimal(50))
    weight_overall = ExactDecimalField(_("vekt for totalinntrykk"), default=Decimal(30))
    key_telephone = ExactDecimalField(_("fordelingsnøkkel, telefon"), default=Decimal(50))
    key_email = ExactDecimalField(_("fordelingsnøkkel, e-post"), default=Decimal(30))
    key_chat = ExactDecimalField(_("fordelingsnøkkel, chat"), default=Decimal(20))
    key_messenger = ExactDecimalField(_("fordelingsnøkkel, Messenger"), default=Decimal(20))
    min_counted = models.PositiveSmallIntegerField(_("tellende henvendelser for å bli rangert"), default=20)
    min_channel_contacts = models.PositiveSmallIntegerField(
        _("tellende henvendelser for pris på en kontaktmåte"), default=5
    )
    scoring_method = models.CharField(_("beregningsmetode"), max_length=60, default="mystery-2022")

    viewers_needed = models.PositiveSmallIntegerField(
        _("personer som må være enige om innsyn før publisering"), default=2, choices=((1, _("én")), (2, _("to")))
    )

    created_at = models.DateTimeField(_("opprettet"), auto_now_add=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("årgang")
        verbose_name_plural = _("årganger")
        ordering = ("-year", "code")
        constraints = (
            models.CheckConstraint(
                name="edition_period_not_reversed", condition=models.Q(ends_on__gte=models.F("starts_on"))
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The edition's name in the reader's language; award and year where none was given."""
        return (self.name_en if reads_english() else self.name_nb) or f"{self.award} {self.year}"

    @property
    def tzinfo(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.timezone)

    @property
    def weights(self) -> dict[str, Decimal]:
        """Area → weight in percent of the total; the four sum to 100."""
        return {area: getattr(self, f"weight_{area}") for area in SCORED_AREAS}

    @property
    def distribution_key(self) -> dict[str, Decimal]:
        """Channel → its weight when a participant's contacts are split over its channels."""
        return {channel: getattr(self, f"key_{channel}") for channel in CHANNELS}

    @property
    def closed_dates(self) -> frozenset[dt.date]:
        return frozenset(dt.date.fromisoformat(day) for day in self.closed_days)

    @property
    def phase_steps(self) -> tuple[PhaseStep, ...]:
        """Every phase in order, as seen from the one the edition is in."""

        def state(phase: Phase) -> str:
            if phase == self.phase:
                return "current"
            return "done" if phase < self.phase else "upcoming"

        return tuple(PhaseStep(label=str(phase.label), state=state(phase)) for phase in Phase)

    @property
    def is_locked(self) -> bool:
        """Whether answers and rules are closed for change."""
        return self.phase >= Phase.LOCKED
