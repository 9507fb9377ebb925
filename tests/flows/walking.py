"""Walking through the product as a person does: by names and texts, with every page checked on the way."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

from tests.flows.running_site import RunningSite

PICTURES = os.environ.get("FLOW_PICTURES", "")
"""A folder to keep a picture of every page in; none are kept without it."""
SECONDS = 1000
LOOPBACK = "http://127.0.0.1:"


class Screen(TypedDict):
    width: int
    height: int


PHONE: Screen = {"width": 390, "height": 844}
DESK: Screen = {"width": 1280, "height": 900}


@dataclass
class Walker:
    """One person with one browser. `complaints` gathers what the browser itself finds wrong on the way."""

    site: RunningSite
    page: Page
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.page.goto(f"{self.site.address}{path}")

    def press(self, name: str) -> None:
        """Press the one button of that name, and wait for the page it leads to."""
        button = self.page.get_by_role("button", name=name, exact=True)
        with self.page.expect_navigation():
            button.click()

    def follow(self, name: str) -> None:
        """Follow the one link of that name."""
        self.page.get_by_role("link", name=name, exact=True).first.click()
        self.page.wait_for_load_state()

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=60 * SECONDS)

    def waits_for_job(self) -> None:
        """Wait until the work whose progress the page shows is done and the page read anew; it may be done already."""
        expect(self.page.locator(".job")).to_have_count(0, timeout=90 * SECONDS)
        self.page.wait_for_load_state()

    def looks_around(self, name: str) -> None:
        """Check the page as it stands: readable for everybody, nothing wider than the screen."""
        self.site.pages_seen.add(name)
        self._keep_picture(name)
        found = Axe().run(self.page).response["violations"]
        assert found == [], f"{name} ({self.page.url}):\n" + "\n".join(_in_words(violation) for violation in found)
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= self.page.viewport_size["width"], f"{name} is {width} pixels wide"  # type: ignore[index]

    def sees_tables_whole(self) -> None:
        """Nothing of a table lies beyond the edge: nobody who reads for a minute drags a table sideways."""
        wide = self.page.locator(".table-scroll").evaluate_all(
            "tables => tables.filter(t => t.scrollWidth > t.clientWidth).map(t => t.getAttribute('aria-label'))"
        )
        assert wide == [], f"cut at the edge of {self.page.url}: {wide}"

    def looks_around_once(self, name: str) -> None:
        """As `looks_around`, unless somebody has checked a page of that name on this site."""
        if name not in self.site.pages_seen:
            self.looks_around(name)

    def logs_in_by_code(self, email: str) -> None:
        self.open("/logg-inn/")
        self.page.get_by_label("E-post").fill(email)
        self.press("Send meg en kode")
        self.page.get_by_label("Kode").fill(self.site.login_code(email))
        self.press("Logg inn")

    def logs_in_by_mailed_link(self, email: str) -> None:
        self.open("/logg-inn/")
        self.page.get_by_label("E-post").fill(email)
        self.press("Send meg en kode")
        self.page.goto(self.site.login_link(email))
        self.press("Logg inn")

    def _keep_picture(self, name: str) -> None:
        if PICTURES:
            width = self.page.viewport_size["width"]  # type: ignore[index]
            self.page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)


@contextmanager
def walking(site: RunningSite, browser: Browser, *, screen: Screen) -> Iterator[Walker]:
    """Somebody sits down with a browser of their own. No other machine may be asked, and no script may fail."""
    context = browser.new_context(viewport=screen, locale="nb-NO", timezone_id="Europe/Oslo")
    walker = Walker(site, context.new_page())

    def note_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            walker.complaints.append(f"{walker.page.url}: {message.text}")

    def note_request(request: Request) -> None:
        if not request.url.startswith((LOOPBACK, "data:")):
            walker.complaints.append(f"{walker.page.url} asks {request.url}")

    walker.page.on("console", note_console)
    walker.page.on("pageerror", lambda error: walker.complaints.append(f"{walker.page.url}: {error}"))
    walker.page.on("request", note_request)
    try:
        yield walker
        assert walker.complaints == []
    finally:
        context.close()


def _in_words(violation: dict[str, object]) -> str:
    nodes = violation["nodes"]
    places = [str(node["html"])[:200] for node in nodes[:3]] if isinstance(nodes, list) else []
    return f"  {violation['id']} ({violation['impact']}): {violation['help']}\n    " + "\n    ".join(places)
