"""What the world sees: publications, reports, and the years before."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from scoring.models import ScoreRun
from surveys.models import Edition, Participant, Phase
from surveys.models.lock_guards import GuardedTable

if TYPE_CHECKING:
    from kundeservice.core.models import User


class PublicationQuerySet(models.QuerySet["Publication"]):
    def published(self, *, at: dt.datetime) -> PublicationQuerySet:
        """What the public may see at `at`: what was published, and what was planned for then or before.

        The moment itself publishes. Nobody has to note it first, so every page shows the results from the same second.
        """
        return self.filter(published_at_by(at))

    def due(self, *, at: dt.datetime) -> PublicationQuerySet:
        """Whose planned moment has come without anybody having noted it."""
        return self.filter(_planned_by(at))


def published_at_by(at: dt.datetime, *, publication: str = "") -> models.Q:
    """The condition of `PublicationQuerySet.published`, seen from a table to which publications are `publication`."""
    path = f"{publication}__" if publication else ""
    return models.Q(**{f"{path}published_at__isnull": False}) | _planned_by(at, path)


def _planned_by(at: dt.datetime, path: str = "") -> models.Q:
    """What was opened for change does not publish itself, so the edition must still be locked."""
    return models.Q(
        **{
            f"{path}published_at__isnull": True,
            f"{path}publish_at__lte": at,
            f"{path}edition__phase": Phase.LOCKED,
        }
    )


class Publication(models.Model):
    """The one door through which results become public: this run, at this time.

    `publish_at` is a plan, and comes true by itself; `published_at` is noted afterwards, or at once when somebody
    publishes by hand. What was published stays until a correction of it is: then `run` is another, and `corrected_at`
    says when.
    """

    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="publication")
    run = models.ForeignKey(ScoreRun, on_delete=models.PROTECT, related_name="publications")
    publish_at = models.DateTimeField(_("publiseres"), null=True, blank=True)
    published_at = models.DateTimeField(_("publisert"), null=True, blank=True)
    corrected_at = models.DateTimeField(_("rettet"), null=True, blank=True)
    shows_confidence = models.BooleanField(_("vis usikkerheten"), default=False)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publisering")
        verbose_name_plural = _("publiseringer")

    def __str__(self) -> str:
        return self.edition.code

    @property
    def is_published(self) -> bool:
        """Whether it is noted that the results are public. What the public sees is `PublicationQuerySet.published`."""
        return self.published_at is not None

    @property
    def became_public_at(self) -> dt.datetime | None:
        """The moment the public first saw results, or is to see them; None where none is set."""
        return self.published_at or self.publish_at


class Lock(models.Model):
    """A closing of an edition: the count it rests on, and the hash that can be published before the announcement.

    `sums` maps each file of the canonical package to its SHA-256; `root_hash` is the SHA-256 of that listing.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="locks")
    run = models.ForeignKey(ScoreRun, on_delete=models.PROTECT, related_name="locks")
    locked_at = models.DateTimeField(_("låst"))
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("av")
    )
    root_hash = models.CharField(_("rotsum"), max_length=64)
    sums = models.JSONField(_("filsummer"), default=dict)

    class Meta:
        verbose_name = _("låsing")
        verbose_name_plural = _("låsinger")
        ordering = ("-locked_at", "-pk")
        get_latest_by = ("locked_at", "pk")

    def __str__(self) -> str:
        return f"{self.edition.code}: {self.root_hash}"


class StudyKind(models.TextChoices):
    """What can be asked of a count besides its numbers."""

    CONFIDENCE = "confidence", _("Hvor sikkert er det?")
    SEVERITY = "severity", _("Strenghet")
    ZEROS = "zeros", _("Nuller")


class Study(models.Model):
    """What a study of one count found. Kept as it was found: a study that is shown is never computed again.

    `findings` is the engine's own answer as JSON, fractions as «a/b» and decimals as text. The engine knows shoppers as
    anonymous numbers; which number is whom stands beside its answer as `shoppers`, for the office.
    """

    run = models.ForeignKey(ScoreRun, on_delete=models.CASCADE, related_name="studies")
    kind = models.CharField(_("undersøkelse"), max_length=10, choices=StudyKind.choices)
    seed = models.BigIntegerField(_("frø"))
    resamples = models.PositiveIntegerField(_("trekninger"), default=0)
    created_at = models.DateTimeField(_("laget"))
    findings = models.JSONField(_("funn"), default=dict)

    class Meta:
        verbose_name = _("undersøkelse av en beregning")
        verbose_name_plural = _("undersøkelser av beregninger")
        ordering = ("-created_at", "-pk")
        get_latest_by = ("created_at", "pk")
        constraints = (models.UniqueConstraint(name="study_once", fields=("run", "kind", "seed")),)

    def __str__(self) -> str:
        return f"{self.run_id}: {self.kind}"


class ReportState(models.TextChoices):
    QUEUED = "queued", _("I kø")
    RENDERING = "rendering", _("Lages")
    DONE = "done", _("Ferdig")
    FAILED = "failed", _("Feilet")


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: User, *, at: dt.datetime) -> ReportQuerySet:
        """Finished reports of what is published at `at`, for the participant's own people.

        They were made before, and nobody but the office behind its seal could open them until then.
        """
        return self.filter(
            published_at_by(at, publication="run__publications"),
            state=ReportState.DONE,
            participant__members__user=user,
        )


