"""Every view that orders work, with the broker away: the order is kept, the leader is told, and nobody sees a 500.

Which views these are is asked of the resolver: a door of the office that takes POST and is in neither table fails, and
so does a kind of work that no walked view orders.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from celery import current_app
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from kombu.exceptions import OperationalError
from pytest_django import Settings
from redis.exceptions import ConnectionError as RedisConnectionError

from awards.models import PackageUpload, Publication
from awards.package.format import parse_package
from awards.package.services.uploads import preview_of, upload_path
from awards.publication.services.gates import ask_to_lock
from awards.publication.services.publishing import lock_edition
from kundeservice.core import clock, jobs
from kundeservice.core.models import Job, JobState, Role, RoleGrant, User
from scoring.services import count_edition
from surveys.models import Channel, Contact, Edition, Outcome, Phase, ReviewState
from surveys.services.approving import BATCH
from tests.conftest import TINY_EDITION, ClientFactory
from tests.factories import AT, believable_edition, make_person
from tests.test_doors import DOORS, route_names

pytestmark = pytest.mark.django_db(transaction=True)

PROBLEMS = (
    ConnectionRefusedError(111, "Connection refused"),
    RedisConnectionError("Error 111 connecting to 127.0.0.1:6379. Connection refused."),
    OperationalError("[Errno 111] Connection refused"),
)
TOLD = "Arbeidet er lagret og begynner av seg selv når køen er tilbake."
SEEN = "9" * 18
"""The version of a page that was read after everything that has happened."""
PUBLISH_NOW = {"when": "now", "confirmed": "on", "reason": "Det haster.", "seen": SEEN}
Preparation = Callable[[Edition, User], dict[str, Any]]


def nothing(_edition: Edition, _leader: User) -> dict[str, Any]:
    return {}


def by_one(edition: Edition) -> None:
    """One person locks and publishes alone: there the order is given at once."""
    Edition.objects.filter(pk=edition.pk).update(viewers_needed=1)


def counted(edition: Edition, _leader: User) -> dict[str, Any]:
    count_edition(edition_id=edition.pk, at=AT)
    by_one(edition)
    return {}


def locked(edition: Edition, _leader: User) -> dict[str, Any]:
    count_edition(edition_id=edition.pk, at=AT)
    lock_edition(edition_id=edition.pk, by=None, at=AT)
    by_one(edition)
    return {}


def asked_to_lock(edition: Edition, leader: User) -> dict[str, Any]:
    count_edition(edition_id=edition.pk, at=AT)
    colleague = make_person(Role.LEADER)
    asked = ask_to_lock(edition_id=edition.pk, by=colleague, reason="", at=AT + dt.timedelta(seconds=1))
    RoleGrant.objects.filter(user=leader).update(granted_at=AT)
    return {"edition_code": edition.code, "request_id": asked.pk}


def many_that_wait(edition: Edition, _leader: User) -> dict[str, Any]:
    """More than a page may be waited for."""
    participant = edition.participants.all()[0]
    Contact.objects.bulk_create(
        Contact(
            edition=edition,
            participant=participant,
            code=f"many-{number}",
            channel=Channel.TELEPHONE,
            week="2022-W02",
            outcome=Outcome.NO_ANSWER,
            review=ReviewState.SUBMITTED,
        )
        for number in range(BATCH + 1)
    )
    return {}


def draft(edition: Edition, _leader: User) -> dict[str, Any]:
    Edition.objects.filter(pk=edition.pk).update(phase=Phase.DRAFT)
    edition.contacts.all().delete()
    return {}


def checked_package(_edition: Edition, leader: User) -> dict[str, Any]:
    upload = PackageUpload.objects.create(
        file="x.zip",
        name="x.zip",
        size=1,
        uploaded_at=AT,
        uploaded_by=leader,
        checked_at=AT,
        preview=preview_of(parse_package(TINY_EDITION)),
    )
    upload_path(upload).parent.mkdir(parents=True, exist_ok=True)
    upload_path(upload).write_bytes(b"x")
    return {"upload_id": upload.pk}


def package() -> dict[str, Any]:
    return {"package": SimpleUploadedFile("arsgang.zip", b"PK\x05\x06" + b"\0" * 18)}


@dataclass(frozen=True)
class Order:
    """A view that orders work: the kind that is to be kept, what must be there before, and what is sent."""

    kind: str
    before: Preparation = nothing
    given: Callable[[], dict[str, Any]] = dict


ORDERS: dict[str, tuple[Order, ...]] = {
    "office:count": (Order("scoring.count_edition"),),
    "office:reports": (Order("awards.render_reports", counted),),
    "office:lock": (Order("awards.lock_edition", counted, lambda: {"seen": SEEN}),),
    "office:seal_answer": (Order("awards.lock_edition", asked_to_lock, lambda: {"answer": "agree", "seen": SEEN}),),
    "office:studies": (Order("awards.study_run", counted),),
    "office:publish": (
        Order("awards.render_reports", locked, lambda: PUBLISH_NOW),
        Order(
            "awards.render_reports",
            locked,
            lambda: {**PUBLISH_NOW, "when": "later", "on": "2022-04-29", "at": "20:00"},
        ),
    ),
    "office:import": (Order("awards.check_package", nothing, package),),
    "office:import_confirm": (Order("awards.import_package", checked_package),),
    "office:export": (Order("awards.export_package", nothing, lambda: {"ending": "zip"}),),
    "surveys_office:approve_clean": (
        Order("surveys.approve_clean", many_that_wait, lambda: {"confirmed": "on", "seen": SEEN}),
    ),
    "shoppers_office:plan_start": (
        Order("shoppers.propose_plan", draft, lambda: {"way": "anew", "seed": 1, "seconds": 10}),
    ),
}
ORDERS_NOTHING = frozenset(
    {
        "office:phase",
        "office:publish_cancel",
        "office:seal_ask",
        "office:seal_viewers",
        "shoppers_office:move",
        "shoppers_office:proposal_accept",
        "shoppers_office:proposal_discard",
        "shoppers_office:put_back",
        "shoppers_office:relation_add",
        "shoppers_office:relation_remove",
        "shoppers_office:shopper_leave",
        "shoppers_office:shopper_stay",
        "shoppers_office:take_back",
        "surveys_office:review_decide",
        "surveys_office:void",
        "surveys_office:void_answer",
    }
)
"""Doors of the office that take POST and do what they do at once."""
OFFICE = ("office:", "shoppers_office:", "surveys_office:")
NOT_ALLOWED = 405


@pytest.fixture
def edition(monkeypatch: pytest.MonkeyPatch) -> Edition:
    monkeypatch.setattr(clock, "now", lambda: AT + dt.timedelta(minutes=1))
    return believable_edition(classes=1, participants=2, contacts=3)


@pytest.fixture(params=PROBLEMS, ids=lambda problem: type(problem).__module__)
def without_broker(request: pytest.FixtureRequest, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is sent to the broker is refused, as each of the libraries between us and it says so."""
    settings.CELERY_TASK_ALWAYS_EAGER = False

    def refuse(*_args: Any, **_options: Any) -> None:
        raise request.param

    monkeypatch.setattr(current_app.tasks[jobs.RUN_JOB_TASK], "apply_async", refuse)


