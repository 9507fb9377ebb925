"""Real processes for tests: an installation with its own folder, workers that can be killed, a Redis of its own.

Everything listens on loopback, on free ports, and is stopped by the process number under which it was started.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
SET_FOR_TESTS_ONLY = (
    "DATA_DIR", "DATABASE_URL", "DEBUG", "DJANGO_ALLOW_ASYNC_UNSAFE", "REDIS_URL", "SECRET_KEY", "SITE_URL",
)  # fmt: skip


def ambient_environment() -> dict[str, str]:
    """Return the environment without what the tests or a developer set for the product."""
    return {name: value for name, value in os.environ.items() if name not in SET_FOR_TESTS_ONLY}


def free_port() -> int:
    """Return a loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(condition: Callable[[], bool], *, what: str, seconds: float = 180.0) -> None:
    """Wait until `condition` holds; a test that waits in vain fails with the name of what never came."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"Waited {seconds} s in vain for: {what}")
        time.sleep(0.1)


@dataclass
class Installation:
    """The product with a data folder of its own, run by its own commands."""

    folder: Path
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The variables its processes see."""
        return {
            **ambient_environment(),
            "DATA_DIR": str(self.folder),
            "DJANGO_SETTINGS_MODULE": "kundeservice.settings",
            "PYTHONUNBUFFERED": "1",
            **self.extra,
        }

    def run(self, *module_and_arguments: str, stderr: IO[bytes] | None = None) -> str:
        """Run `python -m …` to its end and return what it printed; its log goes to `stderr`, if given."""
        done = subprocess.run(
            [sys.executable, "-m", *module_and_arguments],
            cwd=ROOT,
            env=self.environment,
            check=True,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            timeout=600,  # only a guard: nothing is measured
        )
        return done.stdout

    def manage(self, *arguments: str) -> str:
        """Run a `manage.py` command and return what it printed."""
        return self.run("django", *arguments)

    @contextmanager
    def started(self, *module_and_arguments: str, log: str) -> Iterator[subprocess.Popen[bytes]]:
        """Start `python -m …` in a process group of its own; the group is gone when the block is left."""
        with (self.folder / f"{log}.log").open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", *module_and_arguments],
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            yield process
        finally:
            kill_group(process)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """`kill -9` a process started here and all it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def descendants_of(pid: int) -> list[int]:
    """Return the process numbers of a process's children, their children and so on."""
    listing = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    children = [int(number) for number in listing.split()]
    return [*children, *(below for child in children for below in descendants_of(child))]


@contextmanager
def own_redis(folder: Path, *, port: int | None = None) -> Iterator[str]:
    """Run a Redis server that nobody else uses, so that a test may empty or kill it; yields its address."""
    port = port or free_port()
    program = shutil.which("redis-server")
    if program is None:
        raise FileNotFoundError("redis-server is not installed; apt.txt names the package.")
    command: Sequence[str] = [
        program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder),
    ]  # fmt: skip
    with (folder / "redis.log").open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        wait_until(lambda: _listens(port), what="Redis")
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        kill_group(process)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
