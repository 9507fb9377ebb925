"""Handing in once: the draft becomes the answers that count."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from surveys.models import (
    Answer,
    AttemptResult,
    Channel,
    Contact,
    Edition,
    Outcome,
    Phase,
    Question,
    Response,
    ReviewEvent,
    ReviewState,
)
from surveys.services import (
    AlreadyHandedIn,
    ConflictingSubmission,
    Content,
    DraftRejected,
    EditionLocked,
    IncompleteResponse,
    NotDecided,
    Receipt,
    StaleRevision,
    approve_response,
    open_draft,
    record_attempt,
    return_response,
    save_draft,
    submit_response,
)
from tests.surveys.conftest import FULL_OPTIONS, FULL_VALUES, ContactFactory, oslo

MONDAY, TUESDAY = oslo("2022-01-10 10:00"), oslo("2022-01-11 10:00")


def filled_in(contact: Contact, **comments: str) -> uuid.UUID:
    """Answer the telephone after 45 seconds and fill in everything; returns the key to hand in with."""
    record_attempt(contact_id=contact.pk, started_at=MONDAY, wait_seconds=45, result=AttemptResult.ANSWERED, at=TUESDAY)
    saved = save_draft(
        contact_id=contact.pk, revision=0, options=FULL_OPTIONS, values=FULL_VALUES, comments=comments, at=TUESDAY
    )
    return saved.submission_key


def submit(contact: Contact, key: uuid.UUID, **facts: object) -> Receipt:
    return submit_response(contact_id=contact.pk, submission_key=key, at=TUESDAY, **facts)  # type: ignore[arg-type]


def test_handing_in_writes_what_counts(planned: ContactFactory) -> None:
    contact = planned()
    receipt = submit(contact, filled_in(contact, agent="Spurte og lyttet."), message="Linjen var dårlig.")
    contact.refresh_from_db()
    assert (contact.outcome, contact.wait, contact.review) == (Outcome.ANSWERED, 45, ReviewState.SUBMITTED)
    assert (receipt.outcome, receipt.was_repeated) == (Outcome.ANSWERED, False)
    assert dict(contact.answers.exclude(option=None).values_list("question__code", "option__code")) == {
        code: options[0] for code, options in FULL_OPTIONS.items()
    }
    assert dict(contact.answers.filter(option=None).values_list("question__code", "value")) == FULL_VALUES
    assert list(contact.comments.values_list("area", "text")) == [("agent", "Spurte og lyttet.")]
    event = ReviewEvent.objects.get()
    assert (event.state, event.note, event.by) == (ReviewState.SUBMITTED, "Linjen var dårlig.", None)


def test_handing_in_twice_gives_the_same_receipt_and_nothing_more(planned: ContactFactory) -> None:
    contact = planned()
    key = filled_in(contact)
    first = submit(contact, key)
    rows = Answer.objects.count()
    second = submit_response(contact_id=contact.pk, submission_key=key, at=oslo("2022-01-12 10:00"))
    assert second.was_repeated
    assert replace(second, was_repeated=False) == first
    assert (Answer.objects.count(), ReviewEvent.objects.count()) == (rows, 1)


def test_other_content_under_the_same_key_is_kept_but_does_not_count(planned: ContactFactory) -> None:
    contact = planned()
    key = filled_in(contact)
    submit(contact, key)
    other = Content(options=FULL_OPTIONS, values={**FULL_VALUES, "nps": 0})  # type: ignore[arg-type]
    with pytest.raises(ConflictingSubmission):
        submit(contact, key, content=other)
    assert contact.answers.get(question__code="nps").value == 10
    kept = Response.objects.get(contact=contact).conflicts
    assert [conflict["content"]["values"]["nps"] for conflict in kept] == [0]


def test_every_required_question_is_answered_first(planned: ContactFactory) -> None:
    contact = planned()
    key = filled_in(contact)
    Question.objects.filter(code="fits").update(required=False)
    save_draft(contact_id=contact.pk, revision=1, options={"met": [], "fits": []}, values={"nps": None}, at=TUESDAY)
    with pytest.raises(IncompleteResponse) as refusal:
        submit(contact, key)
    assert [(problem.area, problem.question) for problem in refusal.value.problems] == [
        ("welcome", "met"),
        ("cx", "nps"),
    ]
    contact.refresh_from_db()
    assert (contact.outcome, contact.review) == ("", "")


def test_what_does_not_belong_is_not_handed_in(planned: ContactFactory) -> None:
    contact = planned()
    key = filled_in(contact)
    with pytest.raises(DraftRejected):
        submit(contact, key, content=Content(options={"met": ("no such option",)}, values=FULL_VALUES))
    assert not contact.answers.exists()


def test_a_receipt_reads_the_same_in_every_release(planned: ContactFactory) -> None:
    """A page that hands in again after an upgrade must be known by what was handed in before it."""
    contact = planned()
    receipt = submit(contact, filled_in(contact, agent="Spurte og lyttet."))
    assert receipt.digest == "873098cc999d6dcd5075750c4f03b243f4ec1548723771a1098e88d397cdc54d"


def test_a_contact_without_a_result_cannot_be_handed_in(planned: ContactFactory) -> None:
    contact = planned()
    key = open_draft(contact_id=contact.pk).submission_key
    with pytest.raises(NotDecided):
        submit(contact, key)
    record_attempt(contact_id=contact.pk, started_at=MONDAY, result=AttemptResult.NOT_QUEUED, at=MONDAY)
    with pytest.raises(NotDecided):
        submit(contact, key)


def test_no_answer_is_handed_in_without_a_questionnaire(planned: ContactFactory) -> None:
    contact = planned()
    for day in (MONDAY, TUESDAY):
        record_attempt(contact_id=contact.pk, started_at=day, result=AttemptResult.NOT_QUEUED, at=day)
    key = open_draft(contact_id=contact.pk).submission_key
    submit(contact, key, message="Køen ble brutt etter to minutter.")
    contact.refresh_from_db()
    assert (contact.outcome, contact.wait, contact.review) == (Outcome.NO_ANSWER, None, ReviewState.SUBMITTED)
    assert not contact.answers.exists()
    assert submit(contact, key).was_repeated


def test_what_was_written_before_nobody_answered_does_not_make_a_repeated_hand_in_another_one(
    planned: ContactFactory,
) -> None:
    contact = planned()
    for day in (MONDAY, TUESDAY):
        record_attempt(contact_id=contact.pk, started_at=day, result=AttemptResult.NOT_QUEUED, at=day)
    key = save_draft(contact_id=contact.pk, values={"nps": 3}, at=TUESDAY).submission_key
    first = submit(contact, key)

    again = submit(contact, key)

    assert (again.was_repeated, again.digest) == (True, first.digest)
    response = Response.objects.get(contact=contact)
    assert (response.conflicts, response.draft["values"]) == ([], {"nps": 3})


def test_a_page_gone_mad_leaves_its_last_twenty_tries_and_no_more(planned: ContactFactory) -> None:
    contact = planned()
    key = filled_in(contact)
    submit(contact, key)
    for number in range(22):
        other = Content(options=FULL_OPTIONS, values=FULL_VALUES, comments={"agent": str(number)})  # type: ignore[arg-type]
        with pytest.raises(ConflictingSubmission):
            submit(contact, key, content=other)

    kept = [conflict["content"]["comments"]["agent"] for conflict in Response.objects.get().conflicts]
    assert kept == [str(number) for number in range(2, 22)]


def test_an_email_carries_its_working_days(planned: ContactFactory) -> None:
    contact = planned(Channel.EMAIL)
    record_attempt(
        contact_id=contact.pk, started_at=MONDAY, answered_at=TUESDAY, result=AttemptResult.ANSWERED, at=TUESDAY
    )
    content = Content(options=FULL_OPTIONS, values=FULL_VALUES)  # type: ignore[arg-type]
    submit(contact, uuid.uuid4(), content=content)
    contact.refresh_from_db()
    assert (contact.wait, contact.contacted_at, contact.answered_at) == (2, MONDAY, TUESDAY)


def test_what_one_has_not_seen_is_not_handed_in(planned: ContactFactory) -> None:
    contact = planned()
    key = filled_in(contact)
    save_draft(contact_id=contact.pk, revision=1, values={"nps": 3}, at=TUESDAY)
    with pytest.raises(StaleRevision):
        submit(contact, key, revision=1)
    assert submit(contact, key, revision=2).outcome == Outcome.ANSWERED


def test_after_handing_in_the_shopper_changes_nothing(planned: ContactFactory) -> None:
    contact = planned()
    submit(contact, filled_in(contact))
    with pytest.raises(AlreadyHandedIn):
        save_draft(contact_id=contact.pk, revision=1, values={"nps": 0}, at=TUESDAY)


def test_a_returned_response_is_mended_and_handed_in_anew(planned: ContactFactory) -> None:
    contact = planned()
    old_key = filled_in(contact, agent="Kari var flink.")
    submit(contact, old_key)
    return_response(contact_id=contact.pk, by=None, note="Ta bort navnet.", at=TUESDAY)
    opened = open_draft(contact_id=contact.pk)
    assert opened.content.values == FULL_VALUES
    with pytest.raises(StaleRevision):  # the button of the first round, pressed again
        submit(contact, old_key)
    save_draft(contact_id=contact.pk, revision=opened.revision, comments={"agent": "Hun var flink."}, at=TUESDAY)
    assert not submit(contact, opened.submission_key).was_repeated
    contact.refresh_from_db()
    assert contact.review == ReviewState.SUBMITTED
    assert contact.comments.get().text == "Hun var flink."
    assert contact.answers.count() == len(FULL_OPTIONS) + len(FULL_VALUES)


def test_the_same_hand_in_after_approval_is_still_the_same_receipt(planned: ContactFactory) -> None:
    contact = planned()
    key = filled_in(contact, agent="Kari var flink.")
    submit(contact, key)
    approve_response(contact_id=contact.pk, by=None, at=TUESDAY, comments={"agent": "Hun var flink."})
    assert submit(contact, key).was_repeated


def test_a_locked_edition_takes_nothing_in(planned: ContactFactory) -> None:
    contact = planned()
    key = filled_in(contact)
    Edition.objects.update(phase=Phase.LOCKED)
    with pytest.raises(EditionLocked):
        submit(contact, key)
    assert not Answer.objects.exists()


def test_a_message_too_long_is_named(planned: ContactFactory) -> None:
    contact = planned()
    with pytest.raises(DraftRejected, match="5001 tegn"):
        submit(contact, filled_in(contact), message="x" * 5001)
    assert submit(contact, Response.objects.get().submission_key, message="x" * 5000)
