"""The list of contacts: the overview's numbers lead to exactly what they count, each line with the way to its page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from awards.office.queries.contacts import CONTACTS_PAGE, ContactState, Narrowed, list_contacts
from kundeservice.core.models import User
from surveys.models import Attempt, AttemptResult, Channel, Contact, Edition, Outcome, Phase, ReviewState
from surveys.queries.gates import undone_after_closing, undone_before_closing
from surveys.queries.progress import edition_progress
from tests.conftest import ClientFactory
from tests.factories import AT, believable_edition

pytestmark = pytest.mark.django_db

UNMADE: dict[str, Any] = {"outcome": "", "contacted_at": None, "answered_at": None, "wait": None, "review": ""}


@pytest.fixture
def office(leader: User, client_for: ClientFactory) -> Client:
    return client_for(leader)


@pytest.fixture
def edition() -> Edition:
    """One contact in every state there is, by code."""
    edition = believable_edition(classes=1, participants=1, contacts=8)
    Edition.objects.update(phase=Phase.FIELD)
    contacts = Contact.objects.filter(edition=edition).order_by("code")
    facts: dict[str, dict[str, Any]] = {
        "late": UNMADE | {"week": "2022-W01"},
        "idle": UNMADE | {"week": "2022-W52"},
        "begun": UNMADE | {"week": "2022-W52"},
        "silent": {"outcome": Outcome.NO_ANSWER, "review": ReviewState.SUBMITTED},
        "mending": {"outcome": Outcome.ANSWERED, "review": ReviewState.RETURNED},
        "fine": {"outcome": Outcome.ANSWERED, "review": ReviewState.APPROVED},
        "gone": {"outcome": Outcome.VOID, "wait": None, "review": ""},
        "plain": {"outcome": Outcome.ANSWERED, "review": ""},
    }
    for contact, (code, given) in zip(contacts, facts.items(), strict=True):
        contact.answers.all().delete()
        if given.get("outcome") == "":
            Contact.objects.filter(pk=contact.pk).update(**UNMADE)
        Contact.objects.filter(pk=contact.pk).update(code=code, **given)
    begun = Contact.objects.get(code="begun")
    Attempt.objects.create(contact=begun, number=1, started_at=AT, result=AttemptResult.NO_ANSWER, wait_seconds=60)
    edition.refresh_from_db()
    return edition


def codes(edition: Edition, state: ContactState) -> set[str]:
    rows, _page = list_contacts(edition, Narrowed(state=state), at=AT)
    return {row.code for row in rows}


@pytest.mark.parametrize(
    ("state", "there"),
    [
        (ContactState.PLANNED, "late idle begun silent mending fine plain"),
        (ContactState.NOT_MADE, "late idle begun"),
        (ContactState.NOT_BEGUN, "late idle"),
        (ContactState.BEGUN, "begun"),
        (ContactState.OVERDUE, "late"),
        (ContactState.MADE, "silent mending fine plain"),
        (ContactState.NO_ANSWER, "silent"),
        (ContactState.SUBMITTED, "silent"),
        (ContactState.RETURNED, "mending"),
        (ContactState.APPROVED, "fine"),
        (ContactState.VOID, "gone"),
    ],
)
def test_a_list_holds_the_contacts_of_its_state(edition: Edition, state: ContactState, there: str) -> None:
    assert codes(edition, state) == set(there.split())


def test_every_number_of_the_overview_is_the_length_of_the_list_it_leads_to(edition: Edition) -> None:
    progress = edition_progress(edition, at=AT)
    numbers = {
        ContactState.PLANNED: progress.planned,
        ContactState.MADE: progress.made,
        ContactState.NO_ANSWER: progress.no_answer,
        ContactState.SUBMITTED: progress.awaiting_review,
        ContactState.RETURNED: progress.returned,
        ContactState.APPROVED: progress.approved,
        ContactState.OVERDUE: progress.overdue,
    }
    assert {state: len(codes(edition, state)) for state in numbers} == numbers
    for undone in (*undone_before_closing(edition), *undone_after_closing(edition)):
        assert len(codes(edition, ContactState(undone.kind))) == undone.number


def test_the_overview_and_the_participants_lead_there(edition: Edition, office: Client) -> None:
    overview = office.get(f"/kontor/{edition.code}/").content.decode()
    participants = office.get(f"/kontor/{edition.code}/deltakere/").content.decode()
    address = f'href="/kontor/{edition.code}/henvendelser/?'
    assert f"{address}tilstand=overdue" in overview
    assert f"{address}tilstand=not_begun" in overview
    assert f"{address}tilstand=overdue&amp;uke=2022-W01" in overview
    assert f"{address}tilstand=returned&amp;kontaktmate=" in overview
    assert f"{address}deltaker=" in participants
    assert f"{address}tilstand=made&amp;deltaker=" in participants
    for link in set(re.findall(r'href="([^"]*henvendelser/[^"]*)"', overview + participants)):
        assert '<th scope="row">' in office.get(link.replace("&amp;", "&")).content.decode(), link


def test_a_contact_nobody_has_begun_leads_to_the_plan_and_others_to_their_response(
    edition: Edition, office: Client
) -> None:
    page = office.get(f"/kontor/{edition.code}/henvendelser/").content.decode()
    assert f'href="/kontor/{edition.code}/plan/idle/"' in page
    assert f'href="/kontor/{edition.code}/gjennomgang/begun/"' in page
    assert f'href="/kontor/{edition.code}/gjennomgang/fine/"' in page


def test_words_that_narrow_nothing_are_left_alone(edition: Edition, office: Client) -> None:
    page = office.get(
        f"/kontor/{edition.code}/henvendelser/?tilstand=rart&kontaktmate=brev&uke=igår&deltaker=ingen&page=x"
    )
    assert page.status_code == 200
    assert page.content.decode().count('<th scope="row">') == 7
    empty = office.get(f"/kontor/{edition.code}/henvendelser/?tilstand=void&uke=2030-W01").content.decode()
    assert "Ingen henvendelser her" in empty


@pytest.mark.parametrize("number", [1, 3, 300])
def test_the_list_asks_as_much_at_any_length(
    office: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    edition = believable_edition(classes=1, participants=1, contacts=1)
    one = Contact.objects.get(edition=edition)
    Contact.objects.bulk_create(
        Contact(
            edition=edition, participant=one.participant, code=f"n{more}", channel=Channel.EMAIL, week="2022-W03"
        )
        for more in range(number - 1)
    )  # fmt: skip
    address = f"/kontor/{edition.code}/henvendelser/"
    office.get(address)
    with django_assert_num_queries(7):
        page = office.get(address).content.decode()
    assert page.count('<th scope="row">') == min(number, CONTACTS_PAGE)