class Report(models.Model):
    """One participant's report of one run: the row is the queue of record, the file is named by its content's sum."""

    run = models.ForeignKey(ScoreRun, on_delete=models.CASCADE, related_name="reports")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="reports")
    state = models.CharField(_("tilstand"), max_length=10, choices=ReportState.choices, default=ReportState.QUEUED)
    claimed_at = models.DateTimeField(_("påbegynt"), null=True, blank=True)
    attempt = models.PositiveSmallIntegerField(_("forsøk"), default=0)
    finished_at = models.DateTimeField(_("ferdig"), null=True, blank=True)
    sha256 = models.CharField(_("sum"), max_length=64, blank=True)
    size = models.PositiveIntegerField(_("størrelse i byte"), default=0)
    error = models.TextField(_("feil"), blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("rapport")
        verbose_name_plural = _("rapporter")
        constraints = (models.UniqueConstraint(name="report_once", fields=("run", "participant")),)

    def __str__(self) -> str:
        return f"{self.participant_id}: {self.state}"


class ArchiveMethod(models.TextChoices):
    MYSTERY = "mystery", _("Mystery shopping")
    PANEL = "panel", _("Forbrukerpanel")


class ArchivedResult(models.Model):
    """A published winner of an earlier year, with the source it was taken from."""

    award = models.CharField(_("pris"), max_length=120)
    year = models.PositiveSmallIntegerField(_("år"))
    method = models.CharField(_("metode"), max_length=10, choices=ArchiveMethod.choices, default=ArchiveMethod.MYSTERY)
    class_name = models.CharField(_("klasse"), max_length=120, blank=True)
    winner = models.CharField(_("vinner"), max_length=160)
    total = models.DecimalField(_("totalresultat"), max_digits=4, decimal_places=1, null=True, blank=True)
    overall_winner = models.BooleanField(_("totalvinner"), default=False)
    source = models.CharField(_("kilde"), max_length=300)

    class Meta:
        verbose_name = _("arkivert resultat")
        verbose_name_plural = _("arkiverte resultater")
        ordering = ("-year", "award", "-overall_winner", models.F("total").desc(nulls_last=True), "class_name")
        constraints = (
            models.UniqueConstraint(name="archivedresult_unique", fields=("award", "year", "class_name", "winner")),
        )

    def __str__(self) -> str:
        return f"{self.award} {self.year}: {self.winner}"


class EditionImport(models.Model):
    """What the last import brought of each contact nobody had worked on: {contact: sum of what the file said of it}.

    A contact that says something else than its import did has been worked on here.
    """

    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="last_import")
    imported_at = models.DateTimeField(_("importert"))
    contacts = models.JSONField(_("henvendelser"), default=dict)

    class Meta:
        verbose_name = _("import av en årgang")
        verbose_name_plural = _("importer av årganger")

    def __str__(self) -> str:
        return f"{self.edition.code} {self.imported_at:%Y-%m-%d %H:%M}"


class PackageUpload(models.Model):
    """A package a leader has sent in: what the check found, and whether it was taken over."""

    file = models.CharField(_("fil"), max_length=120)
    name = models.CharField(_("filnavn"), max_length=255)
    size = models.PositiveBigIntegerField(_("størrelse i byte"))
    replace = models.BooleanField(_("erstatt"), default=False)
    uploaded_at = models.DateTimeField(_("sendt inn"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("av")
    )
    checked_at = models.DateTimeField(_("kontrollert"), null=True, blank=True)
    problems = models.JSONField(_("feil"), default=list, blank=True)
    problem_count = models.PositiveIntegerField(_("antall feil"), default=0)
    preview = models.JSONField(_("innhold"), default=dict, blank=True)
    imported_at = models.DateTimeField(_("importert"), null=True, blank=True)

    class Meta:
        verbose_name = _("innsendt pakke")
        verbose_name_plural = _("innsendte pakker")
        ordering = ("-uploaded_at", "-pk")

    def __str__(self) -> str:
        return self.name

    @property
    def is_sound(self) -> bool:
        """Checked, and nothing found."""
        return self.checked_at is not None and self.problem_count == 0

    @property
    def field_period(self) -> tuple[dt.date, ...]:
        """First and last day of the field period that was found; empty before the check."""
        return tuple(
            dt.date.fromisoformat(self.preview[name]) for name in ("starts_on", "ends_on") if name in self.preview
        )


RESTING_ON_RUNS = ("awards_lock", "awards_publication")

GUARDED_COUNTS = (
    GuardedTable("scoring_scorerun", rests_on=RESTING_ON_RUNS, run="id"),
    *(
        GuardedTable(table, "run_id", "scoring_scorerun", rests_on=RESTING_ON_RUNS)
        for table in ("scoring_award", "scoring_classscore", "scoring_contactscores", "scoring_participantscore")
    ),
)
"""No row of a locked edition's counts changes; new counts are made, and nothing is added to one that is relied upon."""
