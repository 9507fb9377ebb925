"""PostgreSQL for the tests: the one that runs on loopback, else a temporary one of our own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from tests.processes import free_port, wait_until

RUNNING = "postgresql://postgres@127.0.0.1:5432"
DATABASE = f"kundeservice_{os.getpid()}"  # tests of several checkouts may run side by side
SERVER_ACCOUNT = "postgres"


class NoPostgreSQL(Exception):
    """There is no server to use and no program to start one with."""


@contextmanager
def postgresql() -> Iterator[str]:
    """Yield a DATABASE_URL; pytest-django makes a test database of that name and drops it."""
    if _answers(RUNNING):
        yield f"{RUNNING}/{DATABASE}"
        return
    with _own_server() as server:
        yield f"{server}/{DATABASE}"


def _answers(server: str) -> bool:
    try:
        psycopg2.connect(f"{server}/postgres", connect_timeout=2).close()
    except psycopg2.OperationalError:
        return False
    return True


@contextmanager
def _own_server() -> Iterator[str]:
    programs = _programs()
    account = _account()
    folder = Path(tempfile.mkdtemp(prefix="kundeservice-postgresql-"))
    if account:
        shutil.chown(folder, account)
    data = folder / "data"
    subprocess.run(
        [programs / "initdb", "--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8", "-D", data],
        check=True,
        user=account,
        cwd=folder,
        stdout=subprocess.DEVNULL,
    )
    port = free_port()
    log = (folder / "postgres.log").open("wb")
    server = subprocess.Popen(
        [
            programs / "postgres", "-D", data, "-p", str(port), "-k", folder, "-c", "listen_addresses=127.0.0.1",
        ],
        user=account,
        cwd=folder,
        stdout=log,
        stderr=subprocess.STDOUT,
    )  # fmt: skip
    url = f"postgresql://postgres@127.0.0.1:{port}"
    try:
        wait_until(lambda: _answers(url), what="a PostgreSQL server of our own")
        yield url
    finally:
        server.send_signal(signal.SIGINT)  # "fast shutdown": end the sessions, then stop
        server.wait(timeout=60)
        log.close()
        shutil.rmtree(folder)


def _account() -> str | None:
    """PostgreSQL refuses to run as root; Debian's package brings an account for it."""
    return SERVER_ACCOUNT if os.geteuid() == 0 else None


def _programs() -> Path:
    installed = sorted(
        (path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")),
        key=lambda path: int(path.parent.name),
    )
    if installed:
        return installed[-1]
    on_path = shutil.which("initdb")
    if on_path is None:
        raise NoPostgreSQL("No PostgreSQL answers on 127.0.0.1:5432, and none is installed; apt.txt names the package.")
    return Path(on_path).resolve().parent
