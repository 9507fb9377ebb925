"""Workbooks as Excel and other programs write them."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path

import openpyxl.worksheet._reader
import openpyxl.xml.functions
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904, WINDOWS_EPOCH
from openpyxl.worksheet.worksheet import Worksheet

from awards.package.format import EditionPackage, PackageProblem, PackageProblems, parse_package, write_package
from awards.package.format.number_formats import UnreadableValue, number_text, serial_text, shown_number, shows_days
from awards.package.format.tables import TABLES, Kind
from tests.awards.package.format.editions import TINY, write_zip

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


def problems(book: Workbook, folder: Path) -> tuple[PackageProblem, ...]:
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
        ("=1+1", "", "Cellen har en formel uten utregnet verdi. Lim inn verdien i stedet for formelen."),
        ("#REF!", "#REF!", "Cellen inneholder regnearkfeilen #REF!."),
    ],
)
def test_formulas_without_a_result_and_errors_are_refused(
    value: str, shown: str, message: str, book: Workbook, tmp_path: Path
) -> None:
    book["participants"]["B3"] = value

    (problem,) = problems(book, tmp_path)

    assert (problem.file, problem.row, problem.column, problem.value) == ("participants", 3, "name", shown)
    assert message in str(problem.message)


def edited(source: Path, target: Path, part: str, old: str, new: str) -> Path:
    """A workbook with other XML in one of its parts."""
    with zipfile.ZipFile(source) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    assert members[part].decode().count(old) >= 1
    members[part] = members[part].decode().replace(old, new, 1).encode()
    return write_zip(members, target)


def test_a_formula_is_read_as_the_result_people_see(tiny: EditionPackage, tmp_path: Path) -> None:
    write_package(tiny, tmp_path / "ours.xlsx")
    sheet = "xl/worksheets/sheet2.xml"
    with zipfile.ZipFile(tmp_path / "ours.xlsx") as archive:
        text = re.search(r'<c r="B2"[^>]*><is><t>Bank</t></is></c>', archive.read(sheet).decode())[0]  # type: ignore[index]
    seen = '<c r="B2" t="str"><f>UPPER("bank")</f><v>BANK</v></c>'

    package = parse_package(edited(tmp_path / "ours.xlsx", tmp_path / "theirs.xlsx", sheet, text, seen))

    assert package.classes[0].name_nb == "BANK"


@pytest.mark.parametrize("left_over", ["<v>7</v>", "<v>0</v>"])
def test_a_text_in_the_cell_is_not_glued_to_a_value_left_over(
    left_over: str, tiny: EditionPackage, tmp_path: Path
) -> None:
    write_package(tiny, tmp_path / "ours.xlsx")
    sheet = "xl/worksheets/sheet2.xml"

    path = edited(
        tmp_path / "ours.xlsx",
        tmp_path / "theirs.xlsx",
        sheet,
        "<is><t>Bank</t></is>",
        f"{left_over}<is><t>Bank</t></is>",
    )

    assert parse_package(path) == tiny


def test_formats_are_found_wherever_the_styles_lie(book: Workbook, tmp_path: Path) -> None:
    """Were they not, 100 % would be read as 1 without a word."""
    bands: Worksheet = book["wait_bands"]
    percent = [cell.value for cell in bands[1]].index("percent") + 1
    expected = [row[percent - 1].value for row in bands.iter_rows(min_row=2)]
    for row in range(2, bands.max_row + 1):
        bands.cell(row, percent).value /= 100  # type: ignore[operator]
        bands.cell(row, percent).number_format = "0 %"
    book.save(tmp_path / "usual.xlsx")
    with zipfile.ZipFile(tmp_path / "usual.xlsx") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["other/formats.xml"] = members.pop("xl/styles.xml")
    relations = "xl/_rels/workbook.xml.rels"
    members[relations] = members[relations].replace(b"/xl/styles.xml", b"/other/formats.xml")
    members[relations] = members[relations].replace(b'"styles.xml"', b'"/other/formats.xml"')

    package = parse_package(write_zip(members, tmp_path / "moved.xlsx"))

    assert sorted(float(band.percent) for band in package.wait_bands) == sorted(float(str(value)) for value in expected)


def test_points_shown_as_percentages_are_not_guessed_at(book: Workbook, tmp_path: Path) -> None:
    options: Worksheet = book["options"]
    points = [cell.value for cell in options[1]].index("points") + 1
    row = next(number for number in range(2, options.max_row) if options.cell(number, points).value)
    options.cell(row, points).value = 1
    options.cell(row, points).number_format = "0%"

    (problem,) = problems(book, tmp_path)

    assert (problem.file, problem.row, problem.column, problem.value) == ("options", row, "points", "100 %")
    assert "uten prosenttegn" in str(problem.message)


@pytest.mark.parametrize(
    ("sheet", "column", "value"),
    [
        ("contacts", "window", dt.date(2022, 11, 9)),
        ("participants", "telephone", dt.date(2022, 1, 10)),
        ("shoppers", "name", dt.time(9, 30)),
        ("participants", "name", True),
        ("classes", "class", dt.date(2022, 1, 10)),
    ],
)
def test_what_the_spreadsheet_took_for_a_date_or_a_truth_value_is_refused(
    sheet: str, column: str, value: object, book: Workbook, tmp_path: Path
) -> None:
    table: Worksheet = book[sheet]
    place = [cell.value for cell in table[1]].index(column) + 1
    table.cell(2, place).value = value  # type: ignore[assignment]

    found = problems(book, tmp_path)[0]

    assert (found.file, found.row, found.column) == (sheet, 2, column)
    assert "Regnearket har gjort dette om" in str(found.message) or "SANN eller USANN" in str(found.message)


def test_the_columns_of_text_are_written_as_text(book: Workbook) -> None:
    """So that 04800, 09-11 and +47 22 … typed into them stay what was typed."""
    for table in TABLES:
        sheet = book[table.name]
        for index, column in enumerate(table.columns, start=1):
            is_text = column.kind not in (Kind.INTEGER, Kind.DECIMAL, Kind.DATE)
            (format_of_column,) = {
                dimension.number_format
                for dimension in sheet.column_dimensions.values()
                if int(dimension.min or 0) <= index <= int(dimension.max or 0)
            }
            assert (format_of_column == "@") is is_text, column.name
            for row in range(2, sheet.max_row + 1):
                cell = sheet.cell(row, index)
                if isinstance(cell.value, str):
                    assert cell.number_format == "@", cell.coordinate


def test_the_library_reads_xml_through_defusedxml() -> None:
    assert openpyxl.DEFUSEDXML is True
    assert openpyxl.xml.functions.fromstring.__module__.startswith("defusedxml")
    assert vars(openpyxl.worksheet._reader)["iterparse"].__module__.startswith("defusedxml")


def test_the_product_parses_no_xml_of_workbooks_itself() -> None:
    sources = [path.read_text() for path in (Path(parse_package.__code__.co_filename).parent).glob("*.py")]

    assert sources
    for own in ("expat", "xml.sax", "minidom", "ElementTree.parse", "sharedStrings.xml", "xl/"):
        assert not any(own in source for source in sources), own


def test_a_strict_workbook_is_named_as_what_it_is(tiny: EditionPackage, tmp_path: Path) -> None:
    write_package(tiny, tmp_path / "ours.xlsx")
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

    path = edited(
        tmp_path / "ours.xlsx",
        tmp_path / "strict.xlsx",
        "xl/workbook.xml",
        main,
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
    )

    with pytest.raises(PackageProblems) as raised:
        parse_package(path)
    assert "Strict Open XML" in str(raised.value)


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
    """As written by programs that name every namespace and put parts where they like."""
    main = 'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = 'xmlns:p="http://schemas.openxmlformats.org/package/2006/relationships"'
    sheet = (
        f"<x:worksheet {main}><x:sheetData>"
        '<x:row><x:c t="s"><x:v>0</x:v></x:c><x:c t="inlineStr"><x:is><x:t>value</x:t></x:is></x:c></x:row>'
        '<x:row><x:c t="s"><x:v>1</x:v></x:c><x:c t="str"><x:v>Prø_x0076_en</x:v></x:c></x:row>'
        "</x:sheetData></x:worksheet>"
    )
    texts = (
        f"<x:sst {main}><x:si><x:r><x:t>k</x:t></x:r><x:r><x:rPr><x:b/></x:rPr><x:t>ey</x:t></x:r></x:si>"
        '<x:si><x:t>award</x:t><x:rPh sb="0" eb="1"><x:t>ruby</x:t></x:rPh></x:si></x:sst>'
    )
    relations = (
        f'<p:Relationships {package}><p:Relationship Id="a" Type="{office}/worksheet" Target="/sheets/first.xml"/>'
        f'<p:Relationship Id="b" Type="{office}/sharedStrings" Target="texts.xml"/></p:Relationships>'
    )
    book = (
        f'<x:workbook {main} xmlns:q="{office}"><x:sheets>'
        '<x:sheet name="edition" sheetId="1" q:id="a"/></x:sheets></x:workbook>'
    )
    root = (
        f"<p:Relationships {package}>"
        f'<p:Relationship Id="r" Type="{office}/officeDocument" Target="/bi/book.xml"/></p:Relationships>'
    )
    members = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": root,
        "bi/book.xml": book,
        "bi/_rels/book.xml.rels": relations,
        "bi/texts.xml": texts,
        "sheets/first.xml": sheet,
    }

    with pytest.raises(PackageProblems) as raised:
        parse_package(write_zip(members, tmp_path / "package.xlsx"))

    missing = {problem.column for problem in raised.value.problems if problem.file == "edition"}
    assert "code" in missing
    assert "award" not in missing


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5, "5"),
        (5.0, "5"),
        (0.1, "0.1"),
        (0.1 + 0.2, "0.3"),
        (29.899999999999999, "29.9"),
        (123456.123456789, "123456.123456789"),
        (1e-3, "0.001"),
        (1.2e5, "120000"),
        (-0.0, "0"),
    ],
)
def test_numbers_come_back_as_they_were_typed(value: float, text: str) -> None:
    assert number_text(value) == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number(value: float) -> None:
    with pytest.raises(UnreadableValue):
        number_text(value)


@pytest.mark.parametrize(
    ("value", "code", "seen"),
    [
        (1, "0%", "100 %"),
        (0.155, "0.0%", "15.5 %"),
        (0.07, "0 %", "7 %"),
        (4800, "00000", "04800"),
        (22000001, "00 00 00 00", "22000001"),
        (2000001, '00\\ 00" "00\\ 00', "02000001"),
        (25, "General", "25"),
        (25, "@", "25"),
        (2.5, "0.00", "2.5"),
        (5, "0.00", "5"),
        (1200, "#,##0", "1200"),
        (1200, "#\\ ##0", "1200"),
        (-3, "0;[Red]-0", "-3"),
        (12, "_-* #,##0.00_-;\\-* #,##0.00_-", "12"),
        (4722000001, "General", "4722000001"),
    ],
)
def test_a_number_is_read_as_its_format_shows_it(value: float, code: str, seen: str) -> None:
    assert shown_number(value, code) == seen


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (0.155, "0%"),
        (2.5, "0"),
        (12.345, "#,##0.00"),
        (4722000001, "0.00E+00"),
        (472200000100, "General"),
        (5, '0" dager"'),
        (5, '"+47 "0'),
        (5000, "0,"),
        (0.5, "# ?/?"),
        (0, "0;-0;;@"),
        (5, "[>3]0;0.0"),
        (5, "[$kr-414] #,##0"),
        (5, "?unknown"),
        (5, "0\\;0"),
    ],
)
def test_a_number_that_shows_as_something_else_is_refused(value: float, code: str) -> None:
    with pytest.raises(UnreadableValue):
        shown_number(value, code)


@pytest.mark.parametrize(
    ("value", "from_1904", "text"),
    [
        (44571, False, "2022-01-10"),
        (43109, True, "2022-01-10"),
        (44571.395833333336, False, "2022-01-10T09:30:00"),
        (44571.999999999, False, "2022-01-11"),
        (0.375, False, "09:00:00"),
        (0.375, True, "09:00:00"),
        (1, False, "1900-01-01"),
        (59, False, "1900-02-28"),
        (61, False, "1900-03-01"),
        (2958465, False, "9999-12-31"),
    ],
)
def test_serial_numbers_stand_for_days_and_times(value: float, from_1904: bool, text: str) -> None:
    assert serial_text(value, epoch=CALENDAR_MAC_1904 if from_1904 else WINDOWS_EPOCH) == text


@pytest.mark.parametrize(
    ("value", "from_1904"), [(60, False), (-1, False), (2958466, False), (2958465, True), (1e99, False)]
)
def test_days_that_never_were(value: float, from_1904: bool) -> None:
    with pytest.raises(UnreadableValue):
        serial_text(value, epoch=CALENDAR_MAC_1904 if from_1904 else WINDOWS_EPOCH)


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
    assert shows_days(code) is is_date
