"""Shoppers in the office: who has how much to do, dropping out, and relations that come to light."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kundeservice.core.models import AuditEvent, User
from shoppers.models import Assignment, Relation, RelationKind, Shopper
from shoppers.queries.repairs import contacts_to_repair
from shoppers.queries.sheet import read_sheet
from shoppers.queries.workload import counties_of, read_workload
from shoppers.services import ShopperRefused, plan_edition
from shoppers.services.people import add_relation, drop_out, remove_relation, stay_on
from shoppers.services.proposing import accept_proposal, propose_plan
from surveys.models import Channel, Contact, Edition, Participant, Phase
from surveys.services import EditionLocked, EditionNotOpen, start_attempt
from tests.conftest import ClientFactory
from tests.pages import seen_on
from tests.shoppers.conftest import AssignmentFactory, ShopperFactory, oslo
from tests.surveys.conftest import annul

BEFORE, MIDWAY = oslo("2022-01-03 09:00"), oslo("2022-01-19 09:00")
Counted = Callable[..., Any]


@pytest.fixture
def plan(edition: Edition, participants: list[Participant], pool: list[Shopper]) -> Edition:
    """Planned, with the field period open."""
    edition.phase = Phase.DRAFT
    edition.save()
    plan_edition(edition_id=edition.pk, at=BEFORE, seconds=5.0)
    Edition.objects.update(phase=Phase.FIELD)
    edition.refresh_from_db()
    return edition


@pytest.fixture
def office(leader: User, client_for: ClientFactory, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The leader's browser, midway through the field period."""
    monkeypatch.setattr("kundeservice.core.clock.now", lambda: MIDWAY)
    return client_for(leader)


def busy_later() -> Assignment:
    """A contact that is still to be made, in a week to come."""
    rows = Assignment.objects.filter(contact__week__gt="2022-W03")
    return rows.select_related("contact__participant", "shopper").latest("contact__planned_on")


def began(contact: Contact, day: str) -> None:
    moment = oslo(f"{day} 10:00")
    start_attempt(contact_id=contact.pk, started_at=moment, at=moment)


# Dropping out ------------------------------------------------------------------------------------------------------


def test_a_shopper_drops_out_and_a_repair_hands_over_what_is_left(plan: Edition, leader: User) -> None:
    row = busy_later()
    left_over = list(Assignment.objects.filter(shopper=row.shopper, contact__week__gt="2022-W03"))

    drop_out(shopper_id=row.shopper_id, from_day=dt.date(2022, 1, 24), by=leader, at=MIDWAY)

    row.shopper.refresh_from_db()
    assert row.shopper.available_to == dt.date(2022, 1, 23)
    assert Assignment.objects.filter(shopper=row.shopper, contact__week__gt="2022-W03").count() == len(left_over)
    broken = contacts_to_repair(plan, at=MIDWAY)
    assert {contact.code for contact in broken} == {one.contact.code for one in left_over}
    assert {contact.why for contact in broken} == {"mystery shopperen er ikke tilgjengelig da"}
    event = AuditEvent.objects.get(action="shopper.dropped_out")
    assert (event.actor, event.subject) == (leader, f"{plan.code}/{row.shopper.code}")

    accept_proposal(
        proposal_id=propose_plan(edition_id=plan.pk, at=MIDWAY, seconds=5.0, repair=True).pk, by=leader, at=MIDWAY
    )

    assert contacts_to_repair(plan, at=MIDWAY) == ()
    assert not Assignment.objects.filter(shopper=row.shopper, contact__week__gt="2022-W03").exists()


def test_nobody_drops_out_before_what_they_have_begun(plan: Edition, leader: User) -> None:
    contact = Contact.objects.filter(channel=Channel.TELEPHONE).earliest("planned_on")
    shopper = Assignment.objects.get(contact=contact).shopper
    began(contact, "2022-01-12")

    for day in (10, 12):
        with pytest.raises(ShopperRefused, match=r"har begynt på en henvendelse 12\.1\.2022"):
            drop_out(shopper_id=shopper.pk, from_day=dt.date(2022, 1, day), by=leader, at=MIDWAY)
    drop_out(shopper_id=shopper.pk, from_day=dt.date(2022, 1, 13), by=leader, at=MIDWAY)

    shopper.refresh_from_db()
    assert shopper.available_to == dt.date(2022, 1, 12)


