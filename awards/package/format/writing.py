"""Writing a package: folder of CSV files, `.zip` of it, or `.xlsx` workbook – the exact inverse of reading it.

What is written is canonical: every file and every column of the contract is there even when empty, columns stand in the
order of the contract, rows in that of their identifiers, and a value the contract has a default for is written out. So
the bytes depend on the edition alone; reading them back gives an equal package, and writing that gives the same bytes.
"""

from __future__ import annotations

import os
import secrets
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.utils.translation import gettext_lazy as _

from awards.package.format.csv_writing import csv_chunks
from awards.package.format.problems import ProblemCollector
from awards.package.format.reading import is_left_by_system
from awards.package.format.rendering import Renderer
from awards.package.format.rows import EditionPackage
from awards.package.format.tables import EDITION, TABLES
from awards.package.format.workbook_writing import write_workbook

ZIP_TIME = (1980, 1, 1, 0, 0, 0)
ZIP_MODE = 0o100644
ZIP_LEVEL = 6
UNIX = 3


def write_package(package: EditionPackage, path: Path) -> None:
    """Write the package to `path`: a `.zip` or `.xlsx` file by its ending, else a folder.

    What stands there is replaced at once and whole, or not at all; a folder only when it is empty or a package itself.
    Raises PackageProblems for text that cannot be written and for a folder that holds something else.
    """
    ending = path.suffix.lower()
    if ending == ".zip" and not path.is_dir():
        with _replaced_file(path) as stream:
            write_zip(package, stream)
    elif ending == ".xlsx" and not path.is_dir():
        with _replaced_file(path) as stream:
            write_xlsx(package, stream)
    else:
        write_folder(package, path)


def write_zip(package: EditionPackage, stream: IO[bytes]) -> None:
    """Write the package as a ZIP archive of CSV files to a seekable stream. Raises PackageProblems."""
    problems = ProblemCollector()
    renderer = Renderer(package, problems)
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=ZIP_LEVEL) as archive:
        for table in sorted(TABLES, key=lambda table: table.file):
            member = zipfile.ZipInfo(table.file, ZIP_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = UNIX
            member.external_attr = ZIP_MODE << 16
            with archive.open(member, "w") as file:
                for chunk in csv_chunks(renderer, table):
                    file.write(chunk)
    problems.raise_if_any()


def write_xlsx(package: EditionPackage, stream: IO[bytes]) -> None:
    """Write the package as a workbook to a seekable stream. Raises PackageProblems."""
    problems = ProblemCollector(suffix="")
    write_workbook(Renderer(package, problems), stream)
    problems.raise_if_any()


def write_folder(package: EditionPackage, path: Path) -> None:
    """Write the package as a folder of CSV files. Raises PackageProblems."""
    _refuse_other_content(path)
    problems = ProblemCollector()
    renderer = Renderer(package, problems)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = _beside(path)
    fresh.mkdir()
    try:
        for table in TABLES:
            with (fresh / table.file).open("wb") as file:
                for chunk in csv_chunks(renderer, table):
                    file.write(chunk)
                _to_disk(file)
        problems.raise_if_any()
        _sync_folder(fresh)
        _swap(fresh, path)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _refuse_other_content(path: Path) -> None:
    """Only nothing, an empty folder, or an earlier package may be replaced."""
    problems = ProblemCollector()
    if path.is_symlink() or (path.exists() and not path.is_dir()):
        problems.add_to_file(path.name, message=_("Her ligger det noe annet enn en mappe. Velg et annet sted."))
    elif path.is_dir():
        names = {entry.name for entry in path.iterdir() if not is_left_by_system(entry.name)}
        ours = {table.file for table in TABLES}
        foreign = sorted(names - ours)
        if foreign or (names and EDITION.file not in names):
            message = _("Mappen er ikke tom og er ikke en årgangspakke. Velg en annen mappe, eller tøm den.")
            problems.add_to_file(path.name, value=", ".join(foreign or sorted(names)), message=message)
    problems.raise_if_any()


def _swap(fresh: Path, path: Path) -> None:
    """Put the finished folder in place; the one it replaces comes back if that fails."""
    replaced = _beside(path)
    had_one = path.is_dir()
    if had_one:
        path.rename(replaced)
    try:
        fresh.rename(path)
    except OSError:
        if had_one:
            replaced.rename(path)
        raise
    _sync_folder(path.parent)
    if had_one:
        shutil.rmtree(replaced)


@contextmanager
def _replaced_file(path: Path) -> Iterator[IO[bytes]]:
    """A stream whose content takes the place of `path` when all of it has been written and lies on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = _beside(path)
    try:
        with fresh.open("xb") as stream:
            yield stream
            _to_disk(stream)
        fresh.replace(path)
        _sync_folder(path.parent)
    finally:
        fresh.unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    """A name nobody uses, in the same folder, so that a rename is enough."""
    return path.with_name(f".{path.name}.{secrets.token_hex(8)}")


def _to_disk(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
