"""Attempts: how long one waits on each channel, and how often one tries."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from surveys.models import (
    Attempt,
    AttemptResult,
    Channel,
    Contact,
    Edition,
    Outcome,
    Phase,
    ReviewState,
    ShortTryReason,
    WaitBand,
)
from surveys.queries.attempts import Tries
from surveys.services import (
    AlreadyHandedIn,
    AttemptRefused,
    EditionLocked,
    EditionNotOpen,
    ShortTry,
    correct_attempt,
    record_attempt,
    record_late_answer,
    start_attempt,
    undo_attempt,
)
from tests.surveys.conftest import ContactFactory, annul, oslo

MONDAY = oslo("2022-01-10 10:00")
TUESDAY = oslo("2022-01-11 10:00")
LATER = oslo("2022-01-20 10:00")
ANSWERED, NO_ANSWER, NOT_QUEUED = AttemptResult.ANSWERED, AttemptResult.NO_ANSWER, AttemptResult.NOT_QUEUED


def answered(contact: Contact, wait: int | None, at: dt.datetime = MONDAY, **facts: object) -> Decimal | None:
    facts.setdefault("at", at + dt.timedelta(days=20))
    tries = record_attempt(contact_id=contact.pk, started_at=at, wait_seconds=wait, result=ANSWERED, **facts)  # type: ignore[arg-type]
    assert tries.outcome == Outcome.ANSWERED
    return tries.wait


def unanswered(contact: Contact, at: dt.datetime = MONDAY) -> Tries:
    """An attempt in which the shopper waits the time out."""
    return record_attempt(
        contact_id=contact.pk, started_at=at, wait_seconds=300, result=NO_ANSWER, at=at + dt.timedelta(minutes=5)
    )


@pytest.mark.parametrize(
    ("channel", "wait"),
    [(Channel.TELEPHONE, 0), (Channel.TELEPHONE, 300), (Channel.CHAT, 300), (Channel.MESSENGER, 1800)],
)
def test_an_answer_within_the_limit_is_an_answer(planned: ContactFactory, channel: str, wait: int) -> None:
    assert answered(planned(channel), wait) == wait


@pytest.mark.parametrize("channel", [Channel.TELEPHONE, Channel.CHAT])
def test_an_answer_after_five_minutes_is_none(planned: ContactFactory, channel: str) -> None:
    with pytest.raises(AttemptRefused, match="5 minutter"):
        answered(planned(channel), 301)


def test_limits_come_from_the_editions_own_bands(planned: ContactFactory, edition: Edition) -> None:
    WaitBand.objects.filter(edition=edition, channel=Channel.TELEPHONE, up_to=300).update(up_to=Decimal(240))
    with pytest.raises(AttemptRefused, match="4 minutter"):
        answered(planned(), 241)
    WaitBand.objects.filter(edition=edition).delete()
    assert answered(planned(code="c0002"), 300) == 300


def test_unanswered_twice_on_different_days_is_no_answer(planned: ContactFactory) -> None:
    contact = planned()
    first = unanswered(contact)
    assert not first.is_decided
    second = record_attempt(contact_id=contact.pk, started_at=TUESDAY, result=NOT_QUEUED, at=TUESDAY)
    assert second.outcome == Outcome.NO_ANSWER
    assert second.wait is None
    with pytest.raises(AttemptRefused, match="avgjort"):
        start_attempt(contact_id=contact.pk, at=TUESDAY + dt.timedelta(days=1))


def test_the_second_attempt_is_made_on_another_day(planned: ContactFactory) -> None:
    contact = planned()
    unanswered(contact)
    late = oslo("2022-01-10 23:30")
    with pytest.raises(AttemptRefused, match="annen dag"):
        start_attempt(contact_id=contact.pk, at=late)
    assert start_attempt(contact_id=contact.pk, at=oslo("2022-01-11 00:30")) == oslo("2022-01-11 00:30")


def test_the_wait_that_counts_is_that_of_the_answered_attempt(planned: ContactFactory) -> None:
    contact = planned()
    unanswered(contact)
    assert answered(contact, 40, TUESDAY) == 40


def test_a_started_attempt_is_remembered_and_starting_twice_is_harmless(planned: ContactFactory) -> None:
    contact = planned()
    began = start_attempt(contact_id=contact.pk, at=MONDAY)
    assert start_attempt(contact_id=contact.pk, at=MONDAY + dt.timedelta(seconds=2)) == began
    tries = record_attempt(
        contact_id=contact.pk, result=ANSWERED, answered_at=MONDAY + dt.timedelta(seconds=95), at=TUESDAY
    )
    assert tries.wait == 95
    contact.refresh_from_db()
    assert contact.contacted_at == MONDAY
    assert contact.outcome == ""  # nothing counts before it is handed in


def test_no_attempt_before_the_field_period_nor_in_the_future(planned: ContactFactory) -> None:
    contact = planned()
    with pytest.raises(AttemptRefused, match="Feltperioden"):
        start_attempt(contact_id=contact.pk, at=oslo("2022-01-09 12:00"))
    with pytest.raises(AttemptRefused, match="fram i tid"):
        start_attempt(contact_id=contact.pk, at=MONDAY, started_at=MONDAY + dt.timedelta(minutes=1))
    with pytest.raises(AttemptRefused, match="når forsøket begynte"):
        record_attempt(contact_id=contact.pk, result=NO_ANSWER, at=MONDAY)


def test_an_answer_needs_a_wait(planned: ContactFactory) -> None:
    with pytest.raises(AttemptRefused, match="hvor lenge"):
        answered(planned(), None)
    for nonsense in (-1, 1_000_000):
        with pytest.raises(AttemptRefused, match="Ventetiden"):
            answered(planned(code=f"c{nonsense}"), nonsense)


# E-mail ------------------------------------------------------------------------------------------------------------


def test_the_wait_of_an_email_is_computed_from_its_times(planned: ContactFactory) -> None:
    contact = planned(Channel.EMAIL)
    start_attempt(contact_id=contact.pk, at=MONDAY)
    tries = record_attempt(
        contact_id=contact.pk, result=ANSWERED, answered_at=oslo("2022-01-12 08:15"), at=oslo("2022-01-12 09:00")
    )
    assert tries.wait == 3
    assert tries.finished[0].wait_seconds is None


def test_an_email_answered_after_three_working_days_is_no_answer(planned: ContactFactory) -> None:
    contact = planned(Channel.EMAIL)
    fourth_day = oslo("2022-01-13 08:00")
    with pytest.raises(AttemptRefused, match="4 virkedager"):
        answered(contact, None, answered_at=fourth_day)
    with pytest.raises(AttemptRefused, match="når svaret kom"):
        answered(contact, None)


def test_an_email_is_unanswered_once_its_last_working_day_is_over(planned: ContactFactory) -> None:
    contact = planned(Channel.EMAIL)
    start_attempt(contact_id=contact.pk, at=MONDAY)
    with pytest.raises(AttemptRefused, match=r"12\.01\.2022"):
        record_attempt(contact_id=contact.pk, result=NO_ANSWER, at=oslo("2022-01-12 23:59"))
    tries = record_attempt(contact_id=contact.pk, result=NO_ANSWER, at=oslo("2022-01-13 00:00"))
    assert tries.outcome == Outcome.NO_ANSWER  # an e-mail is sent once


# Messenger ---------------------------------------------------------------------------------------------------------


def test_messenger_waits_half_an_hour_before_no_answer(planned: ContactFactory) -> None:
    contact = planned(Channel.MESSENGER)
    start_attempt(contact_id=contact.pk, at=MONDAY)
    with pytest.raises(AttemptRefused, match=r"10\.30"):
        record_attempt(contact_id=contact.pk, result=NO_ANSWER, at=oslo("2022-01-10 10:29"))
    assert not record_attempt(contact_id=contact.pk, result=NO_ANSWER, at=oslo("2022-01-10 10:30")).is_decided


def test_messengers_late_answer_turns_the_first_attempt_into_an_answer(planned: ContactFactory) -> None:
    contact = planned(Channel.MESSENGER)
    record_attempt(contact_id=contact.pk, started_at=MONDAY, result=NO_ANSWER, at=oslo("2022-01-10 10:30"))
    tries = record_late_answer(contact_id=contact.pk, answered_at=oslo("2022-01-10 14:00"), at=TUESDAY)
    assert tries.outcome == Outcome.ANSWERED
    assert tries.wait == 4 * 3600
    contact.refresh_from_db()
    assert contact.answered_at == oslo("2022-01-10 14:00")


def test_a_late_answer_is_messengers_alone_and_only_before_the_second_attempt(planned: ContactFactory) -> None:
    telephone = planned()
    unanswered(telephone)
    messenger = planned(Channel.MESSENGER, code="c0002")
    record_attempt(contact_id=messenger.pk, started_at=MONDAY, result=NO_ANSWER, at=oslo("2022-01-10 10:30"))
    start_attempt(contact_id=messenger.pk, at=TUESDAY)
    for contact in (telephone, messenger):
        with pytest.raises(AttemptRefused, match="Messenger"):
            record_late_answer(contact_id=contact.pk, answered_at=TUESDAY, at=TUESDAY)


def test_without_a_band_for_it_a_late_answer_is_no_answer(planned: ContactFactory, edition: Edition) -> None:
    WaitBand.objects.filter(edition=edition, up_to=None).delete()
    contact = planned(Channel.MESSENGER)
    record_attempt(contact_id=contact.pk, started_at=MONDAY, result=NO_ANSWER, at=oslo("2022-01-10 10:30"))
    with pytest.raises(AttemptRefused, match="30 minutter"):
        record_late_answer(contact_id=contact.pk, answered_at=oslo("2022-01-10 10:31"), at=TUESDAY)


# Mistakes and doors -------------------------------------------------------------------------------------------------


def test_an_attempt_can_be_taken_back_one_at_a_time(planned: ContactFactory) -> None:
    contact = planned()
    unanswered(contact)
    start_attempt(contact_id=contact.pk, at=TUESDAY)
    undo_attempt(contact_id=contact.pk)
    contact.refresh_from_db()
    assert contact.contacted_at == MONDAY
    undo_attempt(contact_id=contact.pk)
    contact.refresh_from_db()
    assert Contact.objects.filter(pk=contact.pk, contacted_at=None).exists()
    assert not contact.attempts.exists()
    with pytest.raises(AttemptRefused, match="ikke registrert"):
        undo_attempt(contact_id=contact.pk)


def test_after_the_field_period_only_what_was_begun_can_be_finished(planned: ContactFactory, edition: Edition) -> None:
    begun, untouched = planned(), planned(code="c0002")
    unanswered(begun)
    Edition.objects.update(phase=Phase.REVIEW)
    start_attempt(contact_id=begun.pk, at=TUESDAY)
    with pytest.raises(EditionNotOpen, match="over"):
        start_attempt(contact_id=untouched.pk, at=TUESDAY)


@pytest.mark.parametrize("phase", [Phase.DRAFT, Phase.PLANNED])
def test_nothing_is_recorded_before_the_field_period_opens(planned: ContactFactory, phase: Phase) -> None:
    contact = planned()
    Edition.objects.update(phase=phase)
    with pytest.raises(EditionNotOpen):
        start_attempt(contact_id=contact.pk, at=MONDAY)


@pytest.mark.parametrize("phase", [Phase.LOCKED, Phase.PUBLISHED])
def test_a_locked_edition_takes_no_attempts(planned: ContactFactory, phase: Phase) -> None:
    contact = planned()
    Edition.objects.update(phase=phase)
    with pytest.raises(EditionLocked):
        record_attempt(contact_id=contact.pk, started_at=MONDAY, wait_seconds=1, result=ANSWERED, at=MONDAY)


def test_an_annulled_contact_is_closed(planned: ContactFactory) -> None:
    contact = planned()
    annul(contact, note="Selskapet er lagt ned.", at=MONDAY)
    with pytest.raises(AlreadyHandedIn):
        start_attempt(contact_id=contact.pk, at=MONDAY)


def test_a_wait_can_be_corrected_until_it_is_handed_in(planned: ContactFactory) -> None:
    contact = planned()
    with pytest.raises(AttemptRefused, match="ikke registrert"):
        correct_attempt(contact_id=contact.pk, wait_seconds=30, at=TUESDAY)
    answered(contact, 45)
    assert correct_attempt(contact_id=contact.pk, wait_seconds=54, at=TUESDAY).wait == 54
    with pytest.raises(AttemptRefused, match="5 minutter"):
        correct_attempt(contact_id=contact.pk, wait_seconds=301, at=TUESDAY)
    contact.refresh_from_db()
    assert contact.answered_at == MONDAY + dt.timedelta(seconds=54)


def test_a_correction_of_what_was_sent_back_is_what_counts(planned: ContactFactory) -> None:
    contact = planned()
    answered(contact, 45)
    Contact.objects.update(outcome=Outcome.ANSWERED, wait=45, review=ReviewState.RETURNED)
    correct_attempt(contact_id=contact.pk, wait_seconds=54, at=TUESDAY)
    contact.refresh_from_db()
    assert contact.wait == 54


def test_the_time_of_an_emails_answer_can_be_corrected(planned: ContactFactory) -> None:
    contact = planned(Channel.EMAIL)
    answered(contact, None, answered_at=TUESDAY)
    assert correct_attempt(contact_id=contact.pk, answered_at=oslo("2022-01-12 08:00"), at=LATER).wait == 3


# The clock and the short attempt --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counted", "wait"),
    [(None, 20), ("0", 20), ("14.9", 20), ("15.2", 15), ("20", 20), ("21", 20), ("9999", 20)],
)
def test_the_servers_clock_decides_and_the_page_is_believed_as_far_as_a_press_can_be_delayed(
    planned: ContactFactory, counted: str | None, wait: int
) -> None:
    contact = planned()
    start_attempt(contact_id=contact.pk, at=MONDAY)
    tries = record_attempt(
        contact_id=contact.pk,
        result=ANSWERED,
        counted_seconds=None if counted is None else Decimal(counted),
        at=MONDAY + dt.timedelta(seconds=20),
    )
    assert tries.wait == wait
    assert Attempt.objects.get().clock_seconds is None


def test_what_the_shopper_says_instead_stands_beside_what_the_clock_showed(planned: ContactFactory) -> None:
    contact = planned()
    start_attempt(contact_id=contact.pk, at=MONDAY)
    five_to = MONDAY + dt.timedelta(seconds=295)
    tries = record_attempt(contact_id=contact.pk, result=ANSWERED, wait_seconds=40, at=five_to)
    attempt = Attempt.objects.get()
    assert tries.wait == 40
    assert attempt.wait_seconds == 40
    assert attempt.clock_seconds == 295
    assert list(Attempt.objects.out_of_the_ordinary()) == [attempt]
    correct_attempt(contact_id=contact.pk, wait_seconds=295, at=five_to)
    assert not Attempt.objects.out_of_the_ordinary().exists()


def test_a_correction_keeps_what_the_clock_showed(planned: ContactFactory) -> None:
    contact = planned()
    start_attempt(contact_id=contact.pk, at=MONDAY)
    record_attempt(contact_id=contact.pk, result=ANSWERED, at=MONDAY + dt.timedelta(seconds=200))
    for said in (30, 60):
        correct_attempt(contact_id=contact.pk, wait_seconds=said, at=LATER)
        attempt = Attempt.objects.get()
        assert (attempt.wait_seconds, attempt.clock_seconds) == (said, 200)


def test_nobody_has_waited_longer_than_since_the_attempt_began(planned: ContactFactory) -> None:
    contact = planned()
    start_attempt(contact_id=contact.pk, at=MONDAY)
    with pytest.raises(AttemptRefused, match="begynte for 20"):
        record_attempt(contact_id=contact.pk, result=NO_ANSWER, wait_seconds=300, at=MONDAY + dt.timedelta(seconds=20))
    assert not Attempt.objects.exists()


def test_a_wait_told_in_whole_minutes_may_seem_to_end_a_minute_ahead(planned: ContactFactory) -> None:
    contact = planned()
    start_attempt(contact_id=contact.pk, at=MONDAY)
    in_ten_seconds = MONDAY + dt.timedelta(seconds=10)
    with pytest.raises(AttemptRefused, match="begynte for 10"):
        record_attempt(contact_id=contact.pk, result=ANSWERED, wait_seconds=71, at=in_ten_seconds)
    assert record_attempt(contact_id=contact.pk, result=ANSWERED, wait_seconds=70, at=in_ten_seconds).wait == 70


@pytest.mark.parametrize("channel", [Channel.TELEPHONE, Channel.CHAT])
def test_giving_up_before_the_time_is_over_needs_its_reason(planned: ContactFactory, channel: str) -> None:
    contact = planned(channel)
    start_attempt(contact_id=contact.pk, at=MONDAY)
    soon = MONDAY + dt.timedelta(seconds=3)
    with pytest.raises(ShortTry, match="3\xa0s, og grensen er 5\xa0min"):
        record_attempt(contact_id=contact.pk, result=NO_ANSWER, at=soon)
    with pytest.raises(AttemptRefused, match="grunnene"):
        record_attempt(contact_id=contact.pk, result=NO_ANSWER, reason="tired", at=soon)
    record_attempt(contact_id=contact.pk, result=NO_ANSWER, reason=ShortTryReason.WRONG_NUMBER, at=soon)
    attempt = Attempt.objects.out_of_the_ordinary().get()
    assert (attempt.result, attempt.reason, attempt.wait_seconds) == (NO_ANSWER, "wrong_number", 3)


def test_a_closed_queue_is_not_even_queued(planned: ContactFactory) -> None:
    contact = planned()
    start_attempt(contact_id=contact.pk, at=MONDAY)
    record_attempt(contact_id=contact.pk, result=NO_ANSWER, reason=ShortTryReason.QUEUE_CLOSED, at=MONDAY)
    assert Attempt.objects.get().result == NOT_QUEUED


def test_an_unanswered_attempt_told_afterwards_says_how_long_it_waited(planned: ContactFactory) -> None:
    contact = planned()
    with pytest.raises(AttemptRefused, match="hvor lenge"):
        record_attempt(contact_id=contact.pk, started_at=MONDAY, result=NO_ANSWER, at=LATER, told_afterwards=True)
    with pytest.raises(ShortTry):
        record_attempt(contact_id=contact.pk, started_at=MONDAY, wait_seconds=3, result=NO_ANSWER, at=LATER)
    record_attempt(
        contact_id=contact.pk, started_at=MONDAY, wait_seconds=300, result=NO_ANSWER, at=LATER, told_afterwards=True
    )
    assert Attempt.objects.out_of_the_ordinary().get().told_afterwards


def test_the_database_knows_no_reason_for_an_answered_attempt(planned: ContactFactory) -> None:
    contact = planned()
    answered(contact, 10)
    with pytest.raises(IntegrityError, match="attempt_reason_only_unanswered"), transaction.atomic():
        Attempt.objects.update(reason=ShortTryReason.CLOSED)
