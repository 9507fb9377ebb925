"""Making the reports: a row for each, claimed one at a time, its file kept by the sum of its content.

The rows are the queue of record. A batch may be killed at any moment and started again: what is done stays done, what
was being made is made again, and the same content always ends in the same file.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import os
import tempfile
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from awards.models import Report, ReportState
from awards.report.document.press import Press, TypesettingFailed
from awards.report.document.rendering import report_html
from awards.report.queries.evidence import Evidence, evidence_of
from awards.report.queries.reading import report_of
from kundeservice.core.gone import still_there
from kundeservice.core.jobs import UNFINISHED, WAITING, enqueue_job, holder_is_dead
from kundeservice.core.models import Job, JobState
from kundeservice.core.services.audit import record_event
from scoring.models import ScoreRun
from surveys.models import Participant

if TYPE_CHECKING:
    from types import TracebackType

    from kundeservice.core.models import User

log = logging.getLogger(__name__)

RENDER_REPORTS = "awards.render_reports"
MOST_PRESSES = 2
"""Typesetting fills a processor; more children than these would only slow the pages down."""

Clock = Callable[[], dt.datetime]


class ReportFailed(Exception):
    """A report could not be made; the text says why."""


class ReportMissing(Exception):
    """The report's file is not there, or not the one that was made."""


@dataclass(frozen=True, slots=True)
class BatchCount:
    """How far a batch is, counted in the table."""

    total: int
    done: int
    failed: int

    @property
    def settled(self) -> int:
        return self.done + self.failed


def queue_reports(*, run_id: int, by: User | None, at: dt.datetime) -> Job:
    """Order every report of a count that is not made yet, failed ones again. One waiting batch is enough.

    Raises: GoneMeanwhile.
    """
    run = still_there(ScoreRun.objects.select_related("edition").filter(pk=run_id))
    with transaction.atomic():
        ordered = _order_missing(run)
        payload = {"run": run.pk}
        job = enqueue_job(
            RENDER_REPORTS,
            subject=run.edition.code,
            payload=payload,
            created_by=by,
            at=at,
            total=run.reports.count(),
            # A running batch may have looked for its last row just before ours came; a waiting one has not looked yet.
            one_is_enough=WAITING if ordered else UNFINISHED,
        )
        if job.is_new:
            record_event(at=at, actor=by, action="reports.ordered", subject=run.edition.code, detail=payload)
        return job


def order_reports(*, run_id: int) -> None:
    """Let every report of a count that is not made yet wait to be made, failed ones again."""
    with transaction.atomic():
        _order_missing(ScoreRun.objects.get(pk=run_id))


def render_batch(*, run_id: int, clock: Clock, on_progress: Callable[[BatchCount], None]) -> BatchCount:
    """Make every report of a count that waits. One that fails, fails alone and keeps its reason.

    Safe to kill and to run again. Raises: RunOutdated if the answers are no longer those that were counted; OSError
    when a file cannot be written, with its row waiting again.
    """
    on_progress(count_batch(run_id))
    if not Report.objects.filter(run_id=run_id, state=ReportState.QUEUED).exists():
        return count_batch(run_id)
    evidence = evidence_of(ScoreRun.objects.select_related("edition").get(pk=run_id))
    with _Presses(min(MOST_PRESSES, os.cpu_count() or 1)) as presses:
        waiting: dict[Future[bytes], Report] = {}
        while True:
            while len(waiting) <= presses.number and (report := _claim_next(run_id, at=clock())) is not None:
                html = _written(report, evidence, clock)
                if html is not None:
                    waiting[presses.submit(html)] = report
            if not waiting:
                return count_batch(run_id)
            finished, _rest = wait(waiting, return_when=FIRST_COMPLETED)
            for future in finished:
                _settle(waiting.pop(future), future, at=clock())
            on_progress(count_batch(run_id))


def release_orphans(*, job_id: int, run_id: int) -> int:
    """Let reports whose maker died wait again, unless another living batch is at work; how many."""
    others = Job.objects.filter(kind=RENDER_REPORTS, payload={"run": run_id}, state=JobState.RUNNING).exclude(pk=job_id)
    if any(not holder_is_dead(job) for job in others):
        return 0
    return Report.objects.filter(run_id=run_id, state=ReportState.RENDERING).update(state=ReportState.QUEUED)


def render_report(*, report_id: int, at: dt.datetime) -> Report:
    """Make one report now, whatever its state was. Raises: ReportFailed, RunOutdated."""
    claimed = Report.objects.filter(pk=report_id).update(**_claim(at))
    if not claimed:
        raise Report.DoesNotExist
    report = Report.objects.select_related("run__edition", "participant").get(pk=report_id)
    try:
        html = report_html(report_of(evidence_of(report.run), report.participant.code))
        with Press() as press:
            _finish(report, press.typeset(html), at=at)
    except TypesettingFailed as problem:
        _fail(report, str(problem), at=at)
        raise ReportFailed(str(problem)) from problem
    report.refresh_from_db()
    return report


def ensure_report(*, run_id: int, participant_code: str) -> Report:
    """The row of one participant's report, made if there is none. Raises Participant.DoesNotExist for another code."""
    participant = Participant.objects.get(scores__run=run_id, code=participant_code)
    report, _created = Report.objects.get_or_create(run_id=run_id, participant=participant)
    return report


