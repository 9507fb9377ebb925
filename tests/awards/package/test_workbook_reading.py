"""Workbooks as Excel and other programs write them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from awards.package import EditionPackage, PackageProblems, Problem, parse_package, write_package
from awards.package.spreadsheet_values import UnreadableValue, is_date_format, number_text, serial_text
from tests.awards.package.editions import TINY, write_zip

NINE_THIRTY = dt.datetime(2022, 1, 11, 9, 30, 15)  # noqa: DTZ001 - a spreadsheet knows no time zones


@pytest.fixture(name="tiny", scope="module")
def _tiny() -> EditionPackage:
    return parse_package(TINY)


@pytest.fixture(name="book")
def _book(tiny: EditionPackage, tmp_path: Path) -> Workbook:
    """The tiny edition as a workbook in another program's hands."""
    write_package(tiny, tmp_path / "ours.xlsx")
    return load_workbook(tmp_path / "ours.xlsx")


def parsed(book: Workbook, folder: Path) -> EditionPackage:
    book.save(folder / "theirs.xlsx")
    return parse_package(folder / "theirs.xlsx")


def problems(book: Workbook, folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(PackageProblems) as raised:
        parsed(book, folder)
    return raised.value.problems


def setting(book: Workbook, key: str) -> int:
    """The row a key of the edition stands in."""
    return next(row[0].row for row in book["edition"].iter_rows() if row[0].value == key)


def test_a_workbook_saved_by_another_program_is_the_same_edition(
    tiny: EditionPackage, book: Workbook, tmp_path: Path
) -> None:
    assert parsed(book, tmp_path) == tiny


def test_native_numbers_dates_times_and_booleans(book: Workbook, tmp_path: Path) -> None:
    edition: Worksheet = book["edition"]
    edition.cell(setting(book, "weight_wait"), 2).value = 5.1
    edition.cell(setting(book, "weight_overall"), 2).value = 29.9
    edition.cell(setting(book, "opens_at"), 2).value = dt.time(8, 30)
    edition.cell(setting(book, "closed_days"), 2).value = dt.date(2022, 1, 12)
    questions: Worksheet = book["questions"]
    required = [cell.value for cell in questions[1]].index("required") + 1
    for row in range(2, questions.max_row + 1):
        questions.cell(row, required).value = questions.cell(row, required).value == "yes"
    attempts: Worksheet = book["attempts"]
    attempts.append(["c01", 1, NINE_THIRTY, 0.1, "answered"])

    package = parsed(book, tmp_path)

    assert str(package.edition.weight_wait) == "5.1"
    assert str(package.edition.weight_overall) == "29.9"
    assert package.edition.opens_at == dt.time(8, 30)
    assert package.edition.closed_days == (dt.date(2022, 1, 12),)
    assert {question.code: question.required for question in package.questions}["name"] is False
    assert package.attempts[0].started_at == dt.datetime(2022, 1, 11, 8, 30, 15, tzinfo=dt.UTC)
    assert str(package.attempts[0].wait_seconds) == "0.1"


def test_dates_counted_from_1904_are_the_same_days(tiny: EditionPackage, book: Workbook, tmp_path: Path) -> None:
    book.epoch = CALENDAR_MAC_1904

    assert parsed(book, tmp_path) == tiny


def test_numbers_where_codes_and_texts_are_expected(book: Workbook, tmp_path: Path) -> None:
    book["classes"].append([2022, 1881, None])

    package = parsed(book, tmp_path)

    assert (package.classes[0].code, package.classes[0].name_nb) == ("2022", "1881")


def test_blank_rows_and_stray_formats_are_passed_over(tiny: EditionPackage, book: Workbook, tmp_path: Path) -> None:
    classes: Worksheet = book["classes"]
    classes.insert_rows(1, 2)
    classes.insert_rows(4, 3)
    classes.cell(5000, 3).number_format = "0.00"
    classes.cell(3, 90).number_format = "0.00"

    assert parsed(book, tmp_path) == tiny


def test_rows_are_counted_as_excel_counts_them(book: Workbook, tmp_path: Path) -> None:
    classes: Worksheet = book["classes"]
    classes.insert_rows(1, 2)
    classes.insert_rows(4, 3)
    classes.append(["BANK", "Bank", None])

    (problem,) = problems(book, tmp_path)

    assert (problem.file, problem.row, problem.value) == ("classes", 9, "BANK")


@pytest.mark.parametrize(
    ("value", "shown", "message"),
    [
        ("=1+1", "", "Cellen inneholder en formel. Lim inn verdien i stedet for formelen."),
        ("#REF!", "#REF!", "Cellen inneholder en Excel-feil."),
    ],
)
def test_formulas_and_errors_are_refused(value: str, shown: str, message: str, book: Workbook, tmp_path: Path) -> None:
    book["participants"]["B3"] = value

    (problem,) = problems(book, tmp_path)

    assert (problem.file, problem.row, problem.column, problem.value) == ("participants", 3, "name", shown)
    assert message in str(problem.message)


def test_an_unknown_sheet_is_not_dropped(book: Workbook, tmp_path: Path) -> None:
    book.create_sheet("anwsers")

    (problem,) = problems(book, tmp_path)

    assert problem.file == "anwsers"
    assert "Mente du «answers»?" in str(problem.message)


def test_a_chart_sheet_is_no_table(book: Workbook, tmp_path: Path) -> None:
    del book["comments"]
    book.create_chartsheet("comments")

    (problem,) = problems(book, tmp_path)

    assert "Arket er ikke et vanlig regneark." in str(problem.message)


def test_a_cell_far_to_the_right_is_not_dropped(book: Workbook, tmp_path: Path) -> None:
    book["classes"].cell(2, 7).value = "notat"

    (problem,) = problems(book, tmp_path)

    assert (problem.file, problem.row, problem.value) == ("classes", 2, "notat")
    assert "Raden har 7 celler, men overskriften 3." in str(problem.message)


def test_prefixed_tags_rich_text_and_ruby(tmp_path: Path) -> None:
    """As written by programs that name every namespace."""
    sheet = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
        '<x:row><x:c t="s"><x:v>0</x:v></x:c><x:c t="inlineStr"><x:is><x:t>value</x:t></x:is></x:c></x:row>'
        '<x:row><x:c t="s"><x:v>1</x:v></x:c><x:c t="str"><x:v>Prø_x0076_en</x:v></x:c></x:row>'
        "</x:sheetData></x:worksheet>"
    )
    texts = (
        '<x:sst xmlns:x="m"><x:si><x:r><x:t>k</x:t></x:r><x:r><x:rPr><x:b/></x:rPr><x:t>ey</x:t></x:r></x:si>'
        '<x:si><x:t>award</x:t><x:rPh sb="0" eb="1"><x:t>ruby</x:t></x:rPh></x:si></x:sst>'
    )
    relations = (
        '<p:Relationships xmlns:p="r"><p:Relationship Id="a" Type="o/worksheet" Target="/xl/worksheets/first.xml"/>'
        '<p:Relationship Id="b" Type="o/sharedStrings" Target="texts.xml"/></p:Relationships>'
    )
    workbook = (
        '<x:workbook xmlns:x="m" xmlns:q="n"><x:sheets><x:sheet name="edition" q:id="a"/></x:sheets></x:workbook>'
    )
    members = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": workbook,
        "xl/_rels/workbook.xml.rels": relations,
        "xl/texts.xml": texts,
        "xl/worksheets/first.xml": sheet,
    }

    with pytest.raises(PackageProblems) as raised:
        parse_package(write_zip(members, tmp_path / "package.xlsx"))

    missing = {problem.column for problem in raised.value.problems if problem.file == "edition"}
    assert "code" in missing
    assert "award" not in missing


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("5", "5"),
        ("5.0", "5"),
        ("0.1", "0.1"),
        ("0.10000000000000001", "0.1"),
        ("29.899999999999999", "29.9"),
        ("123456.123456789", "123456.123456789"),
        ("1E-3", "0.001"),
        ("1.2E+5", "120000"),
        ("-0", "0"),
        ("100", "100"),
    ],
)
def test_numbers_come_back_as_they_were_typed(raw: str, text: str) -> None:
    assert number_text(raw) == text


