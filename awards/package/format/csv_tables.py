"""Reading the tables of a package kept as CSV files, in a folder or in a ZIP archive, one row at a time."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from awards.package.format.archive import DAMAGED, damaged
from awards.package.format.limits import Budget, TableUnreadable
from awards.package.format.problems import Message, sentence
from awards.package.format.tables import EXCEL_CELL

UTF8_MARK = b"\xef\xbb\xbf"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
QUOTED = re.compile('"[^"]*"')
DELIMITERS = (",", ";", "\t")
HINT = re.compile(r'"?sep=(?P<delimiter>[^"\r\n])"?[,;\t]*', re.IGNORECASE)
"""Excel's hint in a line of its own before the header."""
CHUNK = 65_536
NORDIC = frozenset("æøåÆØÅäöÄÖáčđŋšŧžÁČĐŊŠŦŽéÉ«»–’")


class RawRow(NamedTuple):
    """One row as text. `number` counts as a spreadsheet does. `refusals` say why the cell at an index is not used."""

    number: int
    cells: list[str]
    refusals: Mapping[int, Message]


NO_REFUSALS: Mapping[int, Message] = {}


def too_long_cell() -> Message:
    return sentence(_("Cellen har mer enn %(most)s tegn. Kort ned teksten."), most=EXCEL_CELL)


def too_many_rows(most: int) -> Message:
    return sentence(_("Tabellen har mer enn %(most)s rader, og resten blir ikke lest. Fjern tomme rader."), most=most)


def excel_length(text: str) -> int:
    """The length as Excel counts it: UTF-16 units, so that an emoji is two."""
    return len(text) + sum(character > "\uffff" for character in text)


def is_too_long(text: str) -> bool:
    return len(text) > EXCEL_CELL // 2 and excel_length(text) > EXCEL_CELL


class CsvRows:
    """Iterates over the rows of one CSV file, blank ones left out, the header first.

    Raises TableUnreadable, with the row, for what makes the rest of the file meaningless: another encoding than UTF-8,
    NUL characters, broken quoting, a row without end.
    """

    def __init__(self, stream: io.BufferedReader, budget: Budget) -> None:
        self._stream = stream
        self._budget = budget
        self._row = 1
        self._record_bytes = 0

    def __iter__(self) -> Iterator[RawRow]:
        lines = self._lines()
        first = next((line for line in lines if self._is_content(line)), None)
        hint = HINT.fullmatch(first.strip(" \r\n")) if first else None
        if hint:  # no row of the spreadsheet
            self._record_bytes = 0
            first = next((line for line in lines if self._is_content(line)), None)
        if first is None:
            return
        delimiter = hint["delimiter"] if hint else _delimiter(first)
        reader = csv.reader(_chain(first, lines), delimiter=delimiter, strict=True)
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise self._stop(_why_not_csv(error)) from error
            yield from self._checked(cells)
            self._next_row()

    def _checked(self, cells: list[str]) -> Iterator[RawRow]:
        text = "".join(cells)
        if not text or text.isspace():
            return
        self._budget.spend_characters(len(text))
        if len(cells) > self._budget.limits.columns:
            raise self._stop(
                sentence(
                    _("Raden har mer enn %(most)s kolonner. Er dette riktig fil?"), most=self._budget.limits.columns
                )
            )
        refusals = NO_REFUSALS
        if len(text) > EXCEL_CELL // 2:
            refusals = {index: too_long_cell() for index, cell in enumerate(cells) if is_too_long(cell)}
        yield RawRow(self._row, cells, refusals)

    def _is_content(self, line: str) -> bool:
        if line.strip():
            return True
        self._next_row()
        return False

    def _next_row(self) -> None:
        self._row += 1
        self._record_bytes = 0
        if self._row > self._budget.limits.rows:
            raise self._stop(too_many_rows(self._budget.limits.rows))

    def _lines(self) -> Iterator[str]:
        most = self._budget.limits.record_bytes
        is_first = True
        for raw in self._raw_lines(most):
            line = self._without_mark(raw) if is_first else raw
            is_first = False
            self._record_bytes += len(line)
            if b"\0" in line:
                raise self._stop(_("Filen inneholder NUL-tegn og er ikke en CSV-fil. Lagre den som «CSV UTF-8»."))
            if self._record_bytes > most:
                raise self._stop(_("Raden tar aldri slutt. Er anførselstegnene lukket, og er dette en CSV-fil?"))
            yield self._decoded(line)

    def _raw_lines(self, most: int) -> Iterator[bytes]:
        """Lines with their ends, a few bytes longer than `most` at the longest.

        Excel on a Macintosh ends its rows with a carriage return alone; a line feed inside a cell is then no end.
        """
        try:
            if self._ends_rows_with_carriage_returns():
                yield from _split_at_carriage_returns(self._stream, most)
                return
            while line := self._stream.readline(most + 1):
                yield line
        except (*DAMAGED, OSError) as error:
            raise self._stop(damaged()) from error

    def _ends_rows_with_carriage_returns(self) -> bool:
        start = self._stream.peek(CHUNK)
        first = start.find(b"\r")
        return first >= 0 and b"\n" not in start[: first + 2]

    def _without_mark(self, line: bytes) -> bytes:
        if line.startswith(UTF16_MARKS):
            raise self._stop(_("Filen er lagret som UTF-16. Lagre den som «CSV UTF-8»."))
        return line.removeprefix(UTF8_MARK)

    def _decoded(self, line: bytes) -> str:
        try:
            return line.decode("utf-8")
        except UnicodeDecodeError as error:
            nearby = line[max(0, error.start - 20) : error.start + 20].strip().decode("cp1252", "replace")
            wrong = line[error.start : error.start + 1].decode("cp1252", "replace")
            if wrong in NORDIC:
                message: Message = _(
                    "Filen er ikke lagret som UTF-8, men trolig som Windows-1252, slik Excel gjør med vanlig «CSV». "
                    "Lagre den som «CSV UTF-8 (kommadelt)»."
                )
            else:
                message = sentence(
                    _("Filen er ikke lagret som UTF-8 (byte 0x%(byte)02X). Lagre den som «CSV UTF-8»."),
                    byte=line[error.start],
                )
            raise self._stop(message, value=nearby) from error

    def _stop(self, message: Message, *, value: str = "") -> TableUnreadable:
        return TableUnreadable(message, row=self._row, value=value)


def _split_at_carriage_returns(stream: io.BufferedReader, most: int) -> Iterator[bytes]:
    rest = b""
    while chunk := stream.read(CHUNK):
        *lines, rest = (rest + chunk).split(b"\r")
        yield from (line + b"\r" for line in lines)
        if len(rest) > most:
            break
    if rest:
        yield rest


def _why_not_csv(error: csv.Error) -> Message:
    reason = str(error)
    if "field limit" in reason:
        return _("En celle er altfor lang. Er et anførselstegn foran teksten aldri lukket?")
    if "unexpected end" in reason:
        return _("Et anførselstegn er åpnet, men aldri lukket. Lukk det, eller fjern det.")
    if "new-line" in reason:
        return _("Det er et linjeskift midt i en celle. Sett teksten i anførselstegn, eller fjern linjeskiftet.")
    return _(
        "Anførselstegnene går ikke opp. Sett hele teksten i anførselstegn, og skriv anførselstegn i teksten dobbelt."
    )


def _delimiter(header: str) -> str:
    """The sign the header has most of outside quotes; a comma where it has none."""
    bare = QUOTED.sub("", header)
    return max(DELIMITERS, key=bare.count)


def _chain(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest
