"""Everything that is in the package of a locked edition is guarded, and so is the count that the lock rests on."""

from __future__ import annotations

import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from awards.models import Lock
from awards.package.format.rows import EditionSettings
from awards.package.services import load_package
from awards.publication.services.publishing import lock_edition, publish_edition
from kundeservice.core.triggers import remove_triggers
from scoring.models import Award, ClassScore, ContactScores, ParticipantScore, ScoreRun
from scoring.services import count_edition
from surveys.models import Edition, Phase
from surveys.models.lock_guards import RULES_OF_AN_EDITION
from tests.factories import AT, believable_edition
from tests.locked import Door, refused, trigger_names

pytestmark = pytest.mark.django_db

COUNTS = (ScoreRun, ParticipantScore, ClassScore, Award, ContactScores)


@pytest.fixture
def edition() -> Edition:
    """Counted twice and locked: the lock rests on the second count."""
    edition = believable_edition(classes=2, participants=2, contacts=4)
    count_edition(edition_id=edition.pk, at=AT)
    count_edition(edition_id=edition.pk, at=AT)
    lock_edition(edition_id=edition.pk, by=None, at=AT)
    edition.refresh_from_db()
    return edition


@pytest.fixture
def run(edition: Edition) -> ScoreRun:
    return Lock.objects.get(edition=edition).run


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def open_for_change(edition: Edition) -> None:
    """Back in review, without the two people it takes."""
    remove_triggers(connection)
    Edition.objects.filter(pk=edition.pk).update(phase=Phase.REVIEW)
    call_command("migrate", verbosity=0)


def test_every_table_that_is_read_for_the_package_is_guarded(edition: Edition) -> None:
    with CaptureQueriesContext(connection) as queries:
        load_package(edition)
    read = {table for query in queries for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"])}
    acts = {"surveys_edition": ("update", "delete")}

    assert len(read) > 12
    expected = {f"{table}_sealed_{act}" for table in read for act in acts.get(table, ("insert", "update", "delete"))}
    assert expected <= set(trigger_names())


def test_every_setting_of_the_package_is_closed_with_the_edition() -> None:
    assert set(EditionSettings.__dataclass_fields__) <= set(RULES_OF_AN_EDITION)


CHANGES: dict[str, Door] = {
    "when it was counted": lambda: ScoreRun.objects.update(method="another"),
    "a total": lambda: ParticipantScore.objects.update(total=99),
    "a class's figures": lambda: ClassScore.objects.update(participants=9),
    "a prize": lambda: Award.objects.update(kind="overall", position=9),
    "the contacts' scores": lambda: ContactScores.objects.update(exact={}),
    **{
        f"{model.__name__} removed": lambda model=model: _execute(f"DELETE FROM {model._meta.db_table}")  # type: ignore[misc]
        for model in COUNTS
    },
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_count_of_a_locked_edition_does_not_change(edition: Edition, change: str) -> None:
    assert refused(CHANGES[change])


@pytest.mark.parametrize("change", [change for change in CHANGES if change != "ScoreRun removed"])
def test_without_the_guard_it_would_have(edition: Edition, change: str) -> None:
    remove_triggers(connection)

    if change == "a prize":
        Award.objects.exclude(pk=Award.objects.latest("pk").pk).delete()
    assert not refused(CHANGES[change])


def test_what_a_lock_rested_on_stays_when_the_edition_is_opened_for_change(edition: Edition, run: ScoreRun) -> None:
    open_for_change(edition)

    assert refused(lambda: ParticipantScore.objects.filter(run=run).update(total=99))
    assert refused(lambda: ContactScores.objects.filter(run=run).delete())
    assert not refused(lambda: ScoreRun.objects.exclude(pk=run.pk).delete())


def test_nothing_is_added_to_the_count_a_lock_rests_on(edition: Edition, run: ScoreRun) -> None:
    participant, award_class = edition.participants.all()[0], edition.classes.all()[0]
    ours = run.participant_scores.all()[0]
    ours.pk = None
    remove_triggers(connection)
    run.participant_scores.filter(participant=ours.participant).delete()
    call_command("migrate", verbosity=0)

    assert refused(lambda: ours.save(force_insert=True))
    assert refused(
        lambda: Award.objects.create(
            run=run, kind="chat", award_class=award_class, participant=participant, position=99
        )
    )


def test_nothing_is_moved_into_the_count_a_lock_rests_on(edition: Edition, run: ScoreRun) -> None:
    open_edition = believable_edition(code="ksp-2023", classes=1, participants=1, contacts=4)
    count_edition(edition_id=open_edition.pk, at=AT)

    assert refused(lambda: Award.objects.filter(run__edition=open_edition).update(run=run, kind="chat"))


def test_a_locked_and_a_published_edition_are_counted_anew(edition: Edition) -> None:
    count_edition(edition_id=edition.pk, at=AT)
    publish_edition(edition_id=edition.pk, at=AT)

    assert count_edition(edition_id=edition.pk, at=AT).participant_scores.count() == 4


def test_counts_of_an_open_edition_are_removed_with_it(edition: Edition) -> None:
    open_edition = believable_edition(code="ksp-2023", classes=1, participants=1, contacts=4)
    count_edition(edition_id=open_edition.pk, at=AT)

    open_edition.score_runs.all().delete()

    assert not open_edition.score_runs.exists()


EMPTIED = ("surveys_answer", "surveys_edition", "shoppers_relation", "scoring_contactscores", "scoring_award")


def _empty(table: str) -> None:
    _execute("SET CONSTRAINTS ALL IMMEDIATE")  # foreign keys still to be checked would stand in the way
    _execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("table", EMPTIED)
def test_no_table_of_a_locked_edition_is_emptied_at_one_stroke(edition: Edition, table: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("Only PostgreSQL empties a table without looking at its rows.")

    assert refused(lambda: _empty(table))
    remove_triggers(connection)
    assert not refused(lambda: _empty(table))


def test_without_a_lock_a_table_may_be_emptied() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("Only PostgreSQL empties a table without looking at its rows.")
    believable_edition(classes=1, participants=1, contacts=4)

    assert not refused(lambda: _empty("surveys_answer"))
