"""Locking and publishing: what it takes, and that it happens once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection

from awards.models import Publication, Report, ReportState, Study
from awards.publication.services import publishing
from awards.publication.services.publishing import (
    AlreadyPublished,
    PublicationRefused,
    cancel_scheduled_publication,
    lock_edition,
    publish_due_editions,
    publish_edition,
    schedule_publication,
)
from kundeservice.core.models import AuditEvent, Job, Role
from kundeservice.core.triggers import remove_triggers
from scoring.models import Award, ClassScore, ParticipantScore, ScoreRun
from scoring.services import count_edition
from surveys.models import Edition, Phase
from tests.factories import AT, believable_edition, lose_an_answer, make_person

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(hours=2)


@pytest.fixture
def edition() -> Edition:
    return believable_edition(classes=1, participants=2, contacts=4)


def acts() -> list[tuple[str, str]]:
    """What the trail tells of locks and publications, beside the counts and reports that go with them."""
    told = AuditEvent.objects.exclude(action__in=("edition.counted", "reports.ordered"))
    return list(told.order_by("pk").values_list("action", "subject"))


def test_publishing_locks_publishes_and_is_remembered(edition: Edition) -> None:
    run = count_edition(edition_id=edition.pk, at=AT)
    leader = make_person(Role.LEADER)

    published = publish_edition(edition_id=edition.pk, by=leader, at=LATER)

    edition.refresh_from_db()
    assert edition.phase == Phase.PUBLISHED
    assert (published.run, published.published_at) == (run, LATER)
    assert list(Publication.objects.published(at=LATER)) == [published]
    assert acts() == [("edition.locked", edition.code), ("edition.published", edition.code)]
    assert AuditEvent.objects.filter(actor=leader, action__startswith="edition.").count() == 2


def test_reports_that_are_missing_are_ordered_with_the_publication(edition: Edition) -> None:
    """A participant who looks in is told that the report is being made; then it had better be."""
    run = count_edition(edition_id=edition.pk, at=AT)

    publish_edition(edition_id=edition.pk, at=LATER)

    assert Job.objects.get(kind="awards.render_reports").payload == {"run": run.pk}
    assert run.reports.filter(state=ReportState.QUEUED).count() == 2


def test_reports_that_are_made_are_not_made_again(edition: Edition) -> None:
    run = count_edition(edition_id=edition.pk, at=AT)
    for participant in edition.participants.all():
        Report.objects.create(run=run, participant=participant, state=ReportState.DONE)

    publish_edition(edition_id=edition.pk, at=LATER)

    assert not Job.objects.filter(kind="awards.render_reports").exists()


def test_the_second_of_two_who_publish_is_told_so(edition: Edition) -> None:
    count_edition(edition_id=edition.pk, at=AT)
    publish_edition(edition_id=edition.pk, at=AT)

    with pytest.raises(AlreadyPublished):
        publish_edition(edition_id=edition.pk, at=LATER)

    assert Publication.objects.get().published_at == AT
    assert acts().count(("edition.published", edition.code)) == 1


def test_nothing_is_published_without_a_count(edition: Edition) -> None:
    with pytest.raises(PublicationRefused, match="ikke beregnet"):
        publish_edition(edition_id=edition.pk, at=AT)

    edition.refresh_from_db()
    assert edition.phase == Phase.REVIEW
    assert not Publication.objects.exists()


def test_a_count_of_other_answers_is_not_published(edition: Edition) -> None:
    count_edition(edition_id=edition.pk, at=AT)
    lose_an_answer(edition)

    with pytest.raises(PublicationRefused, match="endret"):
        publish_edition(edition_id=edition.pk, at=AT)

    assert not Publication.objects.exists()


@pytest.mark.parametrize("phase", [Phase.DRAFT, Phase.PLANNED, Phase.FIELD])
def test_the_field_period_must_be_over(edition: Edition, phase: Phase) -> None:
    edition.phase = phase
    edition.save()
    count_edition(edition_id=edition.pk, at=AT)

    with pytest.raises(PublicationRefused, match="Avslutt feltperioden"):
        publish_edition(edition_id=edition.pk, at=AT)


def test_locking_twice_is_refused(edition: Edition) -> None:
    count_edition(edition_id=edition.pk, at=AT)
    lock_edition(edition_id=edition.pk, by=None, at=AT)

    with pytest.raises(PublicationRefused, match="allerede låst"):
        lock_edition(edition_id=edition.pk, by=None, at=AT)

    assert acts() == [("edition.locked", edition.code)]


def test_a_locked_edition_can_be_published(edition: Edition) -> None:
    run = count_edition(edition_id=edition.pk, at=AT)
    lock_edition(edition_id=edition.pk, by=None, at=AT)

    assert publish_edition(edition_id=edition.pk, at=LATER).run == run


def test_a_planned_publication_locks_now_and_publishes_when_its_time_has_come(edition: Edition) -> None:
    count_edition(edition_id=edition.pk, at=AT)
    schedule_publication(edition_id=edition.pk, publish_at=LATER, by=None, at=AT)
    edition.refresh_from_db()
    assert edition.phase == Phase.LOCKED

    assert publish_due_editions(at=LATER - dt.timedelta(seconds=1)) == ()
    assert not Publication.objects.published(at=LATER - dt.timedelta(microseconds=1)).exists()
    assert Publication.objects.published(at=LATER).exists()

    assert publish_due_editions(at=LATER + dt.timedelta(seconds=33)) == (edition.code,)
    assert Publication.objects.published(at=LATER).get().published_at == LATER
    assert publish_due_editions(at=LATER + dt.timedelta(minutes=1)) == ()
    edition.refresh_from_db()
    assert edition.phase == Phase.PUBLISHED


def test_the_reports_are_ordered_with_the_plan_and_not_in_the_moment_it_comes_true(edition: Edition) -> None:
    run = count_edition(edition_id=edition.pk, at=AT)

    schedule_publication(edition_id=edition.pk, publish_at=LATER, by=None, at=AT)

    assert Job.objects.get(kind="awards.render_reports").payload == {"run": run.pk}


def test_what_came_true_is_neither_taken_back_nor_moved(edition: Edition) -> None:
    count_edition(edition_id=edition.pk, at=AT)
    schedule_publication(edition_id=edition.pk, publish_at=LATER, by=None, at=AT)

    with pytest.raises(AlreadyPublished):
        cancel_scheduled_publication(edition_id=edition.pk, by=None, at=LATER)
    with pytest.raises(AlreadyPublished):
        schedule_publication(edition_id=edition.pk, publish_at=LATER + dt.timedelta(hours=1), by=None, at=LATER)

    assert Publication.objects.published(at=LATER).exists()


def test_publishing_by_hand_what_came_true_keeps_the_moment(edition: Edition) -> None:
    count_edition(edition_id=edition.pk, at=AT)
    schedule_publication(edition_id=edition.pk, publish_at=LATER, by=None, at=AT)

    publish_edition(edition_id=edition.pk, at=LATER + dt.timedelta(seconds=20))

    assert Publication.objects.get().published_at == LATER
    assert acts().count(("edition.published", edition.code)) == 1


def test_a_planned_publication_can_be_cancelled(edition: Edition) -> None:
    count_edition(edition_id=edition.pk, at=AT)
    schedule_publication(edition_id=edition.pk, publish_at=LATER, by=None, at=AT)
    cancel_scheduled_publication(edition_id=edition.pk, by=None, at=AT)

    assert publish_due_editions(at=LATER) == ()
    edition.refresh_from_db()
    assert edition.phase == Phase.LOCKED


def test_a_moment_that_has_passed_cannot_be_planned(edition: Edition) -> None:
    count_edition(edition_id=edition.pk, at=AT)

    with pytest.raises(PublicationRefused, match="ikke har vært"):
        schedule_publication(edition_id=edition.pk, publish_at=AT, by=None, at=AT)


def test_a_due_edition_that_was_tampered_with_holds_back_no_other(edition: Edition) -> None:
    other = believable_edition(code="ksp-2021", classes=1, participants=1, contacts=2)
    for each in (edition, other):
        count_edition(edition_id=each.pk, at=AT)
        schedule_publication(edition_id=each.pk, publish_at=LATER, by=None, at=AT)
    remove_triggers(connection)
    lose_an_answer(edition)

    assert publish_due_editions(at=LATER) == (other.code,)


def test_a_plan_whose_answers_were_tampered_with_is_withheld_before_anybody_sees_it(edition: Edition) -> None:
    count_edition(edition_id=edition.pk, at=AT)
    schedule_publication(edition_id=edition.pk, publish_at=LATER, by=None, at=AT)
    remove_triggers(connection)
    lose_an_answer(edition)

    assert publish_due_editions(at=LATER - dt.timedelta(minutes=1)) == ()

    assert not Publication.objects.published(at=LATER).exists()
    assert acts()[-1] == ("publication.withheld", edition.code)


def test_of_equal_counts_the_one_with_reports_is_published(edition: Edition) -> None:
    first = count_edition(edition_id=edition.pk, at=AT)
    Report.objects.create(run=first, participant=edition.participants.all()[0], state=ReportState.DONE)
    count_edition(edition_id=edition.pk, at=LATER)

    assert publish_edition(edition_id=edition.pk, at=LATER).run == first


def test_the_count_that_is_published_is_the_one_the_lock_rests_on(edition: Edition) -> None:
    """A count made after the lock comes to the same, but nobody has seen its rows, and its reports are not made."""
    locked = count_edition(edition_id=edition.pk, at=AT)
    lock_edition(edition_id=edition.pk, by=None, at=AT)
    count_edition(edition_id=edition.pk, at=LATER)

    assert publish_edition(edition_id=edition.pk, at=LATER).run == locked


def forge_winner(run: ScoreRun) -> None:
    prize = Award.objects.filter(run=run, kind="overall")[0]
    Award.objects.filter(pk=prize.pk).update(participant=run.edition.participants.exclude(pk=prize.participant_id)[0])


def forge_total(run: ScoreRun) -> None:
    row = run.participant_scores.all()[1]
    ParticipantScore.objects.filter(pk=row.pk).update(exact={**row.exact, "total": "99"})


def forge_class_mean(run: ScoreRun) -> None:
    row = run.class_scores.all()[0]
    ClassScore.objects.filter(pk=row.pk).update(exact={**row.exact, "total": "1"})


@pytest.mark.parametrize("forge", [forge_winner, forge_total, forge_class_mean])
def test_a_count_that_is_not_what_its_answers_come_to_is_neither_locked_nor_published(
    edition: Edition, forge: Callable[[ScoreRun], None]
) -> None:
    run = count_edition(edition_id=edition.pk, at=AT)
    forge(run)

    with pytest.raises(PublicationRefused, match="ikke det svarene gir"):
        lock_edition(edition_id=edition.pk, by=None, at=AT)
    with pytest.raises(PublicationRefused, match="ikke det svarene gir"):
        publish_edition(edition_id=edition.pk, at=AT)

    assert not Publication.objects.exists()


def test_a_plan_taken_back_while_its_row_was_waited_for_publishes_nothing(
    edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    count_edition(edition_id=edition.pk, at=AT)
    schedule_publication(edition_id=edition.pk, publish_at=LATER, by=None, at=AT)
    hold = publishing._held

    def hold_after_somebody_else(edition_id: int) -> Edition:
        monkeypatch.setattr(publishing, "_held", hold)
        cancel_scheduled_publication(edition_id=edition_id, by=None, at=LATER)
        return hold(edition_id)

    monkeypatch.setattr(publishing, "_held", hold_after_somebody_else)

    assert publish_due_editions(at=LATER) == ()
    assert not Publication.objects.exists()


def test_how_sure_stays_as_it_was_chosen(edition: Edition) -> None:
    """Publishing by the clock or from the command line says nothing of it; the choice made before holds."""
    run = count_edition(edition_id=edition.pk, at=AT)
    schedule_publication(edition_id=edition.pk, publish_at=LATER, by=None, at=AT, shows_confidence=True)
    Study.objects.all().delete()

    publish_edition(edition_id=edition.pk, at=LATER)

    assert Publication.objects.get().shows_confidence
    assert Study.objects.get().run == run
