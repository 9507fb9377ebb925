"""Reading the tables of a package kept as one `.xlsx` workbook, a sheet per table, one row at a time.

openpyxl reads the parts, relations and cells, with defusedxml below it, so nothing is fetched and nothing expands; what
it is given has been looked through first. Here a cell becomes the text people see in it, or is refused.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast
from xml.etree.ElementTree import Element

from django.utils.translation import gettext_lazy as _
from openpyxl.cell.text import Text
from openpyxl.packaging.relationship import get_dependents
from openpyxl.reader.workbook import WorkbookParser
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.styles.stylesheet import Stylesheet
from openpyxl.utils.cell import column_index_from_string
from openpyxl.utils.escape import unescape
from openpyxl.worksheet._reader import FORMULA_TAG, INLINE_STRING, VALUE_TAG, WorkSheetParser
from openpyxl.xml.constants import ARC_ROOT_RELS, SHEET_MAIN_NS
from openpyxl.xml.functions import fromstring, iterparse

from awards.package.format.archive import Archive, damaged
from awards.package.format.csv_tables import NO_REFUSALS, RawRow, is_too_long, too_long_cell, too_many_rows
from awards.package.format.limits import PackageUnreadable, TableUnreadable, Unreadable
from awards.package.format.number_formats import UnreadableValue, day_text, serial_text, shown_number, shows_days
from awards.package.format.problems import Message, sentence
from awards.package.format.tables import EDITION, EDITION_KEYS, EXCEL_CELL, TABLE_BY_NAME, Kind, Table
from awards.package.format.text_cells import spreadsheet_error
from awards.package.format.workbook_parts import CheckedParts

OFFICE_PARTS = ("[Content_Types].xml", "content.xml")
"""What Microsoft's and LibreOffice's own formats cannot do without."""
MACROS = "vbaproject.bin"
TEXT_TAG = f"{{{SHEET_MAIN_NS}}}t"
SHARED_TEXT_TAG = f"{{{SHEET_MAIN_NS}}}si"
CELLS_IN_A_ROW = 16_384
"""Excel has no more, blank ones included."""
DIGITS = "0123456789"
NO_RESULT = "no result"
UNKNOWN_FORMAT = "?"
DAY_KINDS = frozenset({Kind.DATE, Kind.DATES, Kind.TIME, Kind.INSTANT})
REMEMBERED_NUMBERS = 10_000

Cell = dict[str, Any]
"""What openpyxl tells of a cell: `row`, `column`, `value`, `data_type`, `style_id`."""


def is_workbook(archive: Archive) -> bool:
    """Whether the archive is an Office file of some kind rather than a ZIP of CSV files."""
    return any(part in archive for part in OFFICE_PARTS)


class Workbook:
    """An open workbook. What all sheets share (names, texts, formats) is read at once, the sheets when asked for."""

    suffix = ""

    def __init__(self, archive: Archive) -> None:
        """Raises PackageUnreadable when it is no workbook, carries macros, or cannot be read."""
        self._budget = archive.budget
        self._parts = cast(Any, CheckedParts(archive))  # stands in for the archive that openpyxl asks for
        if any(name.lower().endswith(MACROS) for name in archive.names):
            raise PackageUnreadable(_("Arbeidsboken inneholder makroer. Lagre den som «Excel-arbeidsbok (.xlsx)»."))
        try:
            with _told_as_damage():
                book: Any = WorkbookParser(self._parts, self._main_part(), keep_links=False)
                book.parse()
                self._epoch: dt.datetime = book.wb.epoch
                self._sheets = self._worksheets(book)
                self._formats = self._read_formats(_target(book, "styles"))
                self._texts = self._read_texts(_target(book, "sharedStrings"))
        except TableUnreadable as error:
            raise PackageUnreadable(error.message) from error

    @property
    def names(self) -> list[str]:
        return list(self._sheets)

    def rows(self, table: str) -> Iterator[RawRow]:
        """The rows of a sheet that hold something, the header first. Raises TableUnreadable or PackageUnreadable."""
        part = self._sheets[table]
        if not part or part not in self._parts:
            raise TableUnreadable(_("Arket er ikke et vanlig regneark. Legg tabellen i et vanlig ark."))
        shown = _ShownCells(self._formats, self._epoch, TABLE_BY_NAME[table])
        with _told_as_damage(), self._parts.open(part) as stream:
            reader = _RowReader(stream, self._texts, data_only=True)
            for count, (number, cells) in enumerate(reader.parse(), start=1):
                if max(number, count) > self._budget.limits.rows:
                    raise TableUnreadable(too_many_rows(self._budget.limits.rows))
                row = self._row(number, cells, shown)
                if row is not None:
                    yield row

    def _row(self, number: int, cells: Sequence[Cell], shown: _ShownCells) -> RawRow | None:
        if len(cells) > CELLS_IN_A_ROW:
            raise TableUnreadable(damaged(), row=number)
        texts: list[str] = []
        refusals: dict[int, Message] = {}
        for cell in cells:
            if cell["value"] is None:
                continue
            index = cell["column"] - 1
            if index >= self._budget.limits.columns:
                raise TableUnreadable(
                    sentence(
                        _("Raden har mer enn %(most)s kolonner. Er dette riktig fil?"), most=self._budget.limits.columns
                    ),
                    row=number,
                )
            texts.extend([""] * (index + 1 - len(texts)))
            try:
                texts[index] = shown.text_of(cell, texts)
            except UnreadableValue as refusal:
                texts[index] = str(cell["value"])[:EXCEL_CELL] if cell["data_type"] != NO_RESULT else ""
                refusals[index] = refusal.message
            if is_too_long(texts[index]):
                refusals[index] = too_long_cell()
        joined = "".join(texts)
        if not refusals and (not joined or joined.isspace()):
            return None
        self._budget.spend_characters(len(joined))
        shown.learn_header(texts)
        return RawRow(number, texts, refusals or NO_REFUSALS)

    def _main_part(self) -> str:
        """Where the workbook itself lies, which only the relations of the package tell."""
        if ARC_ROOT_RELS in self._parts:
            for relation in get_dependents(self._parts, ARC_ROOT_RELS):
                if str(relation.Type).endswith("/officeDocument") and str(relation.target).endswith(".xml"):
                    part = str(relation.target)
                    if part in self._parts and "workbook" in str(fromstring(self._parts.read(part)).tag):
                        return part
        raise PackageUnreadable(_("Filen er ikke en .xlsx-arbeidsbok. Lagre den som «Excel-arbeidsbok (.xlsx)»."))

    def _worksheets(self, book: WorkbookParser) -> Mapping[str, str]:
        """Sheet name → its part; none where it is a chart, or kept outside the file."""
        relations = _relations(book)
        sheets = {}
        for sheet in book.sheets:
            relation = relations.get(sheet.id)
            sheets[str(sheet.name)] = ""
            if relation and relation.TargetMode != "External" and str(relation.Type).endswith("/worksheet"):
                sheets[str(sheet.name)] = str(relation.target)
        return sheets

    def _read_formats(self, part: str) -> list[str]:
        """The number format of every cell style."""
        if part not in self._parts:
            return []
        styles = Stylesheet.from_tree(_root(self._parts.read(part)))
        return [_format_code(style.numFmtId, styles.number_formats) for style in styles.cell_styles]

    def _read_texts(self, part: str) -> list[str]:
        """The texts that cells refer to by number."""
        texts: list[str] = []
        if part not in self._parts:
            return texts
        with self._parts.open(part) as stream:
            for _event, node in iterparse(stream):
                if node.tag != SHARED_TEXT_TAG:
                    continue
                texts.append(_text_of(node))
                node.clear()
                if len(texts) > self._budget.limits.shared_strings:
                    raise PackageUnreadable(
                        _("Arbeidsboken har for mange ulike tekster. Fjern det som ikke hører til.")
                    )
        return texts


class _RowReader(WorkSheetParser):
    """openpyxl's reader of rows, that tells formulas without a result, and loses no row to one unreadable cell."""

    def parse_cell(self, element: Element) -> Cell:
        plain = _plain_inline_text(element)
        if plain is not None:
            # The library builds an object for every text; most are plain, and there are hundreds of thousands.
            return self._told(plain or None, "s", element.get("r", ""))
        try:
            cell: Cell = super().parse_cell(element)
        except (ValueError, LookupError):
            return self._told(element.findtext(VALUE_TAG) or "", "unreadable", element.get("r", ""))
        # A formula whose result is an empty text says so by its type; any other without a value was never worked out.
        if cell["value"] is None and element.get("t") != "str" and element.find(FORMULA_TAG) is not None:
            return {**cell, "value": "", "data_type": NO_RESULT}
        return cell

    def parse_row(self, row: Any) -> tuple[int, list[Cell]]:
        number, cells = super().parse_row(row)
        self.row_dimensions.clear()  # how high rows are is kept by nobody
        return number, cells

    def _told(self, value: str | None, what: str, coordinate: str) -> Cell:
        """A cell as the library would tell of it; one that does not say where it is follows the one before it."""
        self.col_counter = column_index_from_string(coordinate.rstrip(DIGITS)) if coordinate else self.col_counter + 1
        return {"row": self.row_counter, "column": self.col_counter, "value": value, "data_type": what, "style_id": 0}


