"""What somebody typed survives a form that cannot be taken: its key is gone or changed, or the session has ended."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from kundeservice.core.models import Role, User
from tests.conftest import PersonFactory
from tests.test_doors import ANONYMOUS, DOORS, route_names

pytestmark = pytest.mark.django_db

TYPED = 'Hun svarte <raskt> & "hyggelig",\nmen kjente ikke prisen på 1 290 kroner.'
TYPED_FORM = {"note": TYPED, "valg": ["a", "b"], "revision": "3"}
OF_THE_LOG_IN = ("/logg-inn/kode/", "/logg-ut/")
"""Allauth's own, which send a stranger on: there is nothing to keep."""
HERE = {"origin": "http://testserver", "referer": "http://testserver/kontor/?side=2"}


def fields_in(page: str) -> list[tuple[str, str]]:
    """The hidden fields of the page's one form with a button that sends again."""
    form = page[page.index('<form method="post" action=') :].split("</form>", maxsplit=1)[0]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)
    return [(name, html.unescape(value)) for name, value in found if name != "csrfmiddlewaretoken"]


def addresses(names: Iterable[str]) -> list[str]:
    with override("nb"):
        return [reverse(name, kwargs={"pk": 1} if name == "core:job" else DOORS[name].words) for name in names]


def strict_client(user: User) -> Client:
    """A browser whose forms must carry their key."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("state", ["the cookie is gone", "the key has changed"])
def test_every_form_comes_back_whole_when_its_key_is_not_valid(person: PersonFactory, state: str) -> None:
    client = strict_client(person(*Role))
    key = {}
    if state == "the key has changed":
        client.cookies["csrftoken"] = "b" * 32
        key = {"csrfmiddlewaretoken": "a" * 32}
    for address in addresses(route_names()):
        answer = client.post(address, {**TYPED_FORM, **key}, headers=HERE)
        page = answer.content.decode()
        assert answer.status_code == 403, address
        assert ("note", TYPED.replace("\n", "\n")) in fields_in(page), address
        assert [value for name, value in fields_in(page) if name == "valg"] == ["a", "b"]
        assert f'action="{address}"' in page
        assert "1 290 kroner" in re.sub(r"<input[^>]*>", "", page), "the words can be read and copied"


def test_the_form_that_came_back_can_be_sent(person: PersonFactory) -> None:
    client = strict_client(person(Role.SHOPPER))
    refused = client.post("/logg-ut/", {"note": TYPED}, headers=HERE)
    key = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', refused.content.decode())
    assert key
    again = client.post("/logg-ut/", {"note": TYPED, "csrfmiddlewaretoken": key[1]}, headers=HERE)
    assert (again.status_code, again["Location"]) == (302, "/logg-inn/")


@pytest.mark.parametrize("sender", [{}, {"origin": "https://evil.example"}, {"origin": "null"}])
def test_nobody_else_can_put_words_into_a_form(person: PersonFactory, sender: dict[str, str]) -> None:
    answer = strict_client(person(Role.LEADER)).post("/logg-ut/", {"note": TYPED}, headers=sender)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "kroner" not in page
    assert "Send på nytt" not in page
    assert "ikke fra en av våre egne sider" in page


def test_secrets_are_not_given_back(person: PersonFactory) -> None:
    sent = {"password": "hemmelig ord", "code": "ABC123", "email": "kari@example.test"}
    page = strict_client(person(Role.LEADER)).post("/logg-inn/", sent, headers=HERE).content.decode()
    assert fields_in(page) == [("email", "kari@example.test")]
    assert "hemmelig" not in page


def test_a_file_must_be_chosen_again(person: PersonFactory) -> None:
    sent = {"file": SimpleUploadedFile("pakke.zip", b"PK"), "note": TYPED}
    page = strict_client(person(Role.LEADER)).post("/kontor/importer/", sent, headers=HERE).content.decode()
    assert "velg den en gang til" in page
    assert 'href="/kontor/?side=2"' in page
    assert "Send på nytt" not in page
    assert "1 290 kroner" in page


def test_a_stranger_without_a_form_is_simply_asked_to_log_in() -> None:
    answer = Client().post("/oppdrag/ksp-2022/c0001/skjema/velkomst/")
    assert answer["Location"].startswith("/logg-inn/?next=")


def test_a_form_sent_after_the_session_ended_comes_back_with_a_way_to_log_in() -> None:
    behind_a_lock = [name for name in sorted(set(route_names())) if ANONYMOUS not in DOORS[name].roles]
    for address in addresses(behind_a_lock):
        answer = Client().post(address, TYPED_FORM, headers=HERE)
        if address in OF_THE_LOG_IN:
            continue
        page = answer.content.decode()
        assert answer.status_code == 401, address
        assert ("note", TYPED) in fields_in(page)
        assert 'href="/logg-inn/?next=%2Fkontor%2F%3Fside%3D2" target="_blank"' in page


def test_a_script_is_told_the_key_and_who_is_logged_in(person: PersonFactory) -> None:
    kari = person(Role.SHOPPER)
    address = "/oppdrag/ksp-2022/c0001/skjema/velkomst/lagre/"
    told = strict_client(kari).post(address, {"c-welcome": TYPED}, headers={"accept": "application/json", **HERE})
    assert (told.status_code, told.json()["user"]) == (403, str(kari.pk))
    assert len(told.json()["token"]) == 64
    stranger = Client().post(address, {"c-welcome": TYPED}, headers={"accept": "application/json"})
    assert (stranger.status_code, set(stranger.json())) == (401, {"login"})


def test_every_form_of_the_product_is_sent_by_post_or_asks_only() -> None:
    """A form that changes something without a key would not be caught by the walk above."""
    for path in Path("templates").rglob("*.html"):
        for form in re.findall(r"<form\b[^>]*>.*?</form>", path.read_text(), flags=re.DOTALL):
            assert 'method="get"' in form or "{% csrf_token %}" in form, path
