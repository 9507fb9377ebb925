"""Background work that survives the death of every process.

The `core.Job` row is the queue of record; a Celery message only says "look at row 17". A message may be lost or come
twice: a lost one is sent again by the sweep, and of two only one can claim the row. A job therefore runs **at least
once**, and its handler must be idempotent: run again, it goes on from what its rows say is done.

An app registers a handler per kind of work in its `tasks` module::

    @job_kind("awards.render_reports", label=_("Lager rapporter"), queue=Queue.BATCH)
    def render_reports(job_id: int, progress: JobProgress) -> None: ...

and anyone orders work with `enqueue_job`, which also knows when one of a kind is enough.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from kundeservice.celery import BROKER_PROBLEMS, app
from kundeservice.core import clock
from kundeservice.core.job_kinds import Queue, name_job_kind, queue_of_job_kind
from kundeservice.core.models import Job, JobState, User

logger = logging.getLogger(__name__)

RUN_JOB_TASK = "core.run_job"
# What may be cured by waiting: a full disk, a database that restarts, a worker that is told to stop.
PASSING_PROBLEMS = (OSError, OperationalError, SystemExit, KeyboardInterrupt)


WAITING = (JobState.QUEUED,)
UNFINISHED = (JobState.QUEUED, JobState.RUNNING)


class JobFailed(Exception):
    """A handler's own verdict: repeating will not help. The text is shown to people, so it is in bokmål."""


class JobTakenOver(Exception):
    """Another worker has taken the job since this one was last heard; this one must stop."""


class UnknownJobKind(Exception):
    """No app has registered a handler for this kind of work."""


Handler = Callable[[int, "JobProgress"], None]
_handlers: dict[str, Handler] = {}


def job_kind(kind: str, *, label: str | Promise = "", queue: Queue = Queue.QUICK) -> Callable[[Handler], Handler]:
    """Register the decorated function as the handler of `kind`, such as `awards.render_reports`.

    `label` is what the work is called on the screen, in bokmål (`gettext_lazy`). Work that takes many minutes belongs
    in `Queue.BATCH`, where nobody's short work stands behind it.
    """

    def register(handler: Handler) -> Handler:
        known = _handlers.setdefault(kind, handler)
        if known.__qualname__ != handler.__qualname__:
            raise ValueError(f"{kind!r} already has the handler {known.__qualname__}.")
        name_job_kind(kind, label, queue=queue)
        return handler

    return register


def enqueue_job(
    kind: str,
    *,
    at: datetime,
    subject: str = "",
    payload: dict[str, Any] | None = None,
    created_by: User | None = None,
    total: int = 0,
    one_is_enough: Collection[JobState] = (),
) -> Job:
    """Order work: store its row and, once the transaction is committed, wake a worker.

    `payload` holds keys and choices, never results; `subject` is the code of the edition the work is about. A broker
    that is away raises nothing: the row waits for the sweep.

    Where work of the same kind, subject and payload is in one of the states `one_is_enough`, that job is returned and
    no other is made: `WAITING` for work that reads what may have changed since it began, `UNFINISHED` for the rest.
    """
    _handler_of(kind)
    with transaction.atomic():
        if one_is_enough:
            same = _same_job(kind, subject, payload or {}, one_is_enough)
            if same is not None:
                return same
        return _new_job(kind, at=at, subject=subject, payload=payload or {}, created_by=created_by, total=total)


