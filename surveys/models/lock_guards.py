"""The guards in the database that keep a locked edition as it is."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from django.db.backends.base.base import BaseDatabaseWrapper

from kundeservice.core.triggers import Act, Refusal, install_refusals
from surveys.engine.words import CHANNELS, SCORED_AREAS
from surveys.models.choices import Phase


@dataclass(frozen=True)
class GuardedTable:
    """A table whose rows belong to an edition: to the one in `link`, or to that of the row of `through` it points to.

    Of a table with `columns` only these are closed to change. A row that `rests_on` names in their `run_id`, by its own
    `run`, is closed whatever the phase; then new rows come in as long as nothing rests on their run.
    """

    name: str
    link: str = "edition_id"
    through: str = ""
    columns: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()
    run: str = "run_id"

    @property
    def looked_into(self) -> frozenset[str]:
        """The tables the guard reads; it can stand only where they do."""
        return frozenset({self.name, "surveys_edition", *self.rests_on, *filter(None, (self.through,))})


GUARDED = (
    GuardedTable("surveys_answer", "contact_id", "surveys_contact"),
    GuardedTable("surveys_attempt", "contact_id", "surveys_contact"),
    GuardedTable("surveys_awardclass"),
    GuardedTable("surveys_comment", "contact_id", "surveys_contact"),
    GuardedTable("surveys_contact"),
    GuardedTable("surveys_contactpoint", "participant_id", "surveys_participant"),
    GuardedTable("surveys_option", "question_id", "surveys_question"),
    GuardedTable("surveys_participant"),
    GuardedTable("surveys_question"),
    GuardedTable("surveys_reviewevent", "contact_id", "surveys_contact"),
    GuardedTable("surveys_roleplay"),
    GuardedTable("surveys_voiding", "contact_id", "surveys_contact"),
    GuardedTable("surveys_waitband"),
)

REFUSAL = "The edition is locked: its answers and rules do not change."

RULES_OF_AN_EDITION = (
    *("code", "award", "year", "name_nb", "name_en", "starts_on", "ends_on", "created_at"),
    *("timezone", "opens_at", "closes_at", "closed_days", "contacts_per_participant", "max_channels"),
    *(f"weight_{area}" for area in SCORED_AREAS),
    *(f"key_{channel}" for channel in CHANNELS),
    *("min_counted", "min_channel_contacts", "scoring_method"),
)
"""The columns closed with an edition. Its phase may move, but back out of the lock only by two people's agreement."""

UNLOCK_AGREED = (
    "EXISTS (SELECT 1 FROM surveys_sealopening WHERE edition_id = OLD.id AND kind = 'unlock' "
    "AND agreed_by_id IS NOT NULL AND used_at IS NULL)"
)

IS_LOCKED = f">= {Phase.LOCKED.value}"
MARK = "_sealed_"
"""Stands in the name of every trigger of the guard."""


def install_guards(connection: BaseDatabaseWrapper, tables: tuple[GuardedTable, ...] = GUARDED) -> None:
    """Put the guard in front of every table, in the database itself. Run after each migrate; may be repeated.

    On SQLite a migration may rebuild a table and lose its triggers, which is why this is not a migration of its own.
    """
    existing = set(connection.introspection.table_names())
    refusals = (_guard_of(table, connection.vendor) for table in tables if table.looked_into <= existing)
    install_refusals(connection, chain.from_iterable(refusals))


def install_edition_guard(connection: BaseDatabaseWrapper) -> None:
    """Put the guard in front of the editions themselves."""
    if "surveys_sealopening" in connection.introspection.table_names():
        install_refusals(connection, _edition_guard(connection.vendor))


def _guard_of(table: GuardedTable, vendor: str) -> list[Refusal]:
    return [
        _insert_guard(table, vendor),
        _update_guard(table, vendor),
        _refusal(table.name, "DELETE", (_is_closed(table, "OLD", vendor), *_carries(table, "OLD"))),
        _truncate_guard(table.name, table.rests_on),
    ]


