"""From a path to the raw tables of a package: folder of CSV files, `.zip` of that folder, or `.xlsx` workbook.

The form is told by the content, never by the name. Rows are handed over one at a time, as text.
"""

from __future__ import annotations

import difflib
import io
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from awards.package.format.archive import Archive
from awards.package.format.csv_tables import NO_REFUSALS, CsvRows, RawRow
from awards.package.format.limits import (
    LIMITS,
    MEGABYTE,
    Budget,
    CountedStream,
    Limits,
    PackageUnreadable,
    TableUnreadable,
)
from awards.package.format.problems import Message, ProblemCollector, sentence
from awards.package.format.tables import TABLE_BY_NAME, TABLES
from awards.package.format.workbook import Workbook, is_workbook

ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
OLD_OFFICE_SIGNATURE = b"\xd0\xcf\x11\xe0"
LEFT_BY_SYSTEMS = frozenset({"thumbs.db", "desktop.ini"})


class Source(Protocol):
    """An open package. A row may end after its last filled cell."""

    suffix: str

    @property
    def names(self) -> list[str]:
        """File or sheet names, as they stand."""

    def rows(self, table: str) -> Iterator[RawRow]:
        """The rows of a table that is there, header first. Raises TableUnreadable or PackageUnreadable on the way."""


class FolderSource:
    """A folder of CSV files."""

    suffix = ".csv"

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path = path
        self._budget = Budget(limits)
        self.names = sorted(entry.name for entry in os.scandir(path) if not is_left_by_system(entry.name))

    def rows(self, table: str) -> Iterator[RawRow]:
        try:
            # Never follow a link and never wait for a pipe: the folder may be somebody else's.
            descriptor = os.open(self._path / f"{table}.csv", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            raise TableUnreadable(_("Filen kan ikke åpnes. Den må være en vanlig fil som kan leses.")) from error
        with os.fdopen(descriptor, "rb", buffering=0) as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise TableUnreadable(_("Filen kan ikke åpnes. Den må være en vanlig fil som kan leses."))
            if status.st_size > self._budget.limits.file_bytes:
                raise TableUnreadable(_too_large(status.st_size, self._budget.limits))
            yield from CsvRows(io.BufferedReader(CountedStream(file, self._budget), 65_536), self._budget)


class ZipSource:
    """A ZIP archive of CSV files, with or without one folder around them."""

    suffix = ".csv"

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        members = [name for name in archive.names if not is_left_by_system(name)]
        prefix = _wrapping_folder(members)
        self._members = {name.removeprefix(prefix): name for name in members}
        self.names = sorted(self._members)

    def rows(self, table: str) -> Iterator[RawRow]:
        with self._archive.open(self._members[f"{table}.csv"]) as stream:
            yield from CsvRows(stream, self._archive.budget)


class MemorySource:
    """Tables already at hand, as a list of dictionaries each, all in the notation of the CSV files."""

    suffix = ".csv"

    def __init__(self, tables: Mapping[str, list[Mapping[str, str]]]) -> None:
        self._tables = tables
        self.names = [f"{name}.csv" for name in tables]

    def rows(self, table: str) -> Iterator[RawRow]:
        rows = self._tables[table]
        header = list(dict.fromkeys(name for row in rows for name in row))
        if not rows:
            header = [column.name for column in TABLE_BY_NAME[table].columns]
        yield RawRow(1, header, NO_REFUSALS)
        for number, row in enumerate(rows, start=2):
            yield RawRow(number, [row.get(name, "") for name in header], NO_REFUSALS)


@contextmanager
def open_source(path: Path, *, name: str = "", limits: Limits = LIMITS) -> Iterator[Source]:
    """The package at `path`, ready to be read; `name` is what its owner calls it (default: the path's last part).

    Raises PackageUnreadable for what is no package at all, PackageProblems for an unsafe archive.
    """
    label = name or path.name
    try:
        with ExitStack() as stack:
            yield _opened(path, label, limits, stack)
    except PackageUnreadable as error:
        error.file = error.file or label
        raise


def _opened(path: Path, label: str, limits: Limits, stack: ExitStack) -> Source:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            return FolderSource(path, limits)
        signature = _signature(path, status.st_mode)
    except OSError as error:
        raise PackageUnreadable(
            _("Finner ikke filen, eller får ikke lese den. Se etter at navnet er riktig.")
        ) from error
    if status.st_size > limits.file_bytes:
        raise PackageUnreadable(_too_large(status.st_size, limits))
    if signature.startswith(OLD_OFFICE_SIGNATURE):
        raise PackageUnreadable(
            _("Filen er en eldre Excel-fil (.xls) eller er beskyttet med passord. Lagre den som .xlsx uten passord.")
        )
    if not signature.startswith(ZIP_SIGNATURES):
        raise PackageUnreadable(
            _("Filen er verken en mappe med CSV-filer, en .zip eller en .xlsx. Velg en av disse formene.")
        )
    archive = stack.enter_context(Archive(path, name=label, limits=limits))
    if is_workbook(archive):
        return Workbook(archive)
    return ZipSource(archive)


def _signature(path: Path, mode: int) -> bytes:
    if not stat.S_ISREG(mode):
        return b""
    with path.open("rb") as file:
        return file.read(4)


def check_names(source: Source, problems: ProblemCollector) -> frozenset[str]:
    """The tables that are there. Reports files that do not belong and required ones that are missing."""
    expected = {table.name + source.suffix: table for table in TABLES}
    for name in source.names:
        if name not in expected:
            problems.add_to_file(name, message=_unknown_name(name, list(expected)))
    present = frozenset(expected[name].name for name in source.names if name in expected)
    for table in TABLES:
        if table.name not in present and not table.optional:
            problems.add(table.name, message=_missing(source))
    return present


def _missing(source: Source) -> Message:
    if source.suffix:
        return _("Filen mangler. Legg den i pakken, med overskriftsrad også når den ellers er tom.")
    return _("Arket mangler. Legg det i arbeidsboken, med overskriftsrad også når det ellers er tomt.")


def _unknown_name(name: str, expected: list[str]) -> Message:
    guess = difflib.get_close_matches(PurePosixPath(name).name.lower(), expected, n=1)
    if guess:
        return sentence(_("Hører ikke til i en årgangspakke. Mente du «%(guess)s»?"), guess=guess[0])
    return sentence(
        _("Hører ikke til i en årgangspakke. Fjern det; pakken kan ha %(names)s."), names=", ".join(expected)
    )


def _too_large(size: int, limits: Limits) -> Message:
    return sentence(
        _("Filen er på %(size)s MB. Grensen er %(most)s MB; fjern det som ikke hører til."),
        size=-(-size // MEGABYTE),
        most=limits.file_bytes // MEGABYTE,
    )


def _wrapping_folder(members: list[str]) -> str:
    """The one folder all members lie in, with its slash; empty when there is none."""
    firsts = {name.partition("/")[0] + "/" if "/" in name else "" for name in members}
    return firsts.pop() if len(firsts) == 1 else ""


def is_left_by_system(name: str) -> bool:
    """Whether macOS or Windows put the file there without asking anybody."""
    parts = PurePosixPath(name).parts
    last = parts[-1] if parts else ""
    return "__MACOSX" in parts or last.startswith(".") or last.lower() in LEFT_BY_SYSTEMS
