"""The shopper's pages in a real browser on a phone: the clock, saving as one goes, two tabs, and what axe says."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from kundeservice.core import clock
from kundeservice.core.models import Role, User
from kundeservice.core.services.people import ensure_person
from shoppers.models import Assignment, Shopper
from surveys.models import Attempt, AttemptResult, Channel, Contact, Edition, Phase, Response, RolePlay
from surveys.services import record_attempt, save_draft, start_attempt
from tests import factories
from tests.surveys.conftest import FULL_OPTIONS, FULL_VALUES

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def contact(transactional_db: None) -> Contact:
    """A planned call of the shopper Mari, in a field period that began a month ago."""
    now = timezone.localtime()
    edition = factories.make_edition(
        "ksp-2027", phase=Phase.FIELD, starts_on=now.date() - dt.timedelta(days=30), ends_on=now.date()
    )
    factories.make_questionnaire(edition)
    participant = factories.make_participant(factories.make_class(edition), "Fjellbanken", channels=Channel.values)
    RolePlay.objects.create(
        edition=edition, award_class=participant.award_class, code="flytting", title_nb="Du flytter", text_nb="Spør."
    )
    person = ensure_person(email="mari@example.test", display_name="Mari Meg", roles=(Role.SHOPPER,))
    shopper = Shopper.objects.create(
        edition=edition, code="s1", user=person, name="Mari Meg", email=person.email, channels="telephone",
        max_contacts=9,
    )  # fmt: skip
    made = Contact.objects.create(
        edition=edition, participant=participant, code="c0001", channel=Channel.TELEPHONE, week=f"{now:%G-W%V}"
    )
    Assignment.objects.create(contact=made, shopper=shopper)
    return made


@pytest.fixture
def phone(page: Page, live_server: LiveServer, contact: Contact) -> Page:
    """Mari's phone, logged in."""
    client = Client()
    mari = User.objects.get(email="mari@example.test")
    client.force_login(mari, backend="django.contrib.auth.backends.ModelBackend")
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    return page


def address(live_server: LiveServer, path: str = "") -> str:
    return f"{live_server.url}/oppdrag/ksp-2027/c0001/{path}"


def answered(contact: Contact) -> None:
    now = clock.now()
    record_attempt(
        contact_id=contact.pk,
        started_at=now - dt.timedelta(minutes=5),
        wait_seconds=45,
        result=AttemptResult.ANSWERED,
        at=now,
    )


def looks_right(page: Page) -> None:
    """Accessible, and no wider than the phone."""
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page.url


def test_a_whole_contact_on_a_phone(phone: Page, live_server: LiveServer, contact: Contact) -> None:
    phone.goto(f"{live_server.url}/oppdrag/")
    phone.get_by_role("link", name="Neste: Fjellbanken").click()
    phone.get_by_role("button", name="Start klokken og ring").click()
    clock = phone.get_by_role("timer")
    expect(clock).to_have_text(re.compile(r"^0:0[1-9]$"))
    phone.reload()
    expect(clock).to_have_text(re.compile(r"^0:0[1-9]$|^0:[1-5]\d$"))
    phone.get_by_role("button", name="Jeg fikk svar").click()
    phone.get_by_role("link", name="Fyll ut skjemaet").click()
    for place in range(1, 5):
        expect(phone.get_by_text(f"{place} av 4")).to_be_visible()
        for question in phone.locator("fieldset").all():
            question.locator("label").first.click()
        phone.locator(".bottom-bar button").click()
    phone.get_by_label("Beskjed til prosjektlederen").fill("Alt gikk fint.")
    phone.get_by_role("button", name="Lever").click()
    expect(phone.get_by_role("heading", name="Takk, den er levert")).to_be_visible()
    contact.refresh_from_db()
    assert (contact.review, contact.answers.count()) == ("submitted", len(FULL_OPTIONS) + len(FULL_VALUES))
    assert Attempt.objects.get().wait_seconds is not None


def test_answers_are_saved_as_they_are_given(phone: Page, live_server: LiveServer, contact: Contact) -> None:
    answered(contact)
    phone.goto(address(live_server, "skjema/velkomst/"))
    phone.locator("#q-met label").nth(1).click()
    phone.locator("#q-reach label").nth(0).click()
    phone.locator("#q-met label").nth(2).click()
    expect(phone.locator("[data-saved]")).to_have_text(re.compile(r"^Lagret \d\d:\d\d$"))
    phone.get_by_label("Med dine egne ord").fill("Hyggelig.")
    expect(phone.locator("[data-saved]")).to_have_text("Ikke lagret ennå")
    expect(phone.locator("[data-saved]")).to_have_text(re.compile(r"^Lagret \d\d:\d\d$"))
    draft = Response.objects.get().draft
    assert draft["options"] == {"met": ["cold"], "reach": ["easy"]}
    assert draft["comments"] == {"welcome": "Hyggelig."}


