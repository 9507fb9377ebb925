"""Every address of the product against every role, and nothing of an unpublished result behind any of them.

The table names every route there is: a new one fails the test until somebody has said who may enter. The canary is a
winner nobody may hear of yet; it is looked for in every body and header that every role can get, and is found as soon
as the edition is published, which proves that the search can find.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.translation import override
from pytest_django import Settings

from awards.models import Report
from awards.publication.services.publishing import lock_edition, publish_edition
from awards.report.services import ensure_report, render_report, reports_folder
from kundeservice.core.jobs import enqueue_job
from kundeservice.core.models import AuditEvent, Role, User
from scoring.models import ParticipantScore, ScoreRun
from scoring.services import count_edition
from shoppers.models import Assignment, Shopper
from surveys.models import Contact, Edition, ParticipantMember
from tests.factories import AT, believable_edition, make_person
from tests.presses import WarmPress, shared_press, warm_press

__all__ = ["shared_press", "warm_press"]  # fixtures are found by being here

pytestmark = pytest.mark.django_db

ANONYMOUS, SHOPPER, OWN, OTHER, REVIEWER, LEADER = "anonymous", "shopper", "own", "other", "reviewer", "leader"
ROLES = (ANONYMOUS, SHOPPER, OWN, OTHER, REVIEWER, LEADER)
EVERYBODY = frozenset(ROLES)
LOGGED_IN = EVERYBODY - {ANONYMOUS}
LEADERS = frozenset({LEADER})
REVIEWERS = frozenset({LEADER, REVIEWER})
SHOPPERS = frozenset({SHOPPER})

CANARY = "ZZKANARI-AS"
TOTAL = "9731/100"
NUMBERS = ("97,3", "97.3", "97,31", "97.31", "9731")
EDITION = "kanari-2022"
EXACT_NUMBERS = ("97,31", "97.31", "9731/")
PDF = "%PDF-"
ZIP = b"PK"
NEW_EVERY_TIME = re.compile(r'\b[A-Za-z0-9]{64}\b|ETag: "[0-9a-f]{32}"')
"""What Django makes anew for every form, and the sum of a page with such a form: by chance they hold the four figures
of a total now and then."""


@dataclass(frozen=True)
class Door:
    """Who may enter a route, and the status they get for a GET while the edition is locked and unpublished.

    A door that only takes POST answers every logged-in person's GET alike; there a POST of the others is tried instead.
    """

    roles: frozenset[str]
    status: int = 200
    words: dict[str, Any] = field(default_factory=dict)
    is_post: bool = False


IN_EDITION = {"edition_code": EDITION}
OF_ERRAND = {**IN_EDITION, "contact_code": "mine"}
OF_SHOPPER = {**IN_EDITION, "shopper_code": "s1"}
OF_CANARY = {**IN_EDITION, "participant_code": "bank-1"}
MOVED, MISSING, NOT_ALLOWED, GONE = 302, 404, 405, 410


def act(roles: frozenset[str], words: dict[str, Any]) -> Door:
    """A door that changes something, so it takes POST only."""
    return Door(roles, NOT_ALLOWED, words, is_post=True)


DOORS: dict[str, Door] = {
    # machines
    "healthz": Door(EVERYBODY),
    "favicon": Door(EVERYBODY, MOVED),
    "robots_txt": Door(EVERYBODY),
    "security_txt": Door(EVERYBODY),
    # the public: an edition that is not published is not there, not even for those who made it
    "public:front": Door(EVERYBODY),
    "public:editions": Door(EVERYBODY),
    "public:results": Door(EVERYBODY, MISSING, IN_EDITION),
    "public:class": Door(EVERYBODY, MISSING, {**IN_EDITION, "class_code": "bank"}),
    "public:archive": Door(EVERYBODY),
    "public:archive_year": Door(EVERYBODY, MISSING, {"year": 2022}),
    "public:method": Door(EVERYBODY),
    # logging in and out
    "core:login_link": Door(EVERYBODY, GONE, {"kind": "m", "token": "nonsense"}),
    "account_login": Door(EVERYBODY),
    "account_request_login_code": Door(EVERYBODY),
    "account_confirm_login_code": Door(LOGGED_IN, MOVED),
    "account_logout": Door(LOGGED_IN),
    "account_inactive": Door(EVERYBODY),
    "home": Door(LOGGED_IN, MOVED),
    "core:job": Door(LEADERS),
    # the participant: its own report is not there before publication
    "participant:home": Door(frozenset({OWN, OTHER})),
    "participant:report": Door(LOGGED_IN, MISSING, OF_CANARY),
    # the shopper: a locked edition has no errands any more
    "shopper:home": Door(SHOPPERS),
    "shopper:errand": Door(SHOPPERS, MISSING, OF_ERRAND),
    "shopper:calendar": Door(SHOPPERS, MISSING, IN_EDITION),
    "shopper:fill_in": Door(SHOPPERS, MISSING, {**OF_ERRAND, "path": "velkomst"}),
    "shopper:hand_in": Door(SHOPPERS, MISSING, OF_ERRAND),
    "shopper:receipt": Door(SHOPPERS, MISSING, OF_ERRAND),
    "shopper:autosave": act(SHOPPERS, {**OF_ERRAND, "path": "velkomst"}),
    "shopper:start_attempt": act(SHOPPERS, OF_ERRAND),
    "shopper:finish_attempt": act(SHOPPERS, OF_ERRAND),
    "shopper:tell_attempt": act(SHOPPERS, OF_ERRAND),
    "shopper:tell_letter": act(SHOPPERS, OF_ERRAND),
    "shopper:answer_late": act(SHOPPERS, OF_ERRAND),
    "shopper:correct_attempt": act(SHOPPERS, OF_ERRAND),
    "shopper:undo_attempt": act(SHOPPERS, OF_ERRAND),
    # the office
    "office:editions": Door(REVIEWERS),
    "office:edition": Door(LEADERS, 200, IN_EDITION),
    "office:phase": act(LEADERS, IN_EDITION),
    "office:seal_viewers": act(LEADERS, IN_EDITION),
    "office:import": Door(LEADERS),
    "office:import_job": Door(LEADERS, MISSING, {"upload_id": 1}),
    "office:import_confirm": act(LEADERS, {"upload_id": 1}),
    "office:export": Door(LEADERS, 200, IN_EDITION),
    "office:export_job": Door(LEADERS, MISSING, {**IN_EDITION, "job_id": 1}),
    "office:export_file": Door(LEADERS, MISSING, {**IN_EDITION, "job_id": 1}),
    "office:contacts": Door(LEADERS, 200, IN_EDITION),
    "office:log": Door(LEADERS, 200, IN_EDITION),
    "office:results": Door(LEADERS, 200, IN_EDITION),
    "office:results_file": Door(LEADERS, MOVED, {**IN_EDITION, "file_format": "xlsx"}),
    "office:count": act(LEADERS, IN_EDITION),
    "office:reports": act(LEADERS, IN_EDITION),
    "office:lock": act(LEADERS, IN_EDITION),
    "office:explanation": Door(LEADERS, MOVED, OF_CANARY),
    "office:report": Door(LEADERS, MOVED, OF_CANARY),
    "office:studies": act(LEADERS, IN_EDITION),
    "office:confidence": Door(LEADERS, MOVED, IN_EDITION),
    "office:severity": Door(LEADERS, MOVED, IN_EDITION),
    "office:zeros": Door(LEADERS, MOVED, IN_EDITION),
    "office:comparison": Door(LEADERS, MOVED, IN_EDITION),
    "office:what_if": Door(LEADERS, MOVED, {**IN_EDITION, "contact_code": "c00001"}),
    "office:publish": act(LEADERS, IN_EDITION),
    "office:publish_cancel": act(LEADERS, IN_EDITION),
    "office:seal_ask": act(LEADERS, IN_EDITION),
    "office:seal_answer": act(LEADERS, {**IN_EDITION, "request_id": 1}),
    "shoppers_office:shoppers": Door(LEADERS, 200, IN_EDITION),
    "shoppers_office:workload": Door(LEADERS, 200, IN_EDITION),
    "shoppers_office:shopper": Door(LEADERS, 200, OF_SHOPPER),
    "shoppers_office:shopper_leave": act(LEADERS, OF_SHOPPER),
    "shoppers_office:shopper_stay": act(LEADERS, OF_SHOPPER),
    "shoppers_office:relation_add": act(LEADERS, OF_SHOPPER),
    "shoppers_office:relation_remove": act(LEADERS, {**OF_SHOPPER, "relation_id": 1}),
    "shoppers_office:plan": Door(LEADERS, 200, IN_EDITION),
    "shoppers_office:plan_start": act(LEADERS, IN_EDITION),
    "shoppers_office:certificate": Door(LEADERS, MISSING, IN_EDITION),
    "shoppers_office:proposal": Door(LEADERS, MISSING, {**IN_EDITION, "proposal_id": 1}),
    "shoppers_office:proposal_accept": act(LEADERS, {**IN_EDITION, "proposal_id": 1}),
    "shoppers_office:proposal_discard": act(LEADERS, {**IN_EDITION, "proposal_id": 1}),
    "shoppers_office:workbook": Door(LEADERS, 200, IN_EDITION),
    "shoppers_office:calendars": Door(LEADERS, 200, IN_EDITION),
    "shoppers_office:contact": Door(LEADERS, 200, OF_ERRAND),
    "shoppers_office:move": act(LEADERS, OF_ERRAND),
    "shoppers_office:take_back": act(LEADERS, OF_ERRAND),
    "shoppers_office:put_back": act(LEADERS, OF_ERRAND),
    "surveys_office:participants": Door(LEADERS, 200, IN_EDITION),
    "surveys_office:questionnaire": Door(LEADERS, 200, IN_EDITION),
    "surveys_office:review_queue": Door(REVIEWERS, 200, IN_EDITION),
    "surveys_office:review_sheet": Door(REVIEWERS, 200, OF_ERRAND),
    "surveys_office:review_decide": act(REVIEWERS, OF_ERRAND),
    "surveys_office:approve_clean": Door(REVIEWERS, 200, IN_EDITION),
    "surveys_office:void": Door(LEADERS, 200, OF_ERRAND),
    "surveys_office:void_contacts": Door(LEADERS, 200, IN_EDITION),
    "surveys_office:void_answer": act(LEADERS, {**IN_EDITION, "voiding_id": 1}),
}
FOR_STRANGERS_ONLY = frozenset({"account_login", "account_request_login_code"})
"""Whoever is logged in already is sent on."""


@dataclass(frozen=True)
class World:
    """An edition that is counted, locked and reported, and nobody has published; and a person in every role."""

    edition: Edition
    run: ScoreRun
    report: Report
    people: dict[str, User]
    job_id: int

    def client(self, role: str) -> Client:
        client = Client()
        person = self.people.get(role)
        if person is not None:
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def address(self, name: str) -> str:
        """The route's address in bokmål, whatever language the request before this one was in."""
        with override("nb"):
            return reverse(name, kwargs={"pk": self.job_id} if name == "core:job" else DOORS[name].words)