@pytest.mark.parametrize("day", [dt.date(1, 1, 1), dt.date(2022, 1, 9), dt.date(2022, 2, 5), dt.date(9999, 12, 31)])
def test_nobody_drops_out_on_a_day_outside_the_field_period(plan: Edition, day: dt.date) -> None:
    with pytest.raises(ShopperRefused, match=r"fra 10\.1\.2022 til 4\.2\.2022"):
        drop_out(shopper_id=Shopper.objects.earliest("code").pk, from_day=day, by=None, at=MIDWAY)


@pytest.mark.parametrize(
    ("day", "told"), [("0001-01-01", "1990 til 2199"), ("2021-12-24", "Velg en dag i feltperioden")]
)
def test_such_a_day_comes_back_in_its_form_with_the_reason(
    plan: Edition, leader: User, client_for: ClientFactory, day: str, told: str
) -> None:
    code = Shopper.objects.earliest("code").code
    page = client_for(leader).post(f"/kontor/ksp-2022/shoppere/{code}/faller-fra/", {"from_day": day, "seen": "999999"})
    assert page.status_code == 422
    assert told in page.content.decode()
    assert f'value="{day}"' in page.content.decode()


def test_whoever_never_begins_has_no_reversed_period(plan: Edition, shopper_of: ShopperFactory) -> None:
    late = shopper_of("sen", available_from=dt.date(2022, 1, 24))
    drop_out(shopper_id=late.pk, from_day=dt.date(2022, 1, 17), by=None, at=MIDWAY)
    late.refresh_from_db()
    assert late.available_from == late.available_to == dt.date(2022, 1, 9)

    stay_on(shopper_id=late.pk, by=None, at=MIDWAY)
    late.refresh_from_db()
    assert (late.available_from, late.available_to) == (None, None)


def test_a_shopper_who_stays_after_all_keeps_the_contacts(plan: Edition, leader: User) -> None:
    row = busy_later()
    drop_out(shopper_id=row.shopper_id, from_day=dt.date(2022, 1, 24), by=leader, at=MIDWAY)
    stay_on(shopper_id=row.shopper_id, by=leader, at=MIDWAY)
    assert contacts_to_repair(plan, at=MIDWAY) == ()
    assert AuditEvent.objects.get(action="shopper.stays").detail["before"] == ["", "2022-01-23"]


@pytest.mark.parametrize(("phase", "refusal"), [(Phase.REVIEW, EditionNotOpen), (Phase.LOCKED, EditionLocked)])
def test_nothing_about_a_shopper_changes_after_the_field_period(
    plan: Edition, phase: Phase, refusal: type[Exception]
) -> None:
    shopper = Shopper.objects.order_by("code")[0]
    relation = Relation.objects.create(shopper=shopper, participant=Participant.objects.get(code="fjell"))
    Edition.objects.update(phase=phase)
    acts: tuple[Callable[[], object], ...] = (
        lambda: drop_out(shopper_id=shopper.pk, from_day=dt.date(2022, 2, 1), by=None, at=MIDWAY),
        lambda: stay_on(shopper_id=shopper.pk, by=None, at=MIDWAY),
        lambda: add_relation(
            shopper_id=shopper.pk, participant_code="fjord", kind=RelationKind.CUSTOMER, by=None, at=MIDWAY
        ),
        lambda: remove_relation(relation_id=relation.pk, by=None, at=MIDWAY),
    )
    for act in acts:
        with pytest.raises(refusal):
            act()


# Relations ---------------------------------------------------------------------------------------------------------


