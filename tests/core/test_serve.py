"""`manage.py serve` runs site, worker and scheduler as one program: they live and end together."""

from __future__ import annotations

import json
import os
import signal
import socket
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from kundeservice.core.supervisor import ProgramKeepsDying, Supervisor
from tests.conftest import InstallationFactory
from tests.processes import Installation, descendants_of, free_port, wait_until


@pytest.fixture
def installation(new_installation: InstallationFactory) -> Installation:
    return new_installation(WEB_CONCURRENCY="1")


def status(port: int) -> str:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz/", timeout=5) as answer:
            health: dict[str, Any] = json.load(answer)
    except OSError:
        return "silent"
    return str(health["status"])


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_killed_worker_is_started_again_and_all_end_together(installation: Installation) -> None:
    port = free_port()
    with installation.started("django", "serve", "--port", str(port), log="serve") as serve:
        wait_until(lambda: status(port) == "ok", what="the site to be well")
        before = descendants_of(serve.pid)
        log = installation.folder / "serve.log"
        worker = int(log.read_text().split("worker started (process ")[1].split(")")[0])
        assert worker in before
        pool = descendants_of(worker)
        assert len(pool) >= 2
        os.kill(worker, signal.SIGKILL)
        wait_until(lambda: log.read_text().count("serve: worker started") == 2, what="a new worker")
        wait_until(lambda: not any(is_running(pid) for pid in pool), what="the killed worker's processes to end")
        everybody = {*before, *descendants_of(serve.pid)}
        serve.send_signal(signal.SIGTERM)
        serve.wait(timeout=60)
        assert serve.returncode == 0
        assert [pid for pid in everybody if is_running(pid)] == []
    assert status(port) == "silent"


def test_nothing_is_left_when_the_supervisor_itself_is_killed(installation: Installation) -> None:
    port = free_port()
    with installation.started("django", "serve", "--port", str(port), log="serve") as serve:
        wait_until(lambda: status(port) != "silent", what="the site to answer")
        programs = descendants_of(serve.pid)
        os.kill(serve.pid, signal.SIGKILL)
        wait_until(lambda: not any(is_running(pid) for pid in programs), what="the programs to end")
    assert status(port) == "silent"


def test_a_taken_port_is_told_at_once(installation: Installation) -> None:
    port = free_port()
    with socket.create_server(("127.0.0.1", port)):
        with installation.started("django", "serve", "--port", str(port), log="serve") as serve:
            assert serve.wait(timeout=30) == 1
        told = (installation.folder / "serve.log").read_text()
    assert f"Cannot listen on 127.0.0.1:{port}: Address already in use. Choose another port with --port." in told


def test_a_program_that_ends_as_soon_as_it_starts_stops_everything() -> None:
    said: list[str] = []
    commands = {"steady": ["sleep", "600"], "hasty": ["false"]}
    with pytest.raises(ProgramKeepsDying, match="hasty ends as soon as it is started"):
        Supervisor(commands=commands, say=said.append).run()
    assert said.count("hasty ended with code 1") == 3
    assert said[-1] == "steady stopped"
