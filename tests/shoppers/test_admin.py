"""Shoppers in the technical administration: closed with the edition, and every change of them is remembered."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from kundeservice.core.acts import ACTS
from kundeservice.core.models import AuditEvent, User
from shoppers.models import Relation, Shopper
from surveys.models import ContactPoint, Edition, ParticipantMember, Phase
from tests.conftest import ClientFactory
from tests.factories import make_class, make_edition, make_participant

pytestmark = pytest.mark.django_db

SHOPPERS = "/teknisk/shoppers/shopper/"
LOCKED = "Årgangen er låst."


@pytest.fixture
def operator() -> User:
    return User.objects.create_superuser("drift@example.test")


@pytest.fixture
def desk(operator: User, client_for: ClientFactory) -> Client:
    return client_for(operator)


@pytest.fixture
def shopper() -> Shopper:
    edition = make_edition()
    participant = make_participant(make_class(edition))
    shopper = Shopper.objects.create(
        edition=edition, code="siri", name="Siri", email="siri@example.test", channels="email", max_contacts=9
    )
    Relation.objects.create(shopper=shopper, participant=participant, kind="customer")
    return shopper


def lock(edition: Edition) -> None:
    Edition.objects.filter(pk=edition.pk).update(phase=Phase.LOCKED)


def sent(shopper: Shopper, **changes: Any) -> dict[str, Any]:
    """A shopper's page as a browser sends it, with the one relation there is."""
    fields = {
        "code": shopper.code,
        "name": shopper.name,
        "email": shopper.email,
        "channels": shopper.channels,
        "max_contacts": shopper.max_contacts,
        "relations-TOTAL_FORMS": 0,
        "relations-INITIAL_FORMS": 0,
    }
    return {**fields, **changes}


def page_of(shopper: Shopper) -> str:
    return f"{SHOPPERS}{shopper.pk}/change/"


def acts() -> list[tuple[str, str, Any]]:
    lines = AuditEvent.objects.filter(action__startswith="shopper.").order_by("pk")
    return [(line.action, line.subject, line.actor) for line in lines]


def test_a_change_in_an_open_edition_is_made_and_remembered(desk: Client, shopper: Shopper, operator: User) -> None:
    answer = desk.post(page_of(shopper), sent(shopper, name="Siri Ny", max_contacts=4))

    shopper.refresh_from_db()
    assert (answer.status_code, shopper.name, shopper.max_contacts) == (302, "Siri Ny", 4)
    assert acts() == [("shopper.changed", "ksp-2022/siri", operator)]
    detail = AuditEvent.objects.get(action="shopper.changed").detail
    assert detail["what"] == "Siri Ny"
    assert detail["changes"][0]["changed"]["fields"]


def test_a_relation_that_is_changed_is_remembered_with_the_shopper(desk: Client, shopper: Shopper) -> None:
    relation = shopper.relations.get()
    row = {
        "relations-TOTAL_FORMS": 1,
        "relations-INITIAL_FORMS": 1,
        "relations-0-id": relation.pk,
        "relations-0-shopper": shopper.pk,
        "relations-0-participant": relation.participant_id,
        "relations-0-kind": "family",
    }

    desk.post(page_of(shopper), sent(shopper, **row))

    relation.refresh_from_db()
    assert relation.kind == "family"
    assert [action for action, _subject, _actor in acts()] == ["shopper.changed"]


def test_looking_and_saving_nothing_new_leaves_no_line(desk: Client, shopper: Shopper) -> None:
    desk.get(page_of(shopper))
    desk.post(page_of(shopper), sent(shopper))

    assert acts() == []


