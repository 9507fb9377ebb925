"""The canonical order of rows: by identifier."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from awards.package.format.parsed import key_getter
from awards.package.format.rows import EditionPackage
from awards.package.format.tables import ROW_TABLES, Table


def in_canonical_order(package: EditionPackage) -> EditionPackage:
    """The same package with the rows of every table in the order of their identifiers."""
    ordered: dict[str, Any] = {
        table.name: tuple(sorted(getattr(package, table.name), key=order_key(table))) for table in ROW_TABLES
    }
    return dataclasses.replace(package, **ordered)


def order_key(table: Table) -> Callable[[Any], Any]:
    """Sorts codes letter by letter, numbers by size, and a number that is not given last."""
    plain_key = key_getter(table)
    if not any(table.column(name).blank for name in table.key):
        return plain_key
    return lambda row: tuple((part is None, part if part is not None else 0) for part in plain_key(row))