def test_without_a_network_answers_wait_and_are_saved_later(
    phone: Page, live_server: LiveServer, contact: Contact
) -> None:
    answered(contact)
    phone.goto(address(live_server, "skjema/velkomst/"))
    phone.context.set_offline(True)
    phone.locator("#q-met label").nth(0).click()
    expect(phone.locator("[data-saved]")).to_have_text("Uten nett – prøver igjen")
    phone.context.set_offline(False)
    expect(phone.locator("[data-saved]")).to_have_text(re.compile(r"^Lagret"), timeout=10_000)
    assert Response.objects.get().draft["options"] == {"met": ["warm"]}


def test_an_older_tab_asks_in_words_and_overwrites_nothing(
    phone: Page, live_server: LiveServer, contact: Contact
) -> None:
    answered(contact)
    phone.goto(address(live_server, "skjema/velkomst/"))
    save_draft(contact_id=contact.pk, options={"met": ["warm"]}, comments={"welcome": "Andre vindu."}, at=clock.now())
    phone.locator("#q-reach label").nth(0).click()
    expect(phone.locator("[data-state-of=q-reach]")).to_have_text("Lagret")
    phone.locator("#q-met label").nth(2).click()
    asked = phone.get_by_role("group", name="To svar: det er også endret i et annet vindu. Hvilket skal gjelde?")
    expect(asked).to_contain_text("Det fra det andre vinduet: Personlig")
    expect(phone.locator("[data-state-of=q-met]")).to_have_text("Ikke lagret ennå")
    expect(phone.locator("[data-saved]")).to_have_text("Ikke lagret ennå")
    looks_right(phone)
    assert Response.objects.get().draft["options"] == {"met": ["warm"], "reach": ["easy"]}
    asked.get_by_text("Det fra det andre vinduet:").click()
    expect(phone.get_by_label("Personlig", exact=True)).to_be_checked()
    expect(asked).to_have_count(0)
    phone.get_by_label("Med dine egne ord").fill("Første vindu.")
    expect(asked).to_contain_text("Andre vindu.")
    asked.get_by_text("Det som står her:").click()
    expect(asked).to_have_count(0)
    expect(phone.locator("[data-saved]")).to_have_text(re.compile(r"^Lagret \d\d:\d\d$"))
    assert Response.objects.get().draft["comments"] == {"welcome": "Første vindu."}


def test_a_refused_answer_is_not_called_saved(phone: Page, live_server: LiveServer, contact: Contact) -> None:
    answered(contact)
    phone.goto(address(live_server, "skjema/velkomst/"))
    phone.get_by_label("Med dine egne ord").fill("x" * 5001)
    expect(phone.get_by_text("kort den ned til høyst 5000")).to_be_visible()
    phone.locator("#q-met label").nth(0).click()
    expect(phone.locator("[data-state-of=q-met]")).to_have_text("Lagret")
    expect(phone.locator("[data-saved]")).to_have_text("Ikke lagret ennå")
    looks_right(phone)
    phone.reload()
    expect(phone.get_by_label("Med dine egne ord")).to_have_value("x" * 5001)
    expect(phone.get_by_text("kort den ned til høyst 5000")).to_be_visible()
    expect(phone.locator("[data-saved]")).to_have_text("Ikke lagret ennå")
    phone.get_by_label("Med dine egne ord").fill("Kortere.")
    expect(phone.locator("[data-saved]")).to_have_text(re.compile(r"^Lagret"))
    assert Response.objects.get().draft["comments"] == {"welcome": "Kortere."}


def test_a_save_whose_answer_was_lost_is_no_quarrel_with_oneself(
    phone: Page, live_server: LiveServer, contact: Contact
) -> None:
    answered(contact)
    phone.goto(address(live_server, "skjema/velkomst/"))

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    phone.route("**/lagre/", lose)
    phone.locator("#q-met label").nth(0).click()
    expect(phone.locator("[data-saved]")).to_have_text("Uten nett – prøver igjen")
    phone.unroute("**/lagre/")
    phone.locator("#q-met label").nth(2).click()
    expect(phone.locator("[data-saved]")).to_have_text(re.compile(r"^Lagret"))
    assert Response.objects.get().draft["options"] == {"met": ["cold"]}


def test_the_whole_page_works_without_scripts(phone: Page, live_server: LiveServer, contact: Contact) -> None:
    answered(contact)
    context = phone.context.browser.new_context(java_script_enabled=False, viewport=PHONE)  # type: ignore[union-attr,arg-type]
    session = next(cookie for cookie in phone.context.cookies() if cookie["name"] == "sessionid")
    context.add_cookies([{"name": "sessionid", "value": session["value"], "url": live_server.url}])
    plain = context.new_page()
    plain.goto(address(live_server, "skjema/velkomst/"))
    plain.locator("#q-met label").nth(0).click()
    plain.locator(".bottom-bar button").click()
    expect(plain.get_by_role("heading", name="Kundebehandleren")).to_be_visible()
    assert Response.objects.get().draft["options"] == {"met": ["warm"]}
    context.close()


