"""The board in a real browser: by keyboard alone, by mouse, on a desk and on a phone."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from kundeservice.core.models import Role, User
from kundeservice.core.services.people import ensure_person
from shoppers.models import Assignment, Shopper
from shoppers.services import plan_edition
from shoppers.services.proposing import propose_plan
from surveys.models import Channel, Contact, Edition, Phase
from tests import factories

SCREENS = [{"width": 1280, "height": 900}, {"width": 390, "height": 844}]


@pytest.fixture
def edition(transactional_db: None) -> Edition:
    """Two participants and six shoppers, planned over four weeks that begin in a week or two."""
    now = timezone.localtime()
    monday = now.date() + dt.timedelta(days=14 - now.weekday())
    edition = factories.make_edition(
        "ksp-2030",
        phase=Phase.DRAFT,
        contacts_per_participant=4,
        starts_on=monday,
        ends_on=monday + dt.timedelta(days=25),
    )
    bank = factories.make_class(edition)
    for code, name in (("fjell", "Fjellbanken"), ("fjord", "Fjordbanken")):
        factories.make_participant(bank, name, code=code, channels=(Channel.TELEPHONE, Channel.EMAIL))
    for number in range(1, 7):
        Shopper.objects.create(
            edition=edition, code=f"s{number}", name=f"Shopper {number}", email=f"s{number}@example.test",
            channels=" ".join(Channel.values), max_contacts=10,
        )  # fmt: skip
    plan_edition(edition_id=edition.pk, at=now, seconds=5.0)
    edition.refresh_from_db()
    return edition


@pytest.fixture
def desk(page: Page, live_server: LiveServer, edition: Edition) -> Page:
    """The leader's browser, at the plan."""
    ensure_person(email="leder@example.test", display_name="Liv Leder", roles=(Role.LEADER,))
    client = Client()
    client.force_login(
        User.objects.get(email="leder@example.test"), backend="django.contrib.auth.backends.ModelBackend"
    )
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.set_viewport_size(SCREENS[0])  # type: ignore[arg-type]
    page.goto(f"{live_server.url}/kontor/{edition.code}/plan/")
    return page


@pytest.fixture
def contact(edition: Edition) -> Contact:
    """The first telephone contact of Fjellbanken."""
    return Contact.objects.filter(participant__code="fjell", channel=Channel.TELEPHONE).earliest("planned_on")


def mark_of(desk: Page, contact: Contact) -> Locator:
    return desk.locator(f"#{contact.code}")


def week_of(desk: Page, contact: Contact, week: str) -> Locator:
    row = desk.locator("tr", has=desk.locator(f"#{contact.code}"))
    return row.locator(f'td[data-week="{week}"]')


def tab_to(desk: Page, target: Locator) -> None:
    for _press in range(60):
        if target.evaluate("element => element === document.activeElement"):
            return
        desk.keyboard.press("Tab")
    raise AssertionError("sixty presses of Tab do not lead there")


def test_a_contact_is_moved_by_keyboard_alone(desk: Page, contact: Contact) -> None:
    tab_to(desk, mark_of(desk, contact))
    expect(mark_of(desk, contact)).to_have_accessible_name(re.compile(r"^Telefon, .*Shopper \d$"))
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Fjellbanken")
    day = desk.get_by_label("Dag", exact=True)
    tab_to(desk, day)
    before = day.input_value()
    desk.keyboard.press("ArrowDown")
    chosen = day.input_value()
    assert chosen != before
    tab_to(desk, desk.get_by_role("button", name="Flytt", exact=True))
    desk.keyboard.press("Enter")

    expect(desk.get_by_text(f"{contact.code} er flyttet.")).to_be_visible()
    contact.refresh_from_db()
    assert str(contact.planned_on) == chosen


