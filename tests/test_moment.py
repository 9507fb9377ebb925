"""The second a planned publication comes true: nothing anywhere before it, everything everywhere from it on.

Nobody is awake but the clock: no beat, no worker and no queue take part. The reports were made before, sealed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.http import parse_http_date

from awards.models import Publication
from awards.publication.services.gates import agree_and_carry_out
from awards.publication.services.publishing import (
    lock_edition,
    publish_due_editions,
    publish_edition,
    schedule_publication,
)
from awards.publication.services.site import ExportRefused, export_site
from awards.report import services as reports
from awards.report.services import ensure_report, render_report, reports_folder
from kundeservice.core import clock
from kundeservice.core.models import AuditEvent, Role
from scoring.models import ParticipantScore
from scoring.services import count_edition
from surveys.models import Edition, Phase
from surveys.services import ask_to_unlock
from tests.factories import AT, lose_an_answer, make_person
from tests.presses import shared_press, warm_press
from tests.test_doors import (
    ANONYMOUS,
    CANARY,
    EDITION,
    LEADER,
    NUMBERS,
    OTHER,
    OWN,
    PDF,
    ROLES,
    World,
    content_of,
    is_refused,
    leaks,
    world,
)

__all__ = ["shared_press", "warm_press", "world"]  # fixtures are found by being here

pytestmark = pytest.mark.django_db

EVENING = AT + dt.timedelta(hours=2)
SECOND = dt.timedelta(seconds=1)
PUBLIC = ("/", "/resultater/", f"/resultater/{EDITION}/", f"/resultater/{EDITION}/bank/")
SetClock = Callable[[dt.datetime], None]


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    def stand_at(moment: dt.datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    return stand_at


@pytest.fixture
def planned(world: World, set_clock: SetClock) -> World:
    set_clock(AT)
    schedule_publication(edition_id=world.edition.pk, publish_at=EVENING, by=None, at=AT)
    return world


@pytest.mark.parametrize("role", ROLES)
def test_a_second_before_nobody_hears_of_anything(planned: World, set_clock: SetClock, role: str) -> None:
    set_clock(EVENING - SECOND)

    assert leaks(planned, role) == []


def test_a_second_before_the_edition_answers_like_one_that_does_not_exist(planned: World, set_clock: SetClock) -> None:
    set_clock(EVENING - SECOND)

    for role in ROLES:
        client = planned.client(role)
        real, nonsense = (client.get(f"/resultater/{code}/") for code in (EDITION, "kanari-2099"))
        assert content_of(real) == content_of(nonsense).replace("kanari-2099", EDITION)


def test_in_the_moment_every_public_page_has_it_in_both_languages(planned: World, set_clock: SetClock) -> None:
    set_clock(EVENING)

    for address in (*PUBLIC, *(f"/en{path}" for path in PUBLIC)):
        page = Client().get(address).content.decode()
        assert CANARY in page, address
        assert any(number in page for number in NUMBERS), address
    assert "I Kundeserviceprisen 2022 ble" in Client().get("/metode/").content.decode()


def test_in_the_moment_the_report_is_there_for_its_own_people_without_being_made(
    planned: World, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "report_html", lambda *_args: pytest.fail("a report was made in the moment"))
    address = planned.address("participant:report")
    set_clock(EVENING - SECOND)
    assert {planned.client(role).get(address).status_code for role in (OWN, OTHER)} == {404}

    set_clock(EVENING)

    response = planned.client(OWN).get(address)
    assert response.getvalue() == (reports_folder() / f"{planned.report.sha256}.pdf").read_bytes()
    home = planned.client(OWN).get(reverse("participant:home")).content.decode()
    assert "97,3" in home
    assert "Last ned rapporten" in home
    assert "blir rettet" not in home
    for role in ROLES:
        assert role == OWN or is_refused(planned.client(role).get(address), role), role


def test_in_the_moment_the_office_tells_what_the_world_sees(planned: World, set_clock: SetClock) -> None:
    office = planned.client(LEADER)
    results = planned.address("office:results")
    set_clock(EVENING - SECOND)
    assert "97,3" not in office.get(results).content.decode()

    set_clock(EVENING)

    page = office.get(results).content.decode()
    assert "97,3" in page
    assert "Resultatene ble publisert 28. april 2022 kl. 22.00" in page
    assert "Avlys" not in page
    assert office.get(planned.address("office:report")).getvalue().startswith(PDF.encode())
    assert Edition.objects.get().phase == Phase.LOCKED  # nobody has noted it yet
    assert not AuditEvent.objects.filter(action="results.seen").exists()


def test_a_copy_of_the_site_is_refused_before_the_moment_and_whole_from_it(
    planned: World, set_clock: SetClock, tmp_path: Path
) -> None:
    set_clock(EVENING - SECOND)
    with pytest.raises(ExportRefused):
        export_site(edition_code=EDITION, folder=tmp_path / "early", at=clock.now())
    assert not (tmp_path / "early").exists()

    set_clock(EVENING)
    export_site(edition_code=EDITION, folder=tmp_path / "copy", at=clock.now())

    assert CANARY in (tmp_path / "copy" / "index.html").read_text()


def test_what_is_noted_afterwards_changes_nothing_on_any_page(planned: World, set_clock: SetClock) -> None:
    set_clock(EVENING)
    before = [Client().get(address).content for address in PUBLIC]
    set_clock(EVENING + 33 * SECOND)

    assert publish_due_editions(at=clock.now()) == (EDITION,)

    assert [Client().get(address).content for address in PUBLIC] == before
    assert Publication.objects.get().published_at == EVENING


@pytest.mark.parametrize("path", [*PUBLIC, "/metode/", "/arkiv/", "/sitemap.xml", "/feed/", "/arkiv/1999/"])
def test_no_store_may_show_a_page_again_without_asking(planned: World, set_clock: SetClock, path: str) -> None:
    """Neither a page nor the answer that there is none outlives the moment in anybody's cache."""
    for moment in (EVENING - SECOND, EVENING):
        set_clock(moment)
        answer = Client().get(path)
        rules = {rule.strip() for rule in answer["Cache-Control"].split(",")}
        assert rules & {"no-cache", "no-store"}, (moment, path)
        assert not any(rule.startswith(("max-age", "s-maxage", "stale")) for rule in rules)
        assert "Expires" not in answer or parse_http_date(answer["Expires"]) <= moment.timestamp()


