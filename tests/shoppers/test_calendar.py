"""A shopper's own calendar: only their own contacts, at the hours of the window, summer time or not."""

from __future__ import annotations

import datetime as dt

import pytest
from icalendar import Calendar, Timezone

from kundeservice.core.models import Role
from kundeservice.core.services.audit import record_event
from shoppers.models import Shopper
from surveys.models import Channel, Contact, Edition, Participant, Phase
from tests.conftest import ClientFactory, PersonFactory
from tests.factories import AT
from tests.shoppers.conftest import AssignmentFactory, ShopperFactory


def test_a_shopper_downloads_only_their_own_contacts(
    me: Shopper,
    shopper_of: ShopperFactory,
    assigned: AssignmentFactory,
    participants: list[Participant],
    client_for: ClientFactory,
) -> None:
    assigned(me, Channel.TELEPHONE, code="mine", week="2022-W03")
    assigned(shopper_of("s2", name="En Annen"), Channel.CHAT, code="theirs", participant=participants[1])
    client = client_for(me.user)  # type: ignore[arg-type]
    assert f"/oppdrag/{me.edition.code}/kalender.ics" in client.get("/oppdrag/").content.decode()

    answer = client.get(f"/oppdrag/{me.edition.code}/kalender.ics")

    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{me.edition.code}.ics"'
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert str(event["summary"]) == "Fjellbanken (Telefon)"
    assert event.decoded("dtstart").isoformat() == "2022-01-18T09:00:00+01:00"
    assert event.decoded("dtend").isoformat() == "2022-01-18T11:00:00+01:00"
    for theirs in (b"Fjordbanken", b"En Annen", b"theirs"):
        assert theirs not in answer.content


def test_summer_time_begins_inside_the_field_period(
    me: Shopper, assigned: AssignmentFactory, client_for: ClientFactory
) -> None:
    Edition.objects.update(ends_on=dt.date(2022, 4, 8))
    for number, week in enumerate(("2022-W12", "2022-W13"), start=1):
        assigned(me, code=f"c{number}", week=week, participant=_another(me.edition, number))
    content = client_for(me.user).get(f"/oppdrag/{me.edition.code}/kalender.ics").content  # type: ignore[arg-type]
    begins = [event.decoded("dtstart").isoformat() for event in Calendar.from_ical(content).walk("VEVENT")]
    assert begins == ["2022-03-22T09:00:00+01:00", "2022-03-29T09:00:00+02:00"]


def test_the_rules_of_the_clock_reach_past_a_period_that_ends_in_winter_time(
    me: Shopper, assigned: AssignmentFactory, client_for: ClientFactory
) -> None:
    Edition.objects.update(ends_on=dt.date(2022, 3, 25))
    assigned(me, week="2022-W13")

    content = client_for(me.user).get(f"/oppdrag/{me.edition.code}/kalender.ics").content  # type: ignore[arg-type]

    calendar = Calendar.from_ical(content)
    (event,), (zone,) = calendar.walk("VEVENT"), calendar.walk("VTIMEZONE")
    assert isinstance(zone, Timezone)
    assert event.decoded("dtstart").isoformat() == "2022-03-29T09:00:00+02:00"
    by_the_files_own_rules = zone.to_tz(lookup_tzid=False).utcoffset(dt.datetime(2022, 3, 29, 9))  # noqa: DTZ001 - the wall clock in that zone
    assert by_the_files_own_rules == dt.timedelta(hours=2)


def test_a_contact_that_is_moved_outranks_the_file_from_before(
    me: Shopper, assigned: AssignmentFactory, client_for: ClientFactory
) -> None:
    contact = assigned(me, week="2022-W03")
    address = f"/oppdrag/{me.edition.code}/kalender.ics"
    client = client_for(me.user)  # type: ignore[arg-type]

    def sequence() -> int:
        (event,) = Calendar.from_ical(client.get(address).content).walk("VEVENT")
        return int(event.decoded("sequence"))

    before = sequence()
    record_event(at=AT, actor=None, action="contact.moved", subject=f"{me.edition.code}/{contact.code}", detail={})

    assert sequence() > before


def test_what_is_made_is_not_in_the_calendar_any_more(
    me: Shopper, assigned: AssignmentFactory, client_for: ClientFactory
) -> None:
    done = assigned(me)
    Contact.objects.filter(pk=done.pk).update(outcome="no_answer")
    client = client_for(me.user)  # type: ignore[arg-type]
    assert b"VEVENT" not in client.get(f"/oppdrag/{me.edition.code}/kalender.ics").content
    assert "kalender.ics" not in client.get("/oppdrag/").content.decode()


@pytest.mark.parametrize("phase", [Phase.DRAFT, Phase.LOCKED])
def test_there_is_no_calendar_before_the_plan_and_after_the_lock(
    me: Shopper, assigned: AssignmentFactory, client_for: ClientFactory, phase: Phase
) -> None:
    assigned(me)
    Edition.objects.update(phase=phase)
    assert client_for(me.user).get(f"/oppdrag/{me.edition.code}/kalender.ics").status_code == 404  # type: ignore[arg-type]


def test_somebody_without_contacts_has_no_calendar(
    me: Shopper, assigned: AssignmentFactory, client_for: ClientFactory, person: PersonFactory
) -> None:
    assigned(me)
    stranger = person(Role.SHOPPER, email="ny@example.test")
    assert client_for(stranger).get(f"/oppdrag/{me.edition.code}/kalender.ics").status_code == 404


def _another(edition: Edition, number: int) -> Participant:
    award_class = edition.classes.get()
    return Participant.objects.create(
        edition=edition, award_class=award_class, code=f"p{number}", name=f"Firma {number}"
    )
