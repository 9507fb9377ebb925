"""Approving together: only what needs no reading, only as it was seen, and a line for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import translation

from kundeservice.core.jobs import run_job
from kundeservice.core.models import AuditEvent, Job, JobState, User
from kundeservice.core.services.audit import record_event
from surveys.models import (
    Attempt,
    AttemptResult,
    Channel,
    Contact,
    Edition,
    Outcome,
    Participant,
    Phase,
    Question,
    Response,
    ReviewEvent,
    ReviewState,
    Voiding,
)
from surveys.queries.clean import WhyRead, queue_version, sort_queue
from surveys.services import ChangedMeanwhile, EditionLocked, ReviewRefused, approve_response, return_response
from surveys.services.approving import BATCH, MOST_NAMED, ApprovedMany, approve_clean, order_approval
from tests import factories
from tests.surveys.conftest import oslo

AT = oslo("2022-01-20 09:00")


@pytest.fixture
def waiting(participant: Participant) -> list[Contact]:
    """Three that need no reading: two answered, one without an answer."""
    return [
        factories.make_contact(participant, quality=quality, review=ReviewState.SUBMITTED, code=f"c{number}")
        for number, quality in enumerate((0, 1, None), start=1)
    ]


def many(participant: Participant, number: int, channel: str = Channel.TELEPHONE) -> None:
    Contact.objects.bulk_create(
        Contact(
            edition=participant.edition,
            participant=participant,
            code=f"many-{channel}-{turn}",
            channel=channel,
            week="2022-W02",
            outcome=Outcome.NO_ANSWER,
            review=ReviewState.SUBMITTED,
        )
        for turn in range(number)
    )


def clean_codes(edition: Edition) -> set[str]:
    return {row.contact_code for row in sort_queue(edition).clean}


def approve(edition: Edition, by: User, *, seen: str, without: tuple[str, ...] = ()) -> ApprovedMany:
    return approve_clean(edition_id=edition.pk, without=without, by=by, at=AT, seen=seen)


# What is clean -------------------------------------------------------------------------------------------------------


def attempted(contact: Contact, **facts: Any) -> None:
    Attempt.objects.create(
        contact=contact, number=1, started_at=AT, wait_seconds=40, result=AttemptResult.ANSWERED, **facts
    )


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda c: c.comments.create(area="agent", text="Kari var flink."), "har en kommentar, der det kan stå navn"),
        (lambda c: attempted(c, told_afterwards=True), "har et forsøk å se på"),
        (lambda c: c.answers.first().delete(), "mangler svar som må være der"),
        (lambda c: c.review_events.create(state="submitted", note="Linja falt ut.", at=AT), "har en beskjed fra"),
        (lambda c: c.review_events.create(state="returned", note="Se på dette.", at=AT), "har vært sendt tilbake"),
        (lambda c: Response.objects.create(contact=c, conflicts=[{"at": "x"}]), "har innhold som kom for sent"),
        (lambda c: Voiding.objects.create(contact=c, note="Kunde.", asked_at=AT), "er bedt annullert"),
    ],
)
def test_whatever_asks_to_be_looked_at_is_read_by_itself(
    waiting: list[Contact], spoil: Callable[[Contact], object], why: str
) -> None:
    edition = waiting[0].edition
    attempted(waiting[1])
    assert clean_codes(edition) == {"c1", "c2", "c3"}

    spoil(waiting[0])

    queue = sort_queue(edition)
    assert ({row.contact_code for row in queue.clean}, queue.waiting) == ({"c2", "c3"}, 3)
    ((label, number),) = queue.to_read
    assert (label.startswith(why), number) == (True, 1)


@pytest.mark.parametrize(("number", "told"), [(1, "has a comment"), (14, "have a comment")])
def test_why_responses_are_read_is_said_of_one_and_of_many(number: int, told: str) -> None:
    with translation.override("en"):
        assert WhyRead.COMMENT.told(number).startswith(told)
        assert len({WhyRead(why).told(number) for why in WhyRead}) == len(WhyRead)


def test_a_question_that_need_not_be_answered_may_be_empty(waiting: list[Contact]) -> None:
    answer = waiting[0].answers.first()
    assert answer
    Question.objects.filter(pk=answer.question_id).update(required=False)
    answer.delete()
    assert "c1" in clean_codes(waiting[0].edition)


# Approving -----------------------------------------------------------------------------------------------------------


def test_all_that_is_clean_counts_and_each_has_its_line(waiting: list[Contact], leader: User) -> None:
    edition = waiting[0].edition
    done = approve(edition, leader, seen=queue_version(edition))

    assert done == ApprovedMany(number=3, changed=())
    assert set(waiting) <= set(Contact.objects.counted())
    lines = AuditEvent.objects.filter(action="response.approved", actor=leader)
    assert sorted(lines.values_list("subject", flat=True)) == [f"{edition.code}/c{number}" for number in (1, 2, 3)]
    assert ReviewEvent.objects.filter(state=ReviewState.APPROVED, by=leader).count() == 3


def test_what_is_ticked_for_reading_waits(waiting: list[Contact], leader: User) -> None:
    edition = waiting[0].edition
    assert approve(edition, leader, seen=queue_version(edition), without=("c2",)).number == 2
    waiting[1].refresh_from_db()
    assert waiting[1].review == ReviewState.SUBMITTED


def test_what_changed_meanwhile_is_named_and_left(
    waiting: list[Contact], participant: Participant, leader: User, reviewer: User
) -> None:
    edition = waiting[0].edition
    seen = queue_version(edition)
    return_response(contact_id=waiting[0].pk, by=reviewer, note="Se på ventetiden.", at=AT)
    approve_response(contact_id=waiting[1].pk, by=reviewer, at=AT)
    new = factories.make_contact(participant, review=ReviewState.SUBMITTED, code="c9")
    record_event(at=AT, actor=None, action="response.handed_in", subject=f"{edition.code}/c9")

    done = approve(edition, leader, seen=seen)

    assert (done.number, done.changed) == (1, ("c1", "c2", "c9"))
    assert "latt stå: c1, c2, c9." in done.in_words
    new.refresh_from_db()
    assert new.review == ReviewState.SUBMITTED


def test_a_second_press_approves_no_more_and_names_nobody(waiting: list[Contact], leader: User) -> None:
    edition = waiting[0].edition
    seen = queue_version(edition)
    approve(edition, leader, seen=seen)
    assert approve(edition, leader, seen=seen) == ApprovedMany(number=0, changed=())


def test_an_import_in_between_is_told_and_approves_nothing(waiting: list[Contact], leader: User) -> None:
    edition = waiting[0].edition
    seen = queue_version(edition)
    record_event(at=AT, actor=leader, action="edition.imported", subject=edition.code)
    with pytest.raises(ChangedMeanwhile, match="Importerte årgangen"):
        approve(edition, leader, seen=seen)
    assert not ReviewEvent.objects.exists()


def test_an_import_in_between_is_told_before_anything_is_ordered(participant: Participant, leader: User) -> None:
    many(participant, BATCH + 1)
    edition = participant.edition
    seen = queue_version(edition)
    record_event(at=AT, actor=leader, action="edition.imported", subject=edition.code)
    with pytest.raises(ChangedMeanwhile, match="Importerte årgangen"):
        order_approval(edition_id=edition.pk, without=(), confirmed=True, by=leader, at=AT, seen=seen)
    assert not Job.objects.exists()


def test_an_import_between_two_batches_stops_the_rest(participant: Participant, leader: User) -> None:
    many(participant, BATCH + 1)
    edition = participant.edition
    seen = queue_version(edition)

    def import_once(_number: int, _total: int) -> None:
        record_event(at=AT, actor=leader, action="edition.imported", subject=edition.code)

    with pytest.raises(ChangedMeanwhile, match="Importerte årgangen"):
        approve_clean(edition_id=edition.pk, without=(), by=leader, at=AT, seen=seen, progress=import_once)
    assert Contact.objects.awaiting_review().count() == 1


def test_of_what_others_did_meanwhile_the_last_three_acts_are_told(waiting: list[Contact], leader: User) -> None:
    edition = waiting[0].edition
    seen = queue_version(edition)
    for hour in (7, 8, 9, 10):
        record_event(at=AT.replace(hour=hour), actor=leader, action="edition.imported", subject=edition.code)
    with pytest.raises(ChangedMeanwhile) as refused:
        approve(edition, leader, seen=seen)
    assert str(refused.value).count("Importerte årgangen") == 3
    assert ".00, Liv Leder" in str(refused.value)
    assert "07.00" not in str(refused.value)


@pytest.mark.parametrize(
    ("left", "told"),
    [(0, "1 besvarelse er godkjent."), (MOST_NAMED, ", c20."), (MOST_NAMED + 1, ", c20 og 1 til.")],
)
def test_the_first_of_those_that_are_left_are_named_and_the_others_numbered(left: int, told: str) -> None:
    changed = tuple(f"c{number}" for number in range(1, left + 1))
    assert ApprovedMany(number=1, changed=changed).in_words.endswith(told)


def test_a_locked_edition_approves_nothing(waiting: list[Contact], leader: User) -> None:
    edition = waiting[0].edition
    Edition.objects.update(phase=Phase.LOCKED)
    with pytest.raises(EditionLocked):
        approve(edition, leader, seen=queue_version(edition))


def test_many_need_a_word_that_the_list_is_looked_over(participant: Participant, leader: User) -> None:
    many(participant, 26)
    many(participant, 25, Channel.CHAT)
    edition = participant.edition
    order: dict[str, Any] = {
        "edition_id": edition.pk, "without": (), "by": leader, "at": AT, "seen": queue_version(edition),
    }  # fmt: skip
    with pytest.raises(ReviewRefused, match="Se over listen"):
        order_approval(**order, channel=Channel.TELEPHONE, confirmed=False)
    assert order_approval(**order, channel=Channel.CHAT, confirmed=False).number == 25
    assert order_approval(**order, channel=Channel.TELEPHONE, confirmed=True).number == 26


def test_a_batch_is_approved_at_once(participant: Participant, leader: User) -> None:
    many(participant, BATCH)
    seen = queue_version(participant.edition)
    done = order_approval(edition_id=participant.edition_id, without=(), confirmed=True, by=leader, at=AT, seen=seen)
    assert done == ApprovedMany(number=BATCH, changed=())


def test_very_many_are_approved_in_the_background_a_batch_at_a_time(participant: Participant, leader: User) -> None:
    many(participant, 2 * BATCH + 1)
    edition = participant.edition
    order: dict[str, Any] = {
        "edition_id": edition.pk, "without": ("many-telephone-0",), "confirmed": True, "by": leader, "at": AT,
        "seen": queue_version(edition),
    }  # fmt: skip

    ordered = order_approval(**order)

    assert ordered.job
    assert not AuditEvent.objects.filter(action="response.approved").exists()
    with pytest.raises(ReviewRefused, match="alt i gang"):
        order_approval(**order)
    run_job(ordered.job.pk, at=AT, with_heartbeat=False)
    job = Job.objects.get(pk=ordered.job.pk)
    assert (job.state, job.current, job.message) == (JobState.DONE, 2 * BATCH, "1000 besvarelser er godkjent.")
    assert list(Contact.objects.awaiting_review().values_list("code", flat=True)) == ["many-telephone-0"]


def test_a_job_that_dies_goes_on_where_it_was(
    participant: Participant, leader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(participant, BATCH + 1)
    edition = participant.edition
    ordered = order_approval(
        edition_id=edition.pk, without=(), confirmed=True, by=leader, at=AT, seen=queue_version(edition)
    )
    assert ordered.job
    wanted = ordered.job.payload

    def die(number: int, _total: int) -> None:
        raise KeyboardInterrupt(number)

    with pytest.raises(KeyboardInterrupt):
        approve_clean(edition_id=edition.pk, without=(), by=leader, at=AT, seen=wanted["seen"], progress=die)
    run_job(ordered.job.pk, at=AT, with_heartbeat=False)
    assert Job.objects.get(pk=ordered.job.pk).message == "1 besvarelse er godkjent."
    assert AuditEvent.objects.filter(action="response.approved").count() == BATCH + 1
