"""Reading the tables of a package kept as one `.xlsx` workbook, a sheet per table, one row at a time.

The XML is read as a stream by a parser that refuses document types and so knows no entities: nothing is fetched,
nothing expands and no tree is built. Numbers come back as people see them (5.0 as `5`, 0.1 as `0.1`), dates and times
as ISO text, booleans as `yes` and `no`. Formulas are never evaluated and never trusted: the cell is refused.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from contextlib import closing
from xml.parsers import expat

from django.utils.translation import gettext_lazy as _

from awards.package.archive import DAMAGED, Archive, damaged
from awards.package.csv_tables import RawRow
from awards.package.limits import PackageUnreadable, TableUnreadable
from awards.package.sheets import SharedTexts, SheetRows, local_name
from awards.package.spreadsheet_values import DATE_FORMATS, is_date_format

OFFICE_PARTS = ("[Content_Types].xml", "content.xml")
"""What Microsoft's and LibreOffice's own formats cannot do without."""
WORKBOOK = "xl/workbook.xml"
WORKBOOK_RELATIONS = "xl/_rels/workbook.xml.rels"
MACROS = "vbaproject.bin"
CHUNK = 65_536
DEEPEST = 64

StartTag = Callable[[str, dict[str, str]], None]
EndTag = Callable[[str], None]
Text = Callable[[str], None]


def _ignore(_what: str) -> None:
    """Pass over tags or texts that say nothing here."""


def is_workbook(archive: Archive) -> bool:
    """Whether the archive is an Office file of some kind rather than a ZIP of CSV files."""
    return any(part in archive for part in OFFICE_PARTS)


class Workbook:
    """An open workbook. What all sheets share (names, texts, formats) is read at once, the sheets when asked for."""

    suffix = ""
    is_fixed_width = False

    def __init__(self, archive: Archive) -> None:
        """Raises PackageUnreadable when it is no workbook, carries macros, or cannot be read."""
        self._archive = archive
        if WORKBOOK not in archive or WORKBOOK_RELATIONS not in archive:
            raise PackageUnreadable(_("Filen er ikke en .xlsx-arbeidsbok. Lagre den som «Excel-arbeidsbok (.xlsx)»."))
        if any(name.lower().endswith(MACROS) for name in archive.names):
            raise PackageUnreadable(_("Arbeidsboken inneholder makroer. Lagre den som «Excel-arbeidsbok (.xlsx)»."))
        try:
            self._targets = self._read_targets()
            self._sheets, self._counts_from_1904 = self._read_sheets()
            self._texts = self._read_texts()
            self._date_styles = self._read_date_styles()
        except TableUnreadable as error:
            raise PackageUnreadable(error.message) from error

    @property
    def names(self) -> list[str]:
        return list(self._sheets)

    def rows(self, table: str) -> Iterator[RawRow]:
        """The rows of a sheet that hold something, the header first. Raises TableUnreadable or PackageUnreadable."""
        member = self._sheets[table]
        if not member or member not in self._archive:
            raise TableUnreadable(_("Arket er ikke et vanlig regneark. Legg tabellen i et vanlig ark."))
        sheet = SheetRows(self._archive.budget, self._texts, self._date_styles, self._counts_from_1904)
        for _chunk in self._parse(member, sheet.start, sheet.end, sheet.text):
            yield from sheet.take()
        yield from sheet.take()

    def _parse(self, member: str, start: StartTag, end: EndTag, text: Text) -> Iterator[None]:
        """Run the handlers over a part of the workbook, giving way after each chunk."""
        parser = _safe_parser(start, end, text)
        most = self._archive.budget.limits.record_bytes
        fed = 0
        with closing(self._archive.open(member)) as stream:
            while True:
                try:
                    chunk = stream.read(CHUNK)
                    parser.Parse(chunk, not chunk)
                except (*DAMAGED, OSError, expat.ExpatError) as error:
                    raise TableUnreadable(damaged()) from error
                fed += len(chunk)
                if fed - max(parser.CurrentByteIndex, 0) > most and chunk:
                    raise TableUnreadable(damaged())
                yield
                if not chunk:
                    return

    def _run(self, member: str, start: StartTag, end: EndTag = _ignore, text: Text = _ignore) -> None:
        for _chunk in self._parse(member, start, end, text):
            pass

    def _read_targets(self) -> dict[str, tuple[str, str]]:
        """Relation id → (what it is, member name). A target outside the file is kept as no member."""
        targets: dict[str, tuple[str, str]] = {}

        def start(tag: str, attributes: dict[str, str]) -> None:
            if local_name(tag) != "Relationship":
                return
            target = attributes.get("Target", "")
            member = posixpath.normpath(posixpath.join("xl", target)).lstrip("/")
            if attributes.get("TargetMode") == "External":
                member = ""
            kind = attributes.get("Type", "").rpartition("/")[2]
            targets[attributes.get("Id", "")] = (kind, member)

        self._run(WORKBOOK_RELATIONS, start)
        return targets

    def _read_sheets(self) -> tuple[dict[str, str], bool]:
        """Sheet name → member name (empty when it is no worksheet), and whether dates count from 1904."""
        sheets: dict[str, str] = {}
        epochs: list[bool] = []

        def start(tag: str, attributes: dict[str, str]) -> None:
            local = local_name(tag)
            if local == "workbookPr":
                epochs.append(attributes.get("date1904", "0") in ("1", "true"))
            if local == "sheet":
                relation = next((value for name, value in attributes.items() if name.endswith(":id")), "")
                kind, member = self._targets.get(relation, ("", ""))
                sheets[attributes.get("name", "")] = member if kind == "worksheet" else ""

        self._run(WORKBOOK, start)
        return sheets, any(epochs)

    def _part(self, kind: str) -> str:
        """The member that plays a part in the workbook; empty when there is none."""
        found = (member for what, member in self._targets.values() if what == kind and member in self._archive)
        return next(found, "")

    def _read_texts(self) -> list[str]:
        member = self._part("sharedStrings")
        if not member:
            return []
        texts = SharedTexts(self._archive.budget)
        self._run(member, texts.start, texts.end, texts.text)
        return texts.found

    def _read_date_styles(self) -> frozenset[str]:
        """The cell styles, by their number in the sheets, that show a number as a date or a time."""
        member = self._part("styles")
        if not member:
            return frozenset()
        formats: set[str] = set(DATE_FORMATS)
        styles: list[str] = []
        inside: list[str] = [""]

        def start(tag: str, attributes: dict[str, str]) -> None:
            local = local_name(tag)
            inside.append(local)
            if local == "numFmt" and is_date_format(attributes.get("formatCode", "")):
                formats.add(attributes.get("numFmtId", ""))
            if inside[-2:] == ["cellXfs", "xf"]:
                styles.append(attributes.get("numFmtId", "0"))

        def end(_tag: str) -> None:
            inside.pop()

        self._run(member, start, end)
        return frozenset(str(index) for index, number_format in enumerate(styles) if number_format in formats)


def _safe_parser(start: StartTag, end: EndTag, text: Text) -> expat.XMLParserType:
    depth = 0

    def counted_start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:  # the parser remembers every open tag
            raise TableUnreadable(damaged())
        start(tag, attributes)

    def counted_end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        end(tag)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = CHUNK
    parser.StartElementHandler = counted_start
    parser.EndElementHandler = counted_end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_document_type
    return parser


def _refuse_document_type(*_arguments: object) -> None:
    raise TableUnreadable(_("Arbeidsboken har en XML-dokumenttype og blir ikke lest. Lagre den på nytt fra Excel."))
