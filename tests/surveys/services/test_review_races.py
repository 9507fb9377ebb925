"""Two people in the review at the same moment: real threads, real transactions, one outcome and one line for it."""

from __future__ import annotations

import pytest
from django.db.models import Count

from kundeservice.core.models import AuditEvent, Role, User
from surveys.models import Contact, Edition, Outcome, Participant, ReviewEvent, ReviewState
from surveys.queries.clean import queue_version
from surveys.services import (
    ReviewRefused,
    agree_to_void,
    approve_response,
    ask_to_void,
    return_response,
    take_over_response,
    withdraw_voiding,
)
from surveys.services.approving import ApprovedMany, approve_clean
from surveys.services.voiding import lift_voiding
from tests import factories
from tests.surveys.conftest import oslo
from tests.surveys.services.test_concurrency import PRESSES, all_at_once

AT, LATER = oslo("2022-06-20 09:00"), oslo("2022-06-20 10:00")


@pytest.fixture
def leaders(transactional_db: None) -> tuple[User, User]:
    return factories.make_person(Role.LEADER), factories.make_person(Role.LEADER)


@pytest.fixture
def waiting(transactional_db: None, edition: Edition, participant: Participant) -> list[Contact]:
    return [factories.make_contact(participant, review=ReviewState.SUBMITTED) for _turn in range(4)]


def test_pressing_approve_many_times_at_once_approves_each_once(
    waiting: list[Contact], leaders: tuple[User, User]
) -> None:
    edition = waiting[0].edition
    seen = queue_version(edition)
    came = all_at_once(
        lambda number: approve_clean(edition_id=edition.pk, without=(), by=leaders[number % 2], at=AT, seen=seen)
    )
    assert sum(done.number for done in came if isinstance(done, ApprovedMany)) == len(waiting)
    each = AuditEvent.objects.filter(action="response.approved").values("subject").annotate(times=Count("pk"))
    assert {line["times"] for line in each} == {1}
    assert ReviewEvent.objects.filter(state=ReviewState.APPROVED).count() == len(waiting)


def test_a_return_and_an_approval_of_all_at_once_give_each_response_one_state(
    waiting: list[Contact], leaders: tuple[User, User]
) -> None:
    edition, first = waiting[0].edition, waiting[0]
    seen = queue_version(edition)

    def press(number: int) -> object:
        if number % 2:
            return approve_clean(edition_id=edition.pk, without=(), by=leaders[0], at=AT, seen=seen)
        return return_response(contact_id=first.pk, by=leaders[1], note="Se på dette.", at=AT, seen=seen)

    all_at_once(press, refusals=(Exception,))

    first.refresh_from_db()
    acts = AuditEvent.objects.filter(subject=f"{edition.code}/{first.code}").values_list("action", flat=True)
    assert list(acts) == [{"approved": "response.approved", "returned": "response.returned"}[first.review]]


def test_a_request_gets_one_answer(waiting: list[Contact], leaders: tuple[User, User]) -> None:
    asked = ask_to_void(contact_id=waiting[0].pk, reason="other", note="Kunde der.", by=leaders[0], at=AT)

    def press(number: int) -> object:
        answer = agree_to_void if number % 2 else withdraw_voiding
        return answer(voiding_id=asked.pk, by=leaders[1], at=LATER)

    came = all_at_once(press, refusals=(ReviewRefused,))

    assert sum(not isinstance(one, ReviewRefused) for one in came) == 1
    waiting[0].refresh_from_db()
    is_void = waiting[0].outcome == Outcome.VOID
    asked.refresh_from_db()
    assert (asked.agreed_at is not None, asked.withdrawn_at is None) == (is_void, is_void)


def test_putting_back_happens_once(waiting: list[Contact], leaders: tuple[User, User]) -> None:
    contact = waiting[0]
    answers = contact.answers.count()
    asked = ask_to_void(contact_id=contact.pk, reason="other", note="Kunde der.", by=leaders[0], at=AT)
    agree_to_void(voiding_id=asked.pk, by=leaders[1], at=LATER)
    came = all_at_once(
        lambda number: lift_voiding(contact_id=contact.pk, by=leaders[number % 2], note="Feil person.", at=LATER),
        refusals=(ReviewRefused,),
    )
    assert sum(isinstance(one, ReviewRefused) for one in came) == PRESSES - 1
    assert contact.answers.count() == answers


def test_taking_over_happens_once_and_then_it_can_be_approved(
    waiting: list[Contact], leaders: tuple[User, User]
) -> None:
    contact = waiting[0]
    return_response(contact_id=contact.pk, by=leaders[0], note="Se på dette.", at=AT)
    came = all_at_once(
        lambda number: take_over_response(contact_id=contact.pk, by=leaders[number % 2], note="Stille.", at=LATER),
        refusals=(ReviewRefused,),
    )
    assert sum(isinstance(one, ReviewRefused) for one in came) == PRESSES - 1
    approve_response(contact_id=contact.pk, by=leaders[0], at=LATER)
