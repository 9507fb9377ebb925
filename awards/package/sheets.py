"""Turning the XML tags of a workbook's parts into texts and rows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from awards.package.archive import damaged
from awards.package.csv_tables import NO_REFUSALS, RawRow, is_too_long, too_long_cell, too_many_rows
from awards.package.limits import Budget, PackageUnreadable, TableUnreadable
from awards.package.problems import Message, sentence
from awards.package.spreadsheet_values import UnreadableValue, number_text, serial_text
from awards.package.tables import EXCEL_CELL

REMEMBERED_NUMBERS = 10_000
CELLS_IN_A_ROW = 16_384
"""Excel has no more, blank ones included."""

ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
SURROGATE = re.compile("[\ud800-\udfff]")


def local_name(tag: str) -> str:
    """The tag without its namespace prefix, which some programs write."""
    return tag.rpartition(":")[2]


def _unescaped(text: str) -> str:
    """Undo Excel's `_x000D_` for characters that XML cannot hold."""
    if "_x" not in text:
        return text
    plain = ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    if not SURROGATE.search(plain):
        return plain
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


class SharedTexts:
    """Collects the texts that cells refer to by number. Ruby (`rPh`) is a reading aid and no part of the text."""

    def __init__(self, budget: Budget) -> None:
        self.found: list[str] = []
        self._budget = budget
        self._parts: list[str] = []
        self._collects = False
        self._is_ruby = False

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        local = local_name(tag)
        if local == "t":
            self._collects = not self._is_ruby
        elif local == "rPh":
            self._is_ruby = True
        elif local == "si":
            self._parts = []

    def text(self, data: str) -> None:
        if self._collects:
            self._budget.spend_characters(len(data))
            self._parts.append(data)

    def end(self, tag: str) -> None:
        local = local_name(tag)
        if local == "t":
            self._collects = False
        elif local == "rPh":
            self._is_ruby = False
        elif local == "si":
            self.found.append(_unescaped("".join(self._parts)))
            if len(self.found) > self._budget.limits.shared_strings:
                raise PackageUnreadable(_("Arbeidsboken har for mange ulike tekster. Fjern det som ikke hører til."))


@dataclass(slots=True)
class _Cell:
    """The cell being read."""

    column: int = 0
    kind: str = "n"
    style: str = ""
    is_formula: bool = False
    parts: list[str] = field(default_factory=list)


