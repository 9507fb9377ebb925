"""One rule for what is begun: then a contact may no longer be moved, taken or planned anew."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from surveys.models import AttemptResult, Contact, Outcome
from surveys.queries.begun import begun_contacts, is_begun, lasting_contacts
from surveys.services import open_draft, record_attempt
from tests.surveys.conftest import ContactFactory, annul, oslo

MONDAY = oslo("2022-01-10 10:00")


def made(contact: Contact) -> None:
    Contact.objects.filter(pk=contact.pk).update(outcome=Outcome.NO_ANSWER)


def contacted(contact: Contact) -> None:
    Contact.objects.filter(pk=contact.pk).update(contacted_at=MONDAY)


def tried(contact: Contact) -> None:
    record_attempt(contact_id=contact.pk, started_at=MONDAY, result=AttemptResult.NOT_QUEUED, at=MONDAY)
    Contact.objects.filter(pk=contact.pk).update(contacted_at=None)


def written_on(contact: Contact) -> None:
    open_draft(contact_id=contact.pk)


@pytest.mark.parametrize("act", [made, contacted, tried, written_on])
def test_each_of_these_alone_begins_a_contact(planned: ContactFactory, act: Callable[[Contact], None]) -> None:
    contact, untouched = planned(), planned(code="c0002")
    act(contact)
    assert list(begun_contacts(contact.edition)) == [contact]
    assert list(Contact.objects.exclude(is_begun())) == [untouched]


def test_annulling_a_contact_does_not_begin_it(planned: ContactFactory) -> None:
    contact = planned()
    annul(contact, note="Feil deltaker.", at=MONDAY)
    assert list(begun_contacts(contact.edition)) == []
    assert list(lasting_contacts(contact.edition)) == [contact], "and no new plan takes it away"


@pytest.mark.parametrize("act", [made, contacted, tried, written_on])
def test_what_was_begun_and_then_annulled_is_begun(planned: ContactFactory, act: Callable[[Contact], None]) -> None:
    contact = planned()
    act(contact)
    annul(contact, note="Feil deltaker.", at=MONDAY)
    assert list(begun_contacts(contact.edition)) == [contact]
