"""People are known by e-mail and may have several roles."""

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from kundeservice.core.models import Role, RoleGrant, User
from kundeservice.core.services.people import ensure_person, grant_role

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


def test_a_withdrawn_role_no_longer_counts_from_the_next_request() -> None:
    user = ensure_person(email="kari@example.test", roles=[Role.REVIEWER, Role.LEADER])
    assert user.has_role(Role.REVIEWER)
    RoleGrant.objects.filter(user=user, role=Role.REVIEWER).delete()
    met_again = User.objects.get(pk=user.pk)
    assert not met_again.has_role(Role.REVIEWER)
    assert met_again.has_role(Role.REVIEWER, Role.LEADER)


def test_a_person_is_looked_up_with_all_their_roles_at_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    kari = ensure_person(email="kari@example.test", roles=[Role.REVIEWER, Role.LEADER])
    ola = ensure_person(email="ola@example.test")
    with django_assert_num_queries(3):
        assert User.objects.get(pk=kari.pk).roles == {Role.REVIEWER, Role.LEADER}
        assert User.objects.get(pk=ola.pk).roles == frozenset()
        assert User.objects.get(role_grants__role=Role.LEADER).roles == {Role.REVIEWER, Role.LEADER}


def test_nobody_and_more_than_one_are_refused_as_ever() -> None:
    ensure_person(email="kari@example.test", roles=[Role.REVIEWER, Role.LEADER])
    ensure_person(email="ola@example.test")
    with pytest.raises(User.DoesNotExist):
        User.objects.get(email="per@example.test")
    with pytest.raises(User.MultipleObjectsReturned):
        User.objects.get(is_active=True)


def test_the_database_refuses_a_second_spelling_and_an_unknown_role() -> None:
    user = ensure_person(email="kari@example.test")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(email="Kari@example.test")
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(user=user, role="owner")
