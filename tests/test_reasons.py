"""Wherever a reason is needed, characters that nobody sees are none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from awards.publication.services.gates import ask_to_lock
from kundeservice.core.models import AuditEvent, Role, User
from scoring.services import count_edition
from shoppers.services.putting_back import put_back_contact
from surveys.models import Contact, Edition, Phase, ReviewState
from surveys.services import (
    SurveyRefusal,
    ask_to_unlock,
    ask_to_view_results,
    ask_to_void,
    close_field,
    reopen_field,
    return_response,
    take_back_opening,
    take_over_response,
)
from tests.factories import AT, believable_edition, make_person
from tests.surveys.conftest import annul

Act = Callable[[Edition, User, str], object]
INVISIBLE = ["", " ", "\u200b", "\u00ad", "\u2060\ufeff", "\u3164"]


def contact_of(edition: Edition) -> int:
    return Contact.objects.filter(edition=edition, outcome="answered").earliest("pk").pk


def at_phase(edition: Edition, phase: Phase) -> int:
    Edition.objects.filter(pk=edition.pk).update(phase=phase)
    return edition.pk


def close(edition: Edition, by: User, reason: str) -> object:
    at_phase(edition, Phase.FIELD)
    unmade = Contact.objects.filter(edition=edition).latest("pk")
    Contact.objects.filter(pk=unmade.pk).update(outcome="", wait=None, review="")
    return close_field(edition_id=edition.pk, by=by, at=AT, reason=reason)


def take_back_the_opening(edition: Edition, by: User, reason: str) -> object:
    Contact.objects.filter(edition=edition).delete()
    return take_back_opening(edition_id=at_phase(edition, Phase.FIELD), by=by, at=AT, reason=reason)


def put_back(edition: Edition, by: User, reason: str) -> object:
    contact = contact_of(edition)
    annul(Contact.objects.get(pk=contact), note="Feil deltaker.", at=AT)
    return put_back_contact(contact_id=contact, by=by, note=reason, at=AT)


def take_over(edition: Edition, by: User, reason: str) -> object:
    contact = contact_of(edition)
    return_response(contact_id=contact, by=by, note="Rett svaret.", at=AT)
    return take_over_response(contact_id=contact, by=by, note=reason, at=AT)


def lock(edition: Edition, by: User, reason: str) -> object:
    Contact.objects.filter(pk=contact_of(edition)).update(review=ReviewState.SUBMITTED)
    count_edition(edition_id=edition.pk, at=AT)
    return ask_to_lock(edition_id=edition.pk, by=by, reason=reason, at=AT)


ACTS: dict[str, Act] = {
    "close the field period": close,
    "reopen it": lambda edition, by, reason: reopen_field(edition_id=edition.pk, by=by, at=AT, reason=reason),
    "take back the opening": take_back_the_opening,
    "see the results": lambda edition, by, reason: ask_to_view_results(
        edition_id=edition.pk, by=by, reason=reason, at=AT
    ),
    "unlock": lambda edition, by, reason: ask_to_unlock(
        edition_id=at_phase(edition, Phase.LOCKED), by=by, reason=reason, at=AT
    ),
    "lock with something undone": lock,
    "annul": lambda edition, by, reason: ask_to_void(
        contact_id=contact_of(edition), reason="other", note=reason, by=by, at=AT
    ),
    "put back": put_back,
    "return": lambda edition, by, reason: return_response(contact_id=contact_of(edition), by=by, note=reason, at=AT),
    "take over": take_over,
}


@pytest.fixture
def reviewed(db: None) -> Edition:
    return believable_edition(classes=1, participants=1, contacts=3)


@pytest.fixture
def leader(db: None) -> User:
    return make_person(Role.LEADER)


@pytest.mark.parametrize("reason", INVISIBLE, ids=ascii)
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_nothing_is_done_for_a_reason_nobody_can_read(reviewed: Edition, leader: User, act: Act, reason: str) -> None:
    with pytest.raises(SurveyRefusal, match="Skriv"):
        act(reviewed, leader, reason)


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_the_same_is_done_for_a_reason_in_words(reviewed: Edition, leader: User, act: Act) -> None:
    act(reviewed, leader, "\u200bDet var feil.")
    assert AuditEvent.objects.exists()
