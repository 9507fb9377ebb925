"""Moving one contact by hand: every rule holds, and a refusal names the rule."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from icalendar import Calendar
from openpyxl import load_workbook

from kundeservice.core.models import AuditEvent, User
from shoppers.models import Assignment, Relation, Shopper
from shoppers.planner import check_plan
from shoppers.queries.office import planned_assignments
from shoppers.queries.placing import ContactStands, read_placing
from shoppers.queries.planning import plan_basis, planning_problem
from shoppers.reports.plan_files import plan_workbook, zip_of_calendars
from shoppers.services import plan_edition
from shoppers.services.moving import MoveRefused, move_contact, move_contact_to_week
from surveys.models import Contact, Edition, Participant, Phase
from tests.conftest import ClientFactory
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


def is_valid(edition: Edition) -> bool:
    return check_plan(planning_problem(edition), plan_basis(edition, repair=True, at=BEFORE).standing) == ()


def test_a_contact_moves_to_a_free_day_and_the_plan_stays_valid(contact: Contact, leader: User) -> None:
    free = next(
        choice for choice in read_placing(contact, at=BEFORE).days if not choice.why_not and not choice.is_current
    )

    moved = move_contact(contact_id=contact.pk, by=leader, at=BEFORE, day=free.day).contact

    assert (moved.planned_on, moved.week) == (free.day, free.week)
    assert is_valid(contact.edition)
    event = AuditEvent.objects.get(action="contact.moved")
    assert (event.actor, event.detail["after"]["day"]) == (leader, free.day.isoformat())


def test_two_contacts_on_one_day_at_a_participant_are_refused_by_that_rule(contact: Contact, leader: User) -> None:
    taken = Contact.objects.filter(participant=contact.participant_id).exclude(pk=contact.pk)[0].planned_on

    with pytest.raises(MoveRefused, match="allerede en henvendelse den dagen"):
        move_contact(contact_id=contact.pk, by=leader, at=BEFORE, day=taken)

    contact.refresh_from_db()
    assert contact.planned_on != taken


@pytest.mark.parametrize("day", [dt.date(2022, 1, 15), dt.date(2022, 2, 7)])
def test_weekends_and_days_outside_the_period_are_refused(contact: Contact, leader: User, day: dt.date) -> None:
    with pytest.raises(MoveRefused, match="ikke en virkedag"):
        move_contact(contact_id=contact.pk, by=leader, at=BEFORE, day=day)


def test_a_shopper_with_a_relation_is_neither_suggested_nor_accepted(contact: Contact, leader: User) -> None:
    other = Shopper.objects.exclude(assignments__contact__participant=contact.participant_id)[0]
    assert other.code in {choice.code for choice in read_placing(contact, at=BEFORE).substitutes}
    Relation.objects.create(shopper=other, participant_id=contact.participant_id, kind="customer")

    assert other.code not in {choice.code for choice in read_placing(contact, at=BEFORE).substitutes}
    with pytest.raises(MoveRefused, match="forhold"):
        move_contact(contact_id=contact.pk, by=leader, at=BEFORE, shopper=other.code)


def test_a_suggested_substitute_takes_over(contact: Contact, leader: User) -> None:
    best = read_placing(contact, at=BEFORE).substitutes[0]

    move_contact(contact_id=contact.pk, by=leader, at=BEFORE, shopper=best.code)

    assert Assignment.objects.get(contact=contact).shopper.code == best.code
    assert is_valid(contact.edition)


def test_a_contact_dragged_to_a_week_takes_its_first_free_day(contact: Contact, leader: User) -> None:
    week = next(c.week for c in read_placing(contact, at=BEFORE).days if not c.why_not and c.week != contact.week)
    first = next(c.day for c in read_placing(contact, at=BEFORE).days if c.week == week and not c.why_not)

    assert move_contact_to_week(contact_id=contact.pk, week=week, by=leader, at=BEFORE).contact.planned_on == first


def test_what_is_made_stays_where_it_is(contact: Contact, leader: User) -> None:
    Contact.objects.filter(pk=contact.pk).update(outcome="no_answer")

    with pytest.raises(ContactStands):
        read_placing(contact, at=BEFORE)
    with pytest.raises(MoveRefused):
        move_contact(contact_id=contact.pk, by=leader, at=BEFORE, day=dt.date(2022, 1, 20))


def test_the_board_shows_every_contact_in_words(plan: Edition, leader: User, client_for: ClientFactory) -> None:
    page = client_for(leader).get(f"/kontor/{plan.code}/plan/").content.decode()

    for assignment in planned_assignments(plan):
        assert f"/plan/{assignment.contact.code}/" in page
        assert assignment.shopper.name in page


def test_the_workbook_has_a_row_per_contact_and_no_live_formula(plan: Edition) -> None:
    Participant.objects.filter(code="fjell").update(name='=HYPERLINK("http://x.example")')

    sheet = load_workbook(io.BytesIO(plan_workbook(planned_assignments(plan)))).active

    assert sheet is not None
    rows = list(sheet.iter_rows(min_row=2))
    assert len(rows) == 8
    assert {row[2].data_type for row in rows} == {"s"}


def test_each_shopper_has_a_calendar_with_the_hours_of_the_window(plan: Edition) -> None:
    archive = zipfile.ZipFile(io.BytesIO(zip_of_calendars(plan, planned_assignments(plan), at=BEFORE)))
    events = [event for name in archive.namelist() for event in Calendar.from_ical(archive.read(name)).walk("VEVENT")]
    contacts = {contact.code: contact for contact in Contact.objects.all()}

    assert len(events) == len(contacts)
    for event in events:
        contact = contacts[str(event["uid"]).split("@")[0].removeprefix(f"{plan.code}-")]
        begins = event.decoded("dtstart")
        assert (begins.date(), f"{begins:%H}") == (contact.planned_on, contact.window[:2])
