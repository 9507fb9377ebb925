"""The press: what it makes, what it refuses to read, and how it gets rid of a report that takes too long."""

from __future__ import annotations

import io
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest

from awards.report.document.press import Press, TypesettingFailed
from tests.pdfs import words_of

PAGE = '<!doctype html><html lang="nb"><head><title>Prøve</title></head><body><h1>Å være</h1>{}</body></html>'
FIGURE = '<svg width="10" height="10"><title>En rute</title><path d="M0 0h9v9z"/></svg>'


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press() as press:
        yield press


def opened(pdf: bytes) -> Any:
    """The PDF's own tree, whose types only the PDF knows."""
    return pypdf.PdfReader(io.BytesIO(pdf))


def test_a_report_is_an_accessible_pdf_in_bokmal(press: Press) -> None:
    root = opened(press.typeset(PAGE.format(FIGURE))).trailer["/Root"]

    assert root["/Lang"] == "nb"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "pdfuaid" in root["/Metadata"].get_data().decode()
    assert "/StructTreeRoot" in root


def test_the_house_font_is_embedded(press: Press) -> None:
    (page,) = opened(press.typeset(PAGE.format(""))).pages
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]

    names = {font["/BaseFont"].split("+")[1] for font in fonts}
    assert names == {"Source-Sans-3-Semi-Bold"} or all(name.startswith("Source-Sans-3") for name in names)
    assert all("/ToUnicode" in font for font in fonts)


def test_no_font_of_the_machine_is_borrowed_even_for_a_sign_that_ours_lack(press: Press) -> None:
    pages = opened(press.typeset(PAGE.format("<p>你好 ∮ مرحبا <b>𝐇</b> <i>한</i></p>" + FIGURE))).pages
    fonts = {font.get_object()["/BaseFont"] for page in pages for font in page["/Resources"]["/Font"].values()}

    assert all(re.match(r"/[A-Z]{6}\+(Source-Sans-3|Noto-Emoji)", font) for font in fonts), fonts


@pytest.mark.parametrize("emoji", ["👩‍👩‍👧", "👍🏽", "🇳🇴", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "❤️"])
def test_an_emoji_made_of_several_signs_is_one_picture(press: Press, emoji: str) -> None:
    """No wider than one and a half of the letters' size of ten points."""
    ((_heading, *_rest, picture, _end),) = words_of(press.typeset(PAGE.format(f"<p>{emoji} slutt</p>")))

    assert picture.right - picture.left < 15


def test_the_same_page_is_the_same_bytes(press: Press) -> None:
    page = PAGE.format("<p>Tekst</p>" + FIGURE)

    first = press.typeset(page)

    assert press.typeset(page) == first
    with Press() as another:
        assert another.typeset(page) == first


@pytest.mark.parametrize(
    "hostile",
    [
        '<img src="file:///etc/passwd">',
        '<img src="http://127.0.0.1:9/">',
        '<img src="https://example.test/x.png">',
        '<img src="vendor/../../manage.py">',
        '<img src="data:image/svg+xml,%3Csvg/%3E">',
        '<link rel="attachment" href="file:///etc/hostname">',
        '<link rel="stylesheet" href="http://127.0.0.1:9/x.css">',
        '<style>@import url("ftp://127.0.0.1/x.css");</style>',
        '<object data="file:///etc/passwd"></object>',
    ],
)
def test_nothing_but_our_own_static_files_is_ever_read(press: Press, hostile: str) -> None:
    with pytest.raises(TypesettingFailed, match="refused"):
        press.typeset(PAGE.format(hostile))


def test_a_report_that_takes_too_long_is_stopped_and_the_next_one_is_set() -> None:
    slow = PAGE.format("<p style='overflow-wrap:anywhere'>" + "a" * 60_000 + "</p>")
    with Press(seconds=3) as press, pytest.raises(TypesettingFailed, match="too long"):
        press.typeset(slow)
    with Press(patience=1) as press, pytest.raises(TypesettingFailed, match="too long"):
        press.typeset(slow)

    with Press() as press:
        assert press.typeset(PAGE.format("")).startswith(b"%PDF-")


def test_a_child_that_is_killed_is_replaced() -> None:
    with Press() as press:
        press.typeset(PAGE.format(""))
        child = press._child
        assert child is not None
        os.kill(child.pid, signal.SIGKILL)
        with pytest.raises(TypesettingFailed, match="ended with code -9"):
            press.typeset(PAGE.format(""))

        assert press.typeset(PAGE.format("")).startswith(b"%PDF-")


def test_the_child_knows_no_secret() -> None:
    with Press() as press:
        press.typeset(PAGE.format(""))
        child = press._child
        assert child is not None
        environment = Path(f"/proc/{child.pid}/environ").read_text(encoding="utf-8")
    assert "SECRET" not in environment
    assert "DATABASE" not in environment