def test_every_page_is_accessible_and_fits_a_phone(phone: Page, live_server: LiveServer, contact: Contact) -> None:
    def check(url: str) -> None:
        phone.goto(url)
        looks_right(phone)

    check(f"{live_server.url}/oppdrag/")
    check(address(live_server))
    answered(contact)
    check(address(live_server))
    for path in ("skjema/velkomst/", "skjema/opplevelse/", "lever/"):
        check(address(live_server, path))
    save_draft(contact_id=contact.pk, revision=0, options=FULL_OPTIONS, values=FULL_VALUES, at=clock.now())
    phone.goto(address(live_server, "lever/"))
    phone.get_by_role("button", name="Lever").click()
    check(address(live_server, "kvittering/"))
    assert Edition.objects.get().contacts.get().review == "submitted"


def test_the_clock_goes_on_beyond_a_thousand_seconds(phone: Page, live_server: LiveServer, contact: Contact) -> None:
    start_attempt(contact_id=contact.pk, at=clock.now() - dt.timedelta(seconds=1_500))
    for language in ("", "/en"):
        phone.goto(address(live_server).replace("/oppdrag/", f"{language}/oppdrag/"))
        expect(phone.get_by_role("timer")).to_have_text(re.compile(r"^25:[0-5]\d$"))
    phone.locator(".two-buttons button").nth(1).click()
    expect(phone.get_by_role("timer")).to_have_count(0)
    assert Attempt.objects.get().wait_seconds is not None


HALF_A_PHONE = {"width": 195, "height": 422}
"""A 390 px phone at 200 % zoom."""


def fits(page: Page, *, width: int) -> None:
    wide = page.evaluate(
        """width => [...document.querySelectorAll("body *")]
            .filter(node => node.getBoundingClientRect().right > width + 0.5 && !node.closest(".visually-hidden"))
            .map(node => node.outerHTML.slice(0, 90))"""
        if page.evaluate("document.documentElement.scrollWidth") > width
        else "() => []",
        width,
    )
    assert wide == [], page.url


def test_the_whole_contact_fits_at_twice_the_size(phone: Page, live_server: LiveServer, contact: Contact) -> None:
    phone.set_viewport_size(HALF_A_PHONE)  # type: ignore[arg-type]
    phone.goto(f"{live_server.url}/oppdrag/")
    fits(phone, width=195)
    phone.goto(address(live_server))
    fits(phone, width=195)
    phone.get_by_role("button", name="Start klokken og ring").click()
    phone.get_by_text("Skriv ventetiden selv").click()
    fits(phone, width=195)
    phone.get_by_role("button", name="Ikke svar").click()
    expect(phone.get_by_text("Si hvorfor du ga deg før")).to_be_visible()
    fits(phone, width=195)
    phone.get_by_role("link", name="Jeg trykket feil").click()
    phone.get_by_role("button", name="Jeg fikk svar").click()
    phone.get_by_text("Rett ventetiden").click()
    fits(phone, width=195)
    for step in ("velkomst", "kundebehandleren", "totalinntrykk", "opplevelse", "../lever"):
        shown = phone.goto(address(live_server, f"skjema/{step}/"))
        assert shown is not None
        assert shown.ok
        fits(phone, width=195)


def test_giving_up_early_is_asked_about_and_the_clock_goes_on(
    phone: Page, live_server: LiveServer, contact: Contact
) -> None:
    phone.goto(address(live_server))
    phone.get_by_role("button", name="Start klokken og ring").click()
    phone.get_by_role("button", name="Ikke svar").click()
    looks_right(phone)
    expect(phone.get_by_role("timer")).to_have_text(re.compile(r"^0:0[1-9]$"))
    phone.get_by_role("button", name="Feil nummer").click()
    expect(phone.locator(".attempts li")).to_contain_text("feil nummer")
    assert Attempt.objects.get().reason == "wrong_number"


def test_a_typed_wait_stays_when_the_phone_has_slept(phone: Page, live_server: LiveServer, contact: Contact) -> None:
    phone.goto(address(live_server))
    phone.get_by_role("button", name="Start klokken og ring").click()
    phone.get_by_text("Skriv ventetiden selv").click()
    phone.get_by_label("Minutter").fill("4")
    phone.wait_for_timeout(2100)
    phone.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    phone.wait_for_timeout(300)
    expect(phone.get_by_label("Minutter")).to_have_value("4")
    phone.evaluate("const began = Date.now; Date.now = () => began() + 60000")  # the page's own clock has stood still
    expect(phone.get_by_role("timer")).to_have_text(re.compile(r"^1:0\d$"))
