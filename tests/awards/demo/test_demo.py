"""The demo edition at each stage of its life, small, through the services of a real one."""

from __future__ import annotations

import datetime as dt
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from awards.demo.services import DemoExists, build_demo
from awards.demo.world import SimulatedWorld, Stage, build_package_tables
from awards.models import ArchivedResult, Publication
from awards.package.format import package_digest, parse_package, write_package
from awards.package.services import import_package, load_package
from awards.report.services import RENDER_REPORTS
from awards.studies.services import STUDY_RUN
from kundeservice.core.models import Job, JobState, Role, User
from kundeservice.core.queries.guides import guide_of
from scoring.models import Award
from scoring.queries.counts import current_run
from shoppers.models import Assignment
from shoppers.queries.errands import my_errands
from surveys.models import Attempt, Contact, Edition, Outcome, ParticipantMember, Phase, Response, ReviewState

pytestmark = pytest.mark.django_db

OSLO = ZoneInfo("Europe/Oslo")
THURSDAY = dt.datetime(2027, 2, 11, 10, 30, tzinfo=OSLO)
PARTICIPANTS, SHOPPERS = 12, 40
CONTACTS = 25 * PARTICIPANTS


def demo(stage: Stage, *, at: dt.datetime = THURSDAY, seed: int = 1, replace: bool = False) -> Edition:
    return build_demo(
        stage=stage, seed=seed, at=at, tell=silent, participants=PARTICIPANTS, shoppers=SHOPPERS, replace=replace
    )


def silent(what: str, done: int, total: int) -> None:
    """Nobody watches."""


def run_command(*arguments: str) -> str:
    printed = StringIO()
    size = ("--participants", str(PARTICIPANTS), "--shoppers", str(SHOPPERS))
    call_command("demo", "--today", "2027-02-11", *size, *arguments, stdout=printed, stderr=StringIO())
    return printed.getvalue()


# Stage by stage


def test_planned_everything_lies_ahead() -> None:
    edition = demo(Stage.PLANNED)
    contacts = edition.contacts.all()
    assert (edition.code, edition.phase) == ("demo-2027", Phase.PLANNED)
    assert edition.starts_on > THURSDAY.date()
    assert contacts.count() == CONTACTS
    assert not contacts.made().exists()
    assert not Attempt.objects.exists()


def test_the_office_has_two_leaders_and_a_reviewer_and_the_archive_its_years() -> None:
    demo(Stage.PLANNED)
    roles = {user.email: user.roles for user in User.objects.filter(email__endswith="@demo.example")}
    assert roles == {
        "prosjektleder@demo.example": {Role.LEADER},
        "kollega@demo.example": {Role.LEADER},
        "gjennomgang@demo.example": {Role.REVIEWER},
    }
    assert set(ArchivedResult.objects.values_list("year", flat=True)) == {2011, 2017, 2020, 2022}


def test_field_half_is_made_and_the_rest_is_in_every_state() -> None:
    edition = demo(Stage.FIELD)
    contacts = edition.contacts.all()
    assert edition.phase == Phase.FIELD
    assert 0.4 < contacts.made().count() / CONTACTS < 0.6
    assert not contacts.made().filter(planned_on__gte=THURSDAY.date()).exists()
    assert contacts.overdue(at=THURSDAY).exists()
    assert contacts.not_made().filter(contacted_at__isnull=False).exists()  # under way, or to be tried again
    assert Response.objects.filter(contact__edition=edition, submitted_at=None).exclude(draft={}).exists()
    assert contacts.awaiting_review().exists()
    assert contacts.filter(review=ReviewState.RETURNED).exists()
    newest_reviewed = contacts.filter(review=ReviewState.APPROVED).latest("contacted_at").contacted_at
    assert newest_reviewed is not None
    assert dt.timedelta(days=2) < THURSDAY - newest_reviewed < dt.timedelta(days=7)


def test_field_there_is_a_shopper_with_work_to_show() -> None:
    demo(Stage.FIELD)
    shopper = guide_of(Role.SHOPPER, at=THURSDAY)
    assert shopper is not None
    errands = my_errands(shopper, at=THURSDAY)
    assert errands.this_week
    assert errands.next_one


def test_review_all_is_made_and_nearly_all_approved() -> None:
    edition = demo(Stage.REVIEW)
    contacts = edition.contacts.all()
    assert edition.phase == Phase.REVIEW
    assert edition.ends_on < THURSDAY.date()
    assert not contacts.not_made().exists()
    assert contacts.filter(review=ReviewState.APPROVED).count() > 0.9 * CONTACTS
    assert contacts.awaiting_review().exists()
    assert contacts.filter(review=ReviewState.RETURNED).exists()


