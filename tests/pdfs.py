"""Reading PDFs in tests, as a reader's own program would."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

import pypdf

XHTML = "{http://www.w3.org/1999/xhtml}"


@dataclass(frozen=True, slots=True)
class Word:
    """A word where it stands on its page, in points from the upper left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def text_of(pdf: bytes) -> str:
    """The text of a PDF, page by page."""
    return _told_by("pdftotext", "-", "-", pdf=pdf)


def words_of(pdf: bytes) -> list[list[Word]]:
    """The words of every page, in reading order."""
    pages = ET.fromstring(_told_by("pdftotext", "-bbox", "-", "-", pdf=pdf)).iter(f"{XHTML}page")
    return [[_word(element) for element in page.iter(f"{XHTML}word")] for page in pages]


def figures_of(pdf: bytes) -> list[str]:
    """What every picture says to those who do not see it, in reading order; empty where it says nothing."""
    root: Any = pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    return [
        str(element.get("/Alt", "")) for element in _elements(root["/StructTreeRoot"]) if element["/S"] == "/Figure"
    ]


def _elements(parent: Any) -> Iterator[Any]:
    children = parent.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        element = child.get_object()
        if isinstance(element, dict) and "/S" in element:
            yield element
            yield from _elements(element)


def _told_by(*command: str, pdf: bytes) -> str:
    return subprocess.run(command, input=pdf, stdout=subprocess.PIPE, check=True).stdout.decode()


def _word(element: ET.Element) -> Word:
    left, top, right, bottom = (float(element.attrib[edge]) for edge in ("xMin", "yMin", "xMax", "yMax"))
    return Word(element.text or "", left, top, right, bottom)
