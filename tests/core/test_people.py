"""People are known by e-mail and may have several roles."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from kundeservice.core.models import Role, RoleGrant, User
from kundeservice.core.services.people import ensure_person, grant_role, withdraw_role

pytestmark = pytest.mark.django_db


def test_address_is_stored_in_one_spelling() -> None:
    assert ensure_person(email=" Kari.Nordmann@Example.TEST ").email == "kari.nordmann@example.test"


def test_the_same_address_is_the_same_person() -> None:
    first = ensure_person(email="kari@example.test", roles=[Role.SHOPPER])
    second = ensure_person(email="KARI@example.test", display_name="Kari", roles=[Role.LEADER])
    assert first == second
    assert second.display_name == "Kari"
    assert second.roles == {Role.SHOPPER, Role.LEADER}


def test_a_person_made_without_password_cannot_log_in_by_one() -> None:
    assert not ensure_person(email="kari@example.test").has_usable_password()


def test_a_role_is_held_once() -> None:
    user = ensure_person(email="kari@example.test", roles=[Role.REVIEWER])
    grant_role(user=user, role=Role.REVIEWER)
    assert RoleGrant.objects.filter(user=user).count() == 1


def test_a_withdrawn_role_no_longer_counts(at: dt.datetime) -> None:
    user = ensure_person(email="kari@example.test", roles=[Role.REVIEWER, Role.LEADER])
    assert user.has_role(Role.REVIEWER)
    withdraw_role(user=user, role=Role.REVIEWER, at=at)
    assert not user.has_role(Role.REVIEWER)
    assert user.has_role(Role.REVIEWER, Role.LEADER)


def test_the_database_refuses_a_second_spelling_and_an_unknown_role() -> None:
    user = ensure_person(email="kari@example.test")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(email="Kari@example.test")
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(user=user, role="owner")
