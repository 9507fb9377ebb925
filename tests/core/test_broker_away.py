"""Redis is away: people log in and order work, the page of health says what is missing, and nothing is lost."""

from __future__ import annotations

import json
import sqlite3
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from kundeservice.core.models import JobState
from tests.conftest import InstallationFactory
from tests.core.test_jobs_survive import BATCH_MODULE
from tests.processes import Installation, free_port, own_redis, wait_until

PATIENCE_OF_A_REQUEST = 10.0  # seconds; a guard against hanging, not a measure of speed


@pytest.fixture
def redis_port() -> int:
    return free_port()


@pytest.fixture
def installation(new_installation: InstallationFactory, redis_port: int) -> Installation:
    """On a Redis that is not there (yet). The sweep is so rare that it cannot help within the test."""
    return new_installation(
        REDIS_URL=f"redis://127.0.0.1:{redis_port}/0",
        JOB_SWEEP_SECONDS="3600",
        DEBUG="yes",  # pages need no collected static files then
    )


@pytest.fixture
def site(installation: Installation) -> Iterator[str]:
    """The address of a web server that runs without a broker."""
    port = free_port()
    command = ("kundeservice.web_server", f"--port={port}")
    with installation.started(*command, log="web"):
        address = f"http://127.0.0.1:{port}"
        wait_until(lambda: _answers(address), what="the site to answer")
        yield address


def _answers(address: str) -> bool:
    """A page for machines, which asks neither cache nor broker."""
    try:
        with urllib.request.urlopen(f"{address}/robots.txt", timeout=PATIENCE_OF_A_REQUEST):
            return True
    except OSError:
        return False


def _health(address: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{address}/healthz/", timeout=PATIENCE_OF_A_REQUEST) as answer:
        health: dict[str, Any] = json.load(answer)
    return health


def _job(installation: Installation, key: int) -> dict[str, Any]:
    with closing(sqlite3.connect(installation.folder / "db.sqlite3")) as database:
        database.row_factory = sqlite3.Row
        found = database.execute("SELECT state, woken_at FROM core_job WHERE id = ?", [key])
        return dict(found.fetchone())


def test_health_says_degraded_and_names_the_broker(site: str) -> None:
    health = _health(site)
    assert (health["status"], health["broker"]) == ("degraded", False)
    assert "broker" in health["away"]


def test_somebody_can_ask_for_a_code_to_log_in(site: str) -> None:
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with browser.open(f"{site}/logg-inn/", timeout=PATIENCE_OF_A_REQUEST) as page:
        token = page.read().decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    form = urlencode({"csrfmiddlewaretoken": token, "login": "ingen@example.test", "email": "ingen@example.test"})
    with browser.open(f"{site}/logg-inn/", form.encode(), timeout=PATIENCE_OF_A_REQUEST) as answer:
        assert answer.status == 200
        assert answer.url != f"{site}/logg-inn/"


def test_work_ordered_meanwhile_is_kept_told_and_done_when_redis_is_back(
    installation: Installation, tmp_path: Path, redis_port: int
) -> None:
    with installation.started(
        "celery", "-A", "kundeservice", "worker", "-c", "1", "-I", BATCH_MODULE, "-l", "info", log="worker"
    ):
        log = installation.folder / "worker.log"
        wait_until(lambda: "Cannot connect to" in log.read_text(), what="a worker that looks for its broker")
        began = time.monotonic()
        with (installation.folder / "order.log").open("wb") as told:
            key = int(installation.run(BATCH_MODULE, "3", stderr=told))
        assert time.monotonic() - began < 3 * PATIENCE_OF_A_REQUEST
        assert _job(installation, key) == {"state": JobState.QUEUED, "woken_at": None}
        assert "waits: no worker could be told" in (installation.folder / "order.log").read_text()

        with own_redis(tmp_path, port=redis_port):
            wait_until(lambda: _job(installation, key)["state"] == JobState.DONE, what="the work to be done")
