"""Whether the database holds together: its pages and indexes, what rows point to, and the guards in front of tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from kundeservice.core.triggers import broken_guards, wanted_refusals


@dataclass(frozen=True)
class DataCheck:
    """What was looked at and what was wrong, in sentences for whoever runs the installation."""

    looked_at: tuple[str, ...]
    problems: tuple[str, ...]


def check_database(connection: BaseDatabaseWrapper) -> DataCheck:
    """Look at everything; reads only. What cannot even be read is among the problems, not raised."""
    on_postgresql = connection.vendor == "postgresql"
    parts = (
        ("pages and indexes", _postgresql_storage if on_postgresql else _sqlite_storage),
        ("references between rows", _postgresql_references if on_postgresql else _sqlite_references),
        ("guards", _guards),
    )
    problems: list[str] = []
    for name, look in parts:
        try:
            with transaction.atomic(using=connection.alias) if on_postgresql else connection.cursor():
                problems.extend(look(connection))
        except DatabaseError as problem:
            problems.append(f"The {name} could not be read: {problem}".strip())
    return DataCheck(looked_at=tuple(name for name, _look in parts), problems=tuple(problems))


def _rows(connection: BaseDatabaseWrapper, query: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def _sqlite_storage(connection: BaseDatabaseWrapper) -> Iterator[str]:
    for (line,) in _rows(connection, "PRAGMA integrity_check"):
        if line != "ok":
            yield f"SQLite's integrity check: {line}"


def _sqlite_references(connection: BaseDatabaseWrapper) -> Iterator[str]:
    for table, row, target, _number in _rows(connection, "PRAGMA foreign_key_check"):
        yield f"Row {row} of {table} points to a row of {target} that is not there."


def _postgresql_storage(connection: BaseDatabaseWrapper) -> Iterator[str]:
    """What PostgreSQL knows of itself; with the extension amcheck also each B-tree index against its own order."""
    for (index,) in _rows(
        connection, "SELECT relname FROM pg_index JOIN pg_class ON oid = indexrelid WHERE NOT indisvalid"
    ):
        yield f"The index {index} is not valid."
    for (constraint,) in _rows(connection, "SELECT conname FROM pg_constraint WHERE NOT convalidated"):
        yield f"The constraint {constraint} does not hold for all rows."
    failures = "SELECT checksum_failures FROM pg_stat_database WHERE datname = current_database()"
    for (count,) in _rows(connection, failures):
        if count:
            yield f"PostgreSQL has met {count} pages whose checksum was wrong."
    if not _rows(connection, "SELECT 1 FROM pg_extension WHERE extname = 'amcheck'"):
        return
    indexes = (
        "SELECT c.oid::bigint, c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
        "JOIN pg_am a ON a.oid = c.relam "
        "WHERE a.amname = 'btree' AND i.indisvalid AND pg_table_is_visible(c.oid) AND c.relpersistence = 'p'"
    )
    for key, index in _rows(connection, indexes):
        try:
            with transaction.atomic(using=connection.alias):
                _rows(connection, f"SELECT bt_index_check({key}::oid::regclass)")
        except DatabaseError as problem:
            yield f"The index {index} failed its check: {problem}".strip()


def _postgresql_references(connection: BaseDatabaseWrapper) -> Iterator[str]:
    """Count what PostgreSQL promises cannot be, reference by reference: damage does not keep promises."""
    references = (
        "SELECT conrelid::regclass::text, quote_ident(a.attname), confrelid::regclass::text, quote_ident(b.attname) "
        "FROM pg_constraint JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = conkey[1] "
        "JOIN pg_attribute b ON b.attrelid = confrelid AND b.attnum = confkey[1] "
        "WHERE contype = 'f' AND cardinality(conkey) = 1 AND pg_table_is_visible(conrelid) ORDER BY 1, 2"
    )
    for table, column, target, key in _rows(connection, references):
        orphans = (
            f"SELECT count(*) FROM {table} t WHERE t.{column} IS NOT NULL "  # noqa: S608  # names out of the catalogue
            f"AND NOT EXISTS (SELECT 1 FROM {target} o WHERE o.{key} = t.{column})"
        )
        for (count,) in _rows(connection, orphans):
            if count:
                yield f"{count} rows of {table} point by {column} to rows of {target} that are not there."


def _guards(connection: BaseDatabaseWrapper) -> Iterator[str]:
    if not wanted_refusals(connection):
        yield "No guards are known; has `migrate` been run?"
    for name in broken_guards(connection):
        yield f"The guard {name} is missing or changed. `migrate` puts it back; find out who took it away."
