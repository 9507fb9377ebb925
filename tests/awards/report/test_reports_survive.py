"""A batch of reports survives the death of its workers: real processes, real `kill -9`, exactly one report each."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
from contextlib import AbstractContextManager
from typing import Any

from kundeservice.core.models import JobState
from tests.awards.report.batch import PARTICIPANTS
from tests.conftest import InstallationFactory
from tests.processes import Installation, descendants_of, kill_group, wait_until

BATCH = "tests.awards.report.batch"
LONG = 240.0


def worker(installation: Installation) -> AbstractContextManager[subprocess.Popen[bytes]]:
    return installation.started(
        "celery", "-A", "kundeservice", "worker", "-c", "1", "-l", "info", log="worker"
    )  # fmt: skip


def read(installation: Installation) -> dict[str, Any]:
    row: dict[str, Any] = json.loads(installation.run(BATCH, "read"))
    return row


def files(installation: Installation) -> dict[str, bytes]:
    folder = installation.folder / "reports"
    return {path.stem: path.read_bytes() for path in folder.glob("*.pdf")} if folder.is_dir() else {}


def wait_for_files(installation: Installation, number: int) -> None:
    wait_until(lambda: len(files(installation)) >= number, what=f"{number} reports", seconds=LONG)


def test_a_killed_child_and_a_killed_worker_cost_no_report(new_installation_on_journal: InstallationFactory) -> None:
    installation = new_installation_on_journal(JOB_STALE_SECONDS="2")
    installation.run(BATCH, "order")

    with worker(installation) as first:
        wait_for_files(installation, 1)
        child, *_presses = descendants_of(first.pid)
        os.kill(child, signal.SIGKILL)
        wait_for_files(installation, 3)
        kill_group(first)
    assert len(files(installation)) < PARTICIPANTS, "the batch was over before anything could be killed"
    with worker(installation):
        wait_until(lambda: read(installation)["state"] >= JobState.DONE, what="the end of the batch", seconds=LONG)

    batch = read(installation)
    assert (batch["state"], batch["current"], batch["error"]) == (JobState.DONE, PARTICIPANTS, "")
    reports = batch["reports"]
    assert len({report["participant"] for report in reports}) == len(reports) == PARTICIPANTS
    kept = files(installation)
    for report in reports:
        assert report["state"] == "done"
        content = kept[report["sha256"]]
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (report["sha256"], report["size"])
    assert set(kept) == {report["sha256"] for report in reports}
    assert sum(report["attempt"] for report in reports) > PARTICIPANTS, "nothing was interrupted"
