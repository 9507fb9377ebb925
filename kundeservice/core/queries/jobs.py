"""How far background work has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from kundeservice.core.models import Job, JobState

PATIENCE = timedelta(seconds=30)


@dataclass(frozen=True)
class JobStatus:
    """A job as a page shows it. `percent` is 0 … 100; `worker_is_missing` when it has waited longer than 30 seconds."""

    pk: int
    kind: str
    subject: str
    state: JobState
    current: int
    total: int
    percent: int
    message: str
    error: str
    file: str
    is_finished: bool
    worker_is_missing: bool

    @property
    def is_done(self) -> bool:
        """Whether the work succeeded."""
        return self.state == JobState.DONE

    @property
    def has_failed(self) -> bool:
        """Whether the work was given up; `error` says why."""
        return self.state == JobState.FAILED


def read_job_status(*, job: Job, at: datetime) -> JobStatus:
    """Return how far `job` has come as seen at the moment `at`."""
    state = JobState(job.state)
    return JobStatus(
        pk=job.pk,
        kind=job.kind,
        subject=job.subject,
        state=state,
        current=job.current,
        total=job.total,
        percent=job.percent,
        message=job.message,
        error=job.error,
        file=job.file,
        is_finished=job.is_finished,
        worker_is_missing=state == JobState.QUEUED and at - job.created_at > PATIENCE,
    )


def latest_job(*, kind: str, subject: str, at: datetime) -> JobStatus | None:
    """Return how the newest job of `kind` about `subject` is coming along; None when there has been none."""
    job = Job.objects.filter(kind=kind, subject=subject).first()
    return None if job is None else read_job_status(job=job, at=at)
