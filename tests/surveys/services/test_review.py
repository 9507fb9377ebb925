"""The review: approved, returned with a note, annulled."""

from __future__ import annotations

import pytest

from kundeservice.core.models import AuditEvent, User
from surveys.models import Channel, Contact, Edition, Outcome, Participant, Phase, Response, ReviewState
from surveys.services import (
    EditionLocked,
    EditionNotOpen,
    ReviewRefused,
    approve_response,
    approve_responses,
    open_draft,
    return_response,
)
from tests import factories
from tests.surveys.conftest import annul, oslo

AT = oslo("2022-01-20 09:00")


def test_an_approved_response_counts(handed_in: Contact, leader: User) -> None:
    assert handed_in not in Contact.objects.counted()
    approve_response(contact_id=handed_in.pk, by=leader, at=AT)
    assert handed_in in Contact.objects.counted()
    event = handed_in.review_events.get()
    assert (event.state, event.by, event.at) == (ReviewState.APPROVED, leader, AT)


def test_names_are_taken_out_and_the_shoppers_words_kept(handed_in: Contact, leader: User) -> None:
    approve_response(contact_id=handed_in.pk, by=leader, at=AT, comments={"agent": "Hun var flink."})
    comment = handed_in.comments.get()
    assert (comment.text, comment.original_text) == ("Hun var flink.", "Kari var flink.")


def test_a_comment_can_be_taken_out_whole(handed_in: Contact, leader: User) -> None:
    approve_response(contact_id=handed_in.pk, by=leader, at=AT, comments={"agent": "", "welcome": ""})
    assert not handed_in.comments.exists()


def test_each_comment_is_left_taken_out_or_mended_by_itself(participant: Participant, leader: User) -> None:
    said = [("welcome", "Fint."), ("agent", "Kari var flink."), ("overall", "Ola løste det.")]
    contact = factories.make_contact(participant, review=ReviewState.SUBMITTED, comments=said)
    edited = {"welcome": "Fint.", "agent": "", "overall": "Det ble løst."}
    approve_response(contact_id=contact.pk, by=leader, at=AT, comments=edited)
    assert set(contact.comments.values_list("area", "text")) == {("welcome", "Fint."), ("overall", "Det ble løst.")}
    assert AuditEvent.objects.get(action="response.redacted").detail["areas"] == ["agent", "overall"]


def test_a_comment_has_five_thousand_characters_at_most(handed_in: Contact, leader: User) -> None:
    with pytest.raises(ReviewRefused, match="5001 tegn"):
        approve_response(contact_id=handed_in.pk, by=leader, at=AT, comments={"agent": "x" * 5001})
    approve_response(contact_id=handed_in.pk, by=leader, at=AT, comments={"agent": "x" * 5000})
    assert handed_in.comments.get().text == "x" * 5000


def test_a_reviewer_edits_comments_but_writes_none(handed_in: Contact, leader: User) -> None:
    with pytest.raises(ReviewRefused, match="Velkomst"):
        approve_response(contact_id=handed_in.pk, by=leader, at=AT, comments={"welcome": "Fint."})
    handed_in.refresh_from_db()
    assert handed_in.review == ReviewState.SUBMITTED


def test_only_what_is_handed_in_is_approved(handed_in: Contact, leader: User) -> None:
    approve_response(contact_id=handed_in.pk, by=leader, at=AT)
    with pytest.raises(ReviewRefused):
        approve_response(contact_id=handed_in.pk, by=leader, at=AT)


def test_many_are_approved_at_once_and_the_others_left_alone(participant: Participant, leader: User) -> None:
    waiting = [factories.make_contact(participant, review=ReviewState.SUBMITTED) for _turn in range(3)]
    returned = factories.make_contact(participant, review=ReviewState.RETURNED)
    ids = [contact.pk for contact in (*waiting, returned)]
    assert approve_responses(edition_id=participant.edition_id, contact_ids=ids, by=leader, at=AT) == 3
    assert approve_responses(edition_id=participant.edition_id, contact_ids=ids, by=leader, at=AT) == 0
    returned.refresh_from_db()
    assert returned.review == ReviewState.RETURNED


def test_only_the_editions_own_are_approved(handed_in: Contact, leader: User) -> None:
    other = factories.make_edition("ksp-2023", year=2023)
    assert approve_responses(edition_id=other.pk, contact_ids=[handed_in.pk], by=leader, at=AT) == 0
    handed_in.refresh_from_db()
    assert handed_in.review == ReviewState.SUBMITTED


def test_nothing_is_approved_before_the_field_period(handed_in: Contact, leader: User) -> None:
    Edition.objects.update(phase=Phase.PLANNED)
    with pytest.raises(EditionNotOpen):
        approve_responses(edition_id=handed_in.edition_id, contact_ids=[handed_in.pk], by=leader, at=AT)


def test_a_returned_response_no_longer_counts_and_carries_its_note(handed_in: Contact, leader: User) -> None:
    approve_response(contact_id=handed_in.pk, by=leader, at=AT)
    return_response(contact_id=handed_in.pk, by=leader, note=" Ventetiden ser feil ut. ", at=AT)
    assert handed_in not in Contact.objects.counted()
    assert handed_in.review_events.last().note == "Ventetiden ser feil ut."  # type: ignore[union-attr]
    assert open_draft(contact_id=handed_in.pk).content.comments == {"agent": "Kari var flink."}
    with pytest.raises(ReviewRefused):
        return_response(contact_id=handed_in.pk, by=leader, note="En gang til.", at=AT)


@pytest.mark.parametrize("note", ["", "  ", "x" * 5001])
def test_a_return_needs_a_readable_note(handed_in: Contact, leader: User, note: str) -> None:
    with pytest.raises(ReviewRefused):
        return_response(contact_id=handed_in.pk, by=leader, note=note, at=AT)


def test_an_annulled_contact_leaves_nothing_that_counts(handed_in: Contact, leader: User) -> None:
    annul(handed_in, note="Mystery shopperen er kunde der.", at=AT)
    handed_in.refresh_from_db()
    assert (handed_in.outcome, handed_in.review, handed_in.wait) == (Outcome.VOID, "", None)
    assert not handed_in.answers.exists()
    assert Response.objects.get(contact=handed_in).draft["comments"] == {"agent": "Kari var flink."}
    assert AuditEvent.objects.get(action="contact.voided").detail["note"] == "Mystery shopperen er kunde der."


def test_a_locked_edition_is_not_reviewed(handed_in: Contact, leader: User) -> None:
    Edition.objects.update(phase=Phase.LOCKED)
    with pytest.raises(EditionLocked):
        approve_response(contact_id=handed_in.pk, by=leader, at=AT)
    with pytest.raises(EditionLocked):
        return_response(contact_id=handed_in.pk, by=leader, note="Se på dette.", at=AT)
    with pytest.raises(EditionLocked):
        annul(handed_in, note="Se på dette.", at=AT)


def test_no_answer_is_reviewed_too(participant: Participant, leader: User) -> None:
    contact = factories.make_contact(participant, Channel.EMAIL, quality=None, review=ReviewState.SUBMITTED)
    approve_response(contact_id=contact.pk, by=leader, at=AT)
    assert contact in Contact.objects.counted()