def test_a_shopper_of_a_locked_edition_is_only_looked_at(desk: Client, shopper: Shopper) -> None:
    lock(shopper.edition)

    page = desk.get(page_of(shopper))
    assert page.status_code == 200
    assert 'name="name"' not in page.content.decode()
    assert 'name="relations-0-kind"' not in page.content.decode()
    assert desk.post(page_of(shopper), sent(shopper, name="Siri Ny")).status_code == 403
    assert desk.post(f"{SHOPPERS}{shopper.pk}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [shopper.pk], "post": "yes"}
    assert desk.post(SHOPPERS, chosen).status_code == 403
    assert (Shopper.objects.get().name, acts()) == ("Siri", [])


def test_a_shopper_is_not_moved_to_another_edition(desk: Client, shopper: Shopper) -> None:
    other = make_edition("ksp-2023")

    desk.post(page_of(shopper), sent(shopper, edition=other.pk))

    shopper.refresh_from_db()
    assert shopper.edition.code == "ksp-2022"


def test_an_addition_to_a_locked_edition_is_refused_in_words(desk: Client, shopper: Shopper) -> None:
    lock(shopper.edition)

    page = desk.post(f"{SHOPPERS}add/", sent(shopper, code="ny", edition=shopper.edition_id))

    assert page.status_code == 200
    assert LOCKED in page.content.decode()
    assert (Shopper.objects.count(), acts()) == (1, [])


def test_an_edition_locked_while_the_page_was_open_refuses_in_words(
    desk: Client, shopper: Shopper, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock(shopper.edition)
    monkeypatch.setattr("shoppers.admin._is_open", lambda _shopper: True)

    page = desk.post(page_of(shopper), sent(shopper, name="Siri Ny"))

    assert LOCKED in page.content.decode()


def test_additions_and_removals_are_remembered(desk: Client, shopper: Shopper, operator: User) -> None:
    desk.post(f"{SHOPPERS}add/", sent(shopper, code="ny", email="ny@example.test", edition=shopper.edition_id))
    new = Shopper.objects.get(code="ny")
    desk.post(f"{SHOPPERS}{new.pk}/delete/", {"post": "yes"})
    desk.post(SHOPPERS, {"action": "delete_selected", "_selected_action": [shopper.pk], "post": "yes"})

    assert not Shopper.objects.exists()
    assert acts() == [
        ("shopper.added", "ksp-2022/ny", operator),
        ("shopper.removed", "ksp-2022/ny", operator),
        ("shopper.removed", "ksp-2022/siri", operator),
    ]


@pytest.mark.parametrize("address", ["siri@example.test", "\u200bSiri@Example.test "])
def test_two_shoppers_never_get_one_address(address: str, desk: Client, shopper: Shopper) -> None:
    page = desk.post(f"{SHOPPERS}add/", sent(shopper, code="ny", email=address, edition=shopper.edition_id))

    assert page.status_code == 200
    assert "Adressen tilhører allerede mystery shopperen Siri" in page.content.decode()
    assert Shopper.objects.count() == 1


@pytest.mark.parametrize("where", ["report", "channel", "member"])
def test_a_shopper_never_gets_the_address_of_a_participant(where: str, desk: Client, shopper: Shopper) -> None:
    participant = shopper.relations.get().participant
    if where == "report":
        type(participant).objects.filter(pk=participant.pk).update(report_email="Leder@bank.example")
    elif where == "channel":
        ContactPoint.objects.update_or_create(
            participant=participant, kind="email", defaults={"address": "Leder@bank.example"}
        )
    else:
        person = User.objects.create_user("leder@bank.example")
        ParticipantMember.objects.create(participant=participant, user=person)

    page = desk.post(page_of(shopper), sent(shopper, email="leder@bank.example"))

    assert f"Adressen tilhører allerede deltakeren {participant.name}" in page.content.decode()
    shopper.refresh_from_db()
    assert shopper.email == "siri@example.test"


def test_a_shopper_never_gets_the_account_of_a_participants_person(desk: Client, shopper: Shopper) -> None:
    person = User.objects.create_user("leder@bank.example")
    ParticipantMember.objects.create(participant=shopper.relations.get().participant, user=person)

    page = desk.post(page_of(shopper), sent(shopper, user=person.pk))

    assert "Adressen tilhører allerede deltakeren" in page.content.decode()
    shopper.refresh_from_db()
    assert shopper.user is None


def test_an_address_that_takes_no_mail_is_refused_for_a_shopper(desk: Client, shopper: Shopper) -> None:
    page = desk.post(page_of(shopper), sent(shopper, email="kari..n@example.test"))

    assert "kan ikke motta post" in page.content.decode()


def test_every_one_of_them_has_a_name_in_the_log() -> None:
    assert {"shopper.added", "shopper.changed", "shopper.removed"} <= set(ACTS)