@pytest.fixture
def world(settings: Settings, tmp_path: Path, warm_press: WarmPress, monkeypatch: pytest.MonkeyPatch) -> World:
    settings.DATA_DIR = tmp_path
    settings.CELERY_TASK_ALWAYS_EAGER = False
    edition = believable_edition(code=EDITION, classes=2, participants=2, contacts=8, winner=CANARY)
    people = {
        SHOPPER: make_person(Role.SHOPPER, email="shopper@example.test"),
        OWN: make_person(Role.PARTICIPANT, email="own@example.test"),
        OTHER: make_person(Role.PARTICIPANT, email="other@example.test"),
        REVIEWER: make_person(Role.REVIEWER, email="reviewer@example.test"),
        LEADER: make_person(Role.LEADER, email="leader@example.test"),
    }
    canary, other = (edition.participants.get(code=code) for code in ("bank-1", "energi-1"))
    ParticipantMember.objects.create(participant=canary, user=people[OWN])
    ParticipantMember.objects.create(participant=other, user=people[OTHER])
    errand = Contact.objects.create(
        edition=edition, participant=other, code="mine", channel="telephone", week="2022-W13"
    )
    card = Shopper.objects.create(
        edition=edition, user=people[SHOPPER], code="s1", name="Siri", email="s@example.test", max_contacts=5
    )
    Assignment.objects.create(contact=errand, shopper=card)
    run = count_edition(edition_id=edition.pk, at=AT)
    ParticipantScore.objects.filter(run=run, participant=canary).update(
        total=Decimal("97.31"), exact={**run.participant_scores.get(participant=canary).exact, "total": TOTAL}
    )
    report = render_report(report_id=ensure_report(run_id=run.pk, participant_code="bank-1").pk, at=AT)
    # No answers come to the canary's total, so the lock is kept from making sure that they do.
    monkeypatch.setattr("awards.publication.services.publishing.count_differences", lambda *_: ())
    lock_edition(edition_id=edition.pk, by=people[LEADER], at=AT)
    job = enqueue_job(
        "awards.render_reports", subject=EDITION, payload={"run": run.pk}, created_by=people[LEADER], at=AT
    )
    return World(edition=edition, run=run, report=report, people=people, job_id=job.pk)


