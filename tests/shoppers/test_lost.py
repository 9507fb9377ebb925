"""What a shopper has lost is told in the list and called off in the calendar file, whoever took it and how."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest
import time_machine
from icalendar import Calendar

from awards.package.format.rows import ContactRow
from awards.package.services import import_package, load_package
from kundeservice.core.models import User
from shoppers.models import Assignment, LostAssignment, Plan, Shopper
from shoppers.queries.lost import LostErrand, lost_errands
from shoppers.reports.plan_files import shopper_calendar
from shoppers.services import plan_edition
from shoppers.services.moving import move_contact
from shoppers.services.proposing import accept_proposal, propose_plan
from surveys.models import Contact, Edition, Outcome, Participant, Phase
from tests.conftest import ClientFactory
from tests.shoppers.conftest import AssignmentFactory, ShopperFactory, oslo

BEFORE = oslo("2022-01-03 09:00")
DAY = dt.timedelta(days=1)


def calendar_of(shopper: Shopper) -> dict[str, str]:
    """Entry → its status in the shopper's calendar file."""
    edition = Edition.objects.get(pk=shopper.edition_id)
    mine = Assignment.objects.filter(shopper=shopper).exclude(contact__outcome=Outcome.VOID)
    lost = lost_errands(edition, shoppers={shopper.code}).get(shopper.code, ())
    content = shopper_calendar(edition, mine.select_related("contact__participant", "shopper"), lost, at=BEFORE)
    return {
        str(event["uid"]): str(event.get("status", "CONFIRMED")) for event in Calendar.from_ical(content).walk("VEVENT")
    }


def lost_by(edition: Edition, code: str) -> tuple[LostErrand, ...]:
    return lost_errands(edition, shoppers={code}).get(code, ())


@pytest.fixture
def planned(edition: Edition, participants: list[Participant], pool: list[Shopper]) -> Edition:
    Edition.objects.update(phase=Phase.DRAFT)
    plan_edition(edition_id=edition.pk, at=BEFORE, seed=1, seconds=2.0)
    edition.refresh_from_db()
    return edition


def reimport(edition: Edition, *, at: dt.datetime = BEFORE, drop: bool = False, **facts: Any) -> None:
    """Bring the edition as a package once more, with other facts about every contact, or without them."""
    package = load_package(edition)
    rows: tuple[ContactRow, ...] = tuple(dataclasses.replace(row, **facts) for row in package.contacts)
    import_package(package=dataclasses.replace(package, contacts=() if drop else rows), at=at, replace=True)


# A plan made anew -----------------------------------------------------------------------------------------------------


def test_a_first_plan_takes_nothing_from_anybody(planned: Edition) -> None:
    assert not LostAssignment.objects.exists()
    assert lost_errands(planned) == {}


@pytest.mark.parametrize("way", ["at once", "by a proposal"])
def test_nothing_a_new_plan_takes_stays_in_a_calendar(
    planned: Edition, pool: list[Shopper], leader: User, way: str
) -> None:
    before = {shopper: calendar_of(shopper) for shopper in pool}
    held = set(Assignment.objects.values_list("contact__code", "shopper__code"))
    later = BEFORE + DAY

    if way == "at once":
        plan_edition(edition_id=planned.pk, at=later, seed=7, seconds=2.0)
    else:
        proposal = propose_plan(edition_id=planned.pk, at=later, seed=7, seconds=2.0, by=leader)
        accept_proposal(proposal_id=proposal.pk, by=leader, at=later)

    gone = held - set(Assignment.objects.values_list("contact__code", "shopper__code"))
    assert gone, "another seed gives another plan"
    called_off = set()
    for shopper in pool:
        now = calendar_of(shopper)
        assert set(before[shopper]) <= set(now), "nothing is left behind"
        called_off |= {(uid, shopper.code) for uid, status in now.items() if status == "CANCELLED"}
    assert called_off == {(f"{planned.code}-{code}@kundeserviceprisen", shopper) for code, shopper in gone}


def test_what_a_new_plan_takes_is_told_in_the_list(
    edition: Edition, me: Shopper, pool: list[Shopper], assigned: AssignmentFactory, client_for: ClientFactory
) -> None:
    assigned(me, week="2022-W04")
    Shopper.objects.filter(pk=me.pk).update(channels="")  # the plan will have nothing for her
    Edition.objects.update(phase=Phase.PLANNED)
    plan_edition(edition_id=edition.pk, at=BEFORE, seed=1, seconds=2.0)
    assert me.user is not None
    client = client_for(me.user)
    with time_machine.travel(BEFORE + DAY, tick=False):
        soon = client.get("/oppdrag/").content.decode()
    with time_machine.travel(BEFORE + 20 * DAY, tick=False):
        much_later = client.get("/oppdrag/").content.decode()
    assert "Fjellbanken" in soon
    assert "Fjellbanken" not in much_later