@pytest.mark.parametrize(
    ("name", "order"),
    [(name, order) for name, orders in ORDERS.items() for order in orders],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_an_order_is_kept_and_the_leader_is_told(
    edition: Edition, leader: User, client_for: ClientFactory, without_broker: None, name: str, order: Order
) -> None:
    words = order.before(edition, leader)
    Job.objects.all().delete()
    if not words and name != "office:import":
        words = {"edition_code": edition.code}
    office: Client = client_for(leader)

    answer = office.post(reverse(name, kwargs=words), order.given(), follow=True)

    assert answer.status_code == 200
    assert Job.objects.get().kind == order.kind
    assert Job.objects.get().state == JobState.QUEUED
    assert TOLD in answer.content.decode()


def test_results_are_out_although_nobody_could_be_told_to_make_reports(
    edition: Edition, leader: User, client_for: ClientFactory, without_broker: None
) -> None:
    locked(edition, leader)

    answer = client_for(leader).post(
        reverse("office:publish", args=[edition.code]),
        PUBLISH_NOW,
        follow=True,
    )

    edition.refresh_from_db()
    assert edition.phase == Phase.PUBLISHED
    assert Publication.objects.published(at=clock.now()).exists()
    assert "Resultatene er publisert." in answer.content.decode()
    assert Client().get(reverse("public:results", args=[edition.code])).status_code == 200


def test_with_the_broker_there_nobody_is_told_that_it_is_away(
    edition: Edition, leader: User, client_for: ClientFactory
) -> None:
    answer = client_for(leader).post(reverse("office:count", args=[edition.code]), follow=True)

    assert TOLD not in answer.content.decode()


def test_every_door_of_the_office_that_takes_a_post_is_walked_or_said_to_order_nothing(
    leader: User, client_for: ClientFactory
) -> None:
    office = client_for(leader)
    takes_post = set()
    for name in route_names():
        if name.startswith(OFFICE):
            answer = office.post(reverse(name, kwargs=DOORS[name].words))
            if answer.status_code != NOT_ALLOWED:
                takes_post.add(name)

    assert takes_post == set(ORDERS) | ORDERS_NOTHING


def test_every_kind_of_work_is_ordered_by_a_view_that_is_walked() -> None:
    kinds = {kind for kind in jobs._handlers if not kind.startswith(("test", "core"))}

    assert kinds == {order.kind for orders in ORDERS.values() for order in orders}