def test_arrow_keys_go_from_mark_to_mark(desk: Page, contact: Contact) -> None:
    tab_to(desk, mark_of(desk, contact))
    row = desk.locator("tr", has=mark_of(desk, contact)).locator(".board-mark")
    places = [mark.get_attribute("id") for mark in row.all()]
    here = places.index(contact.code)
    desk.keyboard.press("ArrowRight")
    assert desk.evaluate("document.activeElement.id") == places[here + 1]
    desk.keyboard.press("ArrowLeft")
    desk.keyboard.press("ArrowDown")
    below = desk.locator("tr", has=desk.get_by_text("Fjordbanken", exact=True)).locator(":focus")
    assert below.count() == 1


def test_a_mark_is_dragged_to_another_week(desk: Page, contact: Contact) -> None:
    week = Contact.objects.filter(participant__code="fjell").exclude(week=contact.week).latest("planned_on").week
    mark_of(desk, contact).drag_to(week_of(desk, contact, week))

    expect(desk.get_by_text(f"{contact.code} er flyttet.")).to_be_visible()
    expect(week_of(desk, contact, week).locator(f"#{contact.code}")).to_be_focused()
    contact.refresh_from_db()
    assert contact.week == week


def test_a_place_that_breaks_a_rule_is_refused_by_its_name(desk: Page, contact: Contact) -> None:
    week = Contact.objects.filter(participant__code="fjell").latest("planned_on").week
    assert week != contact.week
    shopper = Assignment.objects.get(contact=contact).shopper
    Shopper.objects.filter(pk=shopper.pk).update(available_to=contact.planned_on)

    mark_of(desk, contact).drag_to(week_of(desk, contact, week))

    expect(desk.locator(".message-error")).to_contain_text("mystery shopperen er ikke tilgjengelig da")
    expect(week_of(desk, contact, contact.week).locator(f"#{contact.code}")).to_be_visible()
    planned_on = contact.planned_on
    contact.refresh_from_db()
    assert contact.planned_on == planned_on


def test_what_is_made_cannot_be_dragged(desk: Page, contact: Contact) -> None:
    Contact.objects.filter(pk=contact.pk).update(outcome="no_answer")
    desk.reload()
    expect(mark_of(desk, contact)).not_to_have_attribute("draggable", "true")


@pytest.mark.parametrize("screen", SCREENS, ids=["desk", "phone"])
def test_pages_are_readable_for_everybody_and_fit_the_screen(
    desk: Page, live_server: LiveServer, edition: Edition, contact: Contact, screen: dict[str, int]
) -> None:
    desk.set_viewport_size(screen)  # type: ignore[arg-type]
    shopper = Assignment.objects.get(contact=contact).shopper
    proposal = propose_plan(edition_id=edition.pk, at=timezone.localtime(), seed=2, seconds=5.0)
    Shopper.objects.filter(code="s1").update(max_contacts=0)
    paths = ("plan/", f"plan/{contact.code}/", f"plan/forslag/{proposal.pk}/", "belastning/", "shoppere/")
    for path in (*paths, f"shoppere/{shopper.code}/"):
        desk.goto(f"{live_server.url}/kontor/{edition.code}/{path}")
        found = Axe().run(desk).response["violations"]
        assert found == [], path
        assert desk.evaluate("document.documentElement.scrollWidth") <= screen["width"], path


def test_the_reason_stays_when_the_leader_looks_who_can_take_over_on_another_day(
    desk: Page, live_server: LiveServer, edition: Edition, contact: Contact
) -> None:
    desk.goto(f"{live_server.url}/kontor/{edition.code}/plan/{contact.code}/")
    reason = desk.locator("#give-reason")
    reason.fill("Syk resten av uken.")
    day = desk.get_by_label("Dag for den som tar over")
    day.select_option(index=7)
    chosen = day.input_value()
    desk.evaluate("window.isSamePage = true")

    desk.get_by_role("button", name="Vis hvem som kan").click()

    expect(desk.locator("#who-can input[name=day]")).to_have_value(chosen)
    expect(reason).to_have_value("Syk resten av uken.")
    assert desk.evaluate("window.isSamePage"), "the page does not jump to its top"
