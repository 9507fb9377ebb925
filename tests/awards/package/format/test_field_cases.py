"""Packages as they came in from real use, each with what is right.

The inputs lie in `tests/examples/field-cases`: whole workbooks, or the CSV files that differ from the tiny edition's.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from awards.package.format import EditionPackage, PackageProblem, PackageProblems, parse_package
from tests.awards.package.format.editions import TINY, tiny_files, write_folder

CASES = TINY.parent / "field-cases"


def package_of(case: str, folder: Path) -> Path:
    """The tiny edition with the files of a case in the place of its own."""
    own = {path.name: path.read_bytes() for path in (CASES / case).glob("*.csv")}
    assert own, case
    return write_folder({**tiny_files(), **own}, folder / "package")


def problems_of(path: Path) -> tuple[PackageProblem, ...]:
    with pytest.raises(PackageProblems) as raised:
        parse_package(path)
    return raised.value.problems


@pytest.fixture(name="tiny", scope="module")
def _tiny() -> EditionPackage:
    return parse_package(TINY)


def test_telephone_numbers_that_a_spreadsheet_has_changed() -> None:
    """04800 under the format 00000 is what people see; 2400 and 4.72E+09 can be dialled by nobody."""
    problems = problems_of(CASES / "05-telephone-lost-zero" / "package.xlsx")

    assert [(problem.file, problem.column, problem.value) for problem in problems] == [
        ("participants", "telephone", "2400"),
        ("participants", "telephone", "4.72E+09"),
    ]
    assert "5 eller 8 sifre" in str(problems[0].message)
    assert "bare sifre" in str(problems[1].message)


def test_addresses_that_the_log_in_form_refuses(tmp_path: Path) -> None:
    problems = problems_of(package_of("06-login-form-refuses-what-import-took", tmp_path))

    assert [(problem.row, problem.value) for problem in problems] == [
        (2, "åse@example.test"),
        (3, "kari..n@example.test"),
        (4, ".kari@example.test"),
    ]
    assert all("kan ikke motta post" in str(problem.message) for problem in problems)


def test_rows_that_end_after_their_last_filled_cell(tiny: EditionPackage, tmp_path: Path) -> None:
    assert parse_package(package_of("08-excel-drops-trailing-delimiters", tmp_path)) == tiny


@pytest.mark.parametrize("form", ["hint", "tab", "cr-only"])
def test_separators_and_line_ends_of_other_programs(form: str, tiny: EditionPackage, tmp_path: Path) -> None:
    assert parse_package(package_of(f"09-separators-and-line-ends/{form}", tmp_path)) == tiny


def test_names_that_were_decoded_wrongly_once(tmp_path: Path) -> None:
    problems = problems_of(package_of("10-mojibake-accepted", tmp_path))

    assert [(problem.file, problem.row, problem.column, problem.value) for problem in problems] == [
        ("participants.csv", 2, "name", "FjellbankÃ¸n SÃ¸r"),
        ("shoppers.csv", 2, "name", "Anne Ã…s"),
        ("shoppers.csv", 3, "name", "BjÃ¸rn Ã˜ye"),
        ("shoppers.csv", 4, "county", "TrÃ¸ndelag"),
    ]
    readings = ("Fjellbankøn Sør", "Anne Ås", "Bjørn Øye", "Trøndelag")
    assert all(f"«{text}»" in str(problem.message) for text, problem in zip(readings, problems, strict=True))


def test_a_workbook_whose_main_part_lies_elsewhere(tiny: EditionPackage) -> None:
    assert parse_package(CASES / "12-workbook-part-elsewhere" / "package.xlsx") == tiny
