"""System checks: refuse to run on a database that would lose answers."""

from collections.abc import Sequence
from typing import Any

from django.apps.config import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from kundeservice.core.sqlite import SQLITE_OPTIONS, SYNCHRONOUS_FULL


@register(Tags.database)
def check_sqlite_is_durable(
    *, app_configs: Sequence[AppConfig] | None = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Refuse every SQLite configuration but the one in `core.sqlite`. Runs before `migrate`."""
    opened = [connections[alias] for alias in databases or ()]
    return [
        problem
        for connection in opened
        if connection.vendor == "sqlite"
        for problem in (*problems_of_options(connection), *problems_of_open_file(connection))
    ]


def problems_of_options(connection: BaseDatabaseWrapper) -> list[CheckMessage]:
    """Compare how the database is to be opened with how it must be."""
    options = connection.settings_dict["OPTIONS"]
    return [
        Error(
            f"SQLite option {name!r} is {options.get(name)!r}, not {expected!r}.",
            hint="Take DATABASES['default']['OPTIONS'] from kundeservice.core.sqlite.SQLITE_OPTIONS.",
            id="core.E001",
        )
        for name, expected in SQLITE_OPTIONS.items()
        if options.get(name) != expected
    ]


def problems_of_open_file(connection: BaseDatabaseWrapper) -> list[CheckMessage]:
    """Ask the opened file what is really in force, for the file system may have refused WAL."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        (journal_mode,) = cursor.fetchone()
        cursor.execute("PRAGMA synchronous")
        (synchronous,) = cursor.fetchone()
    problems: list[CheckMessage] = []
    if journal_mode != "wal":
        problems.append(
            Error(
                f"SQLite keeps its journal by {journal_mode!r}, not by 'wal'.",
                hint="Put DATA_DIR on a local disk: network file systems cannot hold a WAL database.",
                id="core.E002",
            )
        )
    if synchronous != SYNCHRONOUS_FULL:
        problems.append(Error(f"SQLite's 'synchronous' is {synchronous}, not FULL.", id="core.E003"))
    return problems
