"""System checks: refuse to run on a database that would lose answers."""

from collections.abc import Sequence
from typing import Any

from django.apps.config import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from kundeservice.core.sqlite import SQLITE_OPTIONS, SYNCHRONOUS_FULL


@register(Tags.database)
def check_sqlite_is_durable(
    *, app_configs: Sequence[AppConfig] | None = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Refuse every SQLite configuration but the one in `core.sqlite`. Runs before `migrate`."""
    problems: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if connection.vendor != "sqlite":
            continue
        options = connection.settings_dict["OPTIONS"]
        problems += [
            Error(
                f"SQLite option {name!r} of database {alias!r} is {options.get(name)!r}, not {expected!r}.",
                hint="Take DATABASES['default']['OPTIONS'] from kundeservice.core.sqlite.SQLITE_OPTIONS.",
                id="core.E001",
            )
            for name, expected in SQLITE_OPTIONS.items()
            if options.get(name) != expected
        ]
        problems += _problems_of_open_database(alias)
    return problems


def _problems_of_open_database(alias: str) -> list[CheckMessage]:
    """Ask the opened file what is really in force, for the file system may have refused WAL."""
    with connections[alias].cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        (journal_mode,) = cursor.fetchone()
        cursor.execute("PRAGMA synchronous")
        (synchronous,) = cursor.fetchone()
    problems: list[CheckMessage] = []
    # A database in memory, as the tests use, has no journal to choose.
    if journal_mode not in {"wal", "memory"}:
        problems.append(
            Error(
                f"SQLite journals database {alias!r} by {journal_mode!r}, not by 'wal'.",
                hint="Put DATA_DIR on a local disk: network file systems cannot hold a WAL database.",
                id="core.E002",
            )
        )
    if synchronous != SYNCHRONOUS_FULL:
        problems.append(
            Error(f"SQLite's 'synchronous' of database {alias!r} is {synchronous}, not FULL.", id="core.E003")
        )
    return problems
