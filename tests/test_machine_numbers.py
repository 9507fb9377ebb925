"""Numbers that machines read are plain, however people of the language write theirs.

Every page is walked in both languages over an edition in which everything is greater than 1,000: keys, counts, seconds.
No attribute, script or style may hold a number with a thousands separator or a decimal comma. The twin test prints
numbers the way Django does by itself, and shows that the walk finds them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db import connection
from django.template import engines
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from pytest_django import Settings

from kundeservice.core import clock
from kundeservice.core.jobs import enqueue_job
from kundeservice.core.models import JobState, Role, User
from scoring.services import count_edition
from shoppers.models import Assignment, Shopper
from surveys.models import (
    AttemptResult,
    Channel,
    Contact,
    Edition,
    Option,
    ParticipantMember,
    Phase,
    Question,
    Response,
)
from surveys.services import record_attempt, save_draft, start_attempt
from tests.factories import believable_edition, make_person
from tests.test_doors import DOORS, route_names

pytestmark = pytest.mark.django_db

FIRST_KEY = 1_234_567
EDITION = "stor-2022"
WORDS = {
    "edition_code": EDITION,
    "class_code": "bank",
    "participant_code": "bank-1",
    "shopper_code": "s1",
    "contact_code": "running",
    "path": "velkomst",
    "year": 2022,
    "kind": "m",
    "token": "nonsense",
}
"""What stands in an address; a key that is not here is looked up nowhere, so the page says that there is none."""
FOR_PEOPLE = frozenset({"aria-label", "title", "alt", "placeholder", "content", "label"})
"""Attributes that are read aloud or shown, never read by a script."""
WRITTEN_FOR_PEOPLE = re.compile(r"\d[\u00a0\u202f,]\d")
SERVES_MACHINES = frozenset({"script", "style"})


class Inspector(HTMLParser):
    """Gathers every number in a page's machine-read places that is written for people: (tag, attribute, value)."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str]] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        self.found += [
            (tag, name, value)
            for name, value in attrs
            if value and name not in FOR_PEOPLE and WRITTEN_FOR_PEOPLE.search(value)
        ]

    def handle_endtag(self, _tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside in SERVES_MACHINES and WRITTEN_FOR_PEOPLE.search(data):
            self.found.append((self._inside, "", data.strip()))


def numbers_for_people_in(html: str) -> list[tuple[str, str, str]]:
    """The machine-read places of a page whose numbers are written for people."""
    inspector = Inspector()
    inspector.feed(html)
    return inspector.found


@pytest.fixture
def great_keys(db: None) -> None:
    """From now on every new row has a key of seven digits."""
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            key, table = model._meta.pk, model._meta.db_table
            if key is None or key.get_internal_type() not in {"AutoField", "BigAutoField"}:
                continue
            if connection.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, FIRST_KEY])
            else:
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [table, key.column, FIRST_KEY])


@pytest.fixture
def people(great_keys: None) -> dict[str, User]:
    """One person of every role, and the operator."""
    made = {str(role): make_person(role, email=f"{role}@example.test") for role in Role}
    operator = User.objects.create_superuser("drift@example.test")
    return {**made, "operator": operator, "": User(email="")}


@pytest.fixture
def great_edition(people: dict[str, User], settings: Settings, tmp_path: Path) -> Edition:
    """1,200 contacts made; a clock that runs since 1,500 s; a questionnaire begun; a job with 4,321 steps."""
    settings.DATA_DIR = tmp_path
    settings.CELERY_TASK_ALWAYS_EAGER = False
    edition = believable_edition(code=EDITION, classes=1, participants=2, contacts=600, phase=Phase.FIELD)
    now = clock.now()
    today = now.date()
    Edition.objects.filter(pk=edition.pk).update(starts_on=today - dt.timedelta(30), ends_on=today + dt.timedelta(30))
    participant = edition.participants.get(code="bank-1")
    ParticipantMember.objects.create(participant=participant, user=people[Role.PARTICIPANT])
    question = Question.objects.filter(edition=edition, area="welcome")[0]
    Option.objects.filter(question=question).update(points=1250)
    card = Shopper.objects.create(
        edition=edition, user=people[Role.SHOPPER], code="s1", name="Siri", email="s@example.test", max_contacts=1500
    )
    for code in ("running", "answered"):
        contact = Contact.objects.create(
            edition=edition, participant=participant, code=code, channel=Channel.TELEPHONE, week=f"{now:%G-W%V}"
        )
        Assignment.objects.create(contact=contact, shopper=card)
    begun = now - dt.timedelta(seconds=1_500)
    start_attempt(contact_id=edition.contacts.get(code="running").pk, at=begun)
    answered = edition.contacts.get(code="answered")
    record_attempt(contact_id=answered.pk, started_at=begun, wait_seconds=45, result=AttemptResult.ANSWERED, at=now)
    save_draft(contact_id=answered.pk, revision=0, options={question.code: [question.options.all()[0].code]}, at=now)
    Response.objects.update(revision=4_321)
    count_edition(edition_id=edition.pk, at=now)
    job = enqueue_job("awards.render_reports", subject=EDITION, payload={}, created_by=people[Role.LEADER], at=now)
    type(job).objects.filter(pk=job.pk).update(state=JobState.RUNNING, claimed_at=now, current=1_234, total=4_321)
    return edition


