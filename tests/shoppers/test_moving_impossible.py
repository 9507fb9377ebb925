"""Where a participant's channels do not add up, a move is refused in words; taking out goes all the same."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from kundeservice.core.models import User
from shoppers.models import Shopper
from shoppers.services import PlanImpossible
from shoppers.services.moving import move_contact, move_contact_to_week
from surveys.models import Contact, Participant
from tests.conftest import ClientFactory
from tests.shoppers.conftest import AssignmentFactory, oslo

WEDNESDAY = oslo("2022-01-19 09:00")


@pytest.mark.parametrize("place", [{"day": dt.date(2022, 1, 26)}, {"shopper": "s2"}])
def test_where_the_channels_do_not_add_up_a_move_is_refused_with_the_reason(
    pool: list[Shopper], assigned: AssignmentFactory, leader: User, place: dict[str, Any]
) -> None:
    contact = assigned(pool[0], week="2022-W04")
    Participant.objects.filter(pk=contact.participant_id).update(telephone_contacts=1)
    with pytest.raises(PlanImpossible, match="Fjellbanken"):
        move_contact(contact_id=contact.pk, by=leader, at=WEDNESDAY, **place)
    with pytest.raises(PlanImpossible, match="Fjellbanken"):
        move_contact_to_week(contact_id=contact.pk, by=leader, at=WEDNESDAY, week="2022-W05")


@pytest.mark.parametrize("day", ["i morgen", "0001-01-01", "2022-02-31"])
def test_a_day_that_is_none_moves_nothing_and_does_not_say_so(
    pool: list[Shopper], assigned: AssignmentFactory, leader: User, client_for: ClientFactory, day: str
) -> None:
    contact = assigned(pool[0], week="2022-W04")
    with time_machine.travel(WEDNESDAY, tick=False):
        answer = client_for(leader).post(f"/kontor/ksp-2022/plan/{contact.code}/flytt/", {"day": day, "seen": "999999"})
    assert answer.status_code == 422
    assert "Velg en av dagene på listen." in answer.content.decode()
    assert "er flyttet" not in answer.content.decode()


def test_out_of_the_plan_it_goes_all_the_same(
    pool: list[Shopper], assigned: AssignmentFactory, leader: User, client_for: ClientFactory
) -> None:
    contact = assigned(pool[0], week="2022-W04")
    Participant.objects.filter(pk=contact.participant_id).update(telephone_contacts=1)
    client = client_for(leader)
    address = f"/kontor/ksp-2022/plan/{contact.code}/"
    with time_machine.travel(WEDNESDAY, tick=False):
        page = client.get(address).content.decode()
        moved = client.post(f"{address}flytt/", {"day": "2022-01-26", "window": "09-11", "seen": "999999"})
        by_week = client.post(f"{address}flytt/", {"week": "2022-W05", "seen": "999999"})
        gone = client.post(f"{address}ta-tilbake/", {"seen": "999999"})
    assert "Fjellbanken" in page
    assert f"{address}ta-tilbake/" in page
    assert f"{address}flytt/" not in page
    assert (moved.status_code, by_week.status_code, gone.status_code) == (422, 302, 302)
    assert not Contact.objects.exists()
