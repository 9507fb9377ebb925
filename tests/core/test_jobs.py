"""Background work: the row decides who may work, what happened, and what is tried again."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from kundeservice.core import jobs
from kundeservice.core.jobs import (
    UNFINISHED,
    WAITING,
    JobFailed,
    JobProgress,
    UnknownJobKind,
    claim_job,
    enqueue_job,
    job_kind,
    run_job,
    sweep_jobs,
)
from kundeservice.core.models import Job, JobState

pytestmark = pytest.mark.django_db
KIND = "tests.work"
Work = Callable[[int, JobProgress], None]


@pytest.fixture
def do(monkeypatch: pytest.MonkeyPatch) -> Callable[[Work], None]:
    """Decide what a job of kind `tests.work` does."""

    def decide(work: Work) -> None:
        monkeypatch.setitem(jobs._handlers, KIND, work)

    decide(lambda _job_id, _progress: None)
    return decide


@pytest.fixture
def job(do: Callable[[Work], None], at: dt.datetime) -> Job:
    return enqueue_job(KIND, at=at, subject="ks2027", payload={"first": 1}, total=4)


@pytest.fixture
def dead_process() -> str:
    """The name of a process of this machine that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return jobs.this_process().rpartition(":")[0] + f":{process.pid}"


def later(at: dt.datetime, seconds: float) -> dt.datetime:
    return at + dt.timedelta(seconds=seconds)


