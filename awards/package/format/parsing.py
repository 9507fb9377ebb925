"""From a path to a typed, checked `EditionPackage`, or to the list of everything that is wrong with it."""

from __future__ import annotations

import difflib
import zoneinfo
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from awards.package.format.cells import Converter, converter, not_given
from awards.package.format.checks import check_package
from awards.package.format.csv_tables import RawRow
from awards.package.format.limits import LIMITS, Limits, PackageUnreadable, TableUnreadable
from awards.package.format.order import in_canonical_order
from awards.package.format.parsed import ParsedEdition, ParsedPackage, ParsedTable
from awards.package.format.problems import Message, ProblemCollector, sentence
from awards.package.format.reading import MemorySource, Source, check_names, open_source
from awards.package.format.rows import EditionPackage, EditionSettings
from awards.package.format.tables import EDITION, EDITION_KEYS, ROW_TABLES, Column, Table
from awards.package.format.text_cells import CellError, is_blank
from kundeservice.core.text import without_invisible

DEFAULT_TIMEZONE = zoneinfo.ZoneInfo("Europe/Oslo")


def parse_package(path: Path, *, name: str = "", limits: Limits = LIMITS) -> EditionPackage:
    """The edition kept at `path` as a folder of CSV files, a `.zip` of one, or an `.xlsx` workbook.

    `name` is what its owner calls the file (an upload has another name on disk). Raises PackageProblems with every
    problem found: unreadable files, types, references, duplicates, and what the edition package promises to check.
    """
    problems = ProblemCollector()
    try:
        with open_source(path, name=name, limits=limits) as source:
            return _parse(source, problems)
    except PackageUnreadable as error:
        problems.add_stop(error.file, row=error.row, value=error.value, message=error.message)
    problems.raise_if_any()
    raise AssertionError("an unreadable package is a problem")


def parse_tables(tables: Mapping[str, list[Mapping[str, str]]]) -> EditionPackage:
    """The edition given as tables in memory: name without `.csv` → rows, each a mapping from column to cell.

    The cells are in the notation of the CSV files; rows are numbered from 2, as in a file. Raises PackageProblems as
    `parse_package` does.
    """
    return _parse(MemorySource(tables), ProblemCollector())


def _parse(source: Source, problems: ProblemCollector) -> EditionPackage:
    problems.suffix = source.suffix
    parsed = _PackageParser(source, problems).parse()
    check_package(parsed, problems)
    problems.raise_if_any()
    settings = parsed.edition.settings
    if settings is None:
        raise AssertionError("a package without problems has its settings")
    return in_canonical_order(
        EditionPackage(edition=settings, **{table.name: tuple(parsed.tables[table.name].rows) for table in ROW_TABLES})
    )


NOWHERE = -1
"""The place of a column that is left out: every row is given one more, empty cell, which is its last."""

UNKNOWN = object()


@dataclass(slots=True)
class _Reader:
    """How one column is read: where its cells are, what they mean, and what has been read before."""

    column: Column
    position: int
    convert: Converter
    empty: object
    known: dict[str, object] = field(default_factory=dict)

    @property
    def is_missing(self) -> bool:
        """Whether a column that must be there is not; the header's problem, not each row's."""
        return self.position == NOWHERE and not self.column.optional


@dataclass(frozen=True, slots=True)
class _Header:
    """Column name → its place in the rows; how many cells the header has; which of them name nothing."""

    positions: Mapping[str, int]
    width: int
    unnamed: tuple[int, ...] = ()

    @property
    def is_foreign(self) -> bool:
        """Whether it names none of the table's columns: what follows is another table, or none."""
        return all(position == NOWHERE for position in self.positions.values())

    def padded(self, row: RawRow) -> list[str]:
        """The cells of the row, with empty ones up to the header's width and one beyond."""
        return row.cells[: self.width] + [""] * (self.width + 1 - min(len(row.cells), self.width))


class _PackageParser:
    """Reads table after table in the order of the contract, so that what is referred to is known."""

    def __init__(self, source: Source, problems: ProblemCollector) -> None:
        self._source = source
        self._problems = problems
        self._tables: dict[str, ParsedTable] = {}
        self._timezone = DEFAULT_TIMEZONE

    def parse(self) -> ParsedPackage:
        """Raises PackageUnreadable when nothing more can be read at all."""
        present = check_names(self._source, self._problems)
        edition = self._parse_edition() if EDITION.name in present else ParsedEdition()
        self._timezone = zoneinfo.ZoneInfo(str(edition.values.get("timezone", DEFAULT_TIMEZONE.key)))
        for table in ROW_TABLES:
            self._tables[table.name] = self._parse_table(table, is_present=table.name in present)
        return ParsedPackage(edition, self._tables)

    def _parse_edition(self) -> ParsedEdition:
        edition = ParsedEdition()
        with self._problems_of(EDITION):
            stream = self._source.rows(EDITION.name)
            header = self._header(EDITION, next(stream, None))
            if any(position == NOWHERE for position in header.positions.values()):
                return edition
            for row in stream:
                if self._has_fitting_width(EDITION, row, header):
                    self._read_setting(edition, row, header)
            self._complete_settings(edition)
        return edition

    def _read_setting(self, edition: ParsedEdition, row: RawRow, header: _Header) -> None:
        cells = header.padded(row)
        key, cell = (cells[header.positions[name]] for name in ("key", "value"))
        key = without_invisible(key).strip()
        column = next((column for column in EDITION_KEYS if column.name == key), None)
        if column is None:
            message = _unknown_name(key, [column.name for column in EDITION_KEYS], _("Ukjent nøkkel."))
            self._problems.add(EDITION.name, row=row.number, column="key", value=key, message=message)
            return
        if key in edition.rows:
            message = sentence(_("Nøkkelen står også i rad %(row)s. Behold den ene."), row=edition.rows[key])
            self._problems.add(EDITION.name, row=row.number, column="key", value=key, message=message)
            return
        edition.rows[key] = row.number
        try:
            if header.positions["value"] in row.refusals:
                raise CellError(row.refusals[header.positions["value"]])
            edition.values[key] = self._setting(column, cell)
        except CellError as error:
            self._problems.add(EDITION.name, row=row.number, column=key, value=cell, message=error.message)

    def _setting(self, column: Column, cell: str) -> object:
        if not is_blank(cell):
            return converter(column, DEFAULT_TIMEZONE)(cell)
        if not column.optional:
            raise CellError(_("Verdien mangler. Fyll den ut."))
        return converter(column, DEFAULT_TIMEZONE)(column.default) if column.default else not_given(column)

    def _complete_settings(self, edition: ParsedEdition) -> None:
        for column in EDITION_KEYS:
            if column.name in edition.rows:
                continue
            if column.optional:
                edition.values[column.name] = self._setting(column, "")
            else:
                message = _("Nøkkelen mangler. Legg til en rad med den.")
                self._problems.add(EDITION.name, column=column.name, message=message)
        if len(edition.values) == len(EDITION_KEYS):
            settings: dict[str, Any] = edition.values
            edition.settings = EditionSettings(**settings)

    def _parse_table(self, table: Table, *, is_present: bool) -> ParsedTable:
        parsed = ParsedTable(table, is_complete=is_present or table.optional)
        if not is_present:
            return parsed
        parsed.is_complete = False
        with self._problems_of(table):
            stream = self._source.rows(table.name)
            header = self._header(table, next(stream, None))
            if header.is_foreign:
                return parsed
            readers = self._readers(table, header)
            for count, row in enumerate(stream, start=1):
                if count > table.most_rows:
                    raise TableUnreadable(
                        sentence(
                            _("Tabellen har mer enn %(most)s rader, og resten blir ikke lest."), most=table.most_rows
                        ),
                        row=row.number,
                    )
                self._read_row(parsed, readers, row, header)
            parsed.is_complete = not any(reader.is_missing for reader in readers if reader.column.name in table.key)
        return parsed

    @contextmanager
    def _problems_of(self, table: Table) -> Iterator[None]:
        """Turn what stops the reading of one table into a problem of that table."""
        try:
            yield
        except TableUnreadable as error:
            file = table.name + self._source.suffix
            self._problems.add_stop(file, row=error.row, value=error.value, message=error.message)

    def _header(self, table: Table, row: RawRow | None) -> _Header:
        """Where the columns are. Reports what is wrong with the header row."""
        positions = {column.name: NOWHERE for column in table.columns}
        if row is None:
            self._problems.add(table.name, row=1, message=_missing_header(table))
            return _Header(positions, 0)
        for index, cell in enumerate(row.cells):
            name = without_invisible(cell).strip()
            if name not in positions:
                if name:
                    message = _unknown_name(name, list(positions), _("Ukjent kolonne."))
                    self._problems.add(table.name, row=row.number, column=name, message=message)
            elif positions[name] != NOWHERE:
                message = _("Kolonnen står flere ganger. Behold den ene.")
                self._problems.add(table.name, row=row.number, column=name, message=message)
            else:
                positions[name] = index
        for column in table.columns:
            if positions[column.name] == NOWHERE and not column.optional:
                message = _("Kolonnen mangler. Legg den til i overskriftsraden.")
                self._problems.add(table.name, row=row.number, column=column.name, message=message)
        unnamed = tuple(index for index, cell in enumerate(row.cells) if not cell.strip())
        return _Header(positions, len(row.cells), unnamed)

    def _readers(self, table: Table, header: _Header) -> list[_Reader]:
        readers = []
        for column in table.columns:
            convert = self._referring(column, converter(column, self._timezone))
            empty = convert(column.default) if column.default else not_given(column)
            reader = _Reader(column, header.positions[column.name], convert, empty)
            if column.may_be_empty and not reader.is_missing:
                reader.known[""] = empty
            readers.append(reader)
        return readers

    def _referring(self, column: Column, convert: Converter) -> Converter:
        """The converter, made to refuse codes the table referred to does not have, once that table is wholly known."""
        target = self._tables.get(column.refers_to)
        if target is None or not target.is_complete:
            return convert
        codes = target.codes

        def convert_known(cell: str) -> object:
            code = convert(cell)
            if code not in codes:
                raise CellError(sentence(_("Koden finnes ikke i «%(table)s»."), table=column.refers_to))
            return code

        return convert_known

    def _read_row(self, parsed: ParsedTable, readers: list[_Reader], row: RawRow, header: _Header) -> None:
        is_whole = self._has_fitting_width(parsed.table, row, header)
        cells = header.padded(row)
        values: list[object] | None = None
        if is_whole and not row.refusals:
            values = [reader.known.get(cells[reader.position], UNKNOWN) for reader in readers]
        if values is None or UNKNOWN in values:
            values = self._read_cells(parsed, readers, row, cells, is_whole=is_whole)
        if values is not None:
            self._keep(parsed, parsed.table.row_type(*values), row)

    def _has_fitting_width(self, table: Table, row: RawRow, header: _Header) -> bool:
        """Whether the row has its cells where the header has its columns. Reports a row that does not."""
        count = len(row.cells)
        if count == header.width and not header.unnamed:
            return True
        if any(cell.strip() for cell in row.cells[header.width :]):
            message = sentence(
                _(
                    "Raden har %(cells)s celler, men overskriften %(width)s. "
                    "Har en tekst med skilletegn mistet anførselstegnene?"
                ),
                cells=count,
                width=header.width,
            )
            self._problems.add(
                table.name, row=row.number, value=" ".join(row.cells[header.width :]).strip(), message=message
            )
            return False
        stray = [row.cells[index] for index in header.unnamed if index < count and row.cells[index].strip()]
        if stray:
            message = _("Cellen står i en kolonne uten overskrift. Gi kolonnen en overskrift, eller tøm cellen.")
            self._problems.add(table.name, row=row.number, value=stray[0], message=message)
        return not stray

    def _read_cells(
        self, parsed: ParsedTable, readers: list[_Reader], row: RawRow, cells: list[str], *, is_whole: bool
    ) -> list[object] | None:
        """The values of the row in the order of the columns, or None when a cell is wrong."""
        values: dict[str, object] = {}
        for reader in readers:
            column = reader.column.name
            cell = cells[reader.position]
            try:
                if reader.position in row.refusals:
                    raise CellError(row.refusals[reader.position])
                values[column] = self._value(reader, cell)
            except CellError as error:
                if is_whole and not reader.is_missing:
                    self._problems.add(
                        parsed.table.name, row=row.number, column=column, value=cell, message=error.message
                    )
        key = tuple(values.get(name) for name in parsed.table.key)
        if len(key) == 1 and key[0] is not None:
            parsed.codes.add(str(key[0]))
        if is_whole and len(values) == len(readers):
            return list(values.values())
        parsed.faulty_keys.add(key)
        return None

    def _value(self, reader: _Reader, cell: str) -> object:
        if not cell or cell.isspace() or (not reader.column.is_verbatim and is_blank(cell)):
            if not reader.column.may_be_empty or reader.is_missing:
                raise CellError(_("Cellen er tom. Fyll den ut."))
            return reader.empty
        value = reader.convert(cell)
        if reader.column.kind.repeats:
            reader.known[cell] = value
        return value

    def _keep(self, parsed: ParsedTable, values: Any, row: RawRow) -> None:
        key = parsed.key_of(values)
        first = parsed.first_rows.setdefault(key, row.number)
        if first != row.number:
            column = parsed.table.key[-1]
            message = sentence(_("Det samme står allerede i rad %(row)s. Fjern den ene raden."), row=first)
            value = " ".join(
                str(part) for part in (key if isinstance(key, tuple) else (key,)) if part not in ("", None)
            )
            self._problems.add(parsed.table.name, row=row.number, column=column, value=value, message=message)
            return
        parsed.rows.append(values)
        parsed.numbers.append(row.number)


def _missing_header(table: Table) -> Message:
    names = ", ".join(column.name for column in table.columns if not column.optional)
    return sentence(_("Overskriftsraden mangler. Den må minst ha %(names)s."), names=names)


def _unknown_name(name: str, expected: list[str], what: Message) -> Message:
    guess = difflib.get_close_matches(name.lower(), expected, n=1)
    if guess:
        return sentence(_("%(what)s Mente du «%(guess)s»?"), what=what, guess=guess[0])
    return sentence(_("%(what)s Den må være en av %(names)s."), what=what, names=", ".join(expected))
