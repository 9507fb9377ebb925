"""Files that lie about what they are, or want more memory than they are worth."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from awards.package.format import PackageProblem, PackageProblems, parse_package, write_package
from awards.package.format.limits import MEGABYTE, Limits
from tests.awards.package.format.editions import TINY, tiny_files, write_folder, write_zip

BOUND = 40 * MEGABYTE
"""What refusing a hostile file may take at most; the files hold more, and would take many times as much."""


def only_problem(path: Path, limits: Limits | None = None) -> PackageProblem:
    """The one thing that is said of the file at `path`."""
    with pytest.raises(PackageProblems) as raised:
        parse_package(path, limits=limits or Limits())
    (problem,) = raised.value.problems
    return problem


CHILD = """
import json, re, sys
from pathlib import Path
from django.conf import settings
settings.configure(USE_I18N=False)
from awards.package.format import PackageProblems, parse_package
from awards.package.format.limits import Limits

def peak():  # not ru_maxrss, which a process inherits from the one that started it
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])

before = peak()
problems = []
try:
    parse_package(Path(sys.argv[1]), limits=Limits(**json.loads(sys.argv[2])))
except PackageProblems as error:
    problems = [[problem.file, str(problem.message)] for problem in error.problems]
print(json.dumps([problems, peak() - before]))
"""


def measured(path: Path, **limits: int) -> tuple[list[tuple[str, str]], int]:
    """(file, message) of what is said of the package, and by how many bytes the process that said it had to grow."""
    command = [sys.executable, "-c", CHILD, str(path), json.dumps(limits)]
    ran = subprocess.run(command, capture_output=True, check=True, text=True)
    problems, kilobytes = json.loads(ran.stdout)
    return [(file, message) for file, message in problems], kilobytes * 1024


def problems_in_little_memory(path: Path) -> list[tuple[str, str]]:
    """What is said of the package by a process that grew by less than BOUND meanwhile."""
    problems, growth = measured(path)
    assert growth < BOUND, f"{growth // MEGABYTE} MB"
    return problems


def tiny_workbook(folder: Path) -> dict[str, bytes]:
    """Member name → content of the tiny edition as a workbook."""
    path = folder / "tiny.xlsx"
    write_package(parse_package(TINY), path)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    path.unlink()
    return members


# ---- not a package at all


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"", "verken en mappe med CSV-filer, en .zip eller en .xlsx", id="empty"),
        pytest.param(b"%PDF-1.7 not a package", "verken en mappe med CSV-filer", id="pdf"),
        pytest.param(b"key,value\ncode,x\n", "verken en mappe med CSV-filer", id="one csv file"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "eldre Excel-fil (.xls)", id="xls"),
        pytest.param(b"PK\x03\x04" + b"junk" * 100, "Filen er skadet", id="half an archive"),
        pytest.param(b"PK\x05\x06" + b"\0" * 4, "Filen er skadet", id="a third of an archive"),
    ],
)
@pytest.mark.parametrize("name", ["package.zip", "package.xlsx", "package.csv"])
def test_a_file_of_another_kind(content: bytes, message: str, name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)

    problem = only_problem(tmp_path / name)

    assert (problem.file, problem.row) == (name, None)
    assert message in str(problem.message)


def test_nothing_there(tmp_path: Path) -> None:
    assert "Finner ikke filen" in str(only_problem(tmp_path / "package.zip").message)


def test_an_upload_is_called_what_its_owner_calls_it(tmp_path: Path) -> None:
    (tmp_path / "tmp8x2").write_bytes(b"junk")

    with pytest.raises(PackageProblems) as raised:
        parse_package(tmp_path / "tmp8x2", name="prisen.xlsx")

    assert raised.value.problems[0].file == "prisen.xlsx"


def test_an_office_file_that_is_no_workbook(tmp_path: Path) -> None:
    path = write_zip({"[Content_Types].xml": "<Types/>", "word/document.xml": "<x/>"}, tmp_path / "letter.xlsx")

    assert "Filen er ikke en .xlsx-arbeidsbok" in str(only_problem(path).message)


# ---- archives


@pytest.mark.parametrize(
    ("member", "message"),
    [
        ("../edition.csv", "Filnavnet peker ut av arkivet."),
        ("a/../../edition.csv", "Filnavnet peker ut av arkivet."),
        ("/etc/passwd", "Filnavnet peker ut av arkivet."),
        ("C:/edition.csv", "Filnavnet peker ut av arkivet."),
        ("..\\edition.csv", "Filnavnet peker ut av arkivet."),
    ],
)
def test_a_member_that_leaves_the_archive(member: str, message: str, tmp_path: Path) -> None:
    problem = only_problem(write_zip({**tiny_files(), member: "x"}, tmp_path / "package.zip"))

    assert (problem.file, problem.value) == ("package.zip", member)
    assert message in str(problem.message)
    assert [entry.name for entry in tmp_path.iterdir()] == ["package.zip"]


def _symlink(archive: zipfile.ZipFile) -> None:
    link = zipfile.ZipInfo("edition.csv")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive.writestr(link, "/etc/passwd")


def _twice(archive: zipfile.ZipFile) -> None:
    archive.writestr("edition.csv", "key,value\n")
    with pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("edition.csv", "key,value\n")


def _packed_otherwise(archive: zipfile.ZipFile) -> None:
    archive.writestr("edition.csv", "key,value\n", zipfile.ZIP_LZMA)


@pytest.mark.parametrize(
    ("fill", "message"),
    [
        (_symlink, "Arkivet inneholder en snarvei i stedet for en fil."),
        (_twice, "Filen ligger flere ganger i arkivet."),
        (_packed_otherwise, "Filen er pakket på en måte som ikke kan leses."),
    ],
)
def test_members_that_are_no_plain_files(fill: Callable[[zipfile.ZipFile], None], message: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "package.zip", "w") as archive:
        fill(archive)

    problem = only_problem(tmp_path / "package.zip")

    assert problem.value == "edition.csv"
    assert message in str(problem.message)


def test_a_password(tmp_path: Path) -> None:
    path = write_zip({"edition.csv": "key,value\n"}, tmp_path / "package.zip")
    content = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    path.write_bytes(content)

    assert "Filen er beskyttet med passord." in str(only_problem(path).message)


def test_a_folder_inside_the_folder_does_not_belong(tmp_path: Path) -> None:
    problem = only_problem(write_zip({**tiny_files(), "old/answers.csv": "x"}, tmp_path / "package.zip"))

    assert problem.file == "old/answers.csv"
    assert "Mente du «answers.csv»?" in str(problem.message)


def test_a_damaged_member(tmp_path: Path) -> None:
    path = write_zip(tiny_files(), tmp_path / "package.zip")
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("classes.csv").header_offset
    content = bytearray(path.read_bytes())
    content[start + 45 : start + 60] = b"\xff" * 15
    path.write_bytes(content)

    with pytest.raises(PackageProblems) as raised:
        parse_package(path)

    assert [(problem.file, str(problem.message)) for problem in raised.value.problems] == [
        ("classes.csv", "Filen er skadet og kan ikke leses. Lag den på nytt.")
    ]


def test_too_many_members(tmp_path: Path) -> None:
    path = write_zip({f"{number}.csv": "" for number in range(300)}, tmp_path / "package.zip")

    assert "mer enn 256 filer" in str(only_problem(path).message)


def test_a_table_of_contents_that_is_a_bomb_itself_is_not_loaded(tmp_path: Path) -> None:
    path = write_zip({f"{number:09}" + "x" * 200: "" for number in range(60_000)}, tmp_path / "package.zip")

    ((file, message),) = problems_in_little_memory(path)

    assert file == "package.zip"
    assert "mer enn 256 filer" in message


# ---- folders


def test_a_link_or_a_pipe_in_a_folder_is_not_followed(tmp_path: Path) -> None:
    path = write_folder(tiny_files(), tmp_path / "package")
    (path / "classes.csv").unlink()
    (path / "classes.csv").symlink_to(TINY / "classes.csv")
    assert "Den må være en vanlig fil som kan leses." in str(only_problem(path).message)

    (path / "classes.csv").unlink()
    os.mkfifo(path / "classes.csv")
    problem = only_problem(path)
    assert problem.file == "classes.csv"
    assert "Den må være en vanlig fil som kan leses." in str(problem.message)


# ---- size


def test_more_than_50_megabytes_are_not_opened(tmp_path: Path) -> None:
    with (tmp_path / "package.zip").open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(50 * MEGABYTE + 1)

    assert problems_in_little_memory(tmp_path / "package.zip") == [
        ("package.zip", "Filen er på 51 MB. Grensen er 50 MB; fjern det som ikke hører til.")
    ]


@pytest.mark.parametrize(
    "piece", [b"\0", b"x", b"junk,\n", b'"', b"\xff\xfe"], ids=["zero", "x", "rows", "quote", "wide"]
)
def test_50_megabytes_of_junk_as_a_csv_file(piece: bytes, tmp_path: Path) -> None:
    path = write_folder(tiny_files(), tmp_path / "package")
    with (path / "answers.csv").open("wb") as file:
        chunk = piece * (MEGABYTE // len(piece))
        for _megabyte in range(49):
            file.write(chunk)

    assert {file for file, _message in problems_in_little_memory(path)} == {"answers.csv"}


def test_50_megabytes_of_junk_as_an_archive(tmp_path: Path) -> None:
    with (tmp_path / "package.zip").open("wb") as file:
        for _megabyte in range(49):
            file.write(os.urandom(MEGABYTE))

    ((_file, message),) = problems_in_little_memory(tmp_path / "package.zip")

    assert "verken en mappe med CSV-filer" in message


def bomb(path: Path, name: str, head: bytes, piece: bytes, megabytes: int, others: dict[str, bytes]) -> Path:
    """An archive in which one member is the same megabyte over and over."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for other, content in others.items():
            archive.writestr(other, content)
        with archive.open(name, "w", force_zip64=True) as member:
            member.write(head)
            chunk = piece * (MEGABYTE // len(piece))
            for _megabyte in range(megabytes):
                member.write(chunk)
    return path


@pytest.mark.parametrize(
    "piece", [b"x", b"c01,name,agent," + b" " * 8000 + b"\n", b"\n"], ids=["one row", "rows", "blank rows"]
)
def test_an_archive_that_unpacks_a_thousandfold(piece: bytes, tmp_path: Path) -> None:
    others = {name: text.encode() for name, text in tiny_files().items() if name != "answers.csv"}
    header = b"contact,question,option,value\n"
    path = bomb(tmp_path / "package.zip", "answers.csv", header, piece, 64, others)
    assert path.stat().st_size * 500 < 64 * MEGABYTE

    problems = problems_in_little_memory(path)

    assert {file for file, _message in problems} <= {"package.zip", "answers.csv"}
    assert any(words in problems[0][1] for words in ("blir ikke lest", "tar aldri slutt"))


def test_without_its_limits_the_same_archive_takes_far_more(tmp_path: Path) -> None:
    others = {name: text.encode() for name, text in tiny_files().items() if name != "answers.csv"}
    path = bomb(tmp_path / "package.zip", "answers.csv", b"contact,question\n", b"x", 64, others)

    _problems, growth = measured(path, expansion=10**6, record_bytes=10**9, unpacked_bytes=10**9)

    assert growth > BOUND


HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        pytest.param(HEAD + b'<row r="1"><c r="A1" t="inlineStr"><is><t>', b"x", id="one endless cell"),
        pytest.param(HEAD, b'<row r="7"><c r="A7" s="1"/></row>', id="blank rows"),
        pytest.param(HEAD + b'<row r="1">', b'<c r="A1" t="n"/>', id="one endless row"),
        pytest.param(HEAD, b"<row>", id="rows in rows"),
        pytest.param(HEAD + b'<row r="', b"1", id="one endless tag"),
        pytest.param(HEAD + b"<!--", b"x", id="one endless comment"),
        pytest.param(b"", b"\0", id="zeros"),
    ],
)
def test_a_workbook_that_unpacks_a_thousandfold(head: bytes, piece: bytes, tmp_path: Path) -> None:
    members = tiny_workbook(tmp_path)
    name = "xl/worksheets/sheet1.xml"
    others = {other: content for other, content in members.items() if other != name}
    path = bomb(tmp_path / "package.xlsx", name, head, piece, 24, others)

    assert {file for file, _message in problems_in_little_memory(path)} <= {"package.xlsx", "edition"}


