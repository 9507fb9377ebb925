"""A returned response whose shopper does not answer is taken back into review as it was last handed in."""

from __future__ import annotations

import uuid

import pytest

from kundeservice.core.models import AuditEvent, User
from surveys.models import (
    Channel,
    Contact,
    Edition,
    Participant,
    Phase,
    Response,
    ReviewEvent,
    ReviewState,
)
from surveys.queries.content import handed_in_content
from surveys.queries.review import review_sheet
from surveys.queries.versions import review_version
from surveys.services import (
    AlreadyHandedIn,
    ChangedMeanwhile,
    EditionLocked,
    ReviewRefused,
    StaleRevision,
    approve_response,
    return_response,
    save_draft,
    submit_response,
    take_over_response,
    undo_attempt,
)
from tests import factories
from tests.surveys.conftest import oslo

AT, LATER = oslo("2022-01-20 09:00"), oslo("2022-01-27 09:00")
WHY = "Hun svarer ikke på tre e-poster."


@pytest.fixture
def returned(handed_in: Contact, leader: User) -> Contact:
    return_response(contact_id=handed_in.pk, by=leader, note="Se på ventetiden.", at=AT)
    handed_in.refresh_from_db()
    return handed_in


def take_over(contact: Contact, by: User, seen: str | None = None) -> None:
    take_over_response(contact_id=contact.pk, by=by, note=WHY, at=LATER, seen=seen)


def test_it_waits_for_review_as_it_was_handed_in_and_can_be_approved(returned: Contact, reviewer: User) -> None:
    before = handed_in_content(returned)

    take_over(returned, reviewer)

    returned.refresh_from_db()
    assert (returned.review, handed_in_content(returned)) == (ReviewState.SUBMITTED, before)
    event = ReviewEvent.objects.filter(contact=returned).latest("pk")
    assert (event.state, event.by, event.note) == (ReviewState.SUBMITTED, reviewer, WHY)
    line = AuditEvent.objects.get(action="response.taken_over")
    assert (line.actor, line.detail["note"]) == (reviewer, WHY)
    approve_response(contact_id=returned.pk, by=reviewer, at=LATER)
    assert returned in Contact.objects.counted()


def test_what_the_shopper_had_begun_to_mend_is_set_aside_and_shown(returned: Contact, reviewer: User) -> None:
    save_draft(contact_id=returned.pk, options={"met": ["cold"]}, comments={"agent": "Ola var flink."}, at=LATER)

    now = review_sheet(returned).aside
    assert [aside.at for aside in now] == [None], "before it is taken over the review sees what is being mended"
    take_over(returned, reviewer)

    returned.refresh_from_db()
    (aside,) = review_sheet(returned).aside
    assert aside.at == LATER
    assert aside.lines == (
        ("Hvordan ble du møtt?", "Mekanisk"),
        ("Kommentar om Kundebehandleren", "Ola var flink."),
    )
    assert Response.objects.get(contact=returned).draft["options"]["met"] == ["warm"]


def test_the_page_the_shopper_has_open_neither_saves_nor_hands_in(returned: Contact, reviewer: User) -> None:
    key = Response.objects.get(contact=returned).submission_key
    take_over(returned, reviewer)

    with pytest.raises(AlreadyHandedIn):
        save_draft(contact_id=returned.pk, options={"met": ["cold"]}, at=LATER)
    for late in (key, uuid.uuid4()):
        with pytest.raises(StaleRevision):
            submit_response(contact_id=returned.pk, submission_key=late, at=LATER)


def test_the_first_page_the_shopper_ever_opened_is_still_an_older_one(returned: Contact, reviewer: User) -> None:
    before = Response.objects.get(contact=returned).revision
    take_over(returned, reviewer)
    return_response(contact_id=returned.pk, by=reviewer, note="Se på det igjen.", at=LATER)
    assert Response.objects.get(contact=returned).revision == before + 2


def test_only_a_returned_response_that_was_handed_in(handed_in: Contact, leader: User, reviewer: User) -> None:
    with pytest.raises(ReviewRefused, match="Bare en returnert"):
        take_over(handed_in, reviewer)
    return_response(contact_id=handed_in.pk, by=leader, note="Se på ventetiden.", at=AT)
    undo_attempt(contact_id=handed_in.pk)
    with pytest.raises(ReviewRefused, match="tatt tilbake forsøket"):
        take_over(handed_in, reviewer)


def test_no_answer_is_taken_over_too(participant: Participant, leader: User) -> None:
    contact = factories.make_contact(participant, Channel.EMAIL, quality=None, review=ReviewState.SUBMITTED)
    return_response(contact_id=contact.pk, by=leader, note="Er dette riktig?", at=AT)
    take_over(contact, leader)
    contact.refresh_from_db()
    assert contact.review == ReviewState.SUBMITTED


def test_it_needs_a_reason_and_an_open_edition(returned: Contact, reviewer: User) -> None:
    with pytest.raises(ReviewRefused, match="Skriv hvorfor"):
        take_over_response(contact_id=returned.pk, by=reviewer, note=" ", at=LATER)
    Edition.objects.update(phase=Phase.LOCKED)
    with pytest.raises(EditionLocked):
        take_over(returned, reviewer)


def test_a_shopper_who_hands_in_first_is_not_taken_over(returned: Contact, reviewer: User) -> None:
    seen = review_version(returned)
    key = Response.objects.get(contact=returned).submission_key
    submit_response(contact_id=returned.pk, submission_key=key, at=LATER)
    with pytest.raises(ChangedMeanwhile, match="Mystery shopperen: Leverte en besvarelse"):
        take_over(returned, reviewer, seen=seen)
