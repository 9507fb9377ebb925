"""The moment a leader types for the publication: in the form, on the command line, in the edition's own time zone."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from awards.forms import PublicationForm
from awards.models import Publication
from kundeservice.core import clock
from kundeservice.core.models import User
from scoring.services import count_edition
from surveys.models import Edition
from tests.conftest import ClientFactory
from tests.factories import AT, believable_edition

pytestmark = pytest.mark.django_db

NO_MOMENTS = [("2027-03-28", "finnes ikke"), ("2027-10-31", "finnes to ganger")]


@pytest.fixture
def edition(monkeypatch: pytest.MonkeyPatch) -> Edition:
    monkeypatch.setattr(clock, "now", lambda: AT)
    edition = believable_edition(classes=1, participants=2, contacts=3)
    count_edition(edition_id=edition.pk, at=AT)
    return edition


@pytest.mark.parametrize(("day", "words"), NO_MOMENTS)
def test_the_command_refuses_an_hour_that_is_no_moment(edition: Edition, day: str, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("publish_edition", edition.code, "--at", f"{day}T02:30")

    assert not Publication.objects.exists()


@pytest.mark.parametrize(("day", "words"), NO_MOMENTS)
def test_the_form_refuses_an_hour_that_is_no_moment(edition: Edition, day: str, words: str) -> None:
    form = PublicationForm(
        {"when": "later", "on": day, "at": "02:30", "confirmed": "on"}, edition=edition, publication=None
    )

    assert not form.is_valid()
    assert words in str(form.errors["at"])


@pytest.mark.parametrize(("day", "words"), NO_MOMENTS)
def test_the_office_tells_the_leader_and_plans_nothing(
    edition: Edition, day: str, words: str, client_for: ClientFactory, leader: User
) -> None:
    office: Client = client_for(leader)

    page = office.post(
        f"/kontor/{edition.code}/resultater/publiser/",
        {"when": "later", "on": day, "at": "02:30", "confirmed": "on"},
        follow=True,
    )

    assert words in page.content.decode()
    assert not Publication.objects.exists()


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("2027-04-28T18:00Z", "2027-04-28T20:00+02:00"),
        ("2027-04-28T20:00", "2027-04-28T20:00+02:00"),
        ("2027-01-28T20:00", "2027-01-28T20:00+01:00"),
        ("2027-10-31T02:30+01:00", "2027-10-31T02:30+01:00"),
    ],
)
def test_the_command_tells_the_moment_as_the_clock_here_shows_it(edition: Edition, written: str, told: str) -> None:
    out = io.StringIO()

    call_command("publish_edition", edition.code, "--at", written, stdout=out)

    assert told in out.getvalue()
    assert Publication.objects.get().publish_at == dt.datetime.fromisoformat(told)