def test_shared_texts_that_unpack_a_thousandfold(tmp_path: Path) -> None:
    members = tiny_workbook(tmp_path)
    members["xl/_rels/workbook.xml.rels"] = members["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>", b'<Relationship Id="t" Type="x/sharedStrings" Target="texts.xml"/></Relationships>'
    )
    path = bomb(tmp_path / "package.xlsx", "xl/texts.xml", b"<sst>", b"<si><t>x</t></si>", 64, members)

    ((file, message),) = problems_in_little_memory(path)

    assert file == "package.xlsx"
    assert "blir ikke lest" in message or "for mange ulike tekster" in message


def test_the_whole_of_a_folder_is_bounded_too(tmp_path: Path) -> None:
    path = write_folder(tiny_files(), tmp_path / "package")

    problem = only_problem(path, Limits(unpacked_bytes=4000))

    assert problem.file == "package"
    assert "utpakket og blir ikke lest" in str(problem.message)


def test_the_text_of_all_cells_is_bounded(tmp_path: Path) -> None:
    path = write_folder(tiny_files(), tmp_path / "package")

    assert "tegn og blir ikke lest" in str(only_problem(path, Limits(characters=2000)).message)


# ---- workbooks


BILLION_LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;">]><w>&b;</w>"""
OUTSIDE_ENTITY = b"""<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]><w>&a;</w>"""


