"""Whoever can answer a colleague's request is told of it, with the way there."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from kundeservice.core.models import Role, User
from surveys.models import Contact, Edition, Participant, Phase, Voiding
from surveys.queries.wishes import wishes_for
from surveys.services import ask_to_unlock, ask_to_view_results, ask_to_void, withdraw_request
from tests import factories
from tests.conftest import ClientFactory, PersonFactory
from tests.surveys.conftest import oslo

AT = oslo("2022-01-20 09:00")
TITLE = "Ønsker som venter på deg"


@pytest.fixture
def asker(leader: User) -> User:
    leader.role_grants.update(granted_at=AT - dt.timedelta(days=9))
    return leader


@pytest.fixture
def colleague(person: PersonFactory) -> User:
    return person(Role.LEADER, display_name="Kari Kollega")


def page_of(user: User, client_for: ClientFactory, address: str) -> str:
    client: Client = client_for(user)
    return client.get(address).content.decode()


def test_a_colleague_is_told_in_the_office_and_in_the_edition_and_whoever_asked_is_not(
    handed_in: Contact, asker: User, colleague: User, client_for: ClientFactory
) -> None:
    edition = handed_in.edition
    ask_to_view_results(edition_id=edition.pk, by=asker, reason="Manus", at=AT)
    ask_to_void(contact_id=handed_in.pk, reason="customer", note="Er kunde der.", by=asker, at=AT)
    results = f'href="/kontor/{edition.code}/resultater/#wish-view"'
    annul = f'href="/kontor/{edition.code}/gjennomgang/{handed_in.code}/annuller/"'

    for address in ("/kontor/", f"/kontor/{edition.code}/"):
        told = page_of(colleague, client_for, address)
        assert TITLE in told
        assert results in told
        assert annul in told
        assert TITLE not in page_of(asker, client_for, address)


def test_a_reviewer_who_can_answer_nothing_is_told_nothing(
    handed_in: Contact, asker: User, reviewer: User, client_for: ClientFactory
) -> None:
    ask_to_view_results(edition_id=handed_in.edition_id, by=asker, reason="Manus", at=AT)
    assert TITLE not in page_of(reviewer, client_for, "/kontor/")


def test_what_is_answered_or_shut_by_the_lock_waits_no_longer(handed_in: Contact, asker: User, colleague: User) -> None:
    asked = ask_to_view_results(edition_id=handed_in.edition_id, by=asker, reason="Manus", at=AT)
    ask_to_void(contact_id=handed_in.pk, reason="customer", note="Er kunde der.", by=asker, at=AT)
    assert [wish.kind for wish in wishes_for(colleague)] == ["view", "void"]
    withdraw_request(request_id=asked.pk, by=asker, at=AT)
    Edition.objects.update(phase=Phase.LOCKED)
    assert wishes_for(colleague) == ()


def test_an_edition_tells_of_its_own_wishes_only(edition: Edition, asker: User, colleague: User) -> None:
    other = factories.make_edition("annen", phase=Phase.LOCKED)
    ask_to_unlock(edition_id=other.pk, by=asker, reason="Feil i tallene.", at=AT)
    assert [wish.edition_code for wish in wishes_for(colleague)] == ["annen"]
    assert wishes_for(colleague, edition=edition) == ()


@pytest.mark.parametrize("number", [1, 3, 300])
def test_any_number_of_wishes_costs_two_queries(
    participant: Participant,
    asker: User,
    colleague: User,
    django_assert_num_queries: DjangoAssertNumQueries,
    number: int,
) -> None:
    for turn in range(number):
        contact = Contact(edition=participant.edition, participant=participant, code=f"c{turn}", channel="email")
        contact.save()
        Voiding.objects.create(contact=contact, note="Er kunde der.", asked_by=asker, asked_at=AT)
    with django_assert_num_queries(2):
        assert len(wishes_for(colleague)) == number
