"""A small edition in its field period, with contacts nobody has made yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest

from kundeservice.core.models import Role, RoleGrant
from surveys.models import Channel, Contact, Edition, Participant, Phase, ReviewState, VoidReason
from surveys.services import agree_to_void, ask_to_void
from tests import factories

OSLO = ZoneInfo("Europe/Oslo")
ContactFactory = Callable[..., Contact]

FULL_OPTIONS = {code: [options[0][0]] for code, _area, _text, options in factories.QUESTIONS}
"""The first option of every question of the factories' questionnaire."""
FULL_VALUES = {code: most for code, _metric, _text, _least, most in factories.SCALES}


def oslo(text: str) -> dt.datetime:
    """A Norwegian moment, such as `oslo("2022-01-10 10:00")`."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=OSLO)


@pytest.fixture
def edition(db: None) -> Edition:
    edition = factories.make_edition(phase=Phase.FIELD, starts_on=dt.date(2022, 1, 10), ends_on=dt.date(2022, 2, 4))
    factories.make_questionnaire(edition)
    return edition


@pytest.fixture
def participant(edition: Edition) -> Participant:
    return factories.make_participant(factories.make_class(edition), channels=Channel.values, code="solbakken")


@pytest.fixture
def planned(participant: Participant) -> ContactFactory:
    """Make contacts that are planned and no more: `planned(Channel.EMAIL)`."""

    def make(channel: str = Channel.TELEPHONE, code: str = "c0001", week: str = "2022-W02") -> Contact:
        return Contact.objects.create(
            edition=participant.edition, participant=participant, channel=channel, code=code, week=week
        )

    return make


@pytest.fixture
def handed_in(participant: Participant) -> Contact:
    """A response that waits for the leader, with a comment."""
    return factories.make_contact(participant, review=ReviewState.SUBMITTED, comments=[("agent", "Kari var flink.")])


def annul(contact: Contact, *, note: str, at: dt.datetime) -> None:
    """Annul a contact as it is done: a leader asks, and a colleague agrees where somebody has begun it."""
    asking, agreeing = (factories.make_person(Role.LEADER) for _turn in range(2))
    RoleGrant.objects.filter(user__in=(asking, agreeing)).update(granted_at=at - dt.timedelta(days=1))
    asked = ask_to_void(contact_id=contact.pk, reason=VoidReason.OTHER, note=note, by=asking, at=at)
    if asked.agreed_at is None:
        agree_to_void(voiding_id=asked.pk, by=agreeing, at=at)
