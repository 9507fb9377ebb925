"""What is exported is canonical, and importing it is the exact inverse, in all three forms."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import hashlib
import io
import subprocess
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from awards.package.format import PackageProblems, package_digest, parse_package, parse_tables, write_package
from awards.package.format.rows import EditionPackage, RoleplayRow
from awards.package.format.tables import TABLES
from tests.awards.package.format.editions import TINY, append, tiny_files, write_folder, write_text_workbook, write_zip

FORMS = ["package", "package.zip", "package.xlsx"]


@pytest.fixture(name="tiny", scope="module")
def _tiny() -> EditionPackage:
    return parse_package(TINY)


def content(path: Path) -> dict[str, bytes]:
    """The bytes of a file, or of every file in a folder."""
    if path.is_dir():
        return {entry.name: entry.read_bytes() for entry in path.iterdir()}
    return {path.name: path.read_bytes()}


@pytest.mark.parametrize("form", FORMS)
def test_export_import_export_gives_the_same_bytes(tiny: EditionPackage, form: str, tmp_path: Path) -> None:
    first, second = tmp_path / "first" / form, tmp_path / "second" / form
    write_package(tiny, first)

    write_package(parse_package(first), second)

    assert content(second) == content(first)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_holds_the_same_edition(tiny: EditionPackage, form: str, tmp_path: Path) -> None:
    write_package(tiny, tmp_path / form)

    assert parse_package(tmp_path / form) == tiny


def test_every_file_and_column_is_always_written(tiny: EditionPackage, tmp_path: Path) -> None:
    write_package(tiny, tmp_path / "package")

    headers = {path.name: path.read_text().splitlines()[0] for path in (tmp_path / "package").iterdir()}
    assert headers == {table.file: ",".join(column.name for column in table.columns) for table in TABLES}


def test_rows_stand_in_the_order_of_their_identifiers(tiny: EditionPackage, tmp_path: Path) -> None:
    write_package(tiny, tmp_path / "package")

    assert (tmp_path / "package" / "wait_bands.csv").read_text().splitlines() == [
        "channel,unit,up_to,percent",
        "chat,seconds,60,100",
        "chat,seconds,180,60",
        "chat,seconds,300,20",
        "email,working_days,1,100",
        "email,working_days,2,60",
        "email,working_days,3,30",
        "messenger,seconds,300,100",
        "messenger,seconds,1800,50",
        "messenger,seconds,,10",
        "telephone,seconds,60,100",
        "telephone,seconds,180,60",
        "telephone,seconds,300,20",
    ]


def test_defaults_are_written_out(tiny: EditionPackage, tmp_path: Path) -> None:
    write_package(tiny, tmp_path / "package")

    lines = (tmp_path / "package" / "edition.csv").read_text().splitlines()
    assert lines[0] == "key,value"
    assert lines[1:] == sorted(lines[1:])
    assert {"key_telephone,50", "timezone,Europe/Oslo", "closes_at,15:00", "closed_days,"} < set(lines)


def test_the_digest_is_what_sha256sum_says_of_an_exported_folder(tiny: EditionPackage, tmp_path: Path) -> None:
    write_package(tiny, tmp_path / "package")

    said = subprocess.run(
        "sha256sum *.csv | sha256sum", shell=True, cwd=tmp_path / "package", capture_output=True, check=True, text=True
    )

    assert package_digest(tiny) == said.stdout.split()[0]
    names = sorted(path.name for path in (tmp_path / "package").iterdir())
    sums = {name: hashlib.sha256((tmp_path / "package" / name).read_bytes()).hexdigest() for name in names}
    listing = "".join(f"{sums[name]}  {name}\n" for name in names)
    assert package_digest(tiny) == hashlib.sha256(listing.encode()).hexdigest()


def test_the_digest_does_not_depend_on_form_row_order_or_column_order(tiny: EditionPackage, tmp_path: Path) -> None:
    files = tiny_files()
    header, *rows = files["classes.csv"].splitlines()
    swapped = [";".join(reversed(line.split(","))) for line in (header, *reversed(rows))]
    files["classes.csv"] = "\ufeff" + "\r\n".join(swapped)

    assert package_digest(parse_package(write_folder(files, tmp_path / "package"))) == package_digest(tiny)


def test_another_answer_is_another_digest(tiny: EditionPackage, tmp_path: Path) -> None:
    files = tiny_files()
    files["answers.csv"] = files["answers.csv"].replace("c03,csat,,3", "c03,csat,,4")

    assert package_digest(parse_package(write_folder(files, tmp_path / "package"))) != package_digest(tiny)


def test_a_workbook_of_pasted_text_is_the_same_edition(tiny: EditionPackage, tmp_path: Path) -> None:
    assert parse_package(write_text_workbook(tiny_files(), tmp_path / "package.xlsx")) == tiny


def test_one_folder_around_the_files_of_an_archive_is_no_matter(tiny: EditionPackage, tmp_path: Path) -> None:
    files = {f"prisen 2022/{name}": text for name, text in tiny_files().items()}
    left_by_a_mac = {"prisen 2022/.DS_Store": "x", "__MACOSX/prisen 2022/._edition.csv": "x"}

    assert parse_package(write_zip({**files, **left_by_a_mac}, tmp_path / "package.zip")) == tiny


def test_tables_in_memory_are_the_same_edition(tiny: EditionPackage) -> None:
    tables: dict[str, list[Mapping[str, str]]] = {
        name.removesuffix(".csv"): list(csv.DictReader(io.StringIO(text))) for name, text in tiny_files().items()
    }

    assert parse_tables(tables) == tiny


def test_the_archive_carries_no_trace_of_time_or_machine(tiny: EditionPackage, tmp_path: Path) -> None:
    write_package(tiny, tmp_path / "package.zip")

    with zipfile.ZipFile(tmp_path / "package.zip") as archive:
        assert [member.filename for member in archive.infolist()] == sorted(table.file for table in TABLES)
        assert {(member.date_time, member.external_attr >> 16) for member in archive.infolist()} == {
            ((1980, 1, 1, 0, 0, 0), 0o100644)
        }


def test_the_workbook_has_native_numbers_and_dates_and_no_formula(tmp_path: Path) -> None:
    files = tiny_files()
    append("comments.csv", 'c02,agent,"=HYPERLINK(""https://evil.example"")"', "c03,agent,<r><t>fet</t></r>")(files)
    append("options.csv", "buy,perhaps,4,+1,@x,0.1,")(files)
    write_package(parse_package(write_folder(files, tmp_path / "folder")), tmp_path / "package.xlsx")

    book = load_workbook(tmp_path / "package.xlsx")

    settings = {row[0].value: row[1] for row in book["edition"].iter_rows(min_row=2)}
    assert settings["year"].value == 2022
    assert settings["starts_on"].value == dt.datetime(2022, 1, 10)  # noqa: DTZ001 - a day in a spreadsheet
    assert settings["starts_on"].number_format == "yyyy-mm-dd"
    assert settings["weight_agent"].data_type == "n"
    assert settings["opens_at"].value == "09:00"
    perhaps = next(row for row in book["options"].iter_rows(min_row=2) if row[1].value == "perhaps")
    assert (perhaps[3].value, perhaps[3].data_type, perhaps[5].value) == ("+1", "s", 0.1)
    texts = {row[0].value: row[2] for row in book["comments"].iter_rows(min_row=2)}
    assert (texts["c02"].value, texts["c02"].data_type) == ('=HYPERLINK("https://evil.example")', "s")
    assert texts["c02"].quotePrefix
    assert texts["c03"].value == "<r><t>fet</t></r>"


@pytest.mark.parametrize(
    "text",
    [
        "<r><t>fet</t></r>",
        "_x0041_",
        "_x0041_x0042_",
        "_x005F_x0041_",
        "to\nlinjer\tog tabulator",
        "<b>&amp;</b>",
        "👩‍👩‍👧 ŋ đ š",
        "=1+1",
        "'fnutt",
        ']]> "sitat"; semikolon',
    ],
)
def test_difficult_text_comes_back_letter_by_letter(text: str, tmp_path: Path) -> None:
    files = tiny_files()
    append("comments.csv", f'c02,agent,"{text.replace(chr(34), chr(34) * 2)}"')(files)
    package = parse_package(write_folder(files, tmp_path / "raw"))
    assert package.comments[1].text == text

    for form in FORMS:
        write_package(package, tmp_path / form)
        assert parse_package(tmp_path / form) == package


def test_text_is_kept_composed_with_line_feeds_and_without_blank_edges(tmp_path: Path) -> None:
    files = tiny_files()
    files["comments.csv"] = 'contact,area,text\nc01,agent,"  A\u030asa \r\nsmilte\u00a0"\n'

    package = parse_package(write_folder(files, tmp_path / "package"))

    assert package.comments[0].text == "Åsa \nsmilte"


def test_times_are_kept_in_utc_and_written_in_the_editions_zone(tmp_path: Path) -> None:
    files = tiny_files()
    files["attempts.csv"] = (
        "contact,number,started_at,wait_seconds,result\n"
        "c01,1,2022-01-10T09:30:00,12.50,answered\n"
        "c02,1,2022-07-01T07:30:00Z,,answered\n"
        "c03,1,2022-10-30T02:30:00.25+01:00,,answered\n"
    )
    package = parse_package(write_folder(files, tmp_path / "raw"))
    assert package.attempts[0].started_at.isoformat() == "2022-01-10T08:30:00+00:00"
    assert package.attempts[0].wait_seconds == Decimal("12.5")

    write_package(package, tmp_path / "package")

    assert (tmp_path / "package" / "attempts.csv").read_text().splitlines()[1:] == [
        "c01,1,2022-01-10T09:30:00+01:00,12.5,answered",
        "c02,1,2022-07-01T09:30:00+02:00,,answered",
        "c03,1,2022-10-30T02:30:00.250000+01:00,,answered",
    ]
    assert parse_package(tmp_path / "package") == package


# ---- writing


def test_an_earlier_package_is_replaced_whole(tiny: EditionPackage, tmp_path: Path) -> None:
    path = write_folder({"edition.csv": "old", "answers.csv": "old"}, tmp_path / "package")

    write_package(tiny, path)

    assert parse_package(path) == tiny
    assert [entry.name for entry in tmp_path.iterdir()] == ["package"]


@pytest.mark.parametrize("names", [["edition.csv", "notes.txt"], ["answers.csv"], ["photo.jpg"]])
def test_a_folder_with_anything_else_is_left_alone(tiny: EditionPackage, names: list[str], tmp_path: Path) -> None:
    path = write_folder(dict.fromkeys(names, "mine"), tmp_path / "folder")

    with pytest.raises(PackageProblems) as raised:
        write_package(tiny, path)

    assert "er ikke en årgangspakke" in str(raised.value)
    assert content(path) == dict.fromkeys(names, b"mine")


@pytest.mark.parametrize("form", FORMS)
def test_text_that_could_not_be_read_back_is_refused_and_nothing_is_written(
    tiny: EditionPackage, form: str, tmp_path: Path
) -> None:
    comment = dataclasses.replace(tiny.comments[0], text="x" * 32_768)
    unwritable = dataclasses.replace(tiny, comments=(comment,))
    write_package(tiny, tmp_path / form)
    before = content(tmp_path / form)

    with pytest.raises(PackageProblems) as raised:
        write_package(unwritable, tmp_path / form)

    (problem,) = raised.value.problems
    assert (problem.row, problem.column) == (2, "text")
    assert content(tmp_path / form) == before
    assert [entry.name for entry in tmp_path.iterdir()] == [form]


def test_a_cell_excel_cannot_hold_is_refused_in_every_form(tiny: EditionPackage, tmp_path: Path) -> None:
    longest = "😀" * 16_383 + "x"
    fitting = RoleplayRow("r1", "bank", "Rolle", longest, "", "")
    too_long = dataclasses.replace(fitting, text_nb=longest + "x")
    for form in FORMS:
        write_package(dataclasses.replace(tiny, roleplays=(fitting,)), tmp_path / form)
        assert parse_package(tmp_path / form).roleplays == (fitting,)
        with pytest.raises(PackageProblems, match="Cellen har mer enn 32767 tegn"):
            write_package(dataclasses.replace(tiny, roleplays=(too_long,)), tmp_path / form)