class TestOrder:
    def test_the_row_stands_before_any_worker_knows(self, job: Job, at: dt.datetime) -> None:
        assert (job.state, job.attempt, job.created_at, job.woken_at) == (JobState.QUEUED, 0, at, at)

    def test_the_worker_is_woken_after_commit(
        self,
        do: Callable[[Work], None],
        at: dt.datetime,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            job = enqueue_job(KIND, at=at)
            assert Job.objects.get(pk=job.pk).state == JobState.QUEUED
        assert Job.objects.get(pk=job.pk).state == JobState.DONE

    def test_an_unknown_kind_is_refused_before_it_is_stored(self, at: dt.datetime) -> None:
        with pytest.raises(UnknownJobKind):
            enqueue_job("tests.nobody_does_this", at=at)
        assert not Job.objects.exists()

    @pytest.mark.parametrize(
        ("state", "enough", "is_new"),
        [
            (JobState.QUEUED, WAITING, False),
            (JobState.RUNNING, WAITING, True),
            (JobState.RUNNING, UNFINISHED, False),
            (JobState.DONE, UNFINISHED, True),
            (JobState.FAILED, UNFINISHED, True),
            (JobState.QUEUED, (), True),
        ],
    )
    def test_one_is_enough_where_the_order_says_so(
        self, job: Job, at: dt.datetime, state: JobState, enough: tuple[JobState, ...], is_new: bool
    ) -> None:
        Job.objects.filter(pk=job.pk).update(
            state=state, claimed_at=at, finished_at=at if state >= JobState.DONE else None
        )

        again = enqueue_job(KIND, at=at, subject="ks2027", payload={"first": 1}, one_is_enough=enough)

        assert (again.is_new, again.pk != job.pk) == (is_new, is_new)

    @pytest.mark.parametrize("other", [{"subject": "ks2028"}, {"payload": {"first": 2}}])
    def test_other_work_is_an_order_of_its_own(self, job: Job, at: dt.datetime, other: dict[str, Any]) -> None:
        about: dict[str, Any] = {"subject": "ks2027", "payload": {"first": 1}, **other}

        assert enqueue_job(KIND, at=at, one_is_enough=UNFINISHED, **about).is_new

    def test_one_kind_has_one_handler(self) -> None:
        @job_kind("tests.twice")
        def first(job_id: int, progress: JobProgress) -> None: ...

        with pytest.raises(ValueError, match="already has the handler"):

            @job_kind("tests.twice")
            def second(job_id: int, progress: JobProgress) -> None: ...


class TestClaim:
    def test_only_one_of_two_gets_the_job(self, job: Job, at: dt.datetime) -> None:
        claimed = claim_job(job.pk, at=at)
        assert claimed is not None
        assert (claimed.state, claimed.attempt, claimed.claimed_by) == (JobState.RUNNING, 1, jobs.this_process())
        assert claim_job(job.pk, at=at) is None

    def test_a_job_whose_process_died_is_taken_at_once(self, job: Job, at: dt.datetime, dead_process: str) -> None:
        claim_job(job.pk, at=at)
        Job.objects.filter(pk=job.pk).update(claimed_by=dead_process)
        taken = claim_job(job.pk, at=later(at, 1))
        assert taken is not None
        assert taken.attempt == 2

    def test_a_job_of_another_machine_is_left_alone(self, job: Job, at: dt.datetime) -> None:
        claim_job(job.pk, at=at)
        Job.objects.filter(pk=job.pk).update(claimed_by="elsewhere:1")
        assert claim_job(job.pk, at=later(at, 1)) is None

    def test_a_finished_job_is_not_done_again(self, job: Job, at: dt.datetime) -> None:
        assert run_job(job.pk, at=at, with_heartbeat=False)
        assert not run_job(job.pk, at=at, with_heartbeat=False)
        assert Job.objects.get(pk=job.pk).attempt == 1


class TestOutcome:
    def test_progress_and_file_are_kept(self, job: Job, do: Callable[[Work], None], at: dt.datetime) -> None:
        def work(job_id: int, progress: JobProgress) -> None:
            progress.report(current=3, total=4, message="3 av 4 rapporter")
            progress.attach_file("reports/ks2027.zip")

        do(work)
        run_job(job.pk, at=at, with_heartbeat=False)
        job.refresh_from_db()
        assert (job.state, job.current, job.total, job.message) == (JobState.DONE, 3, 4, "3 av 4 rapporter")
        assert job.file == "reports/ks2027.zip"
        assert job.finished_at is not None

    def test_a_verdict_is_shown_to_people_as_it_stands(
        self, job: Job, do: Callable[[Work], None], at: dt.datetime
    ) -> None:
        def work(job_id: int, progress: JobProgress) -> None:
            raise JobFailed("Ingen plan oppfyller alle kravene.")

        do(work)
        run_job(job.pk, at=at, with_heartbeat=False)
        job.refresh_from_db()
        assert (job.state, job.error) == (JobState.FAILED, "Ingen plan oppfyller alle kravene.")

    def test_a_mistake_in_the_program_fails_the_job_and_reaches_the_log(
        self, job: Job, do: Callable[[Work], None], at: dt.datetime
    ) -> None:
        def work(job_id: int, progress: JobProgress) -> None:
            raise KeyError("missing")

        do(work)
        with pytest.raises(KeyError):
            run_job(job.pk, at=at, with_heartbeat=False)
        job.refresh_from_db()
        assert job.state == JobState.FAILED
        assert "KeyError" in job.error

    def test_a_full_disk_is_tried_again_when_the_claim_is_stale(
        self, job: Job, do: Callable[[Work], None], at: dt.datetime, settings: Settings
    ) -> None:
        def work(job_id: int, progress: JobProgress) -> None:
            raise OSError(28, "No space left on device")

        do(work)
        with pytest.raises(OSError, match="No space left"):
            run_job(job.pk, at=at, with_heartbeat=False)
        job.refresh_from_db()
        assert job.state == JobState.RUNNING
        assert "No space left" in job.error
        do(lambda _job_id, _progress: None)
        assert sweep_jobs(at=later(at, settings.JOB_STALE_SECONDS + 1)).requeued == 1
        run_job(job.pk, at=later(at, 200), with_heartbeat=False)
        job.refresh_from_db()
        assert (job.state, job.error) == (JobState.DONE, "")

    def test_a_worker_that_lost_its_job_changes_nothing_any_more(
        self, job: Job, do: Callable[[Work], None], at: dt.datetime
    ) -> None:
        def work(job_id: int, progress: JobProgress) -> None:
            Job.objects.filter(pk=job_id).update(attempt=2, claimed_by="elsewhere:1")
            progress.report(current=1)

        do(work)
        run_job(job.pk, at=at, with_heartbeat=False)
        job.refresh_from_db()
        assert (job.state, job.current, job.claimed_by) == (JobState.RUNNING, 0, "elsewhere:1")


class TestSweep:
    def test_a_silent_worker_loses_its_job(self, job: Job, at: dt.datetime, settings: Settings) -> None:
        claim_job(job.pk, at=at)
        assert sweep_jobs(at=later(at, settings.JOB_STALE_SECONDS - 1)).requeued == 0
        assert sweep_jobs(at=later(at, settings.JOB_STALE_SECONDS + 1)).requeued == 1
        job.refresh_from_db()
        assert job.state == JobState.QUEUED

    def test_a_dead_worker_of_this_machine_loses_it_at_once(self, job: Job, at: dt.datetime, dead_process: str) -> None:
        claim_job(job.pk, at=at)
        Job.objects.filter(pk=job.pk).update(claimed_by=dead_process)
        assert sweep_jobs(at=later(at, 1)).requeued == 1

    def test_a_lost_message_is_sent_again_but_not_at_every_sweep(
        self, job: Job, at: dt.datetime, settings: Settings
    ) -> None:
        stale = later(at, settings.JOB_STALE_SECONDS + 1)
        assert sweep_jobs(at=later(at, 1)).announced == 0
        assert sweep_jobs(at=stale).announced == 1
        assert sweep_jobs(at=later(stale, 1)).announced == 0

    def test_a_job_that_kills_every_worker_is_given_up(
        self, job: Job, at: dt.datetime, dead_process: str, settings: Settings
    ) -> None:
        for attempt in range(1, settings.JOB_MAX_ATTEMPTS + 1):
            claimed = claim_job(job.pk, at=at)
            assert claimed is not None
            assert claimed.attempt == attempt
            Job.objects.filter(pk=job.pk).update(claimed_by=dead_process)
            result = sweep_jobs(at=at)
        assert result.given_up == 1
        job.refresh_from_db()
        assert job.state == JobState.FAILED
        assert job.error == "Gitt opp etter 5 forsøk."