class SheetRows:
    """Turns the tags of one sheet into rows of text."""

    def __init__(self, budget: Budget, texts: list[str], date_styles: frozenset[str], counts_from_1904: bool) -> None:
        self._budget = budget
        self._texts = texts
        self._date_styles = date_styles
        self._counts_from_1904 = counts_from_1904
        self._finished: list[RawRow] = []
        self._columns: dict[str, int] = {}
        self._numbers: dict[str, str] = {}
        self._row = 0
        self._count = 0
        self._cells: list[str] = []
        self._refusals: dict[int, Message] = {}
        self._cell: _Cell | None = None
        self._next_column = 0
        self._cell_count = 0
        self._collects = False
        self._is_ruby = False

    def take(self) -> list[RawRow]:
        """The rows finished since the last time."""
        rows, self._finished = self._finished, []
        return rows

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag if ":" not in tag else local_name(tag)
        if local == "c":
            column = self._column(attributes.get("r", ""))
            self._next_column = column + 1
            self._cell_count += 1
            if self._cell_count > CELLS_IN_A_ROW:
                raise TableUnreadable(damaged(), row=self._row)
            self._cell = _Cell(column, attributes.get("t", "n"), attributes.get("s", ""))
        elif local in ("v", "t"):
            self._collects = self._cell is not None and not self._is_ruby
        elif local == "row":
            self._start_row(attributes.get("r", ""))
        elif local == "f":
            if self._cell is not None:
                self._cell.is_formula = True
        elif local == "rPh":
            self._is_ruby = True

    def text(self, data: str) -> None:
        if self._collects and self._cell is not None:
            self._budget.spend_characters(len(data))
            self._cell.parts.append(data)

    def end(self, tag: str) -> None:
        local = tag if ":" not in tag else local_name(tag)
        if local in ("v", "t"):
            self._collects = False
        elif local == "c":
            if self._cell is not None and (self._cell.parts or self._cell.is_formula):
                self._keep(self._cell)
            self._cell = None
        elif local == "row":
            self._end_row()
        elif local == "rPh":
            self._is_ruby = False

    def _start_row(self, number: str) -> None:
        self._row = int(number) if number.isascii() and number.isdigit() and len(number) < 8 else self._row + 1
        self._count += 1
        if max(self._row, self._count) > self._budget.limits.rows:
            raise TableUnreadable(too_many_rows(self._budget.limits.rows))
        self._cells = []
        self._refusals = {}
        self._next_column = 0
        self._cell_count = 0

    def _end_row(self) -> None:
        text = "".join(self._cells)
        if self._refusals or (text and not text.isspace()):
            self._finished.append(RawRow(self._row, self._cells, self._refusals or NO_REFUSALS))
        self._cells = []
        self._refusals = {}

    def _column(self, reference: str) -> int:
        """`C7` → 2. A cell that does not say where it is follows the one before it."""
        letters = reference.rstrip("0123456789")
        if not letters:
            return self._next_column
        if letters in self._columns:
            return self._columns[letters]
        if len(letters) > 3 or not (letters.isascii() and letters.isupper() and letters.isalpha()):
            raise TableUnreadable(damaged(), row=self._row)
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - ord("A") + 1
        self._columns[letters] = column - 1
        return column - 1

    def _keep(self, cell: _Cell) -> None:
        if cell.column >= self._budget.limits.columns:
            raise TableUnreadable(
                sentence(
                    _("Raden har mer enn %(most)s kolonner. Er dette riktig fil?"), most=self._budget.limits.columns
                ),
                row=self._row,
            )
        missing = cell.column + 1 - len(self._cells)
        if missing > 0:
            self._cells.extend([""] * missing)
        try:
            text = self._text_of(cell)
        except UnreadableValue as refusal:
            text = "".join(cell.parts)[:EXCEL_CELL]
            self._refusals[cell.column] = refusal.message
        if is_too_long(text):
            self._refusals[cell.column] = too_long_cell()
        self._cells[cell.column] = text

    def _text_of(self, cell: _Cell) -> str:
        raw = "".join(cell.parts)
        if cell.is_formula:
            raise UnreadableValue(_("Cellen inneholder en formel. Lim inn verdien i stedet for formelen."))
        if cell.kind == "s":
            return self._shared_text(raw)
        if cell.kind == "n":
            return self._number(raw, cell.style)
        if cell.kind in ("inlineStr", "str"):
            return _unescaped(raw)
        if cell.kind == "b":
            return "yes" if raw.strip() == "1" else "no"
        if cell.kind == "d":
            return raw.strip().removesuffix("T00:00:00")
        raise UnreadableValue(_("Cellen inneholder en Excel-feil. Skriv inn verdien på nytt."))

    def _shared_text(self, raw: str) -> str:
        digits = raw.strip()
        if not (digits.isascii() and digits.isdigit() and len(digits) < 8 and int(digits) < len(self._texts)):
            raise UnreadableValue(_("Cellen kan ikke leses. Skriv inn verdien på nytt."))
        text = self._texts[int(digits)]
        self._budget.spend_characters(len(text))
        return text

    def _number(self, raw: str, style: str) -> str:
        if style in self._date_styles:
            return serial_text(raw.strip(), counts_from_1904=self._counts_from_1904)
        known = self._numbers.get(raw)
        if known is None:
            known = number_text(raw.strip())
            if len(self._numbers) < REMEMBERED_NUMBERS:
                self._numbers[raw] = known
        return known
