"""The workers as `manage.py serve` runs them: two queues, no death on a message, and no waiting after one."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, closing
from pathlib import Path

import pytest

from kundeservice.core.management.commands.serve import WORKERS, commands_of_programs
from kundeservice.core.models import JobState
from kundeservice.core.supervisor import ProgramKeepsDying, Supervisor
from tests.conftest import InstallationFactory
from tests.core.slow_batch import barrier
from tests.processes import Installation, own_redis, wait_until

BATCH_MODULE = "tests.core.slow_batch"
TINY_MODULE = "tests.core.tiny_jobs"
SOAK = 500
# Long before a message counts as lost (90 s), so that only what happens at the start of a worker can have helped.
AT_ONCE = 60.0


@pytest.fixture(params=["files", "redis"])
def installation(
    request: pytest.FixtureRequest, tmp_path: Path, new_installation: InstallationFactory
) -> Iterator[Installation]:
    """On each broker, without the regular sweep."""
    if request.param == "files":
        yield new_installation()
        return
    with own_redis(tmp_path) as url:
        yield new_installation(REDIS_URL=url)


def worker(installation: Installation, name: str) -> AbstractContextManager[subprocess.Popen[bytes]]:
    _python, _m, *command = commands_of_programs("127.0.0.1", 0)[name]
    return installation.started(*command, "--include", f"{BATCH_MODULE},{TINY_MODULE}", log=name)


def states(installation: Installation) -> list[int]:
    with closing(sqlite3.connect(installation.folder / "db.sqlite3", timeout=20)) as database:
        return [state for (state,) in database.execute("SELECT state FROM core_job ORDER BY id")]


def log(installation: Installation, name: str) -> str:
    return (installation.folder / f"{name}.log").read_text()


def test_nobodys_short_work_waits_behind_a_batch(installation: Installation) -> None:
    barrier(installation.folder, 0).touch()
    with ExitStack() as running:
        for name in WORKERS:
            running.enter_context(worker(installation, name))
        for _ in range(4):
            installation.run(BATCH_MODULE, "1")
        wait_until(lambda: JobState.RUNNING in states(installation), what="the batch to begin")
        installation.run(TINY_MODULE, "1")
        wait_until(lambda: states(installation)[-1] == JobState.DONE, what="the short work", seconds=AT_ONCE)
        assert states(installation)[:4] == [JobState.RUNNING, *[JobState.QUEUED] * 3]
        barrier(installation.folder, 0).unlink()
        wait_until(lambda: set(states(installation)) == {JobState.DONE}, what="the batch")


def test_five_hundred_jobs_cost_no_worker(new_installation: InstallationFactory) -> None:
    installation = new_installation()
    with worker(installation, "worker") as process:
        installation.run(TINY_MODULE, str(SOAK))
        wait_until(lambda: states(installation) == [JobState.DONE] * SOAK, what="every job")
        assert process.poll() is None
    told = log(installation, "worker")
    assert told.count(" ready.") == 1
    assert "Unrecoverable" not in told
    assert "Traceback" not in told


def test_a_worker_that_starts_takes_up_what_waits_although_its_message_is_gone(
    new_installation_on_journal: InstallationFactory,
) -> None:
    installation = new_installation_on_journal()
    installation.run(TINY_MODULE, "3")
    for message in (installation.folder / "queue" / "messages").iterdir():
        message.unlink()
    with worker(installation, "worker"):
        wait_until(lambda: states(installation) == [JobState.DONE] * 3, what="the jobs", seconds=AT_ONCE)


def test_nonsense_in_the_queue_kills_no_worker(new_installation: InstallationFactory) -> None:
    installation = new_installation()
    messages = installation.folder / "queue" / "messages"
    messages.mkdir(parents=True)
    for number, content in enumerate(("", '{"body": "cut o', "null")):
        (messages / f"{number:020}_half.quick.msg").write_text(content)
    with worker(installation, "worker") as process:
        installation.run(TINY_MODULE, "1")
        wait_until(lambda: states(installation) == [JobState.DONE], what="the job", seconds=AT_ONCE)
        assert process.poll() is None
    assert log(installation, "worker").count("is set aside as") == 3


def test_a_program_that_has_stood_is_started_again_however_often_it_dies(tmp_path: Path) -> None:
    """It stands for a while, then dies at every start: what ails it may pass, and the others are needed meanwhile."""
    starts = tmp_path / "starts"
    starts.touch()
    program = (
        "import pathlib, sys, time; file = pathlib.Path(sys.argv[1]); "
        "count = len(file.read_text()); file.write_text('x' * (count + 1)); time.sleep(1.5 if count == 0 else 0)"
    )
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        if said.count("shaky ended with code 0") == 5:
            supervisor._stopping = True

    commands = {"shaky": [sys.executable, "-c", program, str(starts)]}
    supervisor = Supervisor(commands=commands, say=say, quick_seconds=1.0)
    try:
        supervisor.run()
    except ProgramKeepsDying:
        pytest.fail("it had stood")
