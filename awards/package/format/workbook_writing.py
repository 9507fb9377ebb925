"""The canonical workbook of a package: a sheet per table, native numbers and dates, never a live formula."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from awards.package.format.rendering import Renderer
from awards.package.format.tables import EDITION, TABLES, Kind, Table

CREATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""A workbook keeps the time it was made; always the same one, so that the same edition is the same bytes."""

OPTIONS = {
    "constant_memory": True,
    "strings_to_numbers": False,
    "strings_to_formulas": False,
    "strings_to_urls": False,
}
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "＝")
WIDTHS = {Kind.TEXT: 32, Kind.EMAIL: 28, Kind.TELEPHONE: 20, Kind.LINK: 28, Kind.WEBSITE: 28, Kind.INSTANT: 26}
NATIVE = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.DATE})
"""What a workbook has types of its own for; everything else is text, and says so."""
USUAL_WIDTH = 14


ESCAPE_LIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


class _PlainTextWorksheet(Worksheet):
    """A sheet whose texts come back letter by letter.

    XlsxWriter takes a text that begins with `<r>` and ends with `</r>` for markup of its own, and of two escapes that
    share an underscore (`_x0041_x0042_`) it masks only the first.
    """

    @staticmethod
    def _escape_control_characters(text: str) -> str:
        # Characters that XML cannot hold never come this far; only what looks like an escape must be masked.
        return ESCAPE_LIKE.sub("_x005F_", text)

    def _xml_rich_inline_string(self, string: str, attributes: Any) -> None:
        self._xml_inline_string(string, True, attributes)


def write_workbook(renderer: Renderer, stream: IO[bytes]) -> None:
    """Write the package to a seekable binary stream; the same package gives the same bytes."""
    # XlsxWriter keeps rows in temporary files; in a folder of our own they are gone whatever happens.
    with tempfile.TemporaryDirectory() as scratch:
        _write_book(renderer, Workbook(stream, {**OPTIONS, "tmpdir": scratch}))


def _write_book(renderer: Renderer, book: Workbook) -> None:
    book.set_properties({"created": CREATED})
    styles = _Styles(
        header=book.add_format({"bold": True}),
        date=book.add_format({"num_format": "yyyy-mm-dd"}),
        text=book.add_format({"num_format": "@"}),
        guarded=book.add_format({"num_format": "@", "quote_prefix": True}),
    )
    for table in TABLES:
        sheet = book.add_worksheet(table.name, worksheet_class=_PlainTextWorksheet)
        sheet.freeze_panes(1, 0)
        for index, column in enumerate(table.columns):
            style = None if column.kind in NATIVE else styles.text
            sheet.set_column(index, index, WIDTHS.get(column.kind, USUAL_WIDTH), style)
            sheet.write_string(0, index, column.name, styles.header)
        for row, cells in enumerate(_typed_rows(renderer, table), start=1):
            for index, (text, kind) in enumerate(cells):
                if text:
                    _write_cell(sheet, (row, index), text, kind, styles)
    book.close()


@dataclass(frozen=True, slots=True)
class _Styles:
    """`text` keeps a spreadsheet from taking 04800 or 09-11 for a number or a day, also in cells filled in later.

    `guarded` keeps a text that looks like a formula a text when somebody edits the cell.
    """

    header: Format
    date: Format
    text: Format
    guarded: Format


def _typed_rows(renderer: Renderer, table: Table) -> Iterator[list[tuple[str, Kind]]]:
    if table is EDITION:
        for key, (text, kind) in renderer.settings():
            yield [(key, Kind.TEXT), (text, kind)]
        return
    kinds = [column.kind for column in table.columns]
    for cells in renderer.rows(table):
        yield list(zip(cells, kinds, strict=True))


def _write_cell(sheet: Worksheet, place: tuple[int, int], text: str, kind: Kind, styles: _Styles) -> None:
    if kind is Kind.INTEGER:
        sheet.write_number(*place, int(text))
    elif kind is Kind.DECIMAL:
        # At most 15 digits: no two such numbers share their nearest float, so reading finds the digits again.
        sheet.write_number(*place, float(text))
    elif kind is Kind.DATE:
        sheet.write_datetime(*place, dt.date.fromisoformat(text), styles.date)
    else:
        sheet.write_string(*place, text, styles.guarded if text.startswith(FORMULA_SIGNS) else styles.text)
