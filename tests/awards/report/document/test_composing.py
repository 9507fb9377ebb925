"""Reports of unusual participants: alone, unranked, without answers, without comments, with hostile ones."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

import pytest
from django.utils.translation import override

from awards.models import StudyKind
from awards.report.document.composing import compose
from awards.report.document.quoting import SOFT_BREAK
from awards.report.document.rendering import report_html
from awards.report.queries.evidence import evidence_of
from awards.report.queries.reading import report_of
from awards.report.queries.report_data import ReportData
from awards.studies.certainty import who_could_be_best
from awards.studies.queries.confidence import read_confidence
from awards.studies.services import make_study
from scoring.services import count_edition
from surveys.models import Area, Channel, Comment, Edition, Participant
from tests.factories import (
    AT,
    believable_edition,
    make_class,
    make_contact,
    make_edition,
    make_participant,
    make_questionnaire,
)
from tests.pdfs import text_of
from tests.presses import WarmPress, shared_press

__all__ = ["shared_press"]

pytestmark = pytest.mark.django_db


def data_of(edition: Edition, code: str) -> ReportData:
    return report_of(evidence_of(count_edition(edition_id=edition.pk, at=AT)), code)


def small_edition() -> tuple[Edition, Participant]:
    edition = make_edition(min_counted=2)
    make_questionnaire(edition)
    other = make_participant(make_class(edition, "energi", "Energi"), "Andre", code="andre")
    for _turn in range(2):
        make_contact(other, quality=0, wait=60)
    return edition, make_participant(make_class(edition), "Fjordbanken", code="fjord")


def kinds(data: ReportData) -> list[str]:
    return [page.kind for page in compose(data).pages]


def test_an_ordinary_report_has_a_page_for_every_message() -> None:
    edition = believable_edition(classes=2, participants=3)

    document = compose(data_of(edition, "bank-1"))

    assert [page.anchor for page in document.pages] == [
        "total", "tap", "omrader", "kontaktmater", "svar", "kundeopplevelse",
        "sporsmal-welcome", "sporsmal-agent", "sporsmal-overall", "kommentarer", "henvendelser", "metode",
    ]  # fmt: skip
    assert all(any(character.isdigit() for character in page.headline) for page in document.pages[:2])
    assert len({page.anchor for page in document.pages}) == len(document.pages)


def test_the_report_says_of_the_best_what_the_pages_and_the_office_say() -> None:
    """In bokmål whatever language it is made in, and nothing besides of which places are possible."""
    edition = believable_edition(classes=2, participants=3)
    data = data_of(edition, "bank-2")
    study = make_study(run_id=edition.score_runs.get().pk, kind=StudyKind.CONFIDENCE, at=AT)
    field = read_confidence(study).field("bank")
    assert field is not None

    with override("en"):
        notes = compose(data).pages[0].notes

    assert notes[1:] == (who_could_be_best(field.verdict),)
    assert "sikkert at" in notes[1]


def test_pictures_that_share_a_page_stand_under_their_titles() -> None:
    """One alone has the headline of its page, and one of a single row its label."""
    edition = believable_edition(classes=2, participants=3)

    html = report_html(data_of(edition, "bank-1"))

    assert re.findall('<p class="figure-title">(.*?)</p>', html) == [
        "Totalresultatet blant de andre", "Hvor sikkert totalresultatet er",
        "Hvor poengene ble borte", "Spørsmålene som kostet mest",
    ]  # fmt: skip


def test_the_report_tells_neither_shopper_nor_day_nor_clock() -> None:
    edition = believable_edition(classes=1, participants=2, contacts=6)
    edition.contacts.update(contacted_at=AT, answered_at=AT)
    codes = list(edition.contacts.values_list("code", flat=True))

    html = report_html(data_of(edition, "bank-1"))

    for secret in (*codes, "2022-04-28", "28.4.", "18:00", "18.00", "20.00"):
        assert secret not in html


def test_a_participant_alone_in_its_class_is_held_against_everybody() -> None:
    edition, participant = small_edition()
    for quality in (0, 1):
        make_contact(participant, quality=quality, wait=60)

    document = compose(data_of(edition, "fjord"))

    assert "snittet for alle" in document.pages[0].headline
    assert "Klassesnitt" not in document.pages[0].tables[0].head


def test_a_participant_with_too_few_contacts_has_a_report_without_places() -> None:
    edition, participant = small_edition()
    make_contact(participant, quality=0, wait=60)

    document = compose(data_of(edition, "fjord"))

    assert ("Plass", "Ikke rangert") in document.facts
    assert "blir ikke rangert: 1 av minst 2" in document.pages[0].headline


def test_a_participant_nobody_reached_has_a_report_all_the_same(shared_press: WarmPress) -> None:
    edition, participant = small_edition()
    for _turn in range(3):
        make_contact(participant, quality=None)

    data = data_of(edition, "fjord")

    assert kinds(data) == ["figures", "figures", "figures", "channels", "answers", "experience", "contacts", "method"]
    text = text_of(shared_press.typeset(report_html(data)))
    assert "Ingen av de 3 henvendelsene fikk svar" in text
    assert "Ikke svar" in text


def test_a_participant_without_any_counted_contact_has_a_report_all_the_same(shared_press: WarmPress) -> None:
    edition, _participant = small_edition()

    data = data_of(edition, "fjord")

    assert data.total.own is None
    assert "Ingen av henvendelsene teller" in text_of(shared_press.typeset(report_html(data)))


def test_one_channel_and_no_comments_leave_out_what_is_not_there() -> None:
    edition, participant = small_edition()
    for _turn in range(2):
        make_contact(participant, Channel.MESSENGER, quality=0, wait=300)

    document = compose(data_of(edition, "fjord"))

    assert "quotations" not in [page.kind for page in document.pages]
    assert "Alle henvendelsene kom på Messenger" in next(
        page.headline for page in document.pages if page.kind == "channels"
    )


TORTURE = (
    "æøå ÆØÅ",
    "bla\u030abæ",
    "\u202eomvendt",
    "👩‍👩‍👧 hilsen",
    "\ufffe\uffff",
    "a" * 100_000,
    "ord " * 25_000,
    "linje\n" * 50_000,
    "e" + "\u0301" * 50_000,
    "</script><script>alert(1)</script>",
    "]]>",
    '<img src="file:///etc/passwd"><link rel=attachment href="file:///etc/passwd">',
    "{{ settings.SECRET_KEY }} {% load x %}",
)


def test_no_comment_can_stop_a_report(shared_press: WarmPress) -> None:
    edition, participant = small_edition()
    for text in TORTURE:
        make_contact(participant, quality=0, wait=60, comments=[(Area.AGENT, text)])

    pdf = shared_press.typeset(report_html(data_of(edition, "fjord")))

    text = unicodedata.normalize("NFC", text_of(pdf)).replace(SOFT_BREAK, "")
    for expected in ("æøå ÆØÅ", "blåbæ", "</script><script>alert(1)</script>", "]]>", "{{ settings.SECRET_KEY }}"):
        assert expected in text
    assert b"/EmbeddedFile" not in pdf


@pytest.mark.parametrize("name", ["X" * 160, "Nes & Sønner <b>AS</b>", "Å" * 40 + " " + "Ø" * 60, "1"])
def test_any_name_fits_on_the_cover(name: str, shared_press: WarmPress) -> None:
    edition, participant = small_edition()
    Participant.objects.filter(pk=participant.pk).update(name=name)
    make_contact(participant, quality=0, wait=60)

    text = text_of(shared_press.typeset(report_html(data_of(edition, "fjord"))))

    assert name.replace(" ", "") in text.replace(SOFT_BREAK, "").replace("\n", "").replace(" ", "")


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in {"href", "src"}]


def test_the_html_links_to_nothing_but_its_own_pages() -> None:
    edition, participant = small_edition()
    make_contact(participant, quality=0, wait=60, comments=[(Area.AGENT, '<a href="http://e.test/">x</a>')])
    Comment.objects.create(contact=edition.contacts.all()[0], area=Area.OVERALL, text='" onload="x')
    links = _Links()

    links.feed(report_html(data_of(edition, "fjord")))

    assert links.found
    assert all(link.startswith("#") for link in links.found)