def route_names(resolver: URLResolver | None = None, namespaces: tuple[str, ...] = ()) -> Iterator[str]:
    """The name of every route, with its namespaces; the technical admin is looked at by itself."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield ":".join((*namespaces, pattern.name or str(pattern.pattern)))
        elif pattern.namespace != "admin":
            yield from route_names(pattern, (*namespaces, pattern.namespace) if pattern.namespace else namespaces)


def is_refused(response: HttpResponseBase, role: str) -> bool:
    """A stranger is asked to log in; anybody else is told that it is not for them, or that there is no such thing."""
    if role == ANONYMOUS:
        return response.status_code == MOVED and response["Location"].startswith("/logg-inn/")
    return response.status_code in {403, MISSING}


def test_every_route_is_in_the_table() -> None:
    assert set(route_names()) == set(DOORS)


def test_every_route_lets_in_those_it_is_for_and_nobody_else(world: World) -> None:
    wrong = []
    for role in ROLES:
        client = world.client(role)
        for name, door in DOORS.items():
            response = client.get(world.address(name))
            if door.is_post and role not in door.roles:
                is_right = is_refused(client.post(world.address(name)), role)
            elif role not in door.roles:
                is_right = is_refused(response, role)
            elif name in FOR_STRANGERS_ONLY and role != ANONYMOUS:
                is_right = response.status_code == MOVED
            else:
                is_right = response.status_code == door.status
            if not is_right:
                wrong.append((name, role, response.status_code))
    assert wrong == []


NOT_IN_THIS_WORLD = {"office:import_confirm", "shoppers_office:proposal_accept", "shoppers_office:proposal_discard"}
"""Presses on what this world does not hold: the page they stand on is not there either."""


def test_whatever_can_be_read_can_be_asked_for_by_its_head(world: World) -> None:
    """Mail programs and link checkers ask before they fetch."""
    differing = []
    for role in ROLES:
        client = world.client(role)
        for name, door in DOORS.items():
            if role in door.roles and not door.is_post:
                address = world.address(name)
                read, asked = client.get(address).status_code, client.head(address).status_code
                if read != asked:
                    differing.append((name, role, read, asked))
    assert differing == []


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_press_read_again_leads_to_a_page(world: World, prefix: str) -> None:
    """In another language, from a tab opened again, or by the arrow back: no reader ends at an address for presses.

    The shopper's pages are gone once the edition is locked; theirs are tried in `tests/shoppers/views`.
    """
    dead_ends = set()
    for role in (*ROLES, ANONYMOUS):
        client = world.client(role)
        for name, door in DOORS.items():
            if door.is_post and role in door.roles - {SHOPPER}:
                page = client.get(prefix + world.address(name), follow=True, headers={"Accept": "text/html"})
                if page.status_code != 200:
                    dead_ends.add(name)
    assert dead_ends == NOT_IN_THIS_WORLD


def test_the_technical_admin_is_for_nobody_with_an_ordinary_role(world: World) -> None:
    for role in ROLES:
        for address in ("/teknisk/", "/teknisk/awards/report/", "/teknisk/scoring/participantscore/"):
            response = world.client(role).get(address)
            assert response.status_code in {MOVED, 403, MISSING}, (role, address)
            assert CANARY not in content_of(response)


# ---- the canary ------------------------------------------------------------------------------------------------------

GUESSES = (
    "/reports/{sha}.pdf",
    "/rapporter/{sha}.pdf",
    "/media/reports/{sha}.pdf",
    "/files/reports/{sha}.pdf",
    "/static/reports/{sha}.pdf",
    "/static/../reports/{sha}.pdf",
    "/static/%2e%2e/reports/{sha}.pdf",
    "/resultater/{code}.json",
    "/resultater/{code}/resultater.json",
    "/resultater/{code}/rapport.pdf",
    "/deltaker/{code}/bank-1/rapport.json",
    "/api/",
    "/api/v1/results/",
    "/sitemap.xml",
    "/feed/",
    "/favicon.ico",
    "/nonsense/",
)


def content_of(response: HttpResponseBase) -> str:
    """Everything a response gives away: status line, headers and body, what is packed in a workbook or zip included."""
    body: bytes = response.getvalue()
    if body.startswith(ZIP):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"\n".join(packed.read(name) for name in packed.namelist())
    headers = "\n".join(f"{name}: {value}" for name, value in response.items())
    said = f"{response.status_code}\n{headers}\n{body.decode('utf-8', 'replace')}"
    return NEW_EVERY_TIME.sub("", said)


def addresses(world: World) -> Iterator[str]:
    """Every route in both languages, and what somebody curious would try."""
    for name in DOORS:
        address = world.address(name)
        yield address
        yield f"/en{address}"
    for guess in GUESSES:
        yield guess.format(sha=world.report.sha256, code=EDITION)


def secrets_of(role: str) -> Iterable[str]:
    """What the role must not read. The office knows who takes part, and a participant knows its own name."""
    if role in {LEADER, REVIEWER}:
        return EXACT_NUMBERS
    return NUMBERS if role == OWN else (*NUMBERS, CANARY)


def leaks(world: World, role: str) -> list[tuple[str, str, str]]:
    """Where a role can read a secret: method, address and secret."""
    client = world.client(role)
    found = []
    for address in addresses(world):
        for method in ("get", "head", "options"):
            said = content_of(getattr(client, method)(address)).replace(address, "")
            found += [(method, address, secret) for secret in secrets_of(role) if secret in said]
            if PDF in said:
                found.append((method, address, PDF))
    return found


@pytest.mark.parametrize("role", ROLES)
def test_nobody_hears_of_an_unpublished_winner(world: World, role: str) -> None:
    assert leaks(world, role) == []


def test_an_unpublished_edition_answers_like_one_that_does_not_exist(world: World) -> None:
    for role in ROLES:
        client = world.client(role)
        real, nonsense = (client.get(f"/resultater/{code}/") for code in (EDITION, "kanari-2099"))
        assert content_of(real) == content_of(nonsense).replace("kanari-2099", EDITION)


def test_reports_lie_below_no_folder_that_is_served(world: World) -> None:
    served = [settings.STATIC_ROOT, settings.MEDIA_ROOT, *settings.STATICFILES_DIRS]

    assert (reports_folder() / f"{world.report.sha256}.pdf").is_file()
    assert not any(reports_folder().is_relative_to(folder) for folder in map(Path, served))


def test_the_winner_is_found_by_the_same_search_once_published(world: World) -> None:
    publish_edition(edition_id=world.edition.pk, by=world.people[LEADER], at=AT)

    found = leaks(world, ANONYMOUS)

    results = world.address("public:results")
    for address in ("/", "/en/", "/resultater/", results, f"/en{results}", f"{results}bank/"):
        assert ("get", address, CANARY) in found
        assert any(secret in NUMBERS for method, where, secret in found if (method, where) == ("get", address))
    assert not [leak for leak in found if PDF in leak]


def test_the_report_is_for_the_participants_own_people_once_published(world: World) -> None:
    address = world.address("participant:report")
    publish_edition(edition_id=world.edition.pk, by=world.people[LEADER], at=AT)

    for role in ROLES:
        response = world.client(role).get(address)
        if role != OWN:
            assert is_refused(response, role), role
            continue
        assert response.getvalue() == (reports_folder() / f"{world.report.sha256}.pdf").read_bytes()
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"] == f'attachment; filename="{EDITION}-bank-1.pdf"'
        assert "no-store" in response["Cache-Control"]
    log = list(AuditEvent.objects.filter(action="report.downloaded").values_list("actor__email", "subject"))
    assert log == [("own@example.test", f"{EDITION}/bank-1")]


def test_somebody_who_is_no_longer_one_of_the_people_gets_nothing(world: World) -> None:
    publish_edition(edition_id=world.edition.pk, by=world.people[LEADER], at=AT)
    client = world.client(OWN)
    ParticipantMember.objects.filter(user=world.people[OWN]).delete()

    assert client.get(world.address("participant:report")).status_code == MISSING