class _ShownCells:
    """The text people see in a cell. What a column holds decides whether a date or a truth value can stand in it."""

    def __init__(self, formats: Sequence[str], epoch: dt.datetime, table: Table) -> None:
        self._formats = formats
        self._epoch = epoch
        self._table = table
        self._kinds: Mapping[int, Kind] | None = None
        self._numbers: dict[tuple[object, int], str] = {}

    def learn_header(self, texts: Sequence[str]) -> None:
        """Take the first row for the names of the columns."""
        if self._kinds is None:
            kinds = {column.name: column.kind for column in self._table.columns}
            self._kinds = {i: kinds[text.strip()] for i, text in enumerate(texts) if text.strip() in kinds}

    def text_of(self, cell: Cell, before: Sequence[str]) -> str:
        """`before` are the texts to the left. Raises UnreadableValue for a cell that must not be used."""
        value, what = cell["value"], cell["data_type"]
        if what == "n":
            return self._number(value, cell, before)
        if what == "s":
            return _unescaped(value)
        if what == "b":
            return self._truth(value, cell, before)
        if what == "d":
            return self._day(day_text(value), cell, before)
        return _refused(value, what)

    def _number(self, value: float, cell: Cell, before: Sequence[str]) -> str:
        style = cell["style_id"]
        known = self._numbers.get((value, style))
        if known is not None:
            return known
        code = self._formats[style] if style < len(self._formats) else "General" if not style else UNKNOWN_FORMAT
        if shows_days(code):
            return self._day(serial_text(value, epoch=self._epoch), cell, before)
        text = shown_number(value, code)
        if len(self._numbers) < REMEMBERED_NUMBERS:
            self._numbers[value, style] = text
        return text

    def _day(self, text: str, cell: Cell, before: Sequence[str]) -> str:
        kind = self._kind(cell, before)
        if kind is not None and kind not in DAY_KINDS:
            raise UnreadableValue(
                sentence(
                    _(
                        "Regnearket har gjort dette om til en dato eller et klokkeslett (%(day)s). "
                        "Formater cellen som tekst, og skriv det på nytt."
                    ),
                    day=text,
                )
            )
        return text

    def _truth(self, value: bool, cell: Cell, before: Sequence[str]) -> str:
        kind = self._kind(cell, before)
        if kind is not None and kind is not Kind.YES_NO:
            raise UnreadableValue(
                _("Cellen inneholder SANN eller USANN. Formater den som tekst, og skriv det på nytt.")
            )
        return "yes" if value else "no"

    def _kind(self, cell: Cell, before: Sequence[str]) -> Kind | None:
        """What the cell is to hold; None where that is not known."""
        kind = (self._kinds or {}).get(cell["column"] - 1)
        if self._table is EDITION and kind is not None:
            setting = next((column for column in EDITION_KEYS if column.name in before), None)
            return setting.kind if setting else None
        return kind


