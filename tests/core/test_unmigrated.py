"""Every command says in a sentence that the database has no tables yet, instead of showing its inside."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import ROOT, Installation


@pytest.mark.parametrize(
    "command",
    [
        ("create_leader", "leder@example.test", "Liv Leder"),
        ("login_link", "leder@example.test"),
        ("login_link", "--demo"),
        ("verify_edition", "--all"),
        ("serve", "--port", "1"),
    ],
)
def test_on_an_empty_database_a_command_asks_for_migrate(tmp_path: Path, command: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=Installation(tmp_path).environment,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr.strip().removeprefix("CommandError: ") == (
        "The database is empty. Run `manage.py migrate` first."
    )