def test_a_relation_puts_the_planned_contact_up_for_repair(plan: Edition, leader: User) -> None:
    row = busy_later()
    participant = row.contact.participant

    relation = add_relation(
        shopper_id=row.shopper_id, participant_code=participant.code, kind=RelationKind.FAMILY, by=leader, at=MIDWAY
    )

    (broken,) = contacts_to_repair(plan, at=MIDWAY)
    assert (broken.code, broken.why) == (row.contact.code, "mystery shopperen har et forhold til deltakeren")
    assert AuditEvent.objects.get(action="shopper.relation_added").detail == {
        "what": f"{row.shopper.name} – {participant.name}",
        "kind": "family",
    }
    with pytest.raises(ShopperRefused, match="har alt et forhold"):
        add_relation(
            shopper_id=row.shopper_id, participant_code=participant.code, kind=RelationKind.OTHER, by=None, at=MIDWAY
        )

    remove_relation(relation_id=relation.pk, by=leader, at=MIDWAY)
    assert contacts_to_repair(plan, at=MIDWAY) == ()


def test_whoever_has_met_a_participant_gets_no_relation_until_the_contact_is_annulled(plan: Edition) -> None:
    contact = Contact.objects.filter(channel=Channel.TELEPHONE).earliest("planned_on")
    shopper = Assignment.objects.get(contact=contact).shopper
    began(contact, "2022-01-12")
    facts = {"shopper_id": shopper.pk, "participant_code": contact.participant.code, "by": None, "at": MIDWAY}

    with pytest.raises(ShopperRefused, match=f"begynt på henvendelsen {contact.code}"):
        add_relation(kind=RelationKind.CUSTOMER, **facts)
    annul(contact, note="Kunde der.", at=MIDWAY)
    add_relation(kind=RelationKind.CUSTOMER, **facts)

    assert Relation.objects.get().kind == "customer"


# What the leader sees ----------------------------------------------------------------------------------------------


def test_the_load_counts_every_week_and_tells_who_is_at_the_limit(
    edition: Edition, pool: list[Shopper], assigned: AssignmentFactory, participants: list[Participant]
) -> None:
    Shopper.objects.filter(code="s1").update(max_contacts=2)
    Shopper.objects.filter(code="s2").update(max_per_week=1)
    assigned(pool[0], code="c0001", week="2022-W02")
    assigned(pool[0], code="c0002", week="2022-W03", participant=participants[1])
    assigned(pool[1], code="c0003", week="2022-W03")
    void = assigned(pool[2], code="c0004", week="2022-W03")
    Contact.objects.filter(pk=void.pk).update(outcome="void")

    load = read_workload(edition)

    assert load.weeks == ("2022-W02", "2022-W03")
    assert [(row.code, row.assigned, row.is_full) for row in load.rows][:3] == [
        ("s1", 2, True),
        ("s2", 1, False),
        ("s3", 0, False),
    ]
    assert [week.number for week in load.rows[0].weeks] == [1, 1]
    assert [(week.number, week.level, week.is_full) for week in load.rows[1].weeks] == [(0, 0, False), (1, 5, True)]
    assert (load.totals, load.assigned, load.full, load.full_weeks) == ((1, 2), 3, 1, 1)
    # s1 is at the limit, so it says nothing about how even the plan is.
    assert (load.fewest, load.most, load.spread) == (0, 1, 1)


def test_a_shopper_without_any_room_is_at_the_limit(edition: Edition, shopper_of: ShopperFactory) -> None:
    shopper_of("s0", max_contacts=0, max_per_week=0)
    (row,) = read_workload(edition).rows
    assert (row.is_full, row.percent) == (True, 100)


def test_the_load_is_narrowed_and_ordered_by_the_address(edition: Edition, pool: list[Shopper], office: Client) -> None:
    Shopper.objects.filter(code="s3").update(channels="email")
    assert counties_of(edition) == ("Agder", "Nordland", "Oslo", "Trøndelag", "Vestland", "Viken")

    def names(query: str) -> list[str]:
        page = office.get(f"/kontor/{edition.code}/belastning/{query}").content.decode()
        return re.findall(r'/shoppere/(s\d)/"', page)

    assert names("?fylke=Oslo") == ["s1"]
    assert names("?kontaktmate=chat") == ["s1", "s2", "s4", "s5", "s6"]
    assert names("?sort=-fylke&kontaktmate=chat") == ["s6", "s2", "s1", "s4", "s5"]
    assert names("?fylke=Svalbard") == []


