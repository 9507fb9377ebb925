"""Moves, people and plans in the office: an older page changes nothing, and is told who did what."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client

from kundeservice.core.models import AuditEvent, User
from shoppers.models import Assignment, Plan, Relation, Shopper
from shoppers.queries.placing import read_placing
from shoppers.queries.versions import board_versions
from shoppers.services import plan_edition
from shoppers.services.moving import move_contact
from shoppers.services.people import drop_out
from shoppers.services.proposing import accept_proposal, propose_plan
from surveys.models import Contact, Edition, Participant, Phase
from surveys.queries.versions import placing_version
from surveys.services import ChangedMeanwhile
from tests.conftest import ClientFactory
from tests.pages import seen_on
from tests.shoppers.conftest import oslo

BEFORE = oslo("2022-01-03 09:00")


@pytest.fixture
def plan(edition: Edition, participants: list[Participant], pool: list[Shopper]) -> Edition:
    edition.phase = Phase.DRAFT
    edition.save()
    plan_edition(edition_id=edition.pk, at=BEFORE, seconds=5.0)
    edition.refresh_from_db()
    return edition


@pytest.fixture
def contact(plan: Edition) -> Contact:
    return Contact.objects.select_related("edition").filter(edition=plan, participant__code="fjell").order_by("code")[0]


@pytest.fixture
def office(leader: User, client_for: ClientFactory, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr("kundeservice.core.clock.now", lambda: BEFORE)
    return client_for(leader)


def free_days(contact: Contact) -> list[dt.date]:
    return [
        choice.day for choice in read_placing(contact, at=BEFORE).days if not choice.why_not and not choice.is_current
    ]


def test_a_move_from_an_older_page_is_told_and_moves_nothing(contact: Contact, office: Client, leader: User) -> None:
    address = f"/kontor/{contact.edition.code}/plan/{contact.code}/"
    seen = seen_on(office, address)
    first, second = free_days(contact)[:2]
    move_contact(contact_id=contact.pk, by=leader, at=BEFORE, day=first)

    answer = office.post(f"{address}flytt/", {"day": second.isoformat(), **seen}, follow=True)

    contact.refresh_from_db()
    assert contact.planned_on == first
    assert "3. januar 2022 kl. 09.00, Liv Leder: Flyttet en henvendelse" in answer.content.decode()


def test_a_drag_carries_the_version_of_its_own_mark(contact: Contact, office: Client, leader: User) -> None:
    page = office.get(f"/kontor/{contact.edition.code}/plan/").content.decode()
    version = placing_version(contact)
    assert re.search(rf'id="{contact.code}"[^>]*data-seen="{version}"', page)
    others = {code: board_versions(contact.edition)(code) for code in Contact.objects.values_list("code", flat=True)}

    move_contact(contact_id=contact.pk, by=leader, at=BEFORE, day=free_days(contact)[0])

    after = {code: board_versions(contact.edition)(code) for code in others}
    assert after.pop(contact.code) == placing_version(contact) != others.pop(contact.code)
    assert after == others, "a move of one contact leaves every other page as it was"


def test_a_repair_in_between_is_told_to_whoever_moves_by_hand(contact: Contact, leader: User) -> None:
    seen = placing_version(contact)
    plan_edition(edition_id=contact.edition_id, at=BEFORE, seconds=5.0, repair=True, by=leader)
    with pytest.raises(ChangedMeanwhile, match="Liv Leder: Reparerte planen"):
        move_contact(contact_id=contact.pk, by=leader, at=BEFORE, day=free_days(contact)[0], seen=seen)


def test_a_shopper_changed_by_a_colleague_is_read_again_first(plan: Edition, office: Client, leader: User) -> None:
    row = Assignment.objects.select_related("shopper", "contact").latest("contact__planned_on")
    address = f"/kontor/{plan.code}/shoppere/{row.shopper.code}/"
    seen = seen_on(office, address)
    drop_out(shopper_id=row.shopper_id, from_day=row.contact.planned_on, by=leader, at=BEFORE)  # type: ignore[arg-type]
    left = Shopper.objects.get(pk=row.shopper_id).available_to

    for act, given in (("blir/", {}), ("forhold/", {"participant": "fjord", "kind": "customer"})):
        answer = office.post(f"{address}{act}", {**given, **seen}, follow=True)
        assert "Liv Leder: Registrerte at en mystery shopper faller fra" in answer.content.decode()
    assert Shopper.objects.get(pk=row.shopper_id).available_to == left
    assert not Relation.objects.filter(shopper=row.shopper).exists()


def test_a_second_proposal_is_not_taken_into_use_over_a_colleagues(plan: Edition, office: Client, leader: User) -> None:
    one = propose_plan(edition_id=plan.pk, at=BEFORE, seed=5, seconds=5.0)
    other = propose_plan(edition_id=plan.pk, at=BEFORE, seed=6, seconds=5.0)
    seen = seen_on(office, f"/kontor/{plan.code}/plan/forslag/{other.pk}/")
    accept_proposal(proposal_id=one.pk, by=leader, at=BEFORE)
    plans = Plan.objects.count()

    answer = office.post(f"/kontor/{plan.code}/plan/forslag/{other.pk}/ta-i-bruk/", seen, follow=True)

    assert "Liv Leder: Laget planen" in answer.content.decode()
    assert Plan.objects.count() == plans
    assert AuditEvent.objects.filter(action="edition.planned").count() == 2
