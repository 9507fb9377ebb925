"""`python -m tests.run`: everything on SQLite, then what uses the database once more on PostgreSQL.

A PostgreSQL server that answers on loopback is used; otherwise one is started in a temporary folder and stopped again.
Arguments are handed to pytest, in both runs.
"""

from __future__ import annotations

import os
import subprocess
import sys

from tests.processes import ROOT
from tests.servers import postgresql

# Two processes on two cores: the browser and the killed workers wait more than they compute.
PYTEST = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadgroup", "--durations=10"]
EXIT_NOTHING_SELECTED = 5


def main(arguments: list[str]) -> int:
    """Run both; the exit code is that of the first run that failed."""
    print("== every test, on SQLite", flush=True)
    on_sqlite = _pytest(arguments, database_url="")
    print("== tests that use the database, on PostgreSQL", flush=True)
    with postgresql() as url:
        on_postgresql = _pytest(["-m", "database and not browser", *arguments], database_url=url)
    return on_sqlite or on_postgresql


def _pytest(arguments: list[str], *, database_url: str) -> int:
    environment = {**os.environ, "DATABASE_URL": database_url}
    code = subprocess.run([*PYTEST, *arguments], cwd=ROOT, env=environment, check=False).returncode
    # A narrow selection, as in `python -m tests.run -k planner`, may leave nothing for the database.
    return 0 if code == EXIT_NOTHING_SELECTED and arguments else code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