def test_what_is_handed_in_is_what_was_simulated() -> None:
    edition = demo(Stage.REVIEW)
    tables = build_package_tables(
        seed=1,
        starts_on=edition.starts_on,
        ends_on=edition.ends_on,
        code=edition.code,
        year=edition.year,
        participants=PARTICIPANTS,
        shoppers=SHOPPERS,
    )
    world = SimulatedWorld(1, tables)
    for contact, shopper in Assignment.objects.values_list("contact", "shopper__code"):
        row = Contact.objects.select_related("participant").get(pk=contact)
        assert row.planned_on is not None
        made = world.respond(row.code, row.participant.code, shopper, row.channel, row.planned_on, row.window)
        assert (row.outcome, row.wait) == (made.outcome, made.wait)
        assert (row.contacted_at, row.answered_at) == (made.contacted_at, made.answered_at)


def test_locked_is_counted_and_shut_but_shown_to_nobody() -> None:
    edition = demo(Stage.LOCKED)
    assert edition.phase == Phase.LOCKED
    assert edition.contacts.counted().count() == CONTACTS
    assert Award.objects.filter(run=current_run(edition), kind="overall").exists()
    assert not Publication.objects.exists()


def test_published_shows_a_winner_and_how_sure_it_is_and_orders_studies_and_reports() -> None:
    edition = demo(Stage.PUBLISHED)
    run = current_run(edition)
    winner = Award.objects.get(run=run, kind="overall").participant
    guide = guide_of(Role.PARTICIPANT, at=THURSDAY)
    assert edition.phase == Phase.PUBLISHED
    assert guide == ParticipantMember.objects.get(participant=winner).user
    job = Job.objects.get(kind=RENDER_REPORTS)
    assert (job.state, job.total, job.subject) == (JobState.QUEUED, PARTICIPANTS, edition.code)
    assert Job.objects.get(kind=STUDY_RUN).payload == {"run": run.pk}
    assert Publication.objects.get().shows_confidence


# The same again


def test_the_same_seed_and_day_give_the_same_package_at_any_hour() -> None:
    first = package_digest(load_package(demo(Stage.FIELD)))
    late = THURSDAY.replace(hour=23)
    assert package_digest(load_package(demo(Stage.FIELD, at=late, replace=True))) == first
    assert package_digest(load_package(demo(Stage.FIELD, seed=2, replace=True))) != first


def test_an_edition_that_exists_is_left_alone() -> None:
    before = demo(Stage.PLANNED)
    contacts = set(before.contacts.values_list("pk", flat=True))
    with pytest.raises(DemoExists, match="demo-2027"):
        demo(Stage.PUBLISHED, at=THURSDAY.replace(month=7))
    assert set(Contact.objects.values_list("pk", flat=True)) == contacts


@pytest.mark.parametrize("form", ["demo", "demo.zip", "demo.xlsx"])
def test_exported_imported_and_exported_again_it_is_the_same_to_the_byte(tmp_path: Path, form: str) -> None:
    first, second = tmp_path / "first" / form, tmp_path / "second" / form
    first.parent.mkdir()
    second.parent.mkdir()
    write_package(load_package(demo(Stage.FIELD)), first)
    edition = import_package(package=parse_package(first), replace=True, at=THURSDAY)
    write_package(load_package(edition), second)
    assert content_of(second) == content_of(first)


def content_of(path: Path) -> dict[str, bytes]:
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return {file.name: file.read_bytes() for file in files}


# The command


def test_the_command_says_what_it_made_and_the_second_time_that_it_is_there() -> None:
    assert "«demo-2027»" in run_command("--stage", "field")
    assert "finnes fra før" in run_command("--stage", "field")
    assert Contact.objects.filter(outcome=Outcome.ANSWERED).exists()


def test_the_command_replaces_what_is_not_shut() -> None:
    run_command("--stage", "field")
    run_command("--stage", "published", "--code", "demo-2027", "--replace")
    assert Edition.objects.get().phase == Phase.PUBLISHED
    with pytest.raises(CommandError, match="låst eller publisert"):
        run_command("--stage", "planned", "--code", "demo-2027", "--replace")


@pytest.mark.parametrize(("option", "number"), [("--participants", "500"), ("--shoppers", "3")])
def test_what_cannot_be_built_leaves_nothing_behind(option: str, number: str) -> None:
    with pytest.raises(CommandError):
        run_command(option, number)
    assert not Edition.objects.exists()
    assert not User.objects.exists()
