"""The session ends while somebody writes: nothing typed is lost, and nobody else sees or sends it."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from kundeservice.core.models import Role
from kundeservice.core.services.people import ensure_person
from surveys.models import Contact, Response
from tests.shoppers.test_browser import address, answered, contact, looks_right, phone

__all__ = ["contact", "phone"]  # fixtures are found by being here

WORDS = "Hun var vennlig, men kjente ikke prisen."
SAVED = re.compile(r"^Lagret \d\d:\d\d$")
MARI, OLA = "mari@example.test", "ola@example.test"
ALL_OF_IT = ({"met": ["warm"]}, {"welcome": WORDS})


@pytest.fixture
def writing(phone: Page, live_server: LiveServer, contact: Contact) -> Page:
    """Mari's phone with the questionnaire open, and her session gone."""
    answered(contact)
    phone.goto(address(live_server, "skjema/velkomst/"))
    Session.objects.all().delete()
    return phone


def ask_for_mail(page: Page, email: str) -> str:
    """Ask for a code on the log-in page that is open; the text of the mail."""
    page.get_by_label("E-post").fill(email)
    page.get_by_role("button", name="Send meg en kode").click()
    expect(page.get_by_role("heading", name="Skriv koden")).to_be_visible()
    return str(mail.outbox[-1].body)


def log_in_by_code(page: Page, email: str) -> None:
    code = re.search(r"^\s{4}([A-Z0-9-]{3,})$", ask_for_mail(page, email), flags=re.MULTILINE)
    assert code
    page.get_by_label("Kode").fill(code[1])
    page.get_by_role("button", name="Logg inn").click()


def log_in_by_link(page: Page, live_server: LiveServer, email: str) -> None:
    link = re.search(r"^http://[^/]+(/logg-inn/lenke/\S+)$", ask_for_mail(page, email), flags=re.MULTILINE)
    assert link
    page.goto(f"{live_server.url}{link[1]}")
    page.get_by_role("button", name="Logg inn").click()


def kept_on_device(page: Page) -> list[str]:
    keys: list[str] = page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('svar:'))")
    return keys


def write(page: Page) -> None:
    page.locator("#q-met label").nth(0).click()
    page.get_by_label("Med dine egne ord").fill(WORDS)
    expect(page.get_by_text("Du er logget ut.")).to_be_visible()
    expect(page.locator("[data-saved]")).to_have_text("Ikke lagret ennå")


def stands() -> tuple[object, object]:
    draft = Response.objects.get().draft
    return draft.get("options"), draft.get("comments")


def test_logging_in_by_code_comes_back_to_the_words_and_saves_them(writing: Page) -> None:
    write(writing)
    looks_right(writing)
    writing.get_by_role("link", name="Logg inn igjen").click()
    log_in_by_code(writing, MARI)
    expect(writing.get_by_label("Med dine egne ord")).to_have_value(WORDS)
    expect(writing.locator("[data-saved]")).to_have_text(SAVED)
    assert stands() == ALL_OF_IT
    assert kept_on_device(writing) == []


def test_a_link_in_another_tab_brings_the_words_back_in_both(writing: Page, live_server: LiveServer) -> None:
    write(writing)
    other = writing.context.new_page()
    other.goto(writing.get_by_role("link", name="Logg inn igjen").evaluate("link => link.href"))
    log_in_by_link(other, live_server, MARI)
    expect(other.get_by_label("Med dine egne ord")).to_have_value(WORDS)
    expect(other.locator("[data-saved]")).to_have_text(SAVED)
    assert stands() == ALL_OF_IT
    writing.get_by_label("Med dine egne ord").fill(f"{WORDS} Og mer.")
    expect(writing.locator("[data-saved]")).to_have_text(SAVED)
    assert stands() == (ALL_OF_IT[0], {"welcome": f"{WORDS} Og mer."})


