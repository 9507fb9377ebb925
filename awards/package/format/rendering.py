"""From typed rows to the canonical text of every cell: the notation `cells` reads, with one way to write each thing."""

from __future__ import annotations

import datetime as dt
import functools
import zoneinfo
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from awards.package.format.cells import plain
from awards.package.format.order import order_key
from awards.package.format.problems import ProblemCollector
from awards.package.format.rows import EditionPackage
from awards.package.format.tables import EDITION, EDITION_KEYS, Column, Kind, Table
from awards.package.format.text_cells import CellError, clean

Formatter = Callable[[Any], str]


class CanonicalCell(NamedTuple):
    """A cell as it stands in CSV, and the kind that tells a workbook which native type it has."""

    text: str
    kind: Kind


def formatter(column: Column, timezone: zoneinfo.ZoneInfo) -> Formatter:
    """The function that writes a value of the column, nothing given as the empty cell.

    It raises CellError for text that cannot be kept.
    """
    if column.kind.is_written_out:
        return functools.partial(clean, longest=column.longest)
    if column.kind is Kind.INSTANT:
        return functools.partial(_instant, timezone=timezone)
    return _FORMATTERS.get(column.kind, str)


def _words(values: Iterable[object]) -> str:
    return " ".join(str(value) for value in values)


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _decimal(value: Decimal | None) -> str:
    return "" if value is None else plain(value)


def _date(value: dt.date | None) -> str:
    return "" if value is None else value.isoformat()


def _time(value: dt.time) -> str:
    return f"{value:%H:%M}"


def _yes_no(value: bool) -> str:
    return "yes" if value else "no"


def _instant(value: dt.datetime | None, *, timezone: zoneinfo.ZoneInfo) -> str:
    if value is None:
        return ""
    if value.tzinfo is None:
        raise ValueError(f"an instant without time zone in a package: {value}")
    return value.astimezone(timezone).isoformat()


_FORMATTERS: Mapping[Kind, Formatter] = {
    Kind.CHANNELS: _words,
    Kind.DATES: _words,
    Kind.INTEGER: _number,
    Kind.DECIMAL: _decimal,
    Kind.DATE: _date,
    Kind.TIME: _time,
    Kind.YES_NO: _yes_no,
}


class Renderer:
    """Writes the tables of one package as text. Cells that could not be read back are reported to `problems`."""

    def __init__(self, package: EditionPackage, problems: ProblemCollector) -> None:
        self._package = package
        self._problems = problems
        self._timezone = zoneinfo.ZoneInfo(package.edition.timezone)

    def header(self, table: Table) -> list[str]:
        return [column.name for column in table.columns]

    def rows(self, table: Table) -> Iterator[list[str]]:
        """The rows of a table in canonical order, every column given."""
        if table is EDITION:
            yield from ([key, cell.text] for key, cell in self.settings())
            return
        columns = [(column.attribute, formatter(column, self._timezone)) for column in table.columns]
        ordered = sorted(getattr(self._package, table.name), key=order_key(table))
        for number, row in enumerate(ordered, start=2):
            try:
                yield [write(getattr(row, attribute)) for attribute, write in columns]
            except CellError:
                yield self._faulty(table, number, row)

    def settings(self) -> list[tuple[str, CanonicalCell]]:
        """The rows of `edition.csv`, by key."""
        found = []
        for number, column in enumerate(sorted(EDITION_KEYS, key=lambda column: column.name), start=2):
            value = getattr(self._package.edition, column.attribute)
            try:
                text = formatter(column, self._timezone)(value)
            except CellError as error:
                self._problems.add(EDITION.name, row=number, column=column.name, value=value, message=error.message)
                text = ""
            found.append((column.name, CanonicalCell(text, column.kind)))
        return found

    def _faulty(self, table: Table, number: int, row: object) -> list[str]:
        cells = []
        for column in table.columns:
            value = getattr(row, column.attribute)
            try:
                cells.append(formatter(column, self._timezone)(value))
            except CellError as error:
                self._problems.add(table.name, row=number, column=column.name, value=value, message=error.message)
                cells.append("")
        return cells
