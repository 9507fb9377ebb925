"""Opening the seal takes two people, and everything about it stays in the log."""

from __future__ import annotations

import pytest

from kundeservice.core.models import AuditEvent, User
from surveys.models import Edition, Phase
from surveys.queries.sealing import results_are_open, waiting_opening
from surveys.services import (
    OpeningRefused,
    agree_to_opening,
    ask_to_unlock,
    ask_to_view_results,
    set_viewers_needed,
    withdraw_opening,
)
from tests.factories import AT, make_edition, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def one() -> User:
    return make_person()


@pytest.fixture
def other() -> User:
    return make_person()


@pytest.fixture
def edition() -> Edition:
    return make_edition()


def acts(edition: Edition) -> list[str]:
    return list(AuditEvent.objects.filter(subject=edition.code).order_by("pk").values_list("action", flat=True))


def test_results_open_when_a_second_person_agrees(edition: Edition, one: User, other: User) -> None:
    opening = ask_to_view_results(edition_id=edition.pk, by=one, reason="Lage manus til kåringen", at=AT)
    assert not results_are_open(edition)

    agree_to_opening(opening_id=opening.pk, by=other, at=AT)

    assert results_are_open(edition)
    assert acts(edition) == ["seal.view.asked", "seal.view.agreed"]


def test_nobody_agrees_to_their_own_request(edition: Edition, one: User) -> None:
    opening = ask_to_view_results(edition_id=edition.pk, by=one, reason="Nysgjerrig", at=AT)

    with pytest.raises(OpeningRefused):
        agree_to_opening(opening_id=opening.pk, by=one, at=AT)

    assert not results_are_open(edition)


def test_one_person_is_enough_where_the_edition_says_so(edition: Edition, one: User) -> None:
    Edition.objects.filter(pk=edition.pk).update(viewers_needed=1)

    ask_to_view_results(edition_id=edition.pk, by=one, reason="Lage manus", at=AT)

    assert results_are_open(edition)


def test_a_reason_is_needed(edition: Edition, one: User) -> None:
    with pytest.raises(OpeningRefused):
        ask_to_view_results(edition_id=edition.pk, by=one, reason=" \x00 ", at=AT)


def test_a_request_turned_down_opens_nothing(edition: Edition, one: User, other: User) -> None:
    opening = ask_to_view_results(edition_id=edition.pk, by=one, reason="Manus", at=AT)

    withdraw_opening(opening_id=opening.pk, by=other, at=AT)

    assert not results_are_open(edition)
    with pytest.raises(OpeningRefused):
        agree_to_opening(opening_id=opening.pk, by=other, at=AT)
    assert waiting_opening(edition, opening.kind) is None  # type: ignore[arg-type]


def test_two_people_and_a_reason_unlock_an_edition(one: User, other: User) -> None:
    locked = make_edition(phase=Phase.LOCKED)
    opening = ask_to_unlock(edition_id=locked.pk, by=one, reason="Klage: feil svartid på c0012", at=AT)

    agree_to_opening(opening_id=opening.pk, by=other, at=AT)

    locked.refresh_from_db()
    assert locked.phase == Phase.REVIEW
    assert acts(locked) == ["seal.unlock.asked", "seal.unlock.agreed", "edition.unlocked"]
    reasons = AuditEvent.objects.get(action="edition.unlocked").detail
    assert reasons == {"reason": "Klage: feil svartid på c0012"}


def test_an_unlocking_is_used_once(one: User, other: User) -> None:
    locked = make_edition(phase=Phase.LOCKED)
    opening = ask_to_unlock(edition_id=locked.pk, by=one, reason="Klage", at=AT)
    agree_to_opening(opening_id=opening.pk, by=other, at=AT)
    Edition.objects.filter(pk=locked.pk).update(phase=Phase.LOCKED)

    with pytest.raises(OpeningRefused):
        agree_to_opening(opening_id=opening.pk, by=other, at=AT)


def test_an_open_edition_has_no_lock_to_open(edition: Edition, one: User) -> None:
    with pytest.raises(OpeningRefused):
        ask_to_unlock(edition_id=edition.pk, by=one, reason="Klage", at=AT)


def test_how_many_must_agree_is_settled_before_the_field_period(one: User) -> None:
    draft = make_edition("ksp-2030", phase=Phase.DRAFT)

    set_viewers_needed(edition_id=draft.pk, number=1, by=one, at=AT)

    draft.refresh_from_db()
    assert draft.viewers_needed == 1
    assert acts(draft) == ["seal.viewers_set"]


def test_nobody_lowers_the_bar_once_there_is_something_to_see(edition: Edition, one: User) -> None:
    with pytest.raises(OpeningRefused):
        set_viewers_needed(edition_id=edition.pk, number=1, by=one, at=AT)

    edition.refresh_from_db()
    assert edition.viewers_needed == 2
