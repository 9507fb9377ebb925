"""A package on its way in: typed rows that still know where they came from."""

from __future__ import annotations

import operator
from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from awards.package.format.rows import EditionSettings
from awards.package.format.tables import Table


@dataclass(slots=True)
class ParsedEdition:
    """`edition.csv`: what could be read of it. `settings` only when all of it could."""

    values: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    settings: EditionSettings | None = None


@dataclass(slots=True)
class ParsedTable:
    """The good rows of one table with their row numbers.

    `codes` are the identifiers seen, those of faulty rows included, so that one fault is not reported again wherever it
    is referred to. `faulty_keys` are what could be read of the identifiers of faulty rows, in the order of `table.key`,
    None where it could not. `is_complete` is False when some rows may be missing, so that nothing may be concluded from
    what is not there.
    """

    table: Table
    is_complete: bool
    rows: list[Any] = field(default_factory=list)
    numbers: array[int] = field(default_factory=lambda: array("L"))
    codes: set[str] = field(default_factory=set)
    faulty_keys: set[tuple[Any, ...]] = field(default_factory=set)
    first_rows: dict[Any, int] = field(default_factory=dict)
    key_of: Callable[[Any], Any] = field(init=False)

    def __post_init__(self) -> None:
        self.key_of = key_getter(self.table)

    def numbered(self) -> Iterator[tuple[int, Any]]:
        """(row number, row) of every good row, in the order of the file."""
        return zip(self.numbers, self.rows, strict=True)


@dataclass(frozen=True, slots=True)
class ParsedPackage:
    """Everything that could be read."""

    edition: ParsedEdition
    tables: Mapping[str, ParsedTable]


def key_getter(table: Table) -> Callable[[Any], Any]:
    """From a typed row to its identifier: one value, or a tuple where the table needs several."""
    return operator.attrgetter(*(table.column(name).attribute for name in table.key))
