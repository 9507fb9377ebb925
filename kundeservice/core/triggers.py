"""Refusals that stand in the database itself, as triggers, so that no door leads around them.

They are put in place after every migration, on SQLite and PostgreSQL alike: SQLite loses the triggers of a table that a
migration rebuilds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

Act = Literal["INSERT", "UPDATE", "DELETE", "TRUNCATE"]


@dataclass(frozen=True)
class Refusal:
    """An act on a table that the database refuses, in these words, when any of the conditions holds.

    Conditions are SQL over the rows OLD and NEW, judged in turn. `holds` select rows that must stay as they are
    until the transaction ends; only PostgreSQL needs them, for on SQLite one writes at a time.
    """

    name: str
    table: str
    act: Act
    message: str
    conditions: tuple[str, ...]
    holds: tuple[str, ...] = ()


Installer = Callable[..., None]
_installers: list[Installer] = []
_only_listed: ContextVar[list[Refusal] | None] = ContextVar("_only_listed", default=None)


def register_guards(installer: Installer) -> None:
    """Remember what puts an app's guards in place, called with `using=`, so that they can be looked for later."""
    if installer not in _installers:
        _installers.append(installer)


def install_refusals(connection: BaseDatabaseWrapper, refusals: Iterable[Refusal]) -> None:
    """Put the refusals in place, all at once, instead of those of the same names.

    Truncation exists on PostgreSQL only.
    """
    listed = _only_listed.get()
    if listed is not None:
        listed.extend(refusals)
        return
    write = _on_postgresql if connection.vendor == "postgresql" else _on_sqlite
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for refusal in refusals:
            for statement in write(refusal):
                cursor.execute(statement)


def wanted_refusals(connection: BaseDatabaseWrapper) -> list[Refusal]:
    """Every refusal the apps want in this database, without putting any in place."""
    listed: list[Refusal] = []
    token = _only_listed.set(listed)
    try:
        for installer in _installers:
            installer(using=connection.alias)
    finally:
        _only_listed.reset(token)
    return listed


def broken_guards(connection: BaseDatabaseWrapper) -> list[str]:
    """Name the refusals that are missing, switched off, or say something else than they should."""
    wanted = {refusal.name: _text_of(refusal, connection.vendor) for refusal in wanted_refusals(connection)}
    standing = _texts(connection)
    return sorted(name for name, text in wanted.items() if text and standing.get(name) != text)


def remove_triggers(connection: BaseDatabaseWrapper) -> None:
    """Take every trigger away: for migrations, and for tests that empty their database or do what nobody may."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for name, table in _triggers(connection):
            of_table = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{of_table}")


def _triggers(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    query = (
        "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
        "WHERE NOT tgisinternal AND pg_table_is_visible(tgrelid) ORDER BY tgname"
        if connection.vendor == "postgresql"
        else "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def _on_sqlite(refusal: Refusal) -> list[str]:
    if refusal.act == "TRUNCATE":
        return []
    condition = " OR ".join(f"({condition})" for condition in refusal.conditions)
    return [
        f"DROP TRIGGER IF EXISTS {refusal.name}",
        (
            f"CREATE TRIGGER {refusal.name} BEFORE {refusal.act} ON {refusal.table} WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{refusal.message}'); END"
        ),
    ]


def _on_postgresql(refusal: Refusal) -> list[str]:
    """A statement of its own for each condition, so that each sees what was committed while the one before waited."""
    holds = "".join(f"PERFORM {hold}; " for hold in refusal.holds)
    checks = "".join(
        f"IF {condition} THEN RAISE EXCEPTION '{refusal.message}' USING ERRCODE = '23000'; END IF; "
        for condition in refusal.conditions
    )
    passed = {"DELETE": "OLD", "TRUNCATE": "NULL"}.get(refusal.act, "NEW")
    each = "STATEMENT" if refusal.act == "TRUNCATE" else "ROW"
    return [
        (
            f"CREATE OR REPLACE FUNCTION {refusal.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"{holds}{checks}RETURN {passed}; END $$; "
            f"CREATE OR REPLACE TRIGGER {refusal.name} BEFORE {refusal.act} ON {refusal.table} "
            f"FOR EACH {each} EXECUTE FUNCTION {refusal.name}()"
        )
    ]


def _text_of(refusal: Refusal, vendor: str) -> str:
    """Return what the database keeps of a refusal; "" where it has none of this kind."""
    statements = _on_postgresql(refusal) if vendor == "postgresql" else _on_sqlite(refusal)
    if not statements:
        return ""
    return statements[-1].split("$$")[1] if vendor == "postgresql" else statements[-1]


def _texts(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """What stands in the database, by name; switched-off triggers do not stand."""
    query = (
        "SELECT tgname, prosrc FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
        "JOIN pg_proc ON pg_proc.oid = tgfoid "
        "WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') AND pg_table_is_visible(tgrelid)"
        if connection.vendor == "postgresql"
        else "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return dict(cursor.fetchall())