def _insert_guard(table: GuardedTable, vendor: str) -> Refusal:
    if not table.rests_on:
        return _refusal(table.name, "INSERT", (_is_closed(table, "NEW", vendor),))
    # Whoever locks or publishes holds the edition while it chooses the run; wait until that is settled.
    held = f"1 FROM surveys_edition WHERE id = ({_edition_of(table, 'NEW')}) FOR SHARE"
    return _refusal(table.name, "INSERT", _carries(table, "NEW"), holds=(held,))


def _update_guard(table: GuardedTable, vendor: str) -> Refusal:
    closed = (
        _is_closed(table, "OLD", vendor),
        # Most changes leave a row where it is, and need not ask for its edition twice.
        f"{_distinct(table.link, vendor)} AND {_is_closed(table, 'NEW', vendor)}",
        *_carries(table, "OLD"),
        *_carries(table, "NEW"),
    )
    if table.columns:
        changed = _any_distinct(table.columns, vendor)
        closed = tuple(f"({changed}) AND ({condition})" for condition in closed)
    return _refusal(table.name, "UPDATE", closed)


def _edition_guard(vendor: str) -> list[Refusal]:
    was_locked = f"OLD.phase {IS_LOCKED}"
    changed = _any_distinct(RULES_OF_AN_EDITION, vendor)
    opened = f"NEW.phase < {Phase.LOCKED.value} AND NOT {UNLOCK_AGREED}"
    return [
        _refusal("surveys_edition", "UPDATE", (f"{was_locked} AND (({changed}) OR ({opened}))",)),
        _refusal("surveys_edition", "DELETE", (was_locked,)),
        _truncate_guard("surveys_edition"),
    ]


def _truncate_guard(table: str, rests_on: tuple[str, ...] = ()) -> Refusal:
    """Emptying a table touches no single row, so it is refused as soon as anything at all is locked."""
    conditions = (
        f"EXISTS (SELECT 1 FROM surveys_edition WHERE phase {IS_LOCKED})",  # noqa: S608 - no input in it
        *(f"EXISTS (SELECT 1 FROM {witness})" for witness in rests_on),  # noqa: S608 - no input in it
    )
    return _refusal(table, "TRUNCATE", conditions, holds=("1 FROM surveys_edition FOR SHARE",))


def _refusal(table: str, act: Act, conditions: tuple[str, ...], *, holds: tuple[str, ...] = ()) -> Refusal:
    return Refusal(f"{table}{MARK}{act.lower()}", table, act, REFUSAL, conditions, holds)


def _is_closed(table: GuardedTable, row: str, vendor: str) -> str:
    """Whether the row's edition is locked. On PostgreSQL its row is held, so that nobody locks it until this is in."""
    hold = " FOR SHARE" if vendor == "postgresql" else ""
    edition = f"SELECT phase FROM surveys_edition WHERE id = ({_edition_of(table, row)}){hold}"  # noqa: S608 - no input
    return f"COALESCE(({edition}), 0) {IS_LOCKED}"


def _edition_of(table: GuardedTable, row: str) -> str:
    if not table.through:
        return f"{row}.{table.link}"
    return f"SELECT edition_id FROM {table.through} WHERE id = {row}.{table.link}"  # noqa: S608 - no input in it


def _carries(table: GuardedTable, row: str) -> tuple[str, ...]:
    """Whether something rests on the row's run."""
    return tuple(
        f"EXISTS (SELECT 1 FROM {witness} WHERE run_id = {row}.{table.run})"  # noqa: S608 - no input in it
        for witness in table.rests_on
    )


def _any_distinct(columns: tuple[str, ...], vendor: str) -> str:
    return " OR ".join(_distinct(column, vendor) for column in columns)


def _distinct(column: str, vendor: str) -> str:
    operator = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    return f"OLD.{column} {operator} NEW.{column}"