@pytest.mark.parametrize("xml", [BILLION_LAUGHS, OUTSIDE_ENTITY])
@pytest.mark.parametrize(
    ("member", "file"),
    [
        ("xl/worksheets/sheet1.xml", "edition"),
        ("xl/workbook.xml", "package.xlsx"),
        ("xl/_rels/workbook.xml.rels", "package.xlsx"),
        ("xl/styles.xml", "package.xlsx"),
    ],
)
def test_a_document_type_is_refused_wherever_it_stands(member: str, file: str, xml: bytes, tmp_path: Path) -> None:
    path = write_zip({**tiny_workbook(tmp_path), member: xml}, tmp_path / "package.xlsx")

    problem = only_problem(path)

    assert problem.file == file
    assert "XML-dokumenttype" in str(problem.message)


def test_macros_are_refused(tmp_path: Path) -> None:
    path = write_zip({**tiny_workbook(tmp_path), "xl/vbaProject.bin": b"macro"}, tmp_path / "package.xlsm")

    assert "Arbeidsboken inneholder makroer." in str(only_problem(path).message)


def test_a_sheet_kept_elsewhere_is_not_fetched(tmp_path: Path) -> None:
    members = tiny_workbook(tmp_path)
    relations = members["xl/_rels/workbook.xml.rels"].decode()
    members["xl/_rels/workbook.xml.rels"] = relations.replace(
        'Target="worksheets/sheet2.xml"', 'Target="http://127.0.0.1:1/x.xml" TargetMode="External"'
    ).encode()

    problem = only_problem(write_zip(members, tmp_path / "package.xlsx"))

    assert problem.file == "classes"
    assert "Arket er ikke et vanlig regneark." in str(problem.message)


def test_broken_xml_is_a_damaged_sheet(tmp_path: Path) -> None:
    members = tiny_workbook(tmp_path)
    members["xl/worksheets/sheet2.xml"] = members["xl/worksheets/sheet2.xml"][:600]

    problem = only_problem(write_zip(members, tmp_path / "package.xlsx"))

    assert (problem.file, str(problem.message)) == ("classes", "Filen er skadet og kan ikke leses. Lag den på nytt.")
