"""A contact nobody has begun is moved, given away and taken back also when its week has begun – with a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from kundeservice.core.models import AuditEvent, Role, User
from shoppers.models import Assignment, Relation, Shopper
from shoppers.queries.lost import TOLD_FOR, lost_errands
from shoppers.queries.placing import read_placing
from shoppers.queries.repairs import missing_contacts
from shoppers.services import plan_edition
from shoppers.services.moving import MoveRefused, move_contact, move_contact_to_week, take_back_contact
from surveys.models import Channel, Contact, Edition, Participant, Phase
from surveys.queries.versions import placing_version
from surveys.services import (
    ChangedMeanwhile,
    EditionNotOpen,
    ReasonNeeded,
    open_draft,
    start_attempt,
)
from tests import factories
from tests.conftest import ClientFactory, PersonFactory
from tests.pages import seen_on
from tests.shoppers.conftest import AssignmentFactory, ShopperFactory, oslo
from tests.surveys.conftest import annul

WEDNESDAY = oslo("2022-01-19 09:00")
"""In 2022-W03, with the field period open."""
LATE = "2022-W02"
ILL = "Mari er syk."


@pytest.fixture
def late(me: Shopper, assigned: AssignmentFactory) -> Contact:
    """Planned for last week, and nobody has begun it."""
    return assigned(me, week=LATE)


@pytest.fixture
def olga(person: PersonFactory, shopper_of: ShopperFactory) -> Shopper:
    return shopper_of("s2", user=person(Role.SHOPPER, email="olga@example.test"), name="Olga Annen")


@pytest.fixture
def office(leader: User, client_for: ClientFactory, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr("kundeservice.core.clock.now", lambda: WEDNESDAY)
    return client_for(leader)


def address_of(contact: Contact) -> str:
    return f"/kontor/{contact.edition.code}/plan/{contact.code}/"


Visit = Callable[..., Any]


@pytest.fixture
def visit(client_for: ClientFactory) -> Visit:
    """A shopper opens a page: `visit(me, "/oppdrag/")`. They log in anew, for a visit in 2022 ends in 2022."""
    return lambda shopper, path: client_for(shopper.user).get(path)


def list_of(visit: Visit, shopper: Shopper) -> str:
    return visit(shopper, "/oppdrag/").content.decode()


def calendar_of(visit: Visit, shopper: Shopper) -> dict[str, tuple[str, int]]:
    """Contact's code → its status and sequence in a shopper's calendar."""
    edition = shopper.edition
    content = visit(shopper, f"/oppdrag/{edition.code}/kalender.ics").content
    events = Calendar.from_ical(content).walk("VEVENT")
    return {
        str(event["uid"]).split("@")[0].removeprefix(f"{edition.code}-"): (
            str(event.get("status", "")),
            int(event.decoded("sequence")),
        )
        for event in events
    }


# Moving --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("week", [LATE, "2022-W03"])
def test_a_contact_nobody_has_begun_moves_although_its_week_has_begun(
    me: Shopper, assigned: AssignmentFactory, leader: User, week: str
) -> None:
    contact = assigned(me, week=week)

    move_contact(contact_id=contact.pk, by=leader, at=WEDNESDAY, day=dt.date(2022, 1, 21), reason=ILL)

    contact.refresh_from_db()
    assert (contact.planned_on, contact.week) == (dt.date(2022, 1, 21), "2022-W03")
    line = AuditEvent.objects.get(action="contact.moved")
    assert (line.actor, line.detail["reason"]) == (leader, ILL)


def test_a_begun_week_needs_a_reason_and_a_coming_one_does_not(
    late: Contact, me: Shopper, assigned: AssignmentFactory, participants: list[Participant], leader: User
) -> None:
    for give in (
        lambda: move_contact(contact_id=late.pk, by=leader, at=WEDNESDAY, day=dt.date(2022, 1, 21), reason="\u3164"),
        lambda: move_contact_to_week(contact_id=late.pk, by=leader, at=WEDNESDAY, week="2022-W04"),
        lambda: take_back_contact(contact_id=late.pk, by=leader, at=WEDNESDAY),
    ):
        with pytest.raises(ReasonNeeded):
            give()
    coming = assigned(me, code="c2", week="2022-W04", participant=participants[1])
    move_contact(contact_id=coming.pk, by=leader, at=WEDNESDAY, day=dt.date(2022, 1, 28))


def test_today_is_a_day_until_the_hours_are_over(late: Contact, leader: User) -> None:
    today = WEDNESDAY.date()
    with pytest.raises(MoveRefused, match="ikke en virkedag som er igjen"):
        move_contact(contact_id=late.pk, by=leader, at=WEDNESDAY.replace(hour=15), day=today, reason=ILL)
    move_contact(contact_id=late.pk, by=leader, at=WEDNESDAY, day=today, reason=ILL)


def test_never_against_a_hard_rule_and_the_refusal_names_it_with_a_way_on(
    late: Contact, olga: Shopper, assigned: AssignmentFactory, leader: User
) -> None:
    thursday, friday = dt.date(2022, 1, 20), dt.date(2022, 1, 21)
    Relation.objects.create(shopper=olga, participant=late.participant, kind="customer")
    with pytest.raises(MoveRefused, match=r"forhold til deltakeren\. Velg en annen dag eller en annen"):
        move_contact(contact_id=late.pk, by=leader, at=WEDNESDAY, day=friday, shopper=olga.code, reason=ILL)
    Relation.objects.all().delete()
    other = assigned(olga, code="c2", week="2022-W03")
    Contact.objects.filter(pk=other.pk).update(planned_on=thursday)
    with pytest.raises(MoveRefused, match="allerede en henvendelse den dagen"):
        move_contact(contact_id=late.pk, by=leader, at=WEDNESDAY, day=thursday, reason=ILL)
    with pytest.raises(MoveRefused, match="møter deltakeren fra før"):
        move_contact(contact_id=late.pk, by=leader, at=WEDNESDAY, day=friday, shopper=olga.code, reason=ILL)
    with pytest.raises(MoveRefused, match="ikke en virkedag som er igjen"):
        move_contact(contact_id=late.pk, by=leader, at=WEDNESDAY, shopper=olga.code, reason=ILL)


def test_only_while_the_field_period_runs(late: Contact, leader: User) -> None:
    Edition.objects.update(phase=Phase.REVIEW)
    with pytest.raises(EditionNotOpen):
        move_contact(contact_id=late.pk, by=leader, at=WEDNESDAY, day=dt.date(2022, 1, 21), reason=ILL)


# What is begun stays -------------------------------------------------------------------------------------------------


def test_a_begun_contact_is_refused_with_who_began_it_and_when(late: Contact, leader: User) -> None:
    start_attempt(contact_id=late.pk, started_at=oslo("2022-01-18 10:05"), at=oslo("2022-01-18 10:05"))
    for act in (
        lambda: move_contact(contact_id=late.pk, by=leader, at=WEDNESDAY, day=dt.date(2022, 1, 21), reason=ILL),
        lambda: take_back_contact(contact_id=late.pk, by=leader, at=WEDNESDAY, reason=ILL),
    ):
        with pytest.raises(MoveRefused, match=r"Mari Meg begynte på henvendelsen 18\. januar 2022 kl\. 10\.05\."):
            act()
    assert Contact.objects.filter(pk=late.pk).exists()


def test_an_opened_questionnaire_is_begun_too(late: Contact, leader: User) -> None:
    open_draft(contact_id=late.pk)
    with pytest.raises(MoveRefused, match="Mari Meg har begynt på henvendelsen"):
        take_back_contact(contact_id=late.pk, by=leader, at=WEDNESDAY, reason=ILL)


def test_a_shopper_who_begins_while_the_page_is_open_keeps_the_contact(late: Contact, office: Client) -> None:
    seen = seen_on(office, address_of(late))
    start_attempt(contact_id=late.pk, at=WEDNESDAY)

    answer = office.post(f"{address_of(late)}ta-tilbake/", {"reason": ILL, **seen})

    assert answer.status_code == 422
    assert "Mari Meg begynte på henvendelsen 19. januar 2022" in answer.content.decode()
    assert "Se den i gjennomgangen" in answer.content.decode()
    assert Contact.objects.filter(pk=late.pk).exists()


# Giving away ---------------------------------------------------------------------------------------------------------


def test_a_late_contact_is_given_away_from_its_page_and_both_see_it_at_once(
    late: Contact, me: Shopper, olga: Shopper, office: Client, visit: Visit
) -> None:
    page = office.get(f"{address_of(late)}?dag=2022-01-21").content.decode()
    assert "Olga Annen" in page
    assert '<option value="2022-01-21" selected>' in page

    given = {"form": "give", "shopper": olga.code, "day": "2022-01-21", "reason": ILL}
    answer = office.post(f"{address_of(late)}flytt/", {**given, **seen_on(office, address_of(late))}, follow=True)

    told = answer.content.decode()
    assert "er gitt til Olga Annen. Si fra til begge: s2@example.test og meg@example.test." in told
    assert Assignment.objects.get(contact=late).shopper == olga
    line = AuditEvent.objects.get(action="contact.given")
    assert (line.detail["before"]["shopper"], line.detail["after"]["shopper"]) == (me.code, olga.code)
    errand = f"/oppdrag/{late.edition.code}/{late.code}/"
    assert errand in list_of(visit, olga)
    assert errand not in list_of(visit, me)
    assert "Ikke dine lenger" in list_of(visit, me)
    assert visit(me, errand).status_code == 404


def test_a_contact_given_away_is_cancelled_in_the_calendar_of_who_had_it(
    late: Contact, me: Shopper, olga: Shopper, leader: User, visit: Visit
) -> None:
    before = calendar_of(visit, me)[late.code]

    move_contact(contact_id=late.pk, by=leader, at=WEDNESDAY, day=dt.date(2022, 1, 21), shopper=olga.code, reason=ILL)

    status, sequence = calendar_of(visit, me)[late.code]
    assert (status, sequence > before[1]) == ("CANCELLED", True)
    assert calendar_of(visit, olga)[late.code][0] == ""
    content = visit(me, f"/oppdrag/{late.edition.code}/kalender.ics").content.decode()
    assert "SUMMARY:Utgår: Fjellbanken (Telefon)" in content
    assert "DTSTART;TZID=Europe/Oslo:20220111T090000" in content, "the entry that is called off, not the new one"
    assert "Olga" not in content

    move_contact(contact_id=late.pk, by=leader, at=WEDNESDAY, shopper=me.code, reason="Mari er frisk.")
    assert calendar_of(visit, me)[late.code][0] == "", "what comes back is on again"
    assert calendar_of(visit, olga)[late.code][0] == "CANCELLED"


def test_a_taken_contact_and_an_annulled_one_are_cancelled_too(
    late: Contact, me: Shopper, assigned: AssignmentFactory, participants: list[Participant], leader: User
) -> None:
    void = assigned(me, code="c2", week="2022-W04", participant=participants[1])
    annul(void, note="Hun er kunde der.", at=WEDNESDAY)
    take_back_contact(contact_id=late.pk, by=leader, at=WEDNESDAY, reason=ILL)

    lost = lost_errands(me.edition)[me.code]
    assert [(errand.code, errand.participant) for errand in lost] == [
        (late.code, "Fjellbanken"),
        (void.code, "Fjordbanken"),
    ]


def test_a_repair_that_hands_over_cancels_in_the_first_ones_calendar(
    edition: Edition, participants: list[Participant], pool: list[Shopper], leader: User
) -> None:
    Edition.objects.update(phase=Phase.DRAFT)
    plan_edition(edition_id=edition.pk, at=oslo("2022-01-03 09:00"), seconds=5.0)
    loser = Shopper.objects.filter(assignments__isnull=False).order_by("code")[0]
    had = set(Assignment.objects.filter(shopper=loser).values_list("contact__code", flat=True))
    Shopper.objects.filter(pk=loser.pk).update(channels="messenger")

    plan_edition(edition_id=edition.pk, at=oslo("2022-01-04 09:00"), seconds=5.0, repair=True, by=leader)

    assert {errand.code for errand in lost_errands(edition)[loser.code]} == had


def test_the_list_tells_of_what_was_lost_for_a_fortnight(
    late: Contact, me: Shopper, leader: User, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_back_contact(contact_id=late.pk, by=leader, at=WEDNESDAY, reason=ILL)
    for passed, is_told in ((dt.timedelta(hours=1), True), (TOLD_FOR, False)):
        monkeypatch.setattr("kundeservice.core.clock.now", lambda passed=passed: WEDNESDAY + passed)
        page = list_of(visit, me)
        assert ("Ikke dine lenger" in page, "kalender.ics" in page) == (is_told, is_told)
    assert calendar_of(visit, me)[late.code][0] == "CANCELLED", "the file says so as long as there is one"


# Taking back ---------------------------------------------------------------------------------------------------------


def test_a_contact_taken_back_is_planned_anew_by_a_repair(
    edition: Edition, participants: list[Participant], pool: list[Shopper], leader: User, office: Client
) -> None:
    Edition.objects.update(phase=Phase.DRAFT)
    plan_edition(edition_id=edition.pk, at=oslo("2022-01-03 09:00"), seconds=5.0)
    Edition.objects.update(phase=Phase.FIELD)
    contact = Contact.objects.select_related("edition", "participant").earliest("planned_on")
    assert missing_contacts(edition) == ()

    given = {"form": "back", "reason": ILL, **seen_on(office, address_of(contact))}
    answer = office.post(f"{address_of(contact)}ta-tilbake/", given, follow=True)

    page = answer.content.decode()
    assert f"{contact.code} er tatt ut av planen. Si fra til Shopper " in page
    assert "Planen mangler henvendelser" in page
    assert f"<li>{contact.participant.name}: 1 henvendelse ({contact.get_channel_display()})</li>" in page
    assert not Contact.objects.filter(pk=contact.pk).exists()
    assert AuditEvent.objects.get(action="contact.taken_back").detail["reason"] == ILL

    plan_edition(edition_id=edition.pk, at=WEDNESDAY, seconds=5.0, repair=True, by=leader)
    assert missing_contacts(edition) == ()
    new = Contact.objects.latest("pk")
    assert (new.participant, new.channel) == (contact.participant, contact.channel)
    assert new.planned_on
    assert new.planned_on > WEDNESDAY.date()


# Who was first -------------------------------------------------------------------------------------------------------


def test_of_two_leaders_the_later_one_is_told_and_what_was_typed_is_kept(
    late: Contact, olga: Shopper, office: Client, leader: User
) -> None:
    seen = seen_on(office, address_of(late))
    move_contact(contact_id=late.pk, by=leader, at=WEDNESDAY, day=dt.date(2022, 1, 21), reason=ILL)

    answer = office.post(
        f"{address_of(late)}flytt/", {"form": "move", "day": "2022-01-24", "reason": "Hun kan ikke da.", **seen}
    )

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Liv Leder: Flyttet en henvendelse" in page
    assert "Hun kan ikke da.</textarea>" in page
    late.refresh_from_db()
    assert late.planned_on == dt.date(2022, 1, 21)


def test_a_contact_changed_meanwhile_is_not_taken_back(late: Contact, leader: User) -> None:
    seen = placing_version(late)
    move_contact(contact_id=late.pk, by=leader, at=WEDNESDAY, day=dt.date(2022, 1, 21), reason=ILL)
    with pytest.raises(ChangedMeanwhile):
        take_back_contact(contact_id=late.pk, by=leader, at=WEDNESDAY, reason=ILL, seen=seen)


def test_without_a_reason_the_page_asks_for_it_and_keeps_the_choice(
    late: Contact, olga: Shopper, office: Client
) -> None:
    given = {"form": "give", "shopper": olga.code, "day": "2022-01-24", **seen_on(office, address_of(late))}
    answer = office.post(f"{address_of(late)}flytt/", given)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Begrunnelsen blir stående i loggen." in page
    assert '<option value="2022-01-24" selected>' in page
    assert f'value="{olga.code}" checked' in page


def test_a_week_that_has_begun_is_told_as_the_one_the_contact_is_in(
    late: Contact, leader: User, office: Client
) -> None:
    move_contact(contact_id=late.pk, by=leader, at=WEDNESDAY, day=dt.date(2022, 1, 21), reason=ILL)
    assert "Uke 3 har begynt, og ingen har begynt på henvendelsen." in office.get(address_of(late)).content.decode()


def test_the_days_of_whoever_takes_over_are_those_the_participant_has_free(
    late: Contact, olga: Shopper, assigned: AssignmentFactory
) -> None:
    other = assigned(olga, Channel.CHAT, code="c2", week="2022-W03")
    Contact.objects.filter(pk=other.pk).update(planned_on=WEDNESDAY.date())
    late = Contact.objects.select_related("edition").get(pk=late.pk)
    placing = read_placing(late, at=WEDNESDAY)
    assert (WEDNESDAY.date() in placing.free_days, placing.day) == (False, dt.date(2022, 1, 20))
    assert [choice.code for choice in placing.substitutes] == [], "Olga meets the participant already"


def test_a_participant_never_planned_for_lacks_nothing(edition: Edition, participants: list[Participant]) -> None:
    factories.make_participant(participants[0].award_class, "Tind", code="tind")
    assert missing_contacts(edition) == ()
