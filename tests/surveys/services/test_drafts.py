"""Saving as one goes: only what is named changes, and an older page is told so."""

from __future__ import annotations

import pytest

from surveys.models import Answer, Area, Channel, Contact, Option, Question, QuestionKind, Response
from surveys.services import DraftRejected, SavedDraft, StaleRevision, open_draft, save_draft
from tests.surveys.conftest import ContactFactory, oslo

AT = oslo("2022-01-10 14:32")


def save(contact: Contact, revision: int, **changes: object) -> SavedDraft:
    return save_draft(contact_id=contact.pk, revision=revision, at=AT, **changes)  # type: ignore[arg-type]


def test_saves_add_up_and_the_revision_rises(planned: ContactFactory) -> None:
    contact = planned()
    assert open_draft(contact_id=contact.pk).revision == 0
    first = save(contact, 0, options={"met": ["warm"]}, comments={"welcome": "Hyggelig."})
    second = save(contact, first.revision, values={"nps": 9})
    assert (second.revision, second.saved_at) == (2, AT)
    assert second.content.as_draft() == {
        "options": {"met": ["warm"]},
        "values": {"nps": 9},
        "comments": {"welcome": "Hyggelig."},
    }
    assert not Answer.objects.exists()


def test_an_answer_can_be_changed_and_taken_away(planned: ContactFactory) -> None:
    contact = planned()
    save(contact, 0, options={"met": ["warm"]}, values={"nps": 9}, comments={"agent": "Grei."})
    save(contact, 1, options={"met": ["cold"]})
    saved = save(contact, 2, options={"met": []}, values={"nps": None}, comments={"agent": " "})
    assert saved.content.as_draft() == {"options": {}, "values": {}, "comments": {}}


def test_an_older_page_overwrites_nothing_and_is_told(planned: ContactFactory) -> None:
    contact = planned()
    save(contact, 0, options={"met": ["warm"]})
    with pytest.raises(StaleRevision, match="annet vindu") as refusal:
        save(contact, 0, options={"met": ["cold"]})
    assert refusal.value.current == 1
    assert open_draft(contact_id=contact.pk).content.options == {"met": ("warm",)}


def test_a_save_whose_reply_was_lost_may_be_sent_again(planned: ContactFactory) -> None:
    contact = planned()
    first = save(contact, 0, options={"met": ["warm"]})
    assert save(contact, 0, options={"met": ["warm"]}) == first


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"options": {"unknown": ["yes"]}}, "hører ikke til"),
        ({"options": {"met": ["sunny"]}}, "velg ett av svarene"),
        ({"options": {"met": ["warm", "cold"]}}, "bare ett svar"),
        ({"options": {"nps": ["9"]}}, "hører ikke til"),
        ({"values": {"met": 1}}, "hører ikke til"),
        ({"values": {"nps": 11}}, "fra 0 til 10"),
        ({"values": {"ces": 0}}, "fra 1 til 7"),
        ({"comments": {"wait": "Lenge."}}, "finnes ikke"),
        ({"comments": {"agent": "x" * 5001}}, "5001 tegn; kort den ned til høyst 5000"),
    ],
)
def test_what_does_not_belong_is_refused_whole(planned: ContactFactory, changes: dict[str, object], words: str) -> None:
    contact = planned()
    with pytest.raises(DraftRejected, match=words):
        save(contact, 0, **{"values": {"csat": 3}, **changes})
    assert not Response.objects.filter(revision__gt=0).exists()


def test_questions_of_another_channel_do_not_belong(planned: ContactFactory) -> None:
    Question.objects.filter(code="met").update(channels="email chat")
    with pytest.raises(DraftRejected, match="hører ikke til"):
        save(planned(), 0, options={"met": ["warm"]})
    assert save(planned(Channel.EMAIL, code="c0002"), 0, options={"met": ["warm"]}).revision == 1


def test_not_applicable_stands_alone(planned: ContactFactory) -> None:
    contact = planned()
    question = Question.objects.create(
        edition=contact.edition, code="name", area=Area.WELCOME, order=50, text_nb="Hilsen?", kind=QuestionKind.MULTI
    )
    for code in ("agent", "company", "na"):
        Option.objects.create(question=question, code=code, order=1, text_nb=code, not_applicable=code == "na")
    assert save(contact, 0, options={"name": ["company", "agent"]}).content.options["name"] == ("agent", "company")
    with pytest.raises(DraftRejected, match="ikke aktuelt"):
        save(contact, 1, options={"name": ["agent", "na"]})


def test_text_no_database_can_hold_is_cleaned(planned: ContactFactory) -> None:
    saved = save(planned(), 0, comments={"agent": " Hei\x00 \ud83d p\u0061\u030a deg\r\nder "})
    assert saved.content.comments["agent"] == "Hei  på deg\nder"


def test_five_thousand_characters_fit(planned: ContactFactory) -> None:
    assert len(save(planned(), 0, comments={"agent": "å" * 5000}).content.comments["agent"]) == 5000