@pytest.mark.parametrize("raw", ["NaN", "1E999", "INF", "x", "", "1,5", "9" * 500])
def test_what_is_no_number(raw: str) -> None:
    with pytest.raises(UnreadableValue):
        number_text(raw)


@pytest.mark.parametrize(
    ("raw", "from_1904", "text"),
    [
        ("44571", False, "2022-01-10"),
        ("43109", True, "2022-01-10"),
        ("44571.395833333336", False, "2022-01-10T09:30:00"),
        ("44571.999999999", False, "2022-01-11"),
        ("0.375", False, "09:00:00"),
        ("0.375", True, "09:00:00"),
        ("1", False, "1900-01-01"),
        ("59", False, "1900-02-28"),
        ("61", False, "1900-03-01"),
        ("2958465", False, "9999-12-31"),
    ],
)
def test_serial_numbers_stand_for_days_and_times(raw: str, from_1904: bool, text: str) -> None:
    assert serial_text(raw, counts_from_1904=from_1904) == text


@pytest.mark.parametrize(
    ("raw", "from_1904"),
    [("60", False), ("-1", False), ("2958466", False), ("2958465", True), ("1E999999", False), ("", False)],
)
def test_days_that_never_were(raw: str, from_1904: bool) -> None:
    with pytest.raises(UnreadableValue):
        serial_text(raw, counts_from_1904=from_1904)


@pytest.mark.parametrize(
    ("code", "is_date"),
    [
        ("yyyy\\-mm\\-dd;@", True),
        ("d. mmmm yyyy", True),
        ("[$-414]d. mmm. yyyy", True),
        ("[h]:mm:ss", True),
        ("hh:mm", True),
        ("General", False),
        ("0.00", False),
        ('0.0" dager"', False),
        ("[Red]0.00", False),
        ("0.00E+00", False),
        ("# ##0\\ \\k\\r", False),
    ],
)
def test_which_formats_show_dates(code: str, is_date: bool) -> None:
    assert is_date_format(code) is is_date
