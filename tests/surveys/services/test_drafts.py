"""Saving as one goes: only what is named changes, and an older page is told so."""

from __future__ import annotations

import re

import pytest

from surveys.models import Answer, Area, Channel, Contact, Option, Question, QuestionKind, Response
from surveys.services import SavedDraft, open_draft, save_draft
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
    late = save(contact, 0, options={"met": ["cold"]})
    assert (late.conflicts, late.revision) == (("q-met",), 1)
    assert open_draft(contact_id=contact.pk).content.options == {"met": ("warm",)}


def test_different_fields_of_two_pages_merge(planned: ContactFactory) -> None:
    contact = planned()
    opened = open_draft(contact_id=contact.pk).content
    save(contact, 0, options={"met": ["warm"]}, seen={"q-met": [opened.mark("q-met")]})
    late = save(contact, 0, values={"nps": 9}, seen={"q-nps": [opened.mark("q-nps")]})
    assert (late.conflicts, late.refused) == ((), {})
    assert late.content.as_draft() == {"options": {"met": ["warm"]}, "values": {"nps": 9}, "comments": {}}


@pytest.mark.parametrize(
    ("field", "first", "second"),
    [
        ("q-met", {"options": {"met": ["warm"]}}, {"options": {"met": ["cold"]}}),
        ("q-nps", {"values": {"nps": 9}}, {"values": {"nps": 3}}),
        ("c-agent", {"comments": {"agent": "Grei."}}, {"comments": {"agent": "Sur."}}),
    ],
)
def test_the_same_field_of_two_pages_is_a_conflict_until_somebody_has_seen_both(
    planned: ContactFactory, field: str, first: dict[str, object], second: dict[str, object]
) -> None:
    contact = planned()
    seen = {field: [open_draft(contact_id=contact.pk).content.mark(field)]}
    stands = save(contact, 0, seen=seen, **first)
    reach = {"q-reach": [stands.content.mark("q-reach")]}
    both = {**second, "options": {**second.get("options", {}), "reach": ["easy"]}}  # type: ignore[dict-item]
    late = save(contact, 0, seen={**seen, **reach}, **both)
    assert late.conflicts == (field,)
    assert late.content.only(field) == stands.content.only(field)
    assert late.content.options["reach"] == ("easy",), "the other field of the same save is kept"
    chosen = save(contact, 0, seen={field: [*seen[field], late.content.mark(field)]}, **second)
    assert chosen.conflicts == ()
    assert chosen.content.only(field) != stands.content.only(field)


def test_what_an_unheard_save_left_is_no_conflict(planned: ContactFactory) -> None:
    contact = planned()
    empty = open_draft(contact_id=contact.pk).content
    unheard = save(contact, 0, options={"met": ["warm"]}, seen={"q-met": [empty.mark("q-met")]})
    marks = [empty.mark("q-met"), unheard.content.mark("q-met")]
    assert save(contact, 0, options={"met": ["cold"]}, seen={"q-met": marks}).conflicts == ()


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
def test_a_refused_field_takes_no_other_with_it(
    planned: ContactFactory, changes: dict[str, object], words: str
) -> None:
    contact = planned()
    others = {"options": {"reach": ["easy"]}, "values": {"csat": 3}, "comments": {"overall": "Fint."}}
    saved = save(contact, 0, **{kind: {**kept, **changes.get(kind, {})} for kind, kept in others.items()})  # type: ignore[dict-item]
    ((_field, problem),) = saved.refused.items()
    assert re.search(words, problem.message)
    assert Response.objects.get().draft == {
        "options": {"reach": ["easy"]}, "values": {"csat": 3}, "comments": {"overall": "Fint."}
    }  # fmt: skip


def test_questions_of_another_channel_do_not_belong(planned: ContactFactory) -> None:
    Question.objects.filter(code="met").update(channels="email chat")
    refused = save(planned(), 0, options={"met": ["warm"]}).refused
    assert "hører ikke til" in refused["q-met"].message
    assert save(planned(Channel.EMAIL, code="c0002"), 0, options={"met": ["warm"]}).revision == 1


def test_not_applicable_stands_alone(planned: ContactFactory) -> None:
    contact = planned()
    question = Question.objects.create(
        edition=contact.edition, code="name", area=Area.WELCOME, order=50, text_nb="Hilsen?", kind=QuestionKind.MULTI
    )
    for code in ("agent", "company", "na"):
        Option.objects.create(question=question, code=code, order=1, text_nb=code, not_applicable=code == "na")
    assert save(contact, 0, options={"name": ["company", "agent"]}).content.options["name"] == ("agent", "company")
    refused = save(contact, 1, options={"name": ["agent", "na"]}).refused
    assert "ikke aktuelt" in refused["q-name"].message


def test_text_no_database_can_hold_is_cleaned(planned: ContactFactory) -> None:
    saved = save(planned(), 0, comments={"agent": " Hei\x00 \ud83d p\u0061\u030a deg\r\nder "})
    assert saved.content.comments["agent"] == "Hei  på deg\nder"


def test_five_thousand_characters_fit(planned: ContactFactory) -> None:
    assert len(save(planned(), 0, comments={"agent": "å" * 5000}).content.comments["agent"]) == 5000
