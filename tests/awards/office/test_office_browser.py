"""The office in a real browser: work that ends while the page is open."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from awards.package.format import parse_package, write_package
from awards.package.services import import_package
from kundeservice.core.models import Job, JobState, Role
from scoring.services import COUNT_EDITION, count_edition
from surveys.models import Edition
from tests.conftest import TINY_EDITION
from tests.factories import AT, believable_edition, make_person


@pytest.fixture
def edition(transactional_db: None) -> Edition:
    return believable_edition(classes=1, participants=2, contacts=2)


@pytest.fixture
def desk(page: Page, live_server: LiveServer) -> Page:
    """A leader's browser."""
    client = Client()
    client.force_login(make_person(Role.LEADER), backend="django.contrib.auth.backends.ModelBackend")
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    return page


def under_way(edition: Edition) -> Job:
    """A count that waits for a worker."""
    return Job.objects.create(
        kind=COUNT_EDITION, subject=edition.code, payload={"edition": edition.pk}, state=JobState.QUEUED
    )


def finish(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(state=JobState.DONE, finished_at=AT)


def test_the_page_is_read_anew_when_the_work_it_waits_for_is_done(
    desk: Page, live_server: LiveServer, edition: Edition
) -> None:
    job = under_way(edition)
    desk.goto(f"{live_server.url}/kontor/{edition.code}/resultater/")
    expect(desk.get_by_text("Resultatene er ikke beregnet ennå.")).to_be_visible()

    count_edition(edition_id=edition.pk, at=AT)
    finish(job)

    expect(desk.get_by_role("button", name="Beregn på nytt")).to_be_visible()
    expect(desk.get_by_text("Resultatene er ikke beregnet ennå.")).to_have_count(0)


def test_the_page_stays_when_somebody_is_typing_in_it(desk: Page, live_server: LiveServer, edition: Edition) -> None:
    count_edition(edition_id=edition.pk, at=AT)
    job = under_way(edition)
    desk.goto(f"{live_server.url}/kontor/{edition.code}/resultater/")
    desk.get_by_label("Hvorfor må resultatene ses nå?").fill("Manus til kvelden")

    finish(job)

    expect(desk.get_by_role("link", name="Vis resultatet")).to_be_visible()
    expect(desk.get_by_label("Hvorfor må resultatene ses nå?")).to_have_value("Manus til kvelden")


def test_the_page_of_a_package_that_would_change_an_edition_is_readable_for_everybody(
    desk: Page, live_server: LiveServer, transactional_db: None, tmp_path: Path
) -> None:
    package = parse_package(TINY_EDITION)
    import_package(package=package, at=AT)
    Edition.objects.update(year=2021)
    write_package(package, tmp_path / "tiny.zip")
    desk.goto(f"{live_server.url}/kontor/importer/")
    desk.locator("input[type=file]").set_input_files(tmp_path / "tiny.zip")
    desk.locator("main form button").first.click()
    expect(desk.get_by_role("heading", name="Hva importen endrer")).to_be_visible()
    assert Axe().run(desk).response["violations"] == []
