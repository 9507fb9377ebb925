from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kundeservice.core.language import in_reader_language
from surveys.models.choices import Area, Channel, Metric, QuestionKind, WaitUnit
from surveys.models.edition import Edition
from surveys.models.fields import CodeField, ExactDecimalField, WordSetField


class Question(models.Model):
    """One question of the edition's questionnaire. Frozen with its options once the field period opens."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="questions")
    code = CodeField(_("kode"))
    area = models.CharField(_("prestasjonsområde"), max_length=10, choices=Area.choices)
    order = models.PositiveSmallIntegerField(_("rekkefølge"))
    text_nb = models.CharField(_("spørsmål"), max_length=500)
    text_en = models.CharField(_("spørsmål på engelsk"), max_length=500, blank=True)
    kind = models.CharField(_("type"), max_length=10, choices=QuestionKind.choices)
    channels = WordSetField(_("kontaktmåter"), help_text=_("Tomt = alle kontaktmåter."))
    metric = models.CharField(_("mål"), max_length=10, choices=Metric.choices, blank=True)
    scale_min = models.SmallIntegerField(_("laveste verdi"), null=True, blank=True)
    scale_max = models.SmallIntegerField(_("høyeste verdi"), null=True, blank=True)
    required = models.BooleanField(_("må besvares"), default=True)

    class Meta:
        verbose_name = _("spørsmål")
        verbose_name_plural = _("spørsmål")
        ordering = ("order", "code")
        constraints = (
            models.UniqueConstraint(name="question_code_unique", fields=("edition", "code")),
            models.UniqueConstraint(
                name="question_metric_unique", fields=("edition", "metric"), condition=~models.Q(metric="")
            ),
        )

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        return in_reader_language(self.text_nb, self.text_en)

    @property
    def channel_set(self) -> frozenset[str]:
        """The channels the question is asked on; every channel when none is named."""
        return frozenset(self.channels.split()) or frozenset(Channel.values)

    @property
    def channel_labels(self) -> str:
        """The named channels as people read them: «Telefon, Chat»."""
        return ", ".join(str(Channel(channel).label) for channel in self.channels.split())

    def fits(self, channel: str) -> bool:
        return not self.channels or channel in self.channels.split()


class Option(models.Model):
    """An answer one can choose. Points never leave the server before publication, and never reach a shopper."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="options")
    code = CodeField(_("kode"))
    order = models.PositiveSmallIntegerField(_("rekkefølge"))
    text_nb = models.CharField(_("svaralternativ"), max_length=300)
    text_en = models.CharField(_("svaralternativ på engelsk"), max_length=300, blank=True)
    points = ExactDecimalField(_("poeng"), null=True, blank=True)
    not_applicable = models.BooleanField(_("ikke aktuelt"), default=False)

    class Meta:
        verbose_name = _("svaralternativ")
        verbose_name_plural = _("svaralternativer")
        ordering = ("order", "code")
        constraints = (
            models.UniqueConstraint(name="option_code_unique", fields=("question", "code")),
            models.CheckConstraint(
                name="option_points_not_negative", condition=models.Q(points__isnull=True) | models.Q(points__gte=0)
            ),
        )

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        return in_reader_language(self.text_nb, self.text_en)


class WaitBand(models.Model):
    """What an answer within a wait is worth on a channel. `up_to` is inclusive; empty = any wait beyond the others."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="wait_bands")
    channel = models.CharField(_("kontaktmåte"), max_length=10, choices=Channel.choices)
    unit = models.CharField(_("enhet"), max_length=15, choices=WaitUnit.choices)
    up_to = ExactDecimalField(_("til og med"), null=True, blank=True)
    percent = ExactDecimalField(_("prosent"))

    class Meta:
        verbose_name = _("ventetidsgrense")
        verbose_name_plural = _("ventetidsgrenser")
        ordering = ("channel", models.F("up_to").asc(nulls_last=True))
        constraints = (
            models.UniqueConstraint(name="waitband_up_to_unique", fields=("edition", "channel", "up_to")),
            models.UniqueConstraint(
                name="waitband_open_end_unique", fields=("edition", "channel"), condition=models.Q(up_to__isnull=True)
            ),
            models.CheckConstraint(
                name="waitband_percent_in_range", condition=models.Q(percent__gte=0) & models.Q(percent__lte=100)
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_channel_display()} ≤ {self.up_to}: {self.percent} %"
