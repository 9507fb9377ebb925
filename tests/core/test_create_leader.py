"""The first way in: a project leader made on the command line."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from kundeservice.core.models import Role, User

pytestmark = pytest.mark.django_db


def test_a_leader_is_made_with_a_link_to_log_in() -> None:
    out = StringIO()

    call_command("create_leader", "Leder@Firma.example", "Liv Leder", stdout=out)

    person = User.objects.get(email="leder@firma.example")
    assert (person.display_name, person.roles) == ("Liv Leder", frozenset({Role.LEADER}))
    assert "/logg-inn/lenke/" in out.getvalue()


def test_somebody_who_exists_keeps_their_roles(shopper_person: User) -> None:
    call_command("create_leader", shopper_person.email, "Et annet navn", stdout=StringIO())

    person = User.objects.get(pk=shopper_person.pk)
    assert (person.display_name, person.roles) == (shopper_person.display_name, frozenset({Role.SHOPPER, Role.LEADER}))


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(CommandError):
        call_command("create_leader", "ikke en adresse", "Liv")
