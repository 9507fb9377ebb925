"""The two ways the embedded database is opened, and the choice between them.

Django's defaults lose writes when several people save at once: a transaction that reads before it writes fails with
"database is locked" however long the time-out. IMMEDIATE transactions queue instead, and `synchronous=FULL` keeps the
last commit through a power cut.

The journal follows the SQLite that is loaded. A write-ahead log (WAL) lets readers go on beside a writer, but until
3.51.3 (3.50.7 and 3.44.6 in their lines) two connections that write or checkpoint at once can corrupt the file
(sqlite.org/wal.html#walresetbug). Those versions keep a rollback journal (DELETE).

The mode is a property of the file, so it is settled once: by the first process that opens it, and only while nobody
else has it open. Every process holds a shared lock on `<file>.in-use` as long as it lives; whoever gets that lock alone
may switch. No `mmap_size`: it buys nothing measurable and widens what a fault can damage.
"""

from __future__ import annotations

import fcntl
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from sqlite3 import dbapi2
from typing import Any, Literal

from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper

logger = logging.getLogger(__name__)

Version = tuple[int, ...]
Journal = Literal["wal", "delete"]

SQLITE_OPTIONS: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # Without `cache_spill=OFF` a long transaction locks readers out once its changes outgrow the cache.
    "init_command": (
        "PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;PRAGMA cache_spill=OFF;"
        "PRAGMA journal_size_limit=27103364;PRAGMA cache_size=2000;"
    ),
}
SYNCHRONOUS_FULL = 2
FIRST_SOUND = (3, 51, 3)
SOUND_LINES: tuple[tuple[Version, Version], ...] = (((3, 50, 7), (3, 51)), ((3, 44, 6), (3, 45)))

_settling = threading.Lock()
# One open file for each database of this process. Locks die with it, so it is kept; a fork takes locks of its own.
_in_use: dict[tuple[int, str], TextIOWrapper] = {}


def wal_is_safe(version: Version) -> bool:
    """Tell whether a SQLite of this version keeps a write-ahead log without the reset fault."""
    return version >= FIRST_SOUND or any(first <= version < end for first, end in SOUND_LINES)


def loaded_version() -> Version:
    """Return the version of the SQLite library that is really loaded, such as (3, 40, 1)."""
    return dbapi2.sqlite_version_info


def right_journal() -> Journal:
    """Return the journal that suits the loaded library."""
    return "wal" if wal_is_safe(loaded_version()) else "delete"


def journal_in_force(connection: BaseDatabaseWrapper) -> str:
    """Ask the opened file how it keeps its journal."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        (mode,) = cursor.fetchone()
    return str(mode)


def describe_journal(connection: BaseDatabaseWrapper) -> str:
    """Say in one line which SQLite is loaded and how it keeps its journal."""
    version = ".".join(map(str, loaded_version()))
    in_force, right = journal_in_force(connection), right_journal()
    if in_force == right:
        return f"SQLite {version}, journal {in_force.upper()}."
    return f"SQLite {version}, journal {in_force.upper()}, but {right.upper()} is right for this version."


def settle_journal(*, connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Give a file that is opened for the first time the right journal. Connected to `connection_created`."""
    if connection.vendor != "sqlite":
        return
    path = _path_of(connection)
    if path is None:
        return
    with _settling:
        if (os.getpid(), path) in _in_use:
            return
        try:
            lock = Path(f"{path}.in-use").open("a", encoding="ascii")  # noqa: SIM115  # kept open as long as we live
            if _alone(lock):
                _switch(connection)
            fcntl.flock(lock, fcntl.LOCK_SH)
        except OSError as problem:
            logger.warning("Nobody can tell who has the database open (%s), so its journal stays as it is.", problem)
        else:
            _in_use[os.getpid(), path] = lock
    if (in_force := journal_in_force(connection)) != right_journal():
        logger.warning(
            "The database stays as it is while others have it open: journal %s, but %s is right for this version of "
            "SQLite. Stop everything that uses it and start again.",
            in_force.upper(), right_journal().upper(),
        )  # fmt: skip


def _switch(connection: BaseDatabaseWrapper) -> None:
    right, in_force = right_journal(), journal_in_force(connection)
    if in_force == right:
        return
    try:
        with _impatient(connection), connection.cursor() as cursor:
            cursor.execute(f"PRAGMA journal_mode={right}")
            (now,) = cursor.fetchone()
    except OperationalError as problem:
        # A program that does not know our lock, such as SQLite's own shell, has it open: SQLite refuses by itself.
        logger.warning("The database's journal could not be switched to %s: %s.", right.upper(), problem)
        return
    if now == right and in_force != "delete":
        logger.warning("The database now keeps its journal by %s instead of %s.", now.upper(), in_force.upper())


@contextmanager
def _impatient(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Do not wait for others: whoever has to wait is not alone."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout=0")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout={1000 * connection.settings_dict['OPTIONS'].get('timeout', 5)}")


def _alone(lock: TextIOWrapper) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _path_of(connection: BaseDatabaseWrapper) -> str | None:
    """Return the file's absolute path; None for a database in memory."""
    name = str(connection.settings_dict["NAME"])
    return None if ":memory:" in name or "mode=memory" in name else str(Path(name).resolve())
