"""An import is not a deletion: what people have made of an edition here is never removed or reset by a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import models
from django.test import Client

from awards.models import EditionImport, PackageUpload
from awards.package.format import EditionPackage, write_package
from awards.package.services import ImportRefused, import_package, load_package
from awards.package.services.uploads import check_upload, preview_of
from kundeservice.core.models import AuditEvent, User
from scoring.models import ScoreRun
from scoring.services import count_edition
from shoppers.models import Assignment, Plan, Shopper
from shoppers.services import plan_edition
from surveys.models import (
    AttemptResult,
    Channel,
    Contact,
    Edition,
    Participant,
    ParticipantMember,
    Phase,
    Response,
    ReviewEvent,
    ReviewState,
)
from surveys.services import approve_response, record_attempt, return_response
from tests import factories
from tests.conftest import OSLO, ClientFactory

pytestmark = pytest.mark.django_db
AT = dt.datetime(2022, 2, 8, 12, 0, tzinfo=OSLO)
Change = Callable[[EditionPackage], EditionPackage]


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table but the trail and the note of the import itself."""
    left_out = {AuditEvent, EditionImport}
    tables: list[type[models.Model]] = [model for model in apps.get_models() if model not in left_out]
    ours = ("surveys", "shoppers", "scoring", "awards", "core")
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for model in tables
        if model._meta.app_label in ours and model._meta.managed
    }


@pytest.fixture
def running(tiny_edition: Edition, leader: User) -> Edition:
    """The tiny edition with work of every kind made here: a draft, a try, a return, an approval, a count."""
    Edition.objects.update(phase=Phase.FIELD)
    answered = list(Contact.objects.filter(outcome="answered", channel=Channel.TELEPHONE).order_by("code"))
    Contact.objects.filter(pk=answered[0].pk).update(review=ReviewState.SUBMITTED)
    approve_response(contact_id=answered[0].pk, by=leader, at=AT)
    return_response(contact_id=answered[1].pk, by=leader, note="Hvor lenge ventet du?", at=AT)
    count_edition(edition_id=tiny_edition.pk, at=AT)
    return tiny_edition


def without(package: EditionPackage, *codes: str, contacts: tuple[Any, ...] | None = None) -> EditionPackage:
    """The package as if some contacts had never been; `contacts` are the others, where they are not as they were."""
    rest = tuple(row for row in package.contacts if row.code not in codes)
    return replace(
        package,
        contacts=rest if contacts is None else contacts,
        attempts=tuple(row for row in package.attempts if row.contact not in codes),
        answers=tuple(row for row in package.answers if row.contact not in codes),
        comments=tuple(row for row in package.comments if row.contact not in codes),
    )


def again(package: EditionPackage) -> Edition:
    return import_package(package=package, replace=True, at=AT)


def test_what_was_exported_is_imported_again_without_touching_a_row(running: Edition) -> None:
    package, before = load_package(running), everything()
    again(package)
    assert everything() == before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda p: without(p, "c01"), "mangler i pakken: c01"),
        (lambda p: replace(p, contacts=(), attempts=(), answers=(), comments=()), "mangler i pakken"),
        (
            lambda p: replace(p, comments=tuple(replace(c, text="Noe annet.") for c in p.comments)),
            "sier noe annet i pakken",
        ),
        (
            lambda p: replace(p, options=(replace(p.options[0], points=7), *p.options[1:])),
            "options.csv kan ikke endres når noen har svart",
        ),
        (
            lambda p: replace(p, edition=replace(p.edition, weight_wait=10, weight_agent=45)),
            "edition.csv kan ikke endres når noen har svart: weight_agent, weight_wait",
        ),
    ],
)
def test_a_file_that_would_lose_work_is_refused_and_changes_nothing(
    running: Edition, change: Change, said: str
) -> None:
    package = change(load_package(running))
    for contact in Contact.objects.filter(response=None, review_events=None):
        Response.objects.create(contact=contact, draft={"comments": {"agent": "Halvferdig"}})
    before = everything()
    with pytest.raises(ImportRefused) as refused:
        again(package)
    assert said in str(refused.value)
    assert "Hent årgangen ut på nytt" in str(refused.value), "there is a way on"
    assert everything() == before


def test_everything_that_loses_no_work_is_taken_over_in_place(running: Edition) -> None:
    package = load_package(running)
    first, *others = package.participants
    newcomer = replace(first, code="ny-deltaker", name="Ny Deltaker", report_email="ny@example.test")
    changed = replace(first, telephone="+47 22 00 00 00", report_email="etterfolger@example.test")
    before = everything()

    again(replace(package, participants=tuple(sorted((changed, newcomer, *others), key=lambda row: row.code))))

    after = everything()
    assert Participant.objects.filter(code="ny-deltaker").exists()
    point = Participant.objects.get(code=first.code).contact_points.get(kind="telephone")
    assert point.address == "+47 22 00 00 00"
    members = ParticipantMember.objects.filter(participant__code=first.code).values_list("user__email", flat=True)
    assert list(members) == ["etterfolger@example.test"], "the successor is in, the predecessor out"
    untouched = (
        "surveys.Contact", "surveys.Response", "surveys.ReviewEvent", "surveys.Answer", "surveys.Comment",
        "surveys.Attempt", "shoppers.Assignment", "shoppers.Shopper", "scoring.ScoreRun", "scoring.ParticipantScore",
    )  # fmt: skip
    for table in untouched:
        assert after[table] == before[table], table
    running.refresh_from_db()
    assert running.phase == Phase.FIELD