def read_report(*, report: Report, by: User, at: dt.datetime) -> Path:
    """The file of a finished report, after noting who fetched it. Whether they may is asked before.

    Raises: ReportMissing.
    """
    path = report_path(report)
    subject = f"{report.participant.edition.code}/{report.participant.code}"
    record_event(at=at, actor=by, action="report.downloaded", subject=subject, detail={"sha256": report.sha256})
    return path


def report_path(report: Report) -> Path:
    """Where a finished report lies. Raises: ReportMissing."""
    path = reports_folder() / f"{report.sha256}.pdf"
    if report.state != ReportState.DONE or not path.is_file():
        raise ReportMissing(f"{report.participant_id}: {report.state}")
    return path


def reports_folder() -> Path:
    """Below the data folder, which no server serves."""
    return Path(settings.DATA_DIR) / "reports"


def count_batch(run_id: int) -> BatchCount:
    """How many reports of a count there are, are done and have failed. One query."""
    counts = Report.objects.filter(run_id=run_id).aggregate(
        total=Count("pk"),
        done=Count("pk", filter=Q(state=ReportState.DONE)),
        failed=Count("pk", filter=Q(state=ReportState.FAILED)),
    )
    return BatchCount(**counts)


def _order_missing(run: ScoreRun) -> int:
    """Rows for everybody in the count; failed ones and those whose file is gone wait again. How many came to wait."""
    before = run.reports.filter(state=ReportState.QUEUED).count()
    Report.objects.bulk_create(
        (
            Report(run=run, participant_id=participant)
            for participant in run.participant_scores.values_list("participant_id", flat=True)
        ),
        ignore_conflicts=True,
    )
    run.reports.filter(state=ReportState.FAILED).update(state=ReportState.QUEUED, error="")
    folder = reports_folder()
    done = run.reports.filter(state=ReportState.DONE).values_list("pk", "sha256")
    gone = [key for key, digest in done if not (folder / f"{digest}.pdf").is_file()]
    run.reports.filter(pk__in=gone).update(state=ReportState.QUEUED)
    return run.reports.filter(state=ReportState.QUEUED).count() - before


def _claim_next(run_id: int, *, at: dt.datetime) -> Report | None:
    """Take the next waiting report; of several who try, one gets it."""
    waiting = Report.objects.filter(run_id=run_id, state=ReportState.QUEUED).order_by("pk")
    while (key := waiting.values_list("pk", flat=True).first()) is not None:
        if Report.objects.filter(pk=key, state=ReportState.QUEUED).update(**_claim(at)):
            return Report.objects.select_related("participant").get(pk=key)
    return None


def _claim(at: dt.datetime) -> dict[str, object]:
    return {"state": ReportState.RENDERING, "claimed_at": at, "attempt": F("attempt") + 1, "error": ""}


def _written(report: Report, evidence: Evidence, clock: Clock) -> str | None:
    """The report's HTML; None when it could not be written, which is noted on its row."""
    try:
        return report_html(report_of(evidence, report.participant.code))
    except Exception as problem:  # one report must not stop the others; what went wrong is kept and logged
        log.exception("report %s could not be written", report.pk)
        _fail(report, repr(problem), at=clock())
        return None


def _settle(report: Report, future: Future[bytes], *, at: dt.datetime) -> None:
    try:
        pdf = future.result()
    except TypesettingFailed as problem:
        log.error("report %s could not be set: %s", report.pk, problem)
        _fail(report, str(problem), at=at)
        return
    try:
        _finish(report, pdf, at=at)
    except OSError as problem:
        _ours(report).update(state=ReportState.QUEUED, error=str(problem))
        raise


def _finish(report: Report, pdf: bytes, *, at: dt.datetime) -> None:
    digest = _keep(pdf)
    _ours(report).update(state=ReportState.DONE, sha256=digest, size=len(pdf), finished_at=at, error="")


def _fail(report: Report, reason: str, *, at: dt.datetime) -> None:
    text = _("Rapporten kunne ikke lages: %(reason)s") % {"reason": reason[:500]}
    _ours(report).update(state=ReportState.FAILED, error=text, finished_at=at)


def _ours(report: Report):  # type: ignore[no-untyped-def]  # noqa: ANN202 – the manager's own query set
    """The row as long as our claim of it stands."""
    return Report.objects.filter(pk=report.pk, state=ReportState.RENDERING, attempt=report.attempt)


def _keep(pdf: bytes) -> str:
    """Store a file under the sum of its content: whole or not at all, also when the power goes. Returns the sum."""
    digest = hashlib.sha256(pdf).hexdigest()
    folder = reports_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pdf)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(folder / f"{digest}.pdf")
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(folder)
    return digest


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@dataclass
class _Presses:
    """A few presses, each used by one thread at a time. The threads touch neither database nor templates."""

    number: int
    _idle: SimpleQueue[Press] = field(default_factory=SimpleQueue, init=False)
    _all: list[Press] = field(default_factory=list, init=False)
    _threads: ThreadPoolExecutor = field(init=False)

    def __enter__(self) -> Self:
        self._all = [Press() for _number in range(self.number)]
        for press in self._all:
            self._idle.put(press)
        self._threads = ThreadPoolExecutor(max_workers=self.number, thread_name_prefix="press")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)
        for press in self._all:
            press.close()

    def submit(self, html: str) -> Future[bytes]:
        return self._threads.submit(self._typeset, html)

    def _typeset(self, html: str) -> bytes:
        press = self._idle.get()
        try:
            return press.typeset(html)
        finally:
            self._idle.put(press)
