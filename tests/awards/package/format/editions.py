"""Packages for the tests: the tiny edition, and what somebody did to it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from xlsxwriter import Workbook

TINY = Path(__file__).parents[3] / "examples" / "tiny-edition"

Files = dict[str, str]
Change = Callable[[Files], None]


def tiny_files() -> Files:
    """File name → its text."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(TINY.glob("*.csv"))}


def replace(file: str, old: str, new: str) -> Change:
    """Put other text in the place of some that is there exactly once."""

    def change(files: Files) -> None:
        assert files[file].count(old) == 1, f"{old!r} stands {files[file].count(old)} times in {file}"
        files[file] = files[file].replace(old, new)

    return change


def append(file: str, *lines: str) -> Change:
    """Add rows at the end of a file."""

    def change(files: Files) -> None:
        files[file] += "".join(f"{line}\n" for line in lines)

    return change


def without(file: str) -> Change:
    """Leave a file out."""

    def change(files: Files) -> None:
        del files[file]

    return change


def added(file: str, text: str) -> Change:
    """Put a file beside the others."""

    def change(files: Files) -> None:
        files[file] = text

    return change


def write_folder(files: Mapping[str, str | bytes], path: Path) -> Path:
    path.mkdir()
    for name, content in files.items():
        (path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def write_zip(files: Mapping[str, str | bytes], path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def write_text_workbook(files: Mapping[str, str], path: Path) -> Path:
    """A workbook whose cells are all text, as when somebody pastes a CSV file into Excel."""
    with Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        for name, content in files.items():
            sheet = book.add_worksheet(name.removesuffix(".csv"))
            for number, row in enumerate(csv.reader(io.StringIO(content, newline=""))):
                for column, cell in enumerate(row):
                    if cell:
                        sheet.write_string(number, column, cell)
    return path


def write_form(files: Mapping[str, str], form: str, folder: Path) -> Path:
    """The files as `folder`, `zip` or `xlsx` inside `folder`."""
    if form == "zip":
        return write_zip(files, folder / "package.zip")
    if form == "xlsx":
        return write_text_workbook(files, folder / "package.xlsx")
    return write_folder(files, folder / "package")
