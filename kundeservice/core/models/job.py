"""Background work: one row per piece of long work. The table is the queue of record."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kundeservice.core import clock


class JobState(models.IntegerChoices):
    """How far a job has come. The order is the order of a life: nothing goes from a later state to an earlier one,
    except that a running job whose worker died is queued again.
    """

    QUEUED = 10, _("i kø")
    RUNNING = 20, _("i arbeid")
    DONE = 30, _("ferdig")
    FAILED = 40, _("mislyktes")


class JobQuerySet(models.QuerySet["Job"]):
    """Filters over jobs."""

    def unfinished(self) -> JobQuerySet:
        """Jobs that wait or run."""
        return self.filter(state__lt=JobState.DONE)

    def abandoned(self, *, at: datetime) -> JobQuerySet:
        """Running jobs whose worker has not been heard for `settings.JOB_STALE_SECONDS`."""
        silent_since = at - timedelta(seconds=settings.JOB_STALE_SECONDS)
        return self.filter(state=JobState.RUNNING, claimed_at__lt=silent_since)

    def unclaimed(self, *, at: datetime) -> JobQuerySet:
        """Queued jobs whose last wake-up call was so long ago that it may be lost."""
        silent_since = at - timedelta(seconds=settings.JOB_STALE_SECONDS)
        return self.filter(state=JobState.QUEUED).filter(
            models.Q(woken_at__isnull=True) | models.Q(woken_at__lt=silent_since)
        )


class Job(models.Model):
    """A piece of long work, its progress and its outcome."""

    is_new = False
    """Whether this very order made the row, and did not find one that is enough. Not stored."""

    kind = models.CharField(_("slag"), max_length=60)
    subject = models.CharField(
        _("gjelder"), max_length=80, blank=True, db_index=True, help_text=_("koden til årgangen arbeidet gjelder")
    )
    payload = models.JSONField(_("oppdrag"), default=dict, blank=True)
    state = models.PositiveSmallIntegerField(_("status"), choices=JobState.choices, default=JobState.QUEUED)
    current = models.PositiveIntegerField(_("gjort"), default=0)
    total = models.PositiveIntegerField(_("i alt"), default=0)
    message = models.CharField(_("melding"), max_length=300, blank=True)
    error = models.TextField(_("feil"), blank=True)
    file = models.CharField(_("fil"), max_length=255, blank=True, help_text=_("sti under datamappens filer"))
    attempt = models.PositiveSmallIntegerField(_("forsøk"), default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("bestilt av"),
    )
    created_at = models.DateTimeField(_("bestilt"), default=clock.now, editable=False)
    woken_at = models.DateTimeField(_("sist meldt til arbeideren"), null=True, blank=True)
    claimed_at = models.DateTimeField(_("sist hørt fra arbeideren"), null=True, blank=True)
    claimed_by = models.CharField(_("arbeider"), max_length=120, blank=True, help_text=_("maskin:prosess"))
    finished_at = models.DateTimeField(_("ferdig"), null=True, blank=True)

    objects: ClassVar[JobQuerySet] = JobQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("bakgrunnsarbeid")
        verbose_name_plural = _("bakgrunnsarbeid")
        ordering = ("-created_at", "-pk")
        indexes = (models.Index(fields=("state", "claimed_at"), name="core_job_state_claimed"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=JobState.values), name="core_job_known_state"),
            models.CheckConstraint(
                condition=models.Q(state__lt=JobState.DONE, finished_at__isnull=True)
                | models.Q(state__gte=JobState.DONE, finished_at__isnull=False),
                name="core_job_finished_has_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=JobState.RUNNING) | models.Q(claimed_at__isnull=False),
                name="core_job_running_has_claim",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} ({self.get_state_display()})"

    @property
    def percent(self) -> int:
        """Progress in whole per cent, 0 … 100; 0 as long as the size of the work is unknown."""
        if self.state == JobState.DONE:
            return 100
        if not self.total:
            return 0
        return min(100, 100 * self.current // self.total)

    @property
    def is_finished(self) -> bool:
        """Whether the job will not change any more."""
        return self.state >= JobState.DONE
