"""A shopper presses while the contact is given to somebody else: the press comes too late, whatever it was."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
import time_machine
from django.test import Client

from kundeservice.core.models import Role, User
from shoppers.models import Assignment, Shopper
from shoppers.services.moving import move_contact, take_back_contact
from shoppers.urls import shopper as door
from surveys.models import Attempt, Channel, Contact, Response
from surveys.services import record_attempt, save_draft, start_attempt
from tests import factories
from tests.conftest import ClientFactory
from tests.meanwhile import meanwhile
from tests.shoppers.conftest import AssignmentFactory, ShopperFactory, oslo
from tests.surveys.conftest import FULL_OPTIONS, FULL_VALUES

TUESDAY = oslo("2022-01-11 10:00")
KEY = str(uuid.uuid4())


def nothing_done(_contact: Contact) -> None:
    """A contact that nobody has begun."""


def under_way(contact: Contact) -> None:
    start_attempt(contact_id=contact.pk, at=oslo("2022-01-11 09:59"))


def answered(contact: Contact) -> None:
    record_attempt(contact_id=contact.pk, started_at=TUESDAY, wait_seconds=45, result="answered", at=TUESDAY)


def too_slow(contact: Contact) -> None:
    record_attempt(contact_id=contact.pk, started_at=oslo("2022-01-10 09:00"), result="no_answer", at=TUESDAY)


def filled_in(contact: Contact) -> None:
    answered(contact)
    save_draft(contact_id=contact.pk, at=TUESDAY, options=FULL_OPTIONS, values=FULL_VALUES)
    Response.objects.update(submission_key=KEY)


@dataclass(frozen=True)
class Press:
    """A press on a contact's page: how far the contact has come before, and what is sent."""

    path: str
    before: Callable[[Contact], None] = nothing_done
    typed: dict[str, str] = field(default_factory=dict)
    channel: Channel = Channel.TELEPHONE


PRESSES = {
    "start_attempt": Press("forsok/begynn/"),
    "tell_letter": Press("forsok/sendt/", typed={"started_at": "2022-01-11T09:00"}, channel=Channel.EMAIL),
    "tell_attempt": Press(
        "forsok/etterpa/", typed={"started_at": "2022-01-11T09:00", "result": "answered", "minutes": "1"}
    ),
    "finish_attempt": Press("forsok/avslutt/", under_way, {"result": "answered"}),
    "answer_late": Press("forsok/sent-svar/", too_slow, {"answered_at": "2022-01-11T09:00"}, Channel.MESSENGER),
    "correct_attempt": Press("forsok/rett/", answered, {"minutes": "0", "seconds": "30"}),
    "undo_attempt": Press("forsok/angre/", answered),
    "autosave": Press("skjema/velkomst/lagre/", typed={"field": "q-met", "q-met": "warm", "revision": "0"}),
    "fill_in": Press("skjema/velkomst/", answered, {"q-met": "warm", "revision": "0"}),
    "hand_in": Press("lever/", filled_in, {"submission_key": KEY, "revision": "1"}),
}


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(TUESDAY, tick=False):
        yield


@pytest.fixture
def client(transactional_db: None, me: Shopper, client_for: ClientFactory) -> Client:
    assert me.user is not None
    return client_for(me.user)


@pytest.fixture
def somebody_else(transactional_db: None, shopper_of: ShopperFactory) -> Shopper:
    return shopper_of("annen")


@pytest.fixture
def leader(transactional_db: None) -> User:
    return factories.make_person(Role.LEADER)


def test_every_press_of_the_shoppers_door_is_tried_below() -> None:
    pages = {"home", "errand", "calendar", "receipt"}
    assert {pattern.name for pattern in door.urlpatterns} - pages == set(PRESSES)


def stands(contact: Contact) -> tuple[object, ...]:
    """Everything a press can change about a contact."""
    rows = Contact.objects.filter(pk=contact.pk).values_list("contacted_at", "answered_at", "outcome", "wait", "review")
    drafts = Response.objects.filter(contact=contact).values_list("draft", "revision", "submitted_at")
    attempts = Attempt.objects.filter(contact=contact).values_list("number", "started_at", "wait_seconds", "result")
    return (*rows, *drafts, *attempts)


@pytest.mark.parametrize("press", PRESSES.values(), ids=PRESSES)
def test_what_was_given_away_meanwhile_is_left_as_it_is(
    client: Client, me: Shopper, somebody_else: Shopper, assigned: AssignmentFactory, press: Press
) -> None:
    contact = assigned(me, press.channel)
    press.before(contact)
    before = stands(contact)

    with meanwhile(lambda: Assignment.objects.filter(contact=contact).update(shopper=somebody_else)):
        response = client.post(f"/oppdrag/ksp-2022/c0001/{press.path}", press.typed)

    assert response.status_code == 404
    assert stands(contact) == before


@pytest.mark.parametrize("press", PRESSES.values(), ids=PRESSES)
def test_every_press_would_have_counted_on_ones_own_contact(
    client: Client, me: Shopper, assigned: AssignmentFactory, press: Press
) -> None:
    contact = assigned(me, press.channel)
    press.before(contact)
    before = stands(contact)

    response = client.post(f"/oppdrag/ksp-2022/c0001/{press.path}", press.typed)

    assert response.status_code in {200, 302}
    assert stands(contact) != before


def test_a_leader_gives_it_away_before_the_shopper_has_begun(
    client: Client, me: Shopper, somebody_else: Shopper, assigned: AssignmentFactory, leader: User
) -> None:
    contact = assigned(me, week="2022-W04")

    with meanwhile(lambda: move_contact(contact_id=contact.pk, by=leader, at=TUESDAY, shopper=somebody_else.code)):
        response = client.post("/oppdrag/ksp-2022/c0001/forsok/begynn/")

    assert response.status_code == 404
    contact.refresh_from_db()
    assert contact.contacted_at is None
    assert Assignment.objects.get(contact=contact).shopper == somebody_else


def test_a_leader_takes_it_out_of_the_plan_before_the_shopper_has_begun(
    client: Client, me: Shopper, assigned: AssignmentFactory, leader: User
) -> None:
    contact = assigned(me, week="2022-W04")

    with meanwhile(lambda: take_back_contact(contact_id=contact.pk, by=leader, at=TUESDAY)):
        response = client.post("/oppdrag/ksp-2022/c0001/forsok/begynn/")

    assert response.status_code == 404
    assert not Contact.objects.exists()
