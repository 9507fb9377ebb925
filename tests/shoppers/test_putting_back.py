"""An annulled contact is put back only where the plan has room for it, and what is made only where it may stand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.test import Client

from awards.package.format import parse_package
from awards.package.format.writing import write_package
from awards.package.services import load_package
from kundeservice.core import clock
from kundeservice.core.models import RoleGrant, User
from shoppers.models import Relation, RelationKind, Shopper
from shoppers.planner import check_plan
from shoppers.queries.planning import all_contacts, planning_problem
from shoppers.services import PlanImpossible
from shoppers.services.moving import move_contact
from shoppers.services.people import add_relation
from shoppers.services.putting_back import PutBackRefused, put_back_contact
from surveys.models import Channel, Contact, ContactPoint, Edition, Outcome, Participant, Phase, Voiding
from surveys.services import ReviewRefused, record_attempt, start_attempt
from tests.conftest import ClientFactory
from tests.shoppers.conftest import AssignmentFactory, ShopperFactory, oslo
from tests.surveys.conftest import annul

WEDNESDAY = oslo("2022-01-12 10:00")


@pytest.fixture(autouse=True)
def _two_leaders_long_ago(leader: User) -> None:
    RoleGrant.objects.update(granted_at=oslo("2021-01-01 10:00"))


def annulled(contact: Contact) -> Contact:
    annul(contact, note="Feil deltaker.", at=WEDNESDAY)
    return contact


def made(contact: Contact) -> Contact:
    """The contact after a call that was answered."""
    record_attempt(contact_id=contact.pk, started_at=WEDNESDAY, wait_seconds=20, result="answered", at=WEDNESDAY)
    return contact


def put_back(contact: Contact, leader: User) -> Contact:
    return put_back_contact(contact_id=contact.pk, by=leader, note="Den var riktig.", at=WEDNESDAY)


def refused(contact: Contact, leader: User) -> str:
    """Why it is not put back; everything stands as before."""
    with pytest.raises(PutBackRefused) as told:
        put_back(contact, leader)
    contact.refresh_from_db()
    assert contact.outcome == Outcome.VOID
    assert Voiding.objects.in_force().filter(contact=contact).exists()
    return str(told.value)


def broken_rules(edition: Edition) -> set[str]:
    """The rules the plan breaks, but for how many contacts there are."""
    found = {str(broken.rule) for broken in check_plan(planning_problem(edition), all_contacts(edition))}
    return found - {"contacts_per_channel"}


# Nobody has begun it: every hard rule ---------------------------------------------------------------------------------


def test_with_its_place_free_it_is_planned_again(
    assigned: AssignmentFactory, pool: list[Shopper], leader: User
) -> None:
    contact = put_back(annulled(assigned(pool[0], week="2022-W04")), leader)
    assert contact.outcome == ""
    assert broken_rules(contact.edition) == set()


def test_not_on_a_day_another_contact_has_taken(assigned: AssignmentFactory, pool: list[Shopper], leader: User) -> None:
    contact = annulled(assigned(pool[0], code="c0001", week="2022-W04"))
    other = assigned(pool[1], code="c0002", week="2022-W05")
    move_contact(contact_id=other.pk, by=leader, at=WEDNESDAY, day=contact.planned_on)

    told = refused(contact, leader)

    assert "deltakeren har allerede en henvendelse den dagen" in told
    assert "Flytt c0002 til en annen dag først." in told
    assert broken_rules(contact.edition) == set()
    move_contact(contact_id=other.pk, by=leader, at=WEDNESDAY, day=dt.date(2022, 1, 27))
    put_back(contact, leader)
    assert broken_rules(contact.edition) == set()


def test_not_to_a_shopper_who_has_got_another_in_its_place(
    assigned: AssignmentFactory,
    pool: list[Shopper],
    shopper_of: ShopperFactory,
    participants: list[Participant],
    leader: User,
) -> None:
    contact = annulled(assigned(shopper_of("en", max_contacts=1), code="c0001", week="2022-W04"))
    other = assigned(pool[0], code="c0002", week="2022-W05", participant=participants[1])
    move_contact(contact_id=other.pk, by=leader, at=WEDNESDAY, shopper="en")

    told = refused(contact, leader)

    assert "mystery shopperen har fullt" in told
    assert "Gi bort minst én av disse først: c0002." in told
    assert "reparer planen" in told


def test_not_into_a_full_week(
    assigned: AssignmentFactory, shopper_of: ShopperFactory, participants: list[Participant], leader: User
) -> None:
    one_a_week = shopper_of("en", max_per_week=1)
    contact = annulled(assigned(one_a_week, code="c0001", week="2022-W04"))
    assigned(one_a_week, code="c0002", week="2022-W04", participant=participants[1])
    assert "Flytt eller gi bort minst én av disse først: c0002." in refused(contact, leader)


def test_not_to_a_shopper_who_meets_the_participant_already(
    assigned: AssignmentFactory, pool: list[Shopper], leader: User
) -> None:
    contact = annulled(assigned(pool[0], code="c0001", week="2022-W04"))
    assigned(pool[0], code="c0002", week="2022-W05")
    assert "Gi bort c0002 først." in refused(contact, leader)


def test_not_between_two_who_must_never_meet(assigned: AssignmentFactory, pool: list[Shopper], leader: User) -> None:
    contact = annulled(assigned(pool[0], week="2022-W04"))
    add_relation(shopper_id=pool[0].pk, participant_code="fjell", kind=RelationKind.CUSTOMER, by=leader, at=WEDNESDAY)
    told = refused(contact, leader)
    assert "mystery shopperen har et forhold til deltakeren" in told
    assert "kan det fjernes" in told


def test_not_to_a_shopper_who_has_left(assigned: AssignmentFactory, pool: list[Shopper], leader: User) -> None:
    contact = annulled(assigned(pool[0], week="2022-W04"))
    Shopper.objects.filter(pk=pool[0].pk).update(available_to=dt.date(2022, 1, 14))
    assert "mystery shopperen er ikke tilgjengelig da" in refused(contact, leader)


def test_a_late_one_is_late_once_more(assigned: AssignmentFactory, pool: list[Shopper], leader: User) -> None:
    contact = annulled(assigned(pool[0], week="2022-W02"))
    later = oslo("2022-01-20 10:00")
    put_back_contact(contact_id=contact.pk, by=leader, note="Den var riktig.", at=later)
    contact.refresh_from_db()
    assert contact.outcome == ""


def test_of_one_planned_for_a_week_alone_its_day_is_not_asked(
    assigned: AssignmentFactory, pool: list[Shopper], leader: User
) -> None:
    contact = assigned(pool[0], code="c0001", week="2022-W04")
    assigned(pool[1], code="c0002", week="2022-W04")
    Contact.objects.update(planned_on=None, window="")
    put_back(annulled(contact), leader)


def test_channels_that_do_not_add_up_are_told(assigned: AssignmentFactory, pool: list[Shopper], leader: User) -> None:
    contact = annulled(assigned(pool[0], week="2022-W04"))
    Participant.objects.filter(pk=contact.participant_id).update(telephone_contacts=1)
    with pytest.raises(PlanImpossible, match="Fjellbanken"):
        put_back(contact, leader)


# It is made: a fact, but never one that no package may tell -----------------------------------------------------------


def test_what_is_made_comes_back_though_there_would_be_no_room_for_it(
    assigned: AssignmentFactory,
    pool: list[Shopper],
    shopper_of: ShopperFactory,
    participants: list[Participant],
    leader: User,
) -> None:
    busy = shopper_of("en", max_contacts=1)
    contact = annulled(made(assigned(busy, code="c0001", week="2022-W02")))
    assigned(busy, code="c0002", week="2022-W05", participant=participants[1])
    assigned(pool[1], code="c0003", week="2022-W02")
    Shopper.objects.filter(pk=busy.pk).update(available_to=dt.date(2022, 1, 10))
    Participant.objects.filter(pk=contact.participant_id).update(telephone_contacts=1)
    put_back(contact, leader)
    contact.refresh_from_db()
    assert contact.outcome == ""
    assert contact.contacted_at == WEDNESDAY


def test_what_is_made_stays_annulled_between_two_who_must_never_meet(
    assigned: AssignmentFactory, pool: list[Shopper], leader: User
) -> None:
    contact = annulled(made(assigned(pool[0])))
    add_relation(shopper_id=pool[0].pk, participant_code="fjell", kind=RelationKind.CUSTOMER, by=leader, at=WEDNESDAY)
    assert "mystery shopperen har et forhold til deltakeren" in refused(contact, leader)
    Relation.objects.all().delete()
    put_back(contact, leader)


def test_what_is_made_stays_annulled_where_a_package_could_not_tell_it(
    assigned: AssignmentFactory, pool: list[Shopper], leader: User
) -> None:
    contact = annulled(made(assigned(pool[0])))
    ContactPoint.objects.filter(participant=contact.participant_id, kind=Channel.TELEPHONE).delete()
    assert "kontaktmåten er stengt hos deltakeren" in refused(contact, leader)


def test_a_contact_form_keeps_e_mail_open(assigned: AssignmentFactory, pool: list[Shopper], leader: User) -> None:
    contact = assigned(pool[0], Channel.EMAIL)
    start_attempt(contact_id=contact.pk, at=WEDNESDAY)
    ContactPoint.objects.filter(participant=contact.participant_id, kind=Channel.EMAIL).update(kind="contact_form")
    put_back(annulled(contact), leader)


def test_an_earlier_annulment_of_the_same_two_does_not_hold_a_made_one_back(
    assigned: AssignmentFactory, pool: list[Shopper], leader: User, tmp_path: Path
) -> None:
    first = annulled(made(assigned(pool[0], code="c0001")))
    second = annulled(made(assigned(pool[0], code="c0002", week="2022-W03")))
    put_back(second, leader)
    assert "Gi bort" not in refused(first, leader), "c0002 is made, and nobody can take it over"
    write_package(load_package(first.edition), tmp_path / "package.zip")
    parse_package(tmp_path / "package.zip")


# The door -------------------------------------------------------------------------------------------------------------


def test_the_page_says_why_and_keeps_what_was_written(
    assigned: AssignmentFactory,
    pool: list[Shopper],
    leader: User,
    client_for: ClientFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clock, "now", lambda: WEDNESDAY)
    contact = annulled(assigned(pool[0], code="c0001", week="2022-W04"))
    assigned(pool[1], code="c0002", week="2022-W04")
    client: Client = client_for(leader)
    address = f"/kontor/ksp-2022/gjennomgang/{contact.code}/"

    answer = client.post(f"{address}ta-tilbake/", {"note": "Den var riktig.", "seen": "999999"})

    assert answer.status_code == 422
    assert "Flytt c0002 til en annen dag først." in answer.content.decode()
    assert "Den var riktig." in answer.content.decode()
    Contact.objects.filter(code="c0002").delete()
    assert client.post(f"{address}ta-tilbake/", {"note": "Den var riktig.", "seen": "999999"}).status_code == 302


def test_after_the_field_period_no_repair_is_promised(
    assigned: AssignmentFactory, pool: list[Shopper], leader: User
) -> None:
    contact = annulled(made(assigned(pool[0])))
    Relation.objects.create(shopper=pool[0], participant=contact.participant, kind=RelationKind.CUSTOMER)
    Edition.objects.update(phase=Phase.REVIEW)
    assert "reparer" not in refused(contact, leader)


def test_one_that_is_not_annulled_is_refused_by_the_rules_of_the_review(
    assigned: AssignmentFactory, pool: list[Shopper], leader: User
) -> None:
    with pytest.raises(ReviewRefused):
        put_back(assigned(pool[0]), leader)