def _same_job(kind: str, subject: str, payload: dict[str, Any], states: Collection[JobState]) -> Job | None:
    """The job that makes another of its kind superfluous. Who orders the same at the same time waits for the first."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"order {kind} {subject}"])
    same = Job.objects.filter(kind=kind, subject=subject, payload=payload, state__in=states)
    return same.order_by("pk").first()


def _new_job(
    kind: str, *, at: datetime, subject: str, payload: dict[str, Any], created_by: User | None, total: int
) -> Job:
    job = Job.objects.create(
        kind=kind,
        subject=subject,
        payload=payload,
        created_by=created_by,
        created_at=at,
        woken_at=at,
        total=total,
    )
    job.is_new = True
    _wake_worker(job.pk, kind)
    return job


def claim_job(job_id: int, *, at: datetime) -> Job | None:
    """Take a queued job for this process; None when somebody else has it or it is finished.

    A job held by a process of this machine that is no longer alive counts as queued.
    """
    taken = Job.objects.filter(pk=job_id, state=JobState.QUEUED).update(**_claim(at))
    if not taken:
        held = Job.objects.filter(pk=job_id, state=JobState.RUNNING).first()
        if held is None or not holder_is_dead(held) or held.attempt >= settings.JOB_MAX_ATTEMPTS:
            return None
        taken = Job.objects.filter(pk=job_id, state=JobState.RUNNING, attempt=held.attempt).update(**_claim(at))
    return Job.objects.get(pk=job_id) if taken else None


def run_job(job_id: int, *, at: datetime, with_heartbeat: bool) -> bool:
    """Claim and do one job; False when there was nothing to claim.

    `with_heartbeat` lets a thread tell the database every few seconds that this process lives; without it only the
    handler's own progress reports do.
    """
    job = claim_job(job_id, at=at)
    if job is None:
        return False
    with JobProgress(job_id=job.pk, attempt=job.attempt, with_heartbeat=with_heartbeat) as progress:
        _handler_of(job.kind)(job.pk, progress)
    return True


@dataclass(frozen=True)
class SweepResult:
    """How many jobs a sweep queued again, announced again and gave up."""

    requeued: int
    announced: int
    given_up: int


def sweep_jobs(*, at: datetime, everything_that_waits: bool = False) -> SweepResult:
    """Put abandoned jobs back into the queue and announce waiting ones whose message may be lost.

    A job is abandoned when its worker has been silent for `JOB_STALE_SECONDS`, or at once when its worker was a
    process of this machine that has died. After `JOB_MAX_ATTEMPTS` it is given up. `everything_that_waits` announces
    all that is queued, as is right when a worker starts or has found the broker again: whoever died before may have
    fetched any of the messages, and one too many does no harm.
    """
    requeued = given_up = 0
    running = Job.objects.filter(state=JobState.RUNNING)
    abandoned = set(running.abandoned(at=at).values_list("pk", flat=True))
    for job in running:
        if job.pk not in abandoned and not holder_is_dead(job):
            continue
        if job.attempt >= settings.JOB_MAX_ATTEMPTS:
            given_up += _give_up(job, at=at)
        else:
            requeued += _requeue(job, at=at)
    queued = Job.objects.filter(state=JobState.QUEUED, woken_at__lt=at)
    waiting = queued | Job.objects.unclaimed(at=at) if everything_that_waits else Job.objects.unclaimed(at=at)
    announced = sum(_announce_again(job, at=at) for job in list(waiting.order_by("created_at", "pk")))
    return SweepResult(requeued=requeued, announced=announced, given_up=given_up)


class JobProgress:
    """What a running handler tells the world. Everything it writes is fenced: it counts only while the job is ours.

    Call it outside the handler's own transactions, or nobody sees it before they are committed.
    """

    def __init__(self, *, job_id: int, attempt: int, with_heartbeat: bool = False) -> None:
        self._job_id = job_id
        self._attempt = attempt
        self._heartbeat = _Heartbeat(self) if with_heartbeat else None

    def report(self, *, current: int, total: int | None = None, message: str | None = None) -> None:
        """Tell that `current` of `total` parts are done, with a short message in bokmål."""
        changes: dict[str, Any] = {"current": current}
        if total is not None:
            changes["total"] = total
        if message is not None:
            changes["message"] = message[:300]
        self._write(**changes)

    def attach_file(self, path: str) -> None:
        """Tell which file came out, as a path below `MEDIA_ROOT`."""
        self._write(file=path)

    def still_alive(self) -> None:
        """Tell that work goes on although there is nothing to report."""
        self._write()

    def __enter__(self) -> Self:
        if self._heartbeat:
            self._heartbeat.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """Write the outcome. True, which swallows the exception, when the row now tells all there is to know."""
        if self._heartbeat:
            self._heartbeat.stop()
        if problem is None:
            self._finish(JobState.DONE)
            return True
        if isinstance(problem, JobTakenOver):
            logger.warning("Job %s was taken over by another worker.", self._job_id)
            return True
        if isinstance(problem, JobFailed):
            self._finish(JobState.FAILED, error=str(problem))
            return True
        if isinstance(problem, PASSING_PROBLEMS):
            # The row stays claimed; the sweep gives the job a new attempt when the claim has grown stale.
            self._row().update(error=str(problem))
            return False
        self._finish(JobState.FAILED, error=_("Uventet feil: %(problem)s") % {"problem": repr(problem)})
        return False

    def _row(self) -> Any:
        return Job.objects.filter(pk=self._job_id, attempt=self._attempt, state=JobState.RUNNING)

    def _write(self, **changes: Any) -> None:
        if not self._row().update(claimed_at=clock.now(), **changes):
            raise JobTakenOver(f"Job {self._job_id} is no longer ours.")

    def _finish(self, state: JobState, *, error: str = "") -> None:
        changes: dict[str, Any] = {"state": state, "error": error, "finished_at": clock.now()}
        if not self._row().update(**changes):
            logger.warning("Job %s was taken over before it could be finished.", self._job_id)


class _Heartbeat(threading.Thread):
    """Renews the claim in the background, on a database connection of its own."""

    def __init__(self, progress: JobProgress) -> None:
        super().__init__(name="job-heartbeat", daemon=True)
        self._progress = progress
        self._stopped = threading.Event()

    def run(self) -> None:
        while not self._stopped.wait(settings.JOB_HEARTBEAT_SECONDS):
            try:
                self._progress.still_alive()
            except JobTakenOver:
                break
            except OperationalError as problem:
                # The handler may hold SQLite's only write lock for longer than we care to wait; try again.
                logger.info("Heartbeat skipped: %s", problem)
        connection.close()

    def stop(self) -> None:
        self._stopped.set()
        self.join()


def this_process() -> str:
    """Name this process so that other processes of the same machine can tell whether it lives."""
    return f"{socket.gethostname()}:{os.getpid()}"


def holder_is_dead(job: Job) -> bool:
    """Tell whether the job is held by a process of this machine that is no longer there."""
    host, _colon, pid = job.claimed_by.rpartition(":")
    return host == socket.gethostname() and not _process_lives(int(pid))


def _process_lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's process, but a process
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    """Tell whether a process has ended without anybody having taken note, as happens in containers without an init."""
    try:
        # The name in parentheses may hold anything; the state is the first letter after it.
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] in {"Z", "X"}


def _handler_of(kind: str) -> Handler:
    if kind not in _handlers:
        raise UnknownJobKind(kind)
    return _handlers[kind]


def _claim(at: datetime) -> dict[str, Any]:
    return {
        "state": JobState.RUNNING,
        "claimed_at": at,
        "claimed_by": this_process(),
        "attempt": F("attempt") + 1,
        "error": "",
    }


def _requeue(job: Job, *, at: datetime) -> int:
    held = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempt=job.attempt, claimed_at=job.claimed_at)
    changed = held.update(state=JobState.QUEUED, woken_at=at)
    if changed:
        logger.warning("Job %s (%s) had lost its worker and is queued again.", job.pk, job.kind)
        _wake_worker(job.pk, job.kind)
    return changed


def _give_up(job: Job, *, at: datetime) -> int:
    held = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempt=job.attempt, claimed_at=job.claimed_at)
    reason = _("Gitt opp etter %(count)s forsøk.") % {"count": job.attempt}
    error = f"{reason} {job.error}".strip()
    changed = held.update(state=JobState.FAILED, finished_at=at, error=error)
    if changed:
        logger.error("Job %s (%s) is given up after %s attempts.", job.pk, job.kind, job.attempt)
    return changed


def _announce_again(job: Job, *, at: datetime) -> int:
    changed = Job.objects.filter(pk=job.pk, state=JobState.QUEUED, woken_at=job.woken_at).update(woken_at=at)
    if changed:
        _wake_worker(job.pk, job.kind)
    return changed


def _wake_worker(job_id: int, kind: str) -> None:
    """Send the message after commit. A broker that is away is logged, never raised: the row stands."""

    def wake() -> None:
        try:
            app.tasks[RUN_JOB_TASK].apply_async((job_id,), queue=queue_of_job_kind(kind))
        except BROKER_PROBLEMS as problem:
            logger.error("Job %s (%s) waits: no worker could be told (%s).", job_id, kind, problem)
            # Known to be lost, so the next sweep need not wait until it may be.
            Job.objects.filter(pk=job_id, state=JobState.QUEUED).update(woken_at=None)

    transaction.on_commit(wake, robust=True)
