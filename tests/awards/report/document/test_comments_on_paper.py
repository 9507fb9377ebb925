"""Comments in the PDF itself: everything that was written is on the pages, inside the margins, under its heading."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import call_command

from awards.report.document.quoting import SOFT_BREAK
from awards.report.document.rendering import report_html
from awards.report.queries.evidence import evidence_of
from awards.report.queries.reading import report_of
from awards.report.queries.report_data import ReportData
from scoring.services import count_edition
from surveys.models import Area, Edition
from tests.awards.package.format.test_field_cases import package_of
from tests.factories import AT, make_class, make_contact, make_edition, make_participant, make_questionnaire
from tests.pdfs import Word, words_of
from tests.presses import WarmPress

pytestmark = pytest.mark.django_db

MILLIMETRE = 72 / 25.4
LEFT, RIGHT, BOTTOM = 20 * MILLIMETRE, (210 - 20) * MILLIMETRE, (297 - 22) * MILLIMETRE
"""Where the text block ends; below it stands the footer."""
HEADING = ["Totalinntrykk"]

Pages = list[list[Word]]


def data_of(edition: Edition, code: str) -> ReportData:
    return report_of(evidence_of(count_edition(edition_id=edition.pk, at=AT)), code)


def data_with(comments: dict[str, str]) -> ReportData:
    """The report of a participant with these comments by area, all of one contact."""
    edition = make_edition(min_counted=1)
    make_questionnaire(edition)
    make_contact(make_participant(make_class(edition), code="fjord"), comments=list(comments.items()))
    return data_of(edition, "fjord")


def printed(data: ReportData, press: WarmPress) -> Pages:
    return words_of(press.typeset(report_html(data)))


def text_block(page: list[Word]) -> list[Word]:
    """A page's words without its footer."""
    return [word for word in page if word.top < BOTTOM]


def lost_lines(pages: Pages, count: int) -> set[str]:
    """Which of the numbers 01–`count` at the end of a line stand nowhere in a text block."""
    found = {word.text for page in pages for word in text_block(page) if re.fullmatch(r"\d{2}", word.text)}
    return {f"{number:02}" for number in range(1, count + 1)} - found


def assert_inside_the_margins(pages: Pages) -> None:
    for page in pages[1:]:
        for word in text_block(page):
            assert word.bottom <= BOTTOM, word
            assert word.left >= LEFT - 1, word
            assert word.right <= RIGHT + 1, word


def assert_headed_by(pages: Pages, heading: list[str], first: str) -> None:
    """The heading stands on the page where the text under it begins."""
    page = next(words for words in ([word.text for word in page] for page in pages) if first in words)
    assert page[page.index(first) - len(heading) : page.index(first)] == heading


def test_a_comment_of_sixty_short_lines_goes_on_to_the_next_page(tmp_path: Path, shared_press: WarmPress) -> None:
    call_command("import_edition", str(package_of("03-short-lines-off-the-page", tmp_path)))

    pages = printed(data_of(Edition.objects.get(), "fjellbanken"), shared_press)

    assert not lost_lines(pages, 60)
    assert_inside_the_margins(pages)
    assert_headed_by(pages, HEADING, "K:")


@pytest.mark.parametrize("count", [5, 30, 90])
def test_every_line_of_a_comment_is_printed_however_many_there_are(count: int, shared_press: WarmPress) -> None:
    lines = "\n".join(f"Linje {number:02}" for number in range(1, count + 1))

    pages = printed(data_with({Area.AGENT: "Satte seg inn i det.", Area.OVERALL: lines}), shared_press)

    assert not lost_lines(pages, count)
    assert_inside_the_margins(pages)
    assert_headed_by(pages, HEADING, "Linje")


@pytest.mark.parametrize("letter", ["a", "W", "Å"])
def test_one_enormous_word_is_printed_whole_between_the_margins(letter: str, shared_press: WarmPress) -> None:
    pages = printed(data_with({Area.OVERALL: letter * 5_000}), shared_press)

    text = "".join(word.text for page in pages for word in text_block(page)).replace(SOFT_BREAK, "")
    assert letter * 5_000 in text
    assert_inside_the_margins(pages)
    assert_headed_by(pages, HEADING, next(w.text for page in pages for w in page if w.text.startswith(letter * 30)))


def test_no_heading_stands_on_another_page_than_its_text(shared_press: WarmPress) -> None:
    """Wherever the comment before it happens to end."""
    data = data_with({Area.AGENT: "Før", Area.OVERALL: "Etter.\n" * 20})
    before, after = data.quotations

    for length in range(35, 43):
        long = replace(before, text="\n".join(f"Før {number:02}" for number in range(1, length + 1)))
        pages = printed(replace(data, quotations=(long, after)), shared_press)

        assert_headed_by(pages, HEADING, "Etter.")
