"""How far background work has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from kundeservice.core.job_kinds import label_of_job_kind, queue_of_job_kind
from kundeservice.core.models import Job, JobState
from kundeservice.core.queries.health import worker_is_alive

PATIENCE = timedelta(seconds=30)


@dataclass(frozen=True)
class JobStatus:
    """A job as a page shows it.

    `state` is queued, running, done or failed; `percent` is 0 … 100; `waiting_long` when nobody has taken it for 30 s,
    and then `worker_is_busy` when there is a worker all the same.
    """

    pk: int
    kind: str
    kind_label: str
    subject: str
    state: str
    current: int
    total: int
    percent: int
    message: str
    error: str
    file: str
    is_finished: bool
    waiting_long: bool
    worker_is_busy: bool

    @property
    def reasons(self) -> tuple[str, ...]:
        """The lines of the error: several where there are several reasons."""
        return tuple(line for line in self.error.splitlines() if line.strip())


def read_job_status(*, job: Job, at: datetime) -> JobStatus:
    """Return how far `job` has come as seen at the moment `at`."""
    state = JobState(job.state)
    waiting_long = state == JobState.QUEUED and at - job.created_at > PATIENCE
    return JobStatus(
        pk=job.pk,
        kind=job.kind,
        kind_label=label_of_job_kind(job.kind),
        subject=job.subject,
        state=state.name.lower(),
        current=job.current,
        total=job.total,
        percent=job.percent,
        message=job.message,
        error=job.error,
        file=job.file,
        is_finished=job.is_finished,
        waiting_long=waiting_long,
        worker_is_busy=waiting_long and worker_is_alive(queue_of_job_kind(job.kind), at=at),
    )


def latest_job(*, kind: str, subject: str, at: datetime) -> JobStatus | None:
    """Return how the newest job of `kind` about `subject` is coming along; None when there has been none."""
    job = Job.objects.filter(kind=kind, subject=subject).first()
    return None if job is None else read_job_status(job=job, at=at)