# An import ------------------------------------------------------------------------------------------------------------


def test_what_an_import_gives_away_is_called_off(
    edition: Edition, pool: list[Shopper], assigned: AssignmentFactory
) -> None:
    contact = assigned(pool[0], week="2022-W04")
    reimport(edition, shopper="s2")
    (lost,) = lost_by(edition, "s1")
    assert (lost.code, lost.participant, lost.day, lost.at) == ("c0001", "Fjellbanken", contact.planned_on, BEFORE)
    assert lost_by(edition, "s2") == ()
    assert set(calendar_of(pool[0]).values()) == {"CANCELLED"}
    assert set(calendar_of(pool[1]).values()) == {"CONFIRMED"}


def test_so_is_what_an_import_takes_away_or_annuls(
    edition: Edition, pool: list[Shopper], assigned: AssignmentFactory
) -> None:
    assigned(pool[0], week="2022-W04")
    reimport(edition, outcome="void")
    assert [lost.at for lost in lost_by(edition, "s1")] == [BEFORE], "told with its time"
    reimport(edition, outcome="")
    assert lost_by(edition, "s1") == ()
    reimport(edition, at=BEFORE + DAY, drop=True)
    assert [lost.at for lost in lost_by(edition, "s1")] == [BEFORE + DAY]
    assert not Contact.objects.exists()


def test_an_import_that_says_the_same_takes_nothing(
    edition: Edition, pool: list[Shopper], assigned: AssignmentFactory
) -> None:
    assigned(pool[0], week="2022-W04")
    reimport(edition)
    assert not LostAssignment.objects.exists()


def test_somebody_who_is_no_shopper_any_more_is_told_nothing(
    edition: Edition, pool: list[Shopper], assigned: AssignmentFactory
) -> None:
    assigned(pool[0], week="2022-W04")
    package = load_package(edition)
    without = dataclasses.replace(
        package,
        shoppers=tuple(row for row in package.shoppers if row.code != "s1"),
        contacts=tuple(dataclasses.replace(row, shopper="s2") for row in package.contacts),
    )
    import_package(package=without, at=BEFORE, replace=True)
    assert not LostAssignment.objects.exists()


# The last loss is told, whatever took it ------------------------------------------------------------------------------


def side(shopper: str, day: str) -> Mapping[str, str]:
    return {"shopper": shopper, "day": day, "window": "09-11"}


def repaired(edition: Edition, before: Mapping[str, str], after: Mapping[str, str], *, at: dt.datetime) -> None:
    line = {"kind": "replaced", "contact": "c0001", "participant": "fjell", "channel": "telephone"}
    changes = [{**line, "before": before, "after": after}]
    Plan.objects.create(edition=edition, created_at=at, seed=1, is_repair=True, changes=changes)


def test_of_two_losses_of_the_same_contact_the_later_is_told(
    edition: Edition, pool: list[Shopper], assigned: AssignmentFactory, leader: User
) -> None:
    contact = assigned(pool[0], week="2022-W04")
    move_contact(contact_id=contact.pk, by=leader, at=BEFORE, shopper="s2")
    repaired(edition, side("s2", "2022-01-25"), side("s1", "2022-01-27"), at=BEFORE + DAY)
    repaired(edition, side("s1", "2022-01-27"), side("s2", "2022-01-28"), at=BEFORE + 2 * DAY)
    (lost,) = lost_by(edition, "s1")
    assert (lost.day, lost.at) == (dt.date(2022, 1, 27), BEFORE + 2 * DAY)


def test_an_import_after_a_hand_move_is_told_and_a_hand_move_after_an_import(
    edition: Edition, pool: list[Shopper], assigned: AssignmentFactory, shopper_of: ShopperFactory, leader: User
) -> None:
    contact = assigned(pool[0], week="2022-W04")
    reimport(edition, shopper="s2", at=BEFORE)
    reimport(edition, shopper="s1", at=BEFORE + DAY)
    contact.refresh_from_db()
    move_contact(contact_id=contact.pk, by=leader, at=BEFORE + 2 * DAY, shopper="s3")
    assert [lost.at for lost in lost_by(edition, "s1")] == [BEFORE + 2 * DAY]
    reimport(edition, shopper="s1", at=BEFORE + 3 * DAY)
    reimport(edition, shopper="s4", at=BEFORE + 4 * DAY)
    assert [lost.at for lost in lost_by(edition, "s1")] == [BEFORE + 4 * DAY]
