"""What is done to people in the technical administration stays in the audit trail."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.test import Client

from kundeservice.core.models import AuditEvent, Role, RoleGrant, User
from kundeservice.core.services.people import grant_role
from tests.conftest import ClientFactory, PersonFactory
from tests.factories import AT, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(db: None) -> User:
    return User.objects.create_superuser("drift@example.test")


@pytest.fixture
def desk(operator: User, client_for: ClientFactory) -> Client:
    return client_for(operator)


@pytest.fixture
def colleague() -> User:
    return make_person(Role.REVIEWER, email="kollega@example.test")


def grants_form(*rows: dict[str, Any], existing: int) -> dict[str, Any]:
    """The fields of the roles on a person's page, as a browser sends them."""
    sent: dict[str, Any] = {"role_grants-TOTAL_FORMS": len(rows), "role_grants-INITIAL_FORMS": existing}
    for number, row in enumerate(rows):
        sent |= {f"role_grants-{number}-{field}": value for field, value in row.items()}
    return sent


def save(desk: Client, person: User | None, *rows: dict[str, Any], existing: int = 0, **fields: str) -> None:
    facts = {"email": person.email if person else "", "display_name": "", "language": "nb", "is_active": "on", **fields}
    address = f"/teknisk/core/user/{person.pk}/change/" if person else "/teknisk/core/user/add/"
    sent = {name: value for name, value in facts.items() if value != "off"}
    response = desk.post(address, {**sent, **grants_form(*rows, existing=existing)})
    assert response.status_code == 302, response.content.decode()


def trail(person: User) -> list[tuple[str, dict[str, Any]]]:
    events = AuditEvent.objects.filter(subject=f"person:{person.pk}").order_by("pk")
    return list(events.values_list("action", "detail"))


def row_of(person: User, role: Role) -> dict[str, Any]:
    grant = RoleGrant.objects.get(user=person, role=role)
    return {"id": grant.pk, "user": person.pk, "role": role.value}


def test_a_role_given_in_the_administration_is_recorded(desk: Client, colleague: User, operator: User) -> None:
    new = {"id": "", "user": colleague.pk, "role": "leader"}

    save(desk, colleague, row_of(colleague, Role.REVIEWER), new, existing=1)

    assert trail(colleague) == [("role.granted", {"role": "leader"})]
    assert AuditEvent.objects.get().actor == operator


def test_a_role_taken_away_in_the_administration_is_recorded(desk: Client, colleague: User) -> None:
    save(desk, colleague, {**row_of(colleague, Role.REVIEWER), "DELETE": "on"}, existing=1)

    assert not RoleGrant.objects.filter(user=colleague).exists()
    assert trail(colleague) == [("role.withdrawn", {"role": "reviewer"})]


def test_an_old_role_never_becomes_another_one(desk: Client, colleague: User) -> None:
    """The time a role was given decides what its holder may agree to; another role is given anew."""
    save(desk, colleague, {**row_of(colleague, Role.REVIEWER), "role": "leader"}, existing=1)

    assert list(colleague.role_grants.values_list("role", flat=True)) == ["reviewer"]


def test_what_opens_or_closes_a_door_is_recorded(desk: Client, colleague: User) -> None:
    save(desk, colleague, row_of(colleague, Role.REVIEWER), existing=1, is_active="off", is_superuser="on")

    (event,) = trail(colleague)
    assert event == ("person.changed", {"is_active": [True, False], "is_superuser": [False, True]})


def test_a_person_made_in_the_administration_is_recorded(desk: Client) -> None:
    save(desk, None, {"id": "", "user": "", "role": "leader"}, email="ny@example.test")

    person = User.objects.get(email="ny@example.test")
    assert [action for action, _detail in trail(person)] == ["person.created", "role.granted"]


def test_a_new_address_counts_as_a_new_grant(desk: Client, colleague: User) -> None:
    """Whoever reads the mail holds the account: it may be somebody else from now on."""
    save(desk, colleague, row_of(colleague, Role.REVIEWER), existing=1, email="alias@example.test")

    assert trail(colleague) == [("person.changed", {"email": ["kollega@example.test", "alias@example.test"]})]
    granted_at = RoleGrant.objects.get(user=colleague).granted_at
    assert granted_at == AuditEvent.objects.get().at > AT


def test_a_new_name_is_nobodys_business(desk: Client, colleague: User) -> None:
    before = RoleGrant.objects.get(user=colleague).granted_at

    save(desk, colleague, row_of(colleague, Role.REVIEWER), existing=1, display_name="Kari Kollega")

    assert trail(colleague) == []
    assert RoleGrant.objects.get(user=colleague).granted_at == before


def test_an_address_opens_an_account_only_through_the_page_of_its_person() -> None:
    assert not admin.site.is_registered(EmailAddress)


# ---- elsewhere -------------------------------------------------------------------------------------------------------


def test_a_role_given_by_a_service_is_recorded_once(person: PersonFactory, leader: User) -> None:
    somebody = person()
    for _turn in range(2):
        grant_role(user=somebody, role=Role.SHOPPER, by=leader)

    assert trail(somebody) == [("role.granted", {"role": "shopper"})]
    assert AuditEvent.objects.get(subject=f"person:{somebody.pk}").actor == leader
