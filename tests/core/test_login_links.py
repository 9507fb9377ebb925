"""Log-in links: looking does nothing, pressing logs in, a mailed one once and soon, a printed one all day."""

from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client

from kundeservice.core.login_links import LinkKind, login_link
from kundeservice.core.models import Role, User
from tests.conftest import PersonFactory

pytestmark = pytest.mark.django_db


def path_of(link: str, site: str = "http://127.0.0.1:8000") -> str:
    assert link.startswith(f"{site}/")
    return link.removeprefix(site)


def is_logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.fixture
def mailed(leader: User) -> str:
    return path_of(login_link(leader, kind=LinkKind.MAILED))


@pytest.fixture
def printed(leader: User) -> str:
    return path_of(login_link(leader, kind=LinkKind.PRINTED))


def test_a_mail_scanner_that_fetches_the_link_neither_logs_in_nor_uses_it_up(mailed: str) -> None:
    scanner = Client()
    for _visit in range(3):
        answer = scanner.get(mailed)
        assert answer.status_code == 200
        assert "Liv Leder" in answer.content.decode()
    assert not is_logged_in(scanner)
    person = Client()
    person.post(mailed)
    assert is_logged_in(person)


def test_pressing_the_button_leads_to_ones_own_door(mailed: str, client: Client) -> None:
    answer = client.post(mailed)
    assert (answer.status_code, answer["Location"]) == (302, "/min-side/")


def test_a_mailed_link_works_once(mailed: str) -> None:
    assert Client().post(mailed).status_code == 302
    second = Client()
    answer = second.post(mailed)
    assert answer.status_code == 410
    assert "Få en ny lenke" in answer.content.decode()
    assert second.get(mailed).status_code == 410
    assert not is_logged_in(second)


def test_a_printed_link_works_as_often_as_wanted(printed: str) -> None:
    for _time in range(2):
        client = Client()
        client.post(printed)
        assert is_logged_in(client)


@pytest.mark.parametrize(
    ("kind", "lives", "dead_after"),
    [
        (LinkKind.MAILED, dt.timedelta(minutes=9, seconds=50), dt.timedelta(minutes=10, seconds=5)),
        (LinkKind.PRINTED, dt.timedelta(hours=11, minutes=59), dt.timedelta(hours=12, minutes=1)),
    ],
)
def test_a_link_dies_of_age(
    leader: User, at: dt.datetime, kind: LinkKind, lives: dt.timedelta, dead_after: dt.timedelta
) -> None:
    with time_machine.travel(at, tick=False) as clock:
        path = path_of(login_link(leader, kind=kind))
        clock.move_to(at + lives)
        assert Client().get(path).status_code == 200
        clock.move_to(at + dead_after)
        assert Client().get(path).status_code == 410
        assert Client().post(path).status_code == 410


def test_a_mailed_link_cannot_pass_for_a_printed_one(mailed: str, client: Client) -> None:
    assert client.get(mailed.replace("/lenke/m/", "/lenke/t/")).status_code == 410


def test_a_forged_or_cut_link_is_dead(mailed: str, client: Client) -> None:
    assert client.get(mailed[:-4] + "/").status_code == 410
    assert client.post("/logg-inn/lenke/m/tull/").status_code == 410


def test_a_link_dies_with_the_account_and_with_the_address(leader: User, printed: str, client: Client) -> None:
    User.objects.filter(pk=leader.pk).update(is_active=False)
    assert client.get(printed).status_code == 410
    User.objects.filter(pk=leader.pk).update(is_active=True, email="ny@example.test")
    assert client.get(printed).status_code == 410


def test_the_session_gets_a_new_key(mailed: str, client: Client) -> None:
    client.get("/logg-inn/")
    session = client.session
    session["before"] = True
    session.save()
    before = session.session_key
    client.post(mailed)
    assert client.session.session_key != before


def test_the_link_is_kept_from_other_pages_and_from_stores(mailed: str, client: Client) -> None:
    answer = client.get(mailed)
    assert answer["Referrer-Policy"] == "strict-origin"
    assert "no-store" in answer["Cache-Control"]


def test_pressing_needs_the_form_of_the_page(mailed: str) -> None:
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post(mailed).status_code == 403
    assert not is_logged_in(stranger)


def test_the_page_is_in_the_owners_language(person: PersonFactory, client: Client) -> None:
    path = path_of(login_link(person(language="en"), kind=LinkKind.PRINTED))
    assert path.startswith("/en/logg-inn/")
    assert client.get(path)["Content-Language"] == "en"


def test_the_command_prints_a_link_for_an_address(leader: User) -> None:
    printed = StringIO()
    call_command("login_link", "LEDER@example.test", stdout=printed)
    client = Client()
    client.post(path_of(printed.getvalue().strip()))
    assert is_logged_in(client)


def test_the_command_refuses_an_address_nobody_has() -> None:
    with pytest.raises(CommandError, match=r"Nobody active has the address ingen@example\.test"):
        call_command("login_link", "ingen@example.test")


def test_the_demo_gets_one_link_for_each_role(leader: User, shopper_person: User) -> None:
    printed = StringIO()
    call_command("login_link", "--demo", stdout=printed)
    lines = printed.getvalue()
    assert all(str(role.label) in lines for role in Role)
    assert lines.count("http://127.0.0.1:8000/logg-inn/lenke/t/") == 2
    assert lines.count("(nobody has this role)") == 2