def test_a_page_that_is_asked_for_again_is_answered_in_a_line_until_it_changes(
    planned: World, set_clock: SetClock
) -> None:
    set_clock(EVENING - SECOND)
    tag = Client().get("/")["ETag"]
    assert Client().get("/", headers={"if-none-match": tag}).status_code == 304

    set_clock(EVENING)

    changed = Client().get("/", headers={"if-none-match": tag})
    assert changed.status_code == 200
    assert CANARY in changed.content.decode()


def test_two_clocks_a_second_apart_tell_two_stories_for_a_second_and_no_longer(
    planned: World, set_clock: SetClock
) -> None:
    """Each page is decided by one reading of the clock, so no page mixes what was with what is."""
    for moment, expected in ((EVENING - SECOND, False), (EVENING, True), (EVENING - SECOND, False)):
        set_clock(moment)
        assert {CANARY in Client().get(address).content.decode() for address in PUBLIC[:2]} == {expected}


def unlock(edition: Edition, at: dt.datetime) -> None:
    asked = ask_to_unlock(edition_id=edition.pk, by=make_person(Role.LEADER), reason="Klage", at=at)
    agree_and_carry_out(request_id=asked.pk, by=make_person(Role.LEADER), at=at)


def test_opening_for_change_what_came_true_leaves_it_public(planned: World, set_clock: SetClock) -> None:
    """Nobody had noted it yet; what the world has seen is no plan that can be taken back."""
    set_clock(EVENING)

    unlock(planned.edition, EVENING)

    assert CANARY in Client().get(f"/resultater/{EDITION}/").content.decode()
    assert Publication.objects.get().published_at == EVENING


def test_a_correction_and_its_reports_are_sealed_until_it_is_published_and_then_everywhere(
    planned: World, set_clock: SetClock
) -> None:
    set_clock(EVENING)
    publish_due_editions(at=EVENING)
    unlock(planned.edition, EVENING)
    lose_an_answer(planned.edition)
    later = EVENING + dt.timedelta(days=2)
    set_clock(later)
    run = count_edition(edition_id=planned.edition.pk, at=later)
    own = run.participant_scores.get(participant__code="bank-1")
    ParticipantScore.objects.filter(pk=own.pk).update(exact={**own.exact, "total": "8642/100"})
    lock_edition(edition_id=planned.edition.pk, by=None, at=later)
    made = render_report(report_id=ensure_report(run_id=run.pk, participant_code="bank-1").pk, at=later)
    secrets = ("86,4", "86.4", "8642")
    old = planned.client(OWN).get(planned.address("participant:report")).getvalue()
    assert old != (reports_folder() / f"{made.sha256}.pdf").read_bytes()
    for role in (ANONYMOUS, OWN, OTHER):
        for name in ("public:front", "public:editions", "public:results", "public:class", "participant:home"):
            assert not any(secret in content_of(planned.client(role).get(planned.address(name))) for secret in secrets)

    publish_edition(edition_id=planned.edition.pk, at=later)

    for address in PUBLIC[2:]:  # the front page and the list show the overall winner, which is another now
        assert "86,4" in Client().get(address).content.decode(), address
    new = planned.client(OWN).get(planned.address("participant:report")).getvalue()
    assert new == (reports_folder() / f"{made.sha256}.pdf").read_bytes()
    assert "86,4" in planned.client(OWN).get(reverse("participant:home")).content.decode()
