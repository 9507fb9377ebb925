"""A batch survives the death of its workers: real processes, real `kill -9`, both brokers, both journals.

The twin at the end switches the sweep off and must lose the batch; otherwise the others would prove nothing.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path

import pytest
import redis

from kundeservice.core.models import JobState
from tests.conftest import InstallationFactory
from tests.core.slow_batch import barrier
from tests.processes import Installation, descendants_of, kill_group, own_redis, wait_until

PARTS = 40
FIRST_STOP, SECOND_STOP = 10, 20
BATCH_MODULE = "tests.core.slow_batch"
WITHOUT_SWEEP = "tests.core.worker_without_sweep"


class Batch:
    """An installation with one slow batch."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.key = 0

    def order(self, *, stop_before: Iterable[int] = ()) -> None:
        for number in stop_before:
            barrier(self.installation.folder, number).touch()
        self.key = int(self.installation.run(BATCH_MODULE, str(PARTS)))

    def row(self) -> dict[str, int]:
        with closing(sqlite3.connect(self.installation.folder / "db.sqlite3")) as database:
            database.row_factory = sqlite3.Row
            found = database.execute("SELECT state, current, attempt FROM core_job WHERE id = ?", [self.key])
            return dict(found.fetchone())

    def worker(self, *, includes: str = BATCH_MODULE) -> AbstractContextManager[subprocess.Popen[bytes]]:
        return self.installation.started(
            "celery", "-A", "kundeservice", "worker", "-c", "1", "-I", includes, "-l", "info", log="worker"
        )  # fmt: skip

    @property
    def made(self) -> list[Path]:
        return sorted((self.installation.folder / f"job{self.key}").glob("*.part"))

    def makers(self) -> set[str]:
        """The processes that made the parts."""
        return {part.read_text() for part in self.made}

    def wait_for_the_stop(self, number: int) -> None:
        wait_until(lambda: len(self.made) == number, what=f"the first {number} parts")

    def go_on_from(self, number: int) -> None:
        barrier(self.installation.folder, number).unlink()

    def wait_for_the_end(self) -> None:
        wait_until(lambda: len(self.made) == PARTS, what="every part")
        wait_until(lambda: self.row()["state"] == JobState.DONE, what="the row to say done")

    def assert_whole(self, *, attempts: int) -> None:
        assert self.row() == {"state": JobState.DONE, "current": PARTS, "attempt": attempts}
        assert len(self.made) == PARTS
        folder = self.installation.folder / f"job{self.key}"
        unfinished = [path for path in folder.iterdir() if path.suffix != ".part"]
        assert len(unfinished) < attempts, "at most one draft per killed attempt"


@pytest.fixture
def file_batch(new_installation_on_journal: InstallationFactory) -> Batch:
    """On the embedded database and the broker of plain files."""
    return Batch(new_installation_on_journal())


@pytest.fixture
def redis_batch(tmp_path: Path, new_installation_on_journal: InstallationFactory) -> Iterator[Batch]:
    """On the embedded database and a Redis of its own; a waiting job is announced again after two seconds."""
    with own_redis(tmp_path) as url:
        yield Batch(new_installation_on_journal(REDIS_URL=url, JOB_STALE_SECONDS="2"))


def kill_in_the_middle(batch: Batch) -> None:
    """Kill a process of the pool after some parts, and all of the worker after some more."""
    with batch.worker() as worker:
        batch.order(stop_before=[FIRST_STOP, SECOND_STOP])
        batch.wait_for_the_stop(FIRST_STOP)
        (child,) = descendants_of(worker.pid)
        os.kill(child, signal.SIGKILL)
        batch.go_on_from(FIRST_STOP)
        batch.wait_for_the_stop(SECOND_STOP)
        kill_group(worker)
    batch.go_on_from(SECOND_STOP)


def test_a_killed_child_and_a_killed_worker_cost_no_part(file_batch: Batch) -> None:
    batch = file_batch
    kill_in_the_middle(batch)
    with batch.worker():
        batch.wait_for_the_end()
    batch.assert_whole(attempts=3)
    assert len(batch.makers()) == 3


def test_the_same_on_redis_even_when_redis_forgets_everything(redis_batch: Batch) -> None:
    batch = redis_batch
    kill_in_the_middle(batch)
    redis.Redis.from_url(batch.installation.extra["REDIS_URL"]).flushall()
    with batch.worker():
        batch.wait_for_the_end()
    batch.assert_whole(attempts=3)


def test_a_job_ordered_while_no_worker_runs_waits_for_one(file_batch: Batch) -> None:
    file_batch.order()
    assert file_batch.row() == {"state": JobState.QUEUED, "current": 0, "attempt": 0}
    with file_batch.worker():
        file_batch.wait_for_the_end()
    file_batch.assert_whole(attempts=1)


def test_twin_without_the_sweep_the_rest_of_the_batch_is_lost(file_batch: Batch) -> None:
    batch = file_batch
    with batch.worker(includes=WITHOUT_SWEEP) as worker:
        batch.order(stop_before=[FIRST_STOP])
        batch.wait_for_the_stop(FIRST_STOP)
        kill_group(worker)
    batch.go_on_from(FIRST_STOP)
    with batch.worker(includes=WITHOUT_SWEEP):
        log = batch.installation.folder / "worker.log"
        wait_until(lambda: log.read_text().count(" ready.") == 2, what="the second worker")
        # The second worker proves that it works by doing another batch, and still leaves the first one alone.
        first, batch.key = batch.key, 0
        batch.order()
        batch.wait_for_the_end()
    batch.key = first
    assert len(batch.made) == FIRST_STOP
    assert batch.row()["state"] == JobState.RUNNING
