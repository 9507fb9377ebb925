"""A leader and a shopper, or two leaders, reach for one contact at the same moment: one of them gets it."""

from __future__ import annotations

import datetime as dt

import pytest

from kundeservice.core.gone import GoneMeanwhile
from kundeservice.core.models import AuditEvent, Role, User
from shoppers.models import Assignment, Shopper
from shoppers.services.moving import MoveRefused, move_contact, take_back_contact
from surveys.models import Contact
from surveys.queries.versions import placing_version
from surveys.services import ChangedMeanwhile, start_attempt
from tests import factories
from tests.shoppers.conftest import AssignmentFactory, ShopperFactory, oslo
from tests.surveys.services.test_concurrency import PRESSES, all_at_once

WEDNESDAY = oslo("2022-01-19 09:00")


@pytest.fixture
def leader(transactional_db: None) -> User:
    return factories.make_person(Role.LEADER)


@pytest.fixture
def takers(transactional_db: None, shopper_of: ShopperFactory) -> list[Shopper]:
    return [shopper_of(f"s{number}") for number in range(1, PRESSES + 1)]


@pytest.fixture
def contact(transactional_db: None, shopper_of: ShopperFactory, assigned: AssignmentFactory) -> Contact:
    return assigned(shopper_of("meg"), week="2022-W02")


def test_of_many_who_give_it_away_from_the_same_page_one_does(
    contact: Contact, takers: list[Shopper], leader: User
) -> None:
    seen = placing_version(contact)
    came = all_at_once(
        lambda number: move_contact(
            contact_id=contact.pk,
            by=leader,
            at=WEDNESDAY,
            day=dt.date(2022, 1, 21),
            shopper=takers[number].code,
            reason="Hun er syk.",
            seen=seen,
        ),
        refusals=(ChangedMeanwhile,),
    )
    assert sum(isinstance(one, ChangedMeanwhile) for one in came) == PRESSES - 1
    line = AuditEvent.objects.get(action="contact.given")
    assert Assignment.objects.get(contact=contact).shopper.code == line.detail["after"]["shopper"]


def test_it_is_either_begun_or_taken_back(contact: Contact, leader: User) -> None:
    def press(number: int) -> object:
        if number % 2:
            return take_back_contact(contact_id=contact.pk, by=leader, at=WEDNESDAY, reason="Hun er syk.")
        return start_attempt(contact_id=contact.pk, at=WEDNESDAY)

    all_at_once(press, refusals=(MoveRefused, GoneMeanwhile))

    left = Contact.objects.filter(pk=contact.pk).first()
    assert (left is None) == AuditEvent.objects.filter(action="contact.taken_back").exists()
    assert left is None or left.contacted_at == WEDNESDAY
