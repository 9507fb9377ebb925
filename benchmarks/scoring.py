"""A full recount from the database against the barest aggregation of the same rows, in the same run.

python -m benchmarks.scoring [--large] [--rounds 5] [--only sqlite|postgresql]

Everything is measured side by side, round after round, on data of its own: one edition of 4,750 contacts with 40
questions answered in each, then ten such editions in one go, and a hundred with --large. Ratios are what counts;
machines differ. The recount is exact, applies every rule and checks every answer; what it is held against adds numbers
up and does neither:

- GROUP BY, points: the sum of points per participant, the least any database can do with the ticked options
- GROUP BY, every answer: points and values per participant, over the very rows the recount reads
- GROUP BY, by area: the same by performance area, which a score is made of
- DuckDB and NumPy: contact scores and totals in floating point from arrays in memory
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from tests.servers import postgresql

ROOT = Path(__file__).resolve().parent.parent
MEASURE = "import django; django.setup(); from benchmarks.scoring_steps import measure; measure(large={}, rounds={})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--large", action="store_true", help="a hundred editions as well: 20 million answers")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    options = parser.parse_args()
    statement = MEASURE.format(options.large, options.rounds)
    for name, database in (("sqlite", _sqlite), ("postgresql", _postgresql)):
        if options.only in {None, name}:
            with database() as variables:
                subprocess.run(
                    [sys.executable, "-c", statement],
                    check=True,
                    cwd=ROOT,
                    env={
                        **os.environ,
                        **variables,
                        "DJANGO_SETTINGS_MODULE": "kundeservice.settings",
                        "SECRET_KEY": "benchmark-" * 6,
                    },
                )


@contextmanager
def _sqlite() -> Iterator[dict[str, str]]:
    with tempfile.TemporaryDirectory(prefix="kundeservice-benchmark-") as folder:
        yield {"DATA_DIR": folder, "DATABASE_URL": ""}


@contextmanager
def _postgresql() -> Iterator[dict[str, str]]:
    """A database of our own on the server the tests use, dropped afterwards."""
    with postgresql() as url, tempfile.TemporaryDirectory(prefix="kundeservice-benchmark-") as folder:
        server, _slash, name = url.rpartition("/")
        connection = psycopg2.connect(f"{server}/postgres")
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
        try:
            yield {"DATA_DIR": folder, "DATABASE_URL": url}
        finally:
            with connection.cursor() as cursor:
                cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
            connection.close()


if __name__ == "__main__":
    main()