def addresses() -> Iterator[str]:
    """Every page there is, in both languages, for each of the shopper's contacts."""
    for name in sorted(set(route_names())):
        needed = DOORS[name].words
        for contact in ("running", "answered") if "contact_code" in needed else ("",):
            words = {word: WORDS.get(word, value) for word, value in needed.items()}
            if contact:
                words["contact_code"] = contact
            if name == "core:job":
                words = {"pk": FIRST_KEY + 1}
            with override("nb"):
                address = reverse(name, kwargs=words)
            yield address
            yield f"/en{address}"


def admin_addresses() -> Iterator[str]:
    with override("nb"):
        for model in admin.site._registry:
            yield reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def client_of(person: User) -> Client:
    client = Client()
    if person.pk:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def walk(people: dict[str, User]) -> tuple[set[str], list[tuple[str, str, tuple[str, str, str]]]]:
    """The pages somebody could see, and what was found wrong on them: role, address, place."""
    seen: set[str] = set()
    wrong = []
    for role, person in people.items():
        client = client_of(person)
        for address in admin_addresses() if role == "operator" else addresses():
            response = client.get(address)
            if not response.get("Content-Type", "").startswith("text/html"):
                continue
            if response.status_code == 200:
                seen.add(address)
            wrong += [(role, address, place) for place in numbers_for_people_in(response.content.decode())]
    return seen, wrong


def test_no_page_writes_a_number_for_people_where_a_machine_reads(
    great_edition: Edition, people: dict[str, User]
) -> None:
    assert Contact.objects.filter(edition=great_edition).count() > 1_000
    seen, wrong = walk(people)
    assert wrong == []
    base = f"/oppdrag/{EDITION}"
    for address in (f"{base}/running/", f"{base}/answered/skjema/velkomst/", f"/arbeid/{FIRST_KEY + 1}/"):
        assert {address, f"/en{address}"} <= seen
    assert len(seen) > 60, sorted(seen)


def test_the_walk_finds_a_number_written_for_people(
    great_edition: Edition, people: dict[str, User], settings: Settings
) -> None:
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "BACKEND": "django.template.backends.django.DjangoTemplates"}]
    page = client_of(people[Role.SHOPPER]).get(f"/en/oppdrag/{EDITION}/running/").content.decode()
    places = {(tag, name) for tag, name, _value in numbers_for_people_in(page)}
    assert ("time", "data-elapsed") in places


# ---- what a template may not even try --------------------------------------------------------------------------------

ATTRIBUTE = re.compile(r"""([\w:-]+)=("[^"]*\{\{[^"]*"|'[^']*\{\{[^']*')""")
SPEAKS = re.compile(r"\|\s*(score|integer|percent|signed|duration|localize|intcomma|floatformat(?!:['\"]\d*u))\b")


def templates() -> Iterator[Path]:
    for folder in (settings.BASE_DIR / "templates",):
        yield from (path for path in folder.rglob("*") if path.suffix in {".html", ".svg", ".txt"})


def test_no_template_formats_a_number_for_people_inside_an_attribute() -> None:
    wrong = [
        (path.name, found[0])
        for path in templates()
        for found in ATTRIBUTE.finditer(path.read_text())
        if found[1] not in FOR_PEOPLE and SPEAKS.search(found[2])
    ]
    assert wrong == []


def test_a_plain_number_is_what_a_template_prints_by_itself() -> None:
    template = engines["django"].from_string("{{ count }} {{ share }} {% load formatting %}{{ count|integer }}")
    for language, spoken in (("nb", "12\u00a0345"), ("en", "12,345")):
        with override(language):
            assert template.render({"count": 12_345, "share": 0.5}) == f"12345 0.5 {spoken}"
