"""Logging in by a code from a mail: the only way in for ordinary people."""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Sequence
from urllib.parse import urlencode

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.urls import NoReverseMatch, reverse
from pytest_django import Settings

from kundeservice.core.models import User

pytestmark = pytest.mark.django_db
LOGIN = "/logg-inn/"
CODE = "/logg-inn/kode/"
ELSEWHERE = ("//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)")


def is_logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def code_in(message: EmailMessage) -> str:
    """Find the code: letters and digits in capitals, perhaps with a dash, alone on its line."""
    found = re.search(r"^\s*([A-Z0-9]{3,}(?:-[A-Z0-9]{3,})?)\s*$", str(message.body), flags=re.MULTILINE)
    assert found, message.body
    return found[1]


def test_a_code_by_mail_logs_in_and_leads_to_ones_own_door(leader: User, client: Client) -> None:
    asked = client.post(LOGIN, {"email": "Leder@Example.test"})
    assert asked["Location"] == CODE
    (message,) = mail.outbox
    assert message.to == ["leder@example.test"]
    answer = client.post(CODE, {"code": code_in(message)})
    assert (answer.status_code, answer["Location"]) == (302, "/min-side/")
    assert is_logged_in(client)


def test_the_same_mail_carries_a_link(leader: User, client: Client) -> None:
    client.post(LOGIN, {"email": leader.email})
    (message,) = mail.outbox
    (link,) = re.findall(r"http://127\.0\.0\.1:8000(/logg-inn/lenke/m/\S+)", str(message.body))
    phone = Client()
    phone.post(link)
    assert is_logged_in(phone)


PAGE = "/oppdrag/ksp-2022/c0001/skjema/velkomst/?a=1&b=2"


def test_a_code_leads_back_to_the_page_one_came_from(leader: User, client: Client) -> None:
    asked = client.post(f"{LOGIN}?{urlencode({'next': PAGE})}", {"email": leader.email, "next": PAGE})
    form = client.get(asked["Location"]).content.decode()
    onward = re.search(r'name="next" value="([^"]+)"', form)
    assert onward
    answer = client.post(CODE, {"code": code_in(mail.outbox[0]), "next": html.unescape(onward[1])})
    assert answer["Location"] == PAGE


def test_a_mailed_link_leads_back_to_the_page_one_came_from(leader: User, client: Client) -> None:
    client.post(LOGIN, {"email": leader.email, "next": PAGE})
    (link,) = re.findall(r"http://127\.0\.0\.1:8000(/logg-inn/lenke/m/\S+)", str(mail.outbox[0].body))
    assert client.get(link).status_code == 200
    assert client.post(link)["Location"] == PAGE


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_a_mailed_link_sends_nobody_elsewhere(leader: User, client: Client, elsewhere: str) -> None:
    client.post(LOGIN, {"email": leader.email, "next": elsewhere})
    assert "evil" not in str(mail.outbox[0].body)
    (link,) = re.findall(r"http://127\.0\.0\.1:8000(/logg-inn/lenke/m/\S+)", str(mail.outbox[0].body))
    assert client.post(f"{link}?{urlencode({'next': elsewhere})}")["Location"] == "/min-side/"


def test_nobody_can_find_out_who_takes_part(leader: User) -> None:
    known, unknown = Client(), Client()
    answers = [known.post(LOGIN, {"email": leader.email}), unknown.post(LOGIN, {"email": "ingen@example.test"})]
    assert len({(answer.status_code, answer["Location"]) for answer in answers}) == 1
    pages = [known.get(CODE).content.decode(), unknown.get(CODE).content.decode()]
    neutral = [
        re.sub(r'value="[^"]{30,}"', "", page).replace(email, "")
        for page, email in zip(pages, (leader.email, "ingen@example.test"), strict=True)
    ]
    assert neutral[0] == neutral[1]
    assert [message.to for message in mail.outbox] == [[leader.email]]


def test_the_page_does_not_claim_that_an_unknown_address_got_a_code(db: None, client: Client) -> None:
    page = client.post(LOGIN, {"email": "ukjent@example.test"}, follow=True).content.decode()
    assert "Er ukjent@example.test registrert, er en innloggingskode på vei dit." in page
    assert "er sendt til" not in page


def test_the_page_does_not_wait_for_the_mail_server(leader: User, client: Client, settings: Settings) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.StalledMailServer"
    settings.MAIL_TAKES_TIME = True
    answer = client.post(LOGIN, {"email": leader.email})
    assert answer.status_code == 302
    assert mail.outbox == [], "the page was answered before the mail was taken"
    StalledMailServer.answers.set()
    for thread in threading.enumerate():
        if thread.name == "mail":
            thread.join()
    assert len(mail.outbox) == 1


class StalledMailServer(EmailBackend):
    """A mail server that takes nothing before it is told to."""

    answers = threading.Event()

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        assert self.answers.wait(timeout=30)
        return super().send_messages(messages)


def test_a_wrong_code_does_not_log_in_and_five_end_the_attempt(leader: User, client: Client) -> None:
    client.post(LOGIN, {"email": leader.email})
    right = code_in(mail.outbox[0])
    for _attempt in range(4):
        assert client.post(CODE, {"code": "WRONG1"}).status_code == 200
    assert client.post(CODE, {"code": "WRONG1"}).status_code == 302
    client.post(CODE, {"code": right})
    assert not is_logged_in(client)


def test_codes_cannot_be_asked_for_without_end(leader: User) -> None:
    answers = [Client().post(LOGIN, {"email": leader.email}) for _attempt in range(5)]
    assert len(mail.outbox) == 3
    assert "_auth_user_id" not in answers[-1].client.session
    assert answers[-1].status_code == 200, "the form comes back and says that one must wait"


def test_an_inactive_person_gets_no_code(leader: User, client: Client) -> None:
    leader.is_active = False
    leader.save()
    client.post(LOGIN, {"email": leader.email})
    assert mail.outbox == []


def test_logging_out_takes_a_button_not_a_link(leader: User, client: Client) -> None:
    client.force_login(leader, backend="django.contrib.auth.backends.ModelBackend")
    client.get("/logg-ut/")
    assert is_logged_in(client)
    client.post("/logg-ut/")
    assert not is_logged_in(client)


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_after_log_in_nobody_is_sent_elsewhere(leader: User, client: Client, elsewhere: str) -> None:
    client.post(f"{LOGIN}?next={elsewhere}", {"email": leader.email, "next": elsewhere})
    answer = client.post(CODE, {"code": code_in(mail.outbox[0]), "next": elsewhere})
    assert answer["Location"] == "/min-side/"


@pytest.mark.parametrize("name", ["account_signup", "account_reset_password", "account_set_password", "account_email"])
def test_there_is_no_sign_up_and_no_password_page(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)
