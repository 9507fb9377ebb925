"""What one package says that another does not: new, changed and removed rows, told by the names people know them by."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import astuple, dataclass
from decimal import Decimal
from typing import Any

from awards.package.format.rows import EditionPackage
from awards.package.format.tables import EDITION_KEYS, ROW_TABLES, Table

CONTACTS = "contacts"
PARTS_OF_CONTACTS = ("attempts", "answers", "comments")
"""What is told with the contact it belongs to."""
NAMES = ("name", "title_nb", "name_nb", "text_nb")


@dataclass(frozen=True, slots=True)
class TableChange:
    """What is new, changed and removed in one table, by the rows' own names, in canonical order."""

    table: str
    new: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


def differences(before: EditionPackage, after: EditionPackage) -> tuple[TableChange, ...]:
    """The tables in which the two differ, in the order of the contract; nothing when they are the same edition."""
    found = [_settings_change(before, after)]
    found += [_table_change(table, before, after) for table in ROW_TABLES if table.name not in PARTS_OF_CONTACTS]
    return tuple(change for change in found if change.new or change.changed or change.removed)


def contact_sums(package: EditionPackage) -> Mapping[str, str]:
    """Contact's code → a sum of everything the package says of it: the contact, its attempts, answers, comments."""
    parts: dict[str, list[object]] = defaultdict(list)
    for row in package.contacts:
        parts[row.code].append(row)
    for name in PARTS_OF_CONTACTS:
        for row in getattr(package, name):
            parts[row.contact].append(row)
    return {code: _sum(rows) for code, rows in parts.items()}


def _settings_change(before: EditionPackage, after: EditionPackage) -> TableChange:
    changed = [
        column.name
        for column in EDITION_KEYS
        if getattr(before.edition, column.name) != getattr(after.edition, column.name)
    ]
    return TableChange("edition", (), tuple(changed), ())


def _table_change(table: Table, before: EditionPackage, after: EditionPackage) -> TableChange:
    old, new = _keyed(table, before), _keyed(table, after)
    is_contacts = table.name == CONTACTS
    old_values: Mapping[Any, object] = contact_sums(before) if is_contacts else old
    new_values: Mapping[Any, object] = contact_sums(after) if is_contacts else new
    return TableChange(
        table.name,
        new=tuple(_name(table, row) for key, row in new.items() if key not in old),
        changed=tuple(
            _name(table, row) for key, row in new.items() if key in old and old_values[key] != new_values[key]
        ),
        removed=tuple(_name(table, row) for key, row in old.items() if key not in new),
    )


def _keyed(table: Table, package: EditionPackage) -> dict[Hashable, object]:
    return {_key(table, row): row for row in getattr(package, table.name)}


def _key(table: Table, row: object) -> Hashable:
    values = tuple(getattr(row, table.column(name).attribute) for name in table.key)
    return values[0] if len(values) == 1 else values


def _name(table: Table, row: object) -> str:
    for attribute in NAMES:
        if hasattr(row, attribute):
            return str(getattr(row, attribute))
    key = _key(table, row)
    return " – ".join(map(str, key)) if isinstance(key, tuple) else str(key)


def _sum(rows: Iterable[object]) -> str:
    text = "\n".join("\t".join(map(_plain, astuple(row))) for row in rows)  # type: ignore[call-overload]
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _plain(value: object) -> str:
    """One spelling of a value, however it was read: 45 and 45.000 are the same number."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    return "" if value is None else str(value)
