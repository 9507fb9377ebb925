"""What the answers are worth. Rows here are written once and never changed: a new count is a new run."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from django.db import models
from django.utils.translation import gettext_lazy as _

from surveys.engine import words
from surveys.models import AwardClass, Edition, Participant


class ScoreRun(models.Model):
    """One count of an edition: by which method, of which input.

    The limits it was counted with are kept with it, so that what is asked of it later is answered by its own rules.
    Counts from before they were kept have none.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="score_runs")
    method = models.CharField(_("metode"), max_length=60)
    input_digest = models.CharField(_("sum av grunnlaget"), max_length=64)
    created_at = models.DateTimeField(_("beregnet"))
    contacts = models.PositiveIntegerField(_("tellende henvendelser"))
    answered = models.PositiveIntegerField(_("besvarte"))
    min_counted = models.PositiveSmallIntegerField(_("tellende henvendelser for å bli rangert"), null=True)
    min_channel_contacts = models.PositiveSmallIntegerField(
        _("tellende henvendelser for pris på en kontaktmåte"), null=True
    )
    exact = models.JSONField(
        _("nøyaktige tall"), default=dict, help_text=_("Årgangens tall som brøker: {tall: teller/nevner eller null}.")
    )

    class Meta:
        verbose_name = _("beregning")
        verbose_name_plural = _("beregninger")
        ordering = ("-created_at", "-pk")
        get_latest_by = ("created_at", "pk")

    def __str__(self) -> str:
        return f"{self.edition.code} {self.created_at:%Y-%m-%d %H:%M}"

    def figure(self, name: str) -> Fraction | None:
        return read_fraction(self.exact.get(name))


class ContactScores(models.Model):
    """Every counted contact's score in one run, so that runs can be compared and studied after the answers changed.

    `exact` is {contact: [participant, channel, answered, score, {area: score}, {metric: value}]}, numbers as text.
    Kept beside the run and not in it, because it is long and seldom read.
    """

    run = models.OneToOneField(ScoreRun, on_delete=models.CASCADE, primary_key=True, related_name="contact_scores")
    exact = models.JSONField(_("nøyaktige tall"), default=dict)

    class Meta:
        verbose_name = _("henvendelsenes resultater")
        verbose_name_plural = _("henvendelsenes resultater")

    def __str__(self) -> str:
        return f"{self.run_id}"


class ParticipantScore(models.Model):
    """A participant's figures in one run. `exact` is the truth; the columns are the same at 6 decimals, for SQL."""

    run = models.ForeignKey(ScoreRun, on_delete=models.CASCADE, related_name="participant_scores")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="scores")
    contacts = models.PositiveIntegerField(_("tellende henvendelser"))
    answered = models.PositiveIntegerField(_("besvarte"))
    position = models.PositiveIntegerField(_("plass i listen"), help_text=_("Rekkefølgen i resultatfilen, fra 1."))
    ranked = models.BooleanField(_("rangert"))
    rank_in_class = models.PositiveIntegerField(_("plass i klassen"), null=True)
    rank_overall = models.PositiveIntegerField(_("plass totalt"), null=True)
    exact = models.JSONField(_("nøyaktige tall"), default=dict)
    total = models.DecimalField(max_digits=10, decimal_places=6, null=True)
    answered_total = models.DecimalField(max_digits=10, decimal_places=6, null=True)
    agent = models.DecimalField(max_digits=10, decimal_places=6, null=True)

    class Meta:
        verbose_name = _("deltakerresultat")
        verbose_name_plural = _("deltakerresultater")
        ordering = ("position",)
        constraints = (models.UniqueConstraint(name="participantscore_unique", fields=("run", "participant")),)

    def __str__(self) -> str:
        return f"{self.participant_id}: {self.position}"

    def figure(self, name: str) -> Fraction | None:
        """The exact value of one of `FIGURES`; None where it has no basis."""
        return read_fraction(self.exact.get(name))


class ClassScore(models.Model):
    """A class's figures in one run."""

    run = models.ForeignKey(ScoreRun, on_delete=models.CASCADE, related_name="class_scores")
    award_class = models.ForeignKey(AwardClass, on_delete=models.CASCADE, related_name="scores")
    participants = models.PositiveIntegerField(_("deltakere"))
    exact = models.JSONField(_("nøyaktige tall"), default=dict)

    class Meta:
        verbose_name = _("klasseresultat")
        verbose_name_plural = _("klasseresultater")
        constraints = (models.UniqueConstraint(name="classscore_unique", fields=("run", "award_class")),)

    def __str__(self) -> str:
        return f"{self.award_class_id}"

    def figure(self, name: str) -> Fraction | None:
        return read_fraction(self.exact.get(name))


class AwardKind(models.TextChoices):
    """What can be won."""

    CLASS = "class", _("Klassevinner")
    OVERALL = "overall", _("Årets kundesenter – Best i test")
    TELEPHONE = words.TELEPHONE, _("Best på telefon")
    EMAIL = words.EMAIL, _("Best på e-post")
    CHAT = words.CHAT, _("Best på chat")
    MESSENGER = words.MESSENGER, _("Best på Messenger")


class Award(models.Model):
    """A prize as the rules give it in one run. A shared place is one row for each winner."""

    run = models.ForeignKey(ScoreRun, on_delete=models.CASCADE, related_name="awards")
    kind = models.CharField(_("pris"), max_length=10, choices=AwardKind.choices)
    award_class = models.ForeignKey(AwardClass, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="awards")
    position = models.PositiveIntegerField(_("rekkefølge"))

    class Meta:
        verbose_name = _("pris")
        verbose_name_plural = _("priser")
        ordering = ("position",)
        constraints = (models.UniqueConstraint(name="award_once", fields=("run", "kind", "participant")),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.participant_id}"


def read_fraction(text: str | None) -> Fraction | None:
    """A stored exact value ("659/10") as a number; None where there is none."""
    if text is None:
        return None
    above, _slash, below = text.partition("/")
    return Fraction(int(Decimal(above)), int(Decimal(below or 1)))


def write_fraction(value: Fraction | None) -> str | None:
    """An exact value as it is stored; the inverse of `read_fraction`.

    Python writes and reads whole numbers of at most 4,300 digits, and the exact mean of an edition whose points have
    three decimals has more; decimal numbers know no such limit.
    """
    return None if value is None else f"{Decimal(value.numerator)}/{Decimal(value.denominator)}"
