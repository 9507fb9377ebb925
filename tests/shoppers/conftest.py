"""A small edition with shoppers, planned and ready for its field period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest

from kundeservice.core.models import Role
from shoppers.models import Assignment, Shopper
from surveys.models import Channel, Contact, Edition, Participant, Phase, Window
from tests import factories
from tests.conftest import PersonFactory

OSLO = ZoneInfo("Europe/Oslo")
ShopperFactory = Callable[..., Shopper]
AssignmentFactory = Callable[..., Contact]


def oslo(text: str) -> dt.datetime:
    """A Norwegian moment, such as `oslo("2022-01-10 10:00")`."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=OSLO)


@pytest.fixture
def edition(db: None) -> Edition:
    """Four weeks in January, four contacts per participant."""
    edition = factories.make_edition(
        phase=Phase.FIELD, starts_on=dt.date(2022, 1, 10), ends_on=dt.date(2022, 2, 4), contacts_per_participant=4
    )
    factories.make_questionnaire(edition)
    return edition


@pytest.fixture
def participants(edition: Edition) -> list[Participant]:
    """Two rivals, reached by telephone, e-mail and chat."""
    award_class = factories.make_class(edition)
    channels = (Channel.TELEPHONE, Channel.EMAIL, Channel.CHAT)
    return [
        factories.make_participant(award_class, name, code=code, channels=channels)
        for code, name in (("fjell", "Fjellbanken"), ("fjord", "Fjordbanken"))
    ]


@pytest.fixture
def shopper_of(edition: Edition) -> ShopperFactory:
    """Make shoppers: `shopper_of("s1", user=…, channels="telephone")`."""

    def make(code: str, **facts: object) -> Shopper:
        values = {
            "name": f"Shopper {code}",
            "email": f"{code}@example.test",
            "channels": " ".join(Channel.values),
            "max_contacts": 10,
            **facts,
        }
        return Shopper.objects.create(edition=edition, code=code, **values)

    return make


@pytest.fixture
def pool(shopper_of: ShopperFactory) -> list[Shopper]:
    """Six shoppers who can do everything."""
    counties = ("Oslo", "Vestland", "Trøndelag", "Nordland", "Agder", "Viken")
    return [
        shopper_of(f"s{number}", county=county, birth_year=1960 + 7 * number, gender=("female", "male")[number % 2])
        for number, county in enumerate(counties, start=1)
    ]


@pytest.fixture
def assigned(participants: list[Participant]) -> AssignmentFactory:
    """Give a shopper a contact: `assigned(shopper, Channel.EMAIL, week="2022-W03")`."""

    def make(
        shopper: Shopper,
        channel: str = Channel.TELEPHONE,
        *,
        code: str = "c0001",
        week: str = "2022-W02",
        participant: Participant | None = None,
    ) -> Contact:
        contact = Contact.objects.create(
            edition=shopper.edition,
            participant=participant or participants[0],
            channel=channel,
            code=code,
            week=week,
            planned_on=dt.date.fromisocalendar(int(week[:4]), int(week[-2:]), 2),
            window=Window.MORNING,
        )
        Assignment.objects.create(contact=contact, shopper=shopper)
        return contact

    return make


@pytest.fixture
def me(person: PersonFactory, shopper_of: ShopperFactory) -> Shopper:
    """A shopper who can log in."""
    return shopper_of("meg", user=person(Role.SHOPPER, email="meg@example.test"), name="Mari Meg")