def test_history_that_only_came_by_file_may_come_anew_by_file(tiny_edition: Edition) -> None:
    package = load_package(tiny_edition)
    comments = tuple(replace(comment, text="Rettet i regnearket.") for comment in package.comments)
    again(replace(package, comments=comments))
    assert set(tiny_edition.contacts.values_list("comments__text", flat=True)) == {None, "Rettet i regnearket."}
    gone = package.participants[0].code
    lost = [row.code for row in package.contacts if row.participant == gone]
    relations = tuple(row for row in package.relations if row.participant != gone)
    again(replace(without(package, *lost), participants=package.participants[1:], relations=relations))
    assert not Participant.objects.filter(code=gone).exists()
    assert not Contact.objects.filter(code__in=lost).exists()


def test_a_try_made_here_is_work_even_without_a_draft(tiny_edition: Edition) -> None:
    Edition.objects.update(phase=Phase.FIELD)
    package = load_package(tiny_edition)
    free = Contact.objects.filter(channel=Channel.TELEPHONE).order_by("code")[0]
    blank: dict[str, Any] = {
        "outcome": "", "review": "", "wait": None, "contacted_at": None, "answered_at": None, "week": "2022-W06",
        "planned_on": None,
    }  # fmt: skip
    open_rows = tuple(replace(row, **blank) if row.code == free.code else row for row in package.contacts)
    still_open = without(package, free.code, contacts=open_rows)
    again(still_open)
    again(still_open)
    moment = dt.datetime(2022, 2, 8, 10, 0, tzinfo=OSLO)
    contact = Contact.objects.get(code=free.code)
    record_attempt(contact_id=contact.pk, started_at=moment, result=AttemptResult.NOT_QUEUED, at=moment)
    with pytest.raises(ImportRefused, match=free.code):
        again(still_open)
    assert contact.attempts.count() == 1


def test_plan_and_figures_stay_when_a_participant_is_corrected(leader: User) -> None:
    edition = factories.make_edition("plan-2022", starts_on=dt.date(2022, 1, 10), ends_on=dt.date(2022, 2, 4),
                                     contacts_per_participant=2, phase=Phase.DRAFT)  # fmt: skip
    factories.make_questionnaire(edition)
    participant = factories.make_participant(factories.make_class(edition), code="fjord")
    for number in range(4):
        email = f"s{number}@example.test"
        Shopper.objects.create(edition=edition, user=leader, code=f"s{number}", name=f"S {number}", email=email,
                               channels="telephone email chat messenger", max_contacts=9)  # fmt: skip
    plan_edition(edition_id=edition.pk, at=dt.datetime(2022, 1, 3, 9, tzinfo=OSLO), seconds=2.0)
    package = load_package(edition)
    plans = list(Plan.objects.values())
    marks = list(Assignment.objects.order_by("pk").values())
    row = replace(package.participants[0], name="Fjord Rettet")
    again(replace(package, participants=(row,)))
    participant.refresh_from_db()
    assert participant.name == "Fjord Rettet"
    assert (list(Plan.objects.values()), list(Assignment.objects.order_by("pk").values())) == (plans, marks)


def test_the_preview_tells_what_is_new_changed_and_removed_and_why_not(
    running: Edition, leader: User, client_for: ClientFactory, tmp_path: Path
) -> None:
    package = load_package(running)
    gone = package.participants[-1].code
    lost = [row.code for row in package.contacts if row.participant == gone]
    smaller = replace(
        without(package, *lost),
        participants=(replace(package.participants[0], name="Nytt navn"), *package.participants[1:-1]),
        relations=tuple(row for row in package.relations if row.participant != gone),
    )
    preview: dict[str, Any] = preview_of(smaller)
    told = {change["label"]: change for change in preview["changes"]}
    assert told["Deltakere"]["changed"] == {"number": 1, "names": "Nytt navn"}
    assert told["Deltakere"]["removed"]["names"] == package.participants[-1].name
    assert told["Henvendelser"]["removed"]["number"] == len(lost)

    write_package(without(package, "c01"), tmp_path / "pakke.zip")
    desk: Client = client_for(leader)
    with (tmp_path / "pakke.zip").open("rb") as file:
        desk.post("/kontor/importer/", {"package": file, "replace": "on"})
    upload = PackageUpload.objects.latest("pk")
    check_upload(upload_id=upload.pk, at=AT)
    address = f"/kontor/importer/{upload.pk}/"
    page = desk.get(address).content.decode()
    assert "Hva importen endrer" in page
    assert "1 henvendelse som er begynt her, mangler i pakken: c01." in page
    assert f'action="{address}' not in page, "there is no button for what would be refused"
    desk.post(f"{address}bekreft/")
    upload.refresh_from_db()
    assert upload.imported_at is None
    assert Contact.objects.filter(code="c01").exists()


def test_the_command_says_the_same(running: Edition, tmp_path: Path) -> None:
    package = load_package(running)
    contact = ReviewEvent.objects.latest("pk").contact
    lacking = without(package, contact.code)
    write_package(lacking, tmp_path / "pakke")
    runs = ScoreRun.objects.count()
    with pytest.raises(CommandError, match=contact.code):
        call_command("import_edition", str(tmp_path / "pakke"), "--replace", stdout=StringIO())
    assert ScoreRun.objects.count() == runs