def _refused(value: object, what: str) -> str:
    if what == NO_RESULT:
        raise UnreadableValue(_("Cellen har en formel uten utregnet verdi. Lim inn verdien i stedet for formelen."))
    if what == "e":
        raise UnreadableValue(spreadsheet_error(str(value)))
    raise UnreadableValue(_("Cellen kan ikke leses. Skriv inn verdien på nytt."))


def _plain_inline_text(element: Element) -> str | None:
    """The text of a cell that holds it itself, in one piece; None for any other cell."""
    if element.get("t") != "inlineStr":
        return None
    inline = element.find(INLINE_STRING)
    if inline is None or len(inline) != 1 or inline[0].tag != TEXT_TAG:
        return None
    return inline[0].text or ""


def _unescaped(text: str) -> str:
    """Undo Excel's `_x000D_` for characters that XML cannot hold; half a character becomes a whole one again."""
    if "_x" not in text:
        return text
    return str(unescape(text)).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _root(xml: bytes) -> Any:
    return fromstring(xml)


def _text_of(node: Any) -> str:
    """The text of a node, its formatting and reading aids left out."""
    text: Any = Text.from_tree(node)
    return str(text.content)


def _relations(book: WorkbookParser) -> dict[str, Any]:
    """Relation id → what it is and where it leads."""
    relations: Any = book.rels
    return dict(relations)


def _format_code(number: int, own: Sequence[str]) -> str:
    if number >= BUILTIN_FORMATS_MAX_SIZE:
        return own[number - BUILTIN_FORMATS_MAX_SIZE]
    return BUILTIN_FORMATS.get(number, UNKNOWN_FORMAT)


def _target(book: WorkbookParser, kind: str) -> str:
    """The part that plays a part in the workbook; empty when there is none."""
    found = (relation for relation in _relations(book).values() if str(relation.Type).endswith(f"/{kind}"))
    return next((str(relation.target) for relation in found if relation.TargetMode != "External"), "")


@contextmanager
def _told_as_damage() -> Iterator[None]:
    """Whatever the library raises for XML that is none, or says what no workbook says: the file is damaged."""
    try:
        yield
    except (Unreadable, MemoryError, GeneratorExit):
        raise
    except Exception as error:  # openpyxl fails in a dozen ways on what is no workbook
        raise TableUnreadable(damaged()) from error


__all__ = ["Workbook", "is_workbook"]
