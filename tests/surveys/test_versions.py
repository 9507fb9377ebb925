"""The later of two decisions in the office is told who did what, and when – and changes nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from kundeservice.core.models import AuditEvent, User
from kundeservice.core.queries.history import acts_since
from surveys.models import Comment, Contact, ReviewEvent, ReviewState
from surveys.queries.versions import review_lines, review_version
from surveys.services import (
    ChangedMeanwhile,
    approve_response,
    approve_responses,
    ask_to_void,
    return_response,
)
from tests.conftest import OSLO, ClientFactory
from tests.pages import seen_on

AT = dt.datetime(2027, 2, 2, 12, 0, tzinfo=OSLO)


def sheet_of(contact: Contact) -> str:
    return f"/kontor/{contact.edition.code}/gjennomgang/{contact.code}/"


def test_a_return_from_an_older_page_does_not_undo_an_approval(
    handed_in: Contact, leader: User, reviewer: User, client_for: ClientFactory
) -> None:
    desk: Client = client_for(reviewer)
    seen = seen_on(desk, sheet_of(handed_in))
    approve_response(contact_id=handed_in.pk, by=leader, at=AT)

    answer = desk.post(f"{sheet_of(handed_in)}avgjor/", {"decision": "return", "note": "Se på ventetiden.", **seen})

    handed_in.refresh_from_db()
    assert (answer.status_code, handed_in.review) == (409, ReviewState.APPROVED)
    page = answer.content.decode()
    assert "2. februar 2027 kl. 12.00, Liv Leder: Godkjente en besvarelse" in page
    assert "Se på ventetiden." in page, "what was written is still there"

    again = seen_on(desk, sheet_of(handed_in))
    desk.post(f"{sheet_of(handed_in)}avgjor/", {"decision": "return", "note": "Se på ventetiden.", **again})
    handed_in.refresh_from_db()
    assert handed_in.review == ReviewState.RETURNED


def test_every_decision_of_a_review_asks_what_was_seen(handed_in: Contact, leader: User) -> None:
    seen = review_version(handed_in)
    return_response(contact_id=handed_in.pk, by=leader, note="Se på ventetiden.", at=AT)
    pk = handed_in.pk
    for decide in (
        lambda: approve_response(contact_id=pk, by=leader, at=AT, seen=seen),
        lambda: return_response(contact_id=pk, by=leader, at=AT, seen=seen, note="Se på dette."),
        lambda: ask_to_void(contact_id=pk, by=leader, at=AT, seen=seen, reason="other", note="Kunde der."),
    ):
        with pytest.raises(ChangedMeanwhile, match="Liv Leder: Sendte en besvarelse tilbake"):
            decide()
    assert ReviewEvent.objects.filter(contact=handed_in).count() == 1


def test_a_page_that_carries_no_version_or_nonsense_has_seen_nothing(handed_in: Contact) -> None:
    return_response(contact_id=handed_in.pk, by=None, note="Se på ventetiden.", at=AT)
    for nonsense in ("", "x", "-1", "²", "9" * 40):
        assert len(acts_since(review_lines(handed_in), nonsense)) == 1
    assert acts_since(review_lines(handed_in), review_version(handed_in)) == ()


def test_the_trail_tells_every_decision_and_who_made_it(handed_in: Contact, leader: User) -> None:
    return_response(contact_id=handed_in.pk, by=leader, note="Se på ventetiden.", at=AT)
    Contact.objects.update(review=ReviewState.SUBMITTED)
    comment = Comment.objects.filter(contact=handed_in).first()
    assert comment
    approve_response(contact_id=handed_in.pk, by=leader, at=AT, comments={comment.area: "Uten navn."})

    subject = f"{handed_in.edition.code}/{handed_in.code}"
    told = list(AuditEvent.objects.filter(subject=subject).order_by("pk").values_list("action", "actor"))
    assert told == [
        ("response.returned", leader.pk),
        ("response.redacted", leader.pk),
        ("response.approved", leader.pk),
    ]
    redacted = AuditEvent.objects.get(action="response.redacted")
    assert redacted.detail["areas"] == [comment.area]
    assert comment.text not in str(redacted.detail), "the trail keeps no text that was taken out"


def test_approving_many_leaves_a_line_for_each(handed_in: Contact, leader: User) -> None:
    approve_responses(edition_id=handed_in.edition_id, contact_ids=[handed_in.pk], by=leader, at=AT)
    assert AuditEvent.objects.filter(action="response.approved", actor=leader).count() == 1