def test_a_shoppers_page_has_everything_to_act_on(plan: Edition, office: Client) -> None:
    row = busy_later()
    shopper, participant = row.shopper, row.contact.participant
    address = f"/kontor/{plan.code}/shoppere/{shopper.code}/"
    assert address in office.get(f"/kontor/{plan.code}/shoppere/").content.decode()
    page = office.get(address).content.decode()
    for piece in (shopper.email, participant.name, "Faller fra", "Legg til forhold"):
        assert piece in page
    assert "må gis til" not in page

    known = {"participant": participant.code, "kind": "customer", **seen_on(office, address)}
    answer = office.post(f"{address}forhold/", known, follow=True)
    page = answer.content.decode()
    assert "Forholdet er lagt til." in page
    assert "1 oppdrag må gis til en annen" in page
    assert "Lag forslag til reparasjon" in page
    relation = Relation.objects.get()
    office.post(f"{address}forhold/{relation.pk}/fjern/", seen_on(office, address))
    assert not Relation.objects.exists()

    office.post(f"{address}faller-fra/", {"from_day": "2022-01-24", **seen_on(office, address)})
    page = office.get(address).content.decode()
    assert "Til og med 23. januar 2022." in page
    assert "må gis til" in page
    office.post(f"{address}blir/", seen_on(office, address))
    assert "Til feltperioden er over." in office.get(address).content.decode()


@pytest.mark.parametrize(
    ("path", "given"),
    [("faller-fra/", {"from_day": "i morgen"}), ("forhold/", {"participant": "ukjent", "kind": "customer"})],
)
def test_what_is_not_understood_is_said_beside_the_field(
    plan: Edition, office: Client, path: str, given: dict[str, str]
) -> None:
    answer = office.post(f"/kontor/{plan.code}/shoppere/s1/{path}", given)
    assert answer.status_code == 422
    assert "invalid-feedback" in answer.content.decode()
    assert answer.content.decode().count("autofocus") == 1


def test_contacts_left_in_the_week_that_has_begun_are_told_of(plan: Edition) -> None:
    contact = Contact.objects.order_by("planned_on").filter(week="2022-W03").latest("planned_on")
    shopper = Assignment.objects.get(contact=contact).shopper
    wednesday = oslo("2022-01-17 09:00")
    Shopper.objects.filter(pk=shopper.pk).update(available_to=dt.date(2022, 1, 17))
    sheet = read_sheet(Shopper.objects.select_related("edition").get(pk=shopper.pk), at=wednesday)
    assert sheet.left_in_this_week == 1
    assert contact.code not in {broken.code for broken in sheet.to_mend}


def test_pages_cost_the_same_number_of_queries_for_one_row_and_for_three(
    plan: Edition, office: Client, django_assert_num_queries: Counted
) -> None:
    for count in (1, 3):
        Shopper.objects.update(county="Agder")
        Shopper.objects.filter(code__in=[f"s{n}" for n in range(1, count + 1)]).update(county="Oslo")
        with django_assert_num_queries(6):
            page = office.get(f"/kontor/{plan.code}/belastning/?fylke=Oslo").content.decode()
        assert len(re.findall(r'/shoppere/s\d/"', page)) == count
    shopper = busy_later().shopper
    for count in (1, 3):
        others = Assignment.objects.exclude(shopper=shopper).order_by("pk")[: count - 1]
        Assignment.objects.filter(pk__in=[other.pk for other in others]).update(shopper=shopper)
        with django_assert_num_queries(8):
            office.get(f"/kontor/{plan.code}/shoppere/{shopper.code}/")