def test_somebody_else_neither_sees_nor_sends_it(writing: Page, live_server: LiveServer) -> None:
    ensure_person(email=OLA, display_name="Ola", roles=(Role.SHOPPER,))
    write(writing)
    other = writing.context.new_page()
    other.goto(f"{live_server.url}/logg-inn/")
    log_in_by_code(other, OLA)
    expect(other.get_by_role("heading", name="Mine oppdrag")).to_be_visible()
    expect(other.get_by_text("ikke lagret ennå")).to_have_count(0)
    writing.locator("#q-reach label").nth(0).click()
    expect(writing.get_by_text("En annen er logget inn i denne nettleseren nå.")).to_be_visible()
    assert not Response.objects.filter(revision__gt=0).exists()
    other.get_by_role("button", name="Logg ut").click()
    assert kept_on_device(other) != [], "what is Mari's is not Ola's to throw away"
    log_in_by_code(other, MARI)
    expect(other.get_by_text("Det du hadde skrevet, er lagret nå.")).to_be_visible()
    assert stands() == ({"met": ["warm"], "reach": ["easy"]}, {"welcome": WORDS})
    assert kept_on_device(other) == []


def test_logging_out_saves_first_and_then_clears_the_device(
    phone: Page, live_server: LiveServer, contact: Contact
) -> None:
    answered(contact)
    phone.goto(address(live_server, "skjema/velkomst/"))
    phone.route("**/lagre/", lambda route: route.abort())
    phone.get_by_label("Med dine egne ord").fill(WORDS)
    expect(phone.locator("[data-saved]")).to_have_text("Uten nett – prøver igjen")
    phone.get_by_role("button", name="Logg ut").click()
    expect(phone.get_by_text("Logger du ut nå, blir det borte fra denne enheten.")).to_be_visible()
    looks_right(phone)
    phone.unroute("**/lagre/")
    phone.get_by_role("button", name="Logg ut").click()
    expect(phone.get_by_role("heading", name="Logg inn")).to_be_visible()
    assert stands() == ({}, {"welcome": WORDS})
    assert kept_on_device(phone) == []


def test_what_next_could_not_send_is_given_back_and_saved_after_logging_in(writing: Page) -> None:
    write(writing)
    writing.locator(".bottom-bar button").click()
    expect(writing.get_by_role("heading", name="Skjemaet ble ikke sendt")).to_be_visible()
    expect(writing.locator("p.typed")).to_have_text(WORDS)
    looks_right(writing)
    with writing.context.expect_page() as opened:
        writing.get_by_role("link", name="Logg inn i en ny fane").click()
    log_in_by_code(opened.value, MARI)
    expect(opened.value.locator("[data-saved]")).to_have_text(SAVED)
    assert stands() == ALL_OF_IT


def test_without_scripts_the_form_comes_back_and_is_sent_again(writing: Page, live_server: LiveServer) -> None:
    context = writing.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    plain = context.new_page()
    plain.goto(f"{live_server.url}/logg-inn/")
    log_in_by_code(plain, MARI)
    plain.goto(address(live_server, "skjema/velkomst/"))
    plain.locator("#q-met label").nth(0).click()
    plain.get_by_label("Med dine egne ord").fill(WORDS)
    Session.objects.all().delete()
    plain.locator(".bottom-bar button").click()
    expect(plain.locator("p.typed")).to_have_text(WORDS)
    with context.expect_page() as opened:
        plain.get_by_role("link", name="Logg inn i en ny fane").click()
    log_in_by_code(opened.value, MARI)
    expect(opened.value.get_by_label("Med dine egne ord")).to_be_visible()
    plain.get_by_role("button", name="Send på nytt").click()  # logging in made a new key: the form comes back once more
    expect(plain.locator("p.typed")).to_have_text(WORDS)
    plain.get_by_role("button", name="Send på nytt").click()
    expect(plain.get_by_role("heading", name="Kundebehandleren")).to_be_visible()
    assert stands() == ALL_OF_IT
    context.close()
