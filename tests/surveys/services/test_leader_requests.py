"""Opening the seal takes two people, and everything about it stays in the log."""

from __future__ import annotations

import datetime as dt

import pytest

from kundeservice.core.models import AuditEvent, Role, RoleGrant, User
from surveys.models import Edition, LeaderRequest, Phase, RequestKind
from surveys.queries.sealing import open_editions, results_are_open, waiting_requests
from surveys.services import (
    RequestRefused,
    agree_to_request,
    ask_to_pass,
    ask_to_unlock,
    ask_to_view_results,
    set_viewers_needed,
    withdraw_request,
)
from tests.factories import AT, make_edition, make_person

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(hours=1)


@pytest.fixture
def one() -> User:
    return make_person(Role.LEADER)


@pytest.fixture
def other() -> User:
    return make_person(Role.LEADER)


@pytest.fixture
def edition() -> Edition:
    return make_edition()


def acts(edition: Edition) -> list[str]:
    return list(AuditEvent.objects.filter(subject=edition.code).order_by("pk").values_list("action", flat=True))


def test_results_open_when_a_second_person_agrees(edition: Edition, one: User, other: User) -> None:
    asked = ask_to_view_results(edition_id=edition.pk, by=one, reason="Lage manus til kåringen", at=AT)
    assert not results_are_open(edition)

    agree_to_request(request_id=asked.pk, by=other, at=AT)

    assert results_are_open(edition)
    assert acts(edition) == ["seal.view.asked", "seal.view.agreed"]


def test_nobody_agrees_to_their_own_request(edition: Edition, one: User) -> None:
    asked = ask_to_view_results(edition_id=edition.pk, by=one, reason="Nysgjerrig", at=AT)

    with pytest.raises(RequestRefused):
        agree_to_request(request_id=asked.pk, by=one, at=AT)

    assert not results_are_open(edition)


def test_one_person_is_enough_where_the_edition_says_so(edition: Edition, one: User) -> None:
    Edition.objects.filter(pk=edition.pk).update(viewers_needed=1)

    ask_to_view_results(edition_id=edition.pk, by=one, reason="Lage manus", at=AT)

    assert results_are_open(edition)


def test_a_reason_is_needed(edition: Edition, one: User) -> None:
    with pytest.raises(RequestRefused):
        ask_to_view_results(edition_id=edition.pk, by=one, reason=" \x00 ", at=AT)


def test_one_request_waits_at_a_time(edition: Edition, one: User, other: User) -> None:
    ask_to_view_results(edition_id=edition.pk, by=one, reason="Manus", at=AT)
    with pytest.raises(RequestRefused, match="ligger allerede et ønske"):
        ask_to_view_results(edition_id=edition.pk, by=other, reason="Manus", at=LATER)
    elsewhere = make_edition("ksp-2031")
    assert ask_to_view_results(edition_id=elsewhere.pk, by=one, reason="Manus", at=AT).pk


@pytest.mark.parametrize(("needed", "agreed_by_themselves"), [(1, True), (2, False)])
def test_a_request_to_pass_a_gate_is_agreed_to_at_once_where_one_is_enough(
    edition: Edition, one: User, needed: int, agreed_by_themselves: bool
) -> None:
    Edition.objects.update(viewers_needed=needed)
    asked = ask_to_pass(edition_id=edition.pk, kind=RequestKind.LOCK, by=one, reason="", wanted={}, at=AT)
    asked.refresh_from_db()
    assert (asked.agreed_by, asked.agreed_at) == ((one, AT) if agreed_by_themselves else (None, None))


def test_a_request_turned_down_opens_nothing(edition: Edition, one: User, other: User) -> None:
    asked = ask_to_view_results(edition_id=edition.pk, by=one, reason="Manus", at=AT)

    withdraw_request(request_id=asked.pk, by=other, at=AT)

    assert not results_are_open(edition)
    with pytest.raises(RequestRefused):
        agree_to_request(request_id=asked.pk, by=other, at=AT)
    assert asked.kind not in waiting_requests(edition)


def test_two_people_and_a_reason_unlock_an_edition(one: User, other: User) -> None:
    locked = make_edition(phase=Phase.LOCKED)
    asked = ask_to_unlock(edition_id=locked.pk, by=one, reason="Klage: feil svartid på c0012", at=AT)

    agree_to_request(request_id=asked.pk, by=other, at=AT)

    locked.refresh_from_db()
    assert locked.phase == Phase.REVIEW
    assert acts(locked) == ["seal.unlock.asked", "seal.unlock.agreed", "edition.unlocked"]
    reasons = AuditEvent.objects.get(action="edition.unlocked").detail
    assert reasons == {"reason": "Klage: feil svartid på c0012"}


def test_an_unlocking_is_used_once(one: User, other: User) -> None:
    locked = make_edition(phase=Phase.LOCKED)
    asked = ask_to_unlock(edition_id=locked.pk, by=one, reason="Klage", at=AT)
    agree_to_request(request_id=asked.pk, by=other, at=AT)
    Edition.objects.filter(pk=locked.pk).update(phase=Phase.LOCKED)

    with pytest.raises(RequestRefused):
        agree_to_request(request_id=asked.pk, by=other, at=AT)


