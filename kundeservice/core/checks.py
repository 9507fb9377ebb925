"""System checks: refuse to run on a database that would lose answers."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from kundeservice.core.private_files import is_private
from kundeservice.core.sqlite import SQLITE_OPTIONS, SYNCHRONOUS_FULL, journal_in_force, right_journal


@register(Tags.database)
def check_sqlite_is_durable(*, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse every SQLite configuration but those of `core.sqlite`. Runs before `migrate`."""
    opened = [connections[alias] for alias in databases or ()]
    return [
        problem
        for connection in opened
        if connection.vendor == "sqlite"
        for problem in (*problems_of_options(connection), *problems_of_open_file(connection))
    ]


@register(Tags.security, deploy=True)
def check_data_are_private(**kwargs: Any) -> list[CheckMessage]:
    """Tell when others on the machine can look into the data folder."""
    if is_private(settings.DATA_DIR):
        return []
    return [
        Caution(
            f"Others on this machine can read {settings.DATA_DIR}.",
            hint="Give the folder to the account the product runs as; it is closed to others at the next start.",
            id="core.W003",
        )
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
    """Ask the opened file what is really in force, for others may have it open, or the file system refuse WAL.

    A rollback journal where WAL would be safe is sound, only slower for readers.
    """
    journal, right = journal_in_force(connection), right_journal()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        (synchronous,) = cursor.fetchone()
    problems: list[CheckMessage] = []
    if journal == "delete" and right == "wal":
        problems.append(
            Caution(
                "SQLite keeps its journal by 'delete', although its version can keep a write-ahead log.",
                hint="Stop everything that uses the database and start again; DATA_DIR must lie on a local disk.",
                id="core.W002",
            )
        )
    elif journal != right:
        problems.append(
            Error(
                f"SQLite keeps its journal by {journal!r}, which is not safe with its version; {right!r} is.",
                hint="Stop everything that uses the database and start again: the first to open it switches.",
                id="core.E002",
            )
        )
    if synchronous != SYNCHRONOUS_FULL:
        problems.append(Error(f"SQLite's 'synchronous' is {synchronous}, not FULL.", id="core.E003"))
    return problems
