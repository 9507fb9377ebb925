"""No sign on paper is a box or borrowed from the machine's own fonts: it is in ours, or it is told in words."""

from __future__ import annotations

import html
import io
import re
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from django.conf import settings

from awards.report.document.lettering import coverage, printable
from awards.report.document.quoting import typesettable
from awards.report.document.rendering import report_html
from awards.report.queries.evidence import evidence_of
from awards.report.queries.reading import report_of
from awards.report.queries.report_data import Quotation, ReportData
from scoring.services import count_edition
from surveys.models import Area, Channel
from tests.factories import AT, believable_edition
from tests.pdfs import text_of
from tests.presses import WarmPress

FAMILY, THUMB, NORWAY, ENGLAND = "👩‍👩‍👧", "👍🏽", "🇳🇴", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"
PRINTED = (
    "Æ, ø, å – «ja»; Čáhput, đ, ŋ, ŧ, ž",
    "Αθήνα, Привет, Łódź, Đà Nẵng",
    "→ ← ↔ ≥ ≤ ≠ ± × ÷ √ ∑ ∞ π ½ € ™ ✓",
    f"😂🥰 {FAMILY} {THUMB} {NORWAY} {ENGLAND} ❤️ ☺️ 🏳️‍🌈",
)
NAMED = {
    "你好": "[kinesisk skrift, 2 tegn]",
    "مرحبا بكم": "[arabisk skrift, 8 tegn]",
    "Sa 你好, og gikk": "Sa [kinesisk skrift, 2 tegn], og gikk",
    "漢字かな": "[kinesisk/japansk skrift, 4 tegn]",
    "한국": "[koreansk skrift, 2 tegn]",
    "∮": "[tegn: contour integral]",
    "\ue000": "[tegn: U+E000]",
    "𓀀𓀁𓀂𓀃": "[4 tegn som ikke kan trykkes]",
}
PLAINLY = {
    "𝐇𝐞𝐢 𝓭𝓾": "Hei du",
    "ＡＢＣ！": "ABC!",
    "tast 1️⃣ og #️⃣": "tast 1 og #",
    "en\u2028to": "en\nto",
    "a\u200db\ufe0fc\u200e": "abc",
    "x\ufe0e": "x",
}
EVERYTHING = " – ".join([*PRINTED, *NAMED, *PLAINLY])
OURS = re.compile(r"/[A-Z]{6}\+(Source-Sans-3|Noto-Emoji)")


@pytest.mark.parametrize("text", PRINTED)
def test_what_our_fonts_hold_is_left_as_it_is(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize("text", NAMED)
def test_what_our_fonts_lack_is_told_in_words(text: str) -> None:
    assert printable(text) == NAMED[text]


@pytest.mark.parametrize("text", PLAINLY)
def test_variants_become_plain_and_signs_that_only_steer_others_disappear(text: str) -> None:
    assert printable(text) == PLAINLY[text]


@pytest.mark.parametrize("text", [*PRINTED, *NAMED, *PLAINLY])
def test_what_is_printable_stays_so(text: str) -> None:
    once = printable(text)

    assert coverage().holds(once)
    assert printable(once) == once


def test_every_font_of_the_style_sheet_is_read() -> None:
    """A letter counts only if regular, italic and semibold hold it; the vendored folder has their licences."""
    style = (Path(settings.BASE_DIR) / "static/css/report.css").read_text(encoding="utf-8")

    assert len(re.findall(r'src: url\("\.\./vendor/', style)) == style.count("@font-face") == 4
    assert not re.search(r"\blocal\(|https?:", style)
    assert {ord("ŋ"), ord("→")} <= coverage().letters
    assert {ord("😂"), 0x1F1F3, 0xE0067} <= coverage().emoji


def data_with(text: str) -> ReportData:
    """A report that says `text` wherever somebody may have written something."""
    edition = believable_edition(classes=2, participants=2, contacts=4)
    data = report_of(evidence_of(count_edition(edition_id=edition.pk, at=AT)), "bank-1")
    said = [Quotation(area=area, text=text, channel=Channel.CHAT, month=2) for area in (Area.AGENT, Area.OVERALL)]
    questions = tuple(
        replace(
            row, text=f"{row.text} {text}", choices=tuple(replace(choice, label=text[:9]) for choice in row.choices)
        )
        if not row.is_scale
        else replace(row, text=text)
        for row in data.questions
    )
    losses = tuple(replace(loss, label=f"{loss.label} {text}") for loss in data.losses)
    return replace(
        data, name=f"Fjord {text}"[:60], class_name=f"Bank {text}"[:60], edition=f"{data.edition} {text[:5]}",
        questions=questions, losses=losses, quotations=tuple(said),
    )  # fmt: skip


@pytest.mark.django_db
def test_a_report_uses_no_font_but_ours_whatever_is_written(shared_press: WarmPress) -> None:
    data = data_with(EVERYTHING)

    pdf = shared_press.typeset(report_html(data))

    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    fonts = {str(font.get_object()["/BaseFont"]) for page in pages for font in page["/Resources"]["/Font"].values()}  # type: ignore[index]
    assert len(fonts) >= 3
    assert all(OURS.match(font) for font in fonts), fonts
    text = " ".join(text_of(pdf).split())
    for expected in ("[kinesisk skrift, 2 tegn]", "contour", "Čáhput", "Αθήνα", "Привет", "😂", "👩"):
        assert expected in text


@pytest.mark.django_db
def test_every_letter_of_a_whole_report_is_in_our_fonts() -> None:
    words = html.unescape(re.sub(r"<[^>]+>", " ", report_html(data_with(EVERYTHING))))

    assert not {sign for sign in words if not coverage().holds(sign)}


@pytest.mark.django_db
def test_the_digest_of_the_answers_is_printed_without_places_to_break() -> None:
    data = data_with("ord")

    assert len(data.digest) > 40
    assert typesettable(data).digest == data.digest
