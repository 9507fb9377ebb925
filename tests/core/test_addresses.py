"""One rule for e-mail addresses, at every door."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client

from awards.package.format.cells import converter
from awards.package.format.tables import Column, Kind
from awards.package.format.text_cells import CellError
from kundeservice.core.addresses import normalised_address, read_address
from kundeservice.core.models import User
from kundeservice.core.services.people import ensure_person
from tests.awards.package.format.test_cells import OSLO

ZERO_WIDTH, NO_BREAK, SOFT_HYPHEN, MARK, LEFT_TO_RIGHT = "\u200b", "\u00a0", "\u00ad", "\ufeff", "\u200e"

UNREACHABLE = (
    "åse@example.test",
    "kari..n@example.test",
    ".kari@example.test",
    "kari.@example.test",
    "kari@example",
    "kari@localhost",
    "kari@-example.test",
    '"kari n"@example.test',
    "kari@example.test, ola@example.test",
    "Kari <kari@example.test>",
    "mailto:kari@example.test",
    "-",
    "n/a",
    "x" * 250 + "@a.no",
)
REACHABLE = (
    "kari@example.test",
    "Kari.Nordmann+pris@example.test",
    "o'kari@example.test",
    "post@blåbær.example",
    f"{MARK}kari{ZERO_WIDTH}@exam{SOFT_HYPHEN}ple.test{NO_BREAK}{LEFT_TO_RIGHT}",
)


def import_takes(address: str) -> bool:
    try:
        converter(Column("email", Kind.EMAIL, longest=254), OSLO)(address)
    except CellError:
        return False
    return True


def log_in_takes(address: str) -> bool:
    return Client().post("/logg-inn/", {"email": address}).status_code == 302


def a_person_is_made(address: str) -> bool:
    try:
        ensure_person(email=address)
    except ValidationError:
        return False
    return True


def the_command_line_takes(address: str) -> bool:
    try:
        call_command("create_leader", "--", address, "Liv Leder", stdout=StringIO())
    except CommandError:
        return False
    return True


def the_admin_takes(address: str) -> bool:
    client = Client()
    client.force_login(User.objects.create_superuser("drift@example.test"))
    page = {"email": address, "language": "nb", "is_active": "on"}
    page |= {f"role_grants-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")}
    return client.post("/teknisk/core/user/add/", page).status_code == 302


Door = Callable[[str], bool]
DOORS: tuple[Door, ...] = (import_takes, log_in_takes, a_person_is_made, the_command_line_takes, the_admin_takes)


@pytest.mark.django_db
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("address", UNREACHABLE)
def test_an_address_that_takes_no_mail_is_refused_at_every_door(door: Door, address: str) -> None:
    assert not door(address)


@pytest.mark.django_db
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("address", REACHABLE)
def test_an_address_that_takes_mail_is_taken_at_every_door(door: Door, address: str) -> None:
    assert door(address)


@pytest.mark.django_db
@pytest.mark.parametrize("typed", REACHABLE)
def test_whoever_is_let_in_can_log_in_however_the_address_is_typed(typed: str, client: Client) -> None:
    person = ensure_person(email=read_address(typed))

    client.post("/logg-inn/", {"email": typed.upper()})

    assert [message.to for message in mail.outbox] == [[person.email]]


def test_a_browser_sends_the_domain_as_mail_servers_write_it() -> None:
    assert normalised_address("post@xn--blbr-roah.example") == normalised_address("Post@Blåbær.example")


@pytest.mark.parametrize("address", ["feil@", "feil", "@example.test", "kari@eksempel"])
def test_letters_are_named_only_where_they_are_what_is_wrong(address: str) -> None:
    with pytest.raises(ValidationError, match="Skriv én hel adresse") as refused:
        read_address(address)
    assert "uten æ, ø og å" not in str(refused.value)


def test_letters_no_mail_takes_are_named() -> None:
    with pytest.raises(ValidationError, match="uten æ, ø og å foran @"):
        read_address("kåre@eksempel.no")