# ---- two people, not one twice ---------------------------------------------------------------------------------------


@pytest.fixture
def request_to_look(edition: Edition, one: User) -> LeaderRequest:
    return ask_to_view_results(edition_id=edition.pk, by=one, reason="Manus", at=AT)


def refusal_of(asked: LeaderRequest, by: User) -> str:
    with pytest.raises(RequestRefused) as refused:
        agree_to_request(request_id=asked.pk, by=by, at=LATER)
    assert not results_are_open(asked.edition)
    return str(refused.value)


@pytest.mark.parametrize("granted_at", [AT, LATER])
def test_a_leader_made_after_the_request_cannot_agree_to_it(
    request_to_look: LeaderRequest, other: User, granted_at: dt.datetime
) -> None:
    RoleGrant.objects.filter(user=other).update(granted_at=granted_at)

    assert "etter at" in refusal_of(request_to_look, other)


def test_a_request_by_somebody_who_became_leader_afterwards_does_not_count(
    request_to_look: LeaderRequest, one: User, other: User
) -> None:
    RoleGrant.objects.filter(user=one).update(granted_at=LATER)

    assert "Den som ba om det" in refusal_of(request_to_look, other)


def test_a_request_falls_with_the_one_who_asked(request_to_look: LeaderRequest, one: User, other: User) -> None:
    User.objects.filter(pk=one.pk).update(is_active=False)
    assert "ikke lenger prosjektleder" in refusal_of(request_to_look, other)

    User.objects.filter(pk=one.pk).update(is_active=True)
    RoleGrant.objects.filter(user=one).delete()
    assert "ikke lenger prosjektleder" in refusal_of(request_to_look, other)


def test_only_an_active_leader_agrees(request_to_look: LeaderRequest, other: User) -> None:
    assert "Bare prosjektledere" in refusal_of(request_to_look, make_person(Role.REVIEWER))

    User.objects.filter(pk=other.pk).update(is_active=False)
    assert "Bare prosjektledere" in refusal_of(request_to_look, other)


def test_a_superuser_who_is_no_leader_neither_asks_nor_agrees(request_to_look: LeaderRequest) -> None:
    operator = User.objects.create_superuser("drift@example.test")
    single = make_edition("ksp-2030", viewers_needed=1)

    assert "Bare prosjektledere" in refusal_of(request_to_look, operator)
    with pytest.raises(RequestRefused, match="Bare prosjektledere"):
        ask_to_view_results(edition_id=single.pk, by=operator, reason="Nysgjerrig", at=AT)
    assert not results_are_open(single)


# ---- a look ends when the lock is opened -----------------------------------------------------------------------------


def test_what_two_people_agreed_to_see_ends_when_the_edition_is_unlocked(one: User, other: User) -> None:
    locked = make_edition(phase=Phase.LOCKED)
    untouched = make_edition("ksp-2030", phase=Phase.LOCKED)
    for seen in (locked, untouched):
        look = ask_to_view_results(edition_id=seen.pk, by=one, reason="Manus", at=AT)
        agree_to_request(request_id=look.pk, by=other, at=AT)
    change = ask_to_unlock(edition_id=locked.pk, by=one, reason="Klage", at=AT)
    assert open_editions() == {locked.pk, untouched.pk}

    agree_to_request(request_id=change.pk, by=other, at=LATER)
    assert not results_are_open(locked)
    assert open_editions() == {untouched.pk}

    after = LATER + dt.timedelta(hours=1)
    again = ask_to_view_results(edition_id=locked.pk, by=one, reason="Nytt manus", at=after)
    agree_to_request(request_id=again.pk, by=other, at=after)
    assert results_are_open(locked)
    assert open_editions() == {locked.pk, untouched.pk}


def test_an_open_edition_has_no_lock_to_open(edition: Edition, one: User) -> None:
    with pytest.raises(RequestRefused):
        ask_to_unlock(edition_id=edition.pk, by=one, reason="Klage", at=AT)


def test_how_many_must_agree_is_settled_before_the_field_period(one: User) -> None:
    draft = make_edition("ksp-2030", phase=Phase.DRAFT)

    set_viewers_needed(edition_id=draft.pk, number=1, by=one, at=AT)

    draft.refresh_from_db()
    assert draft.viewers_needed == 1
    assert acts(draft) == ["seal.viewers_set"]


@pytest.mark.parametrize("phase", [Phase.FIELD, Phase.REVIEW])
def test_nobody_lowers_the_bar_once_there_is_something_to_see(edition: Edition, one: User, phase: Phase) -> None:
    Edition.objects.update(phase=phase)
    with pytest.raises(RequestRefused):
        set_viewers_needed(edition_id=edition.pk, number=1, by=one, at=AT)

    edition.refresh_from_db()
    assert edition.viewers_needed == 2
