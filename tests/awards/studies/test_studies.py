"""Studies of a count: made once, kept as found, and without a shopper's name."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction

import pytest

from awards.models import Study, StudyKind
from awards.report.queries.evidence import evidence_of
from awards.studies.queries.confidence import read_confidence
from awards.studies.queries.reading import study_seed
from awards.studies.queries.severity import read_severity
from awards.studies.queries.zeros import read_zeros
from awards.studies.services import STUDY_RUN, StudyRefused, make_study, order_studies, written
from kundeservice.core.jobs import run_job
from kundeservice.core.models import Job, JobState
from scoring import engine
from scoring.engine.confidence import study_confidence
from scoring.engine.zeros import study_zeros
from scoring.models import ContactScores, ScoreRun
from scoring.queries import read_edition, read_rules, result_of
from scoring.services import count_edition
from shoppers.models import Assignment, Shopper
from surveys.engine.weeks import week_number, week_of
from surveys.models import Contact, Edition
from tests.factories import AT, believable_edition

pytestmark = pytest.mark.django_db


def test_a_kept_study_says_what_the_engine_says(run: ScoreRun) -> None:
    study = make_study(run_id=run.pk, kind=StudyKind.CONFIDENCE, at=AT)

    found = study_confidence(result_of(run), seed=study_seed(run))
    page = read_confidence(study)
    first = found.participants[0]
    assert page.overall is not None
    leader = page.overall.leader
    assert first.interval is not None
    assert first.overall is not None
    assert (leader.code, leader.total, leader.low) == (
        first.participant,
        result_of(run).participants[0].total,
        Decimal(str(first.interval.low)),
    )
    assert leader.first == Decimal(str(first.overall.first))
    assert {field.code for field in page.classes} == set(found.classes)


def test_made_again_it_is_the_same_row(run: ScoreRun) -> None:
    once = make_study(run_id=run.pk, kind=StudyKind.CONFIDENCE, at=AT)

    assert make_study(run_id=run.pk, kind=StudyKind.CONFIDENCE, at=AT) == once
    assert make_study(run_id=run.pk, kind=StudyKind.CONFIDENCE, at=AT, seed=7) != once
    assert Study.objects.count() == 2


def test_a_study_is_of_the_count_and_not_of_what_the_answers_have_become(run: ScoreRun, edition: Edition) -> None:
    before = make_study(run_id=run.pk, kind=StudyKind.ZEROS, at=AT, seed=1)
    Contact.objects.filter(edition=edition).update(review="returned")

    after = make_study(run_id=run.pk, kind=StudyKind.ZEROS, at=AT, seed=2)

    assert after.findings == before.findings


def test_the_places_that_hang_on_one_zero_are_those_the_engine_finds(run: ScoreRun, edition: Edition) -> None:
    effects = study_zeros(read_rules(edition), result_of(run))

    page = read_zeros(make_study(run_id=run.pk, kind=StudyKind.ZEROS, at=AT))

    moving = {effect.contact for effect in effects if effect.changes_place or effect.changes_winner}
    assert (page.zeros, {row.contact for row in page.rows}) == (len(effects), moving)
    assert page.changing_winner == sum(effect.changes_winner for effect in effects)
    assert [row.changes_winner for row in page.rows] == sorted((row.changes_winner for row in page.rows), reverse=True)


def test_severity_knows_numbers_and_the_office_knows_whom(run: ScoreRun) -> None:
    study = make_study(run_id=run.pk, kind=StudyKind.SEVERITY, at=AT)

    kept = json.dumps({**study.findings, "shoppers": {}})
    page = read_severity(study)
    assert not [code for code in Shopper.objects.values_list("code", "name") if code[0] in kept or code[1] in kept]
    assert sorted(row.name for row in page.raters) == sorted(Shopper.objects.values_list("name", flat=True))
    assert [row.effect.value for row in page.raters] == sorted(row.effect.value for row in page.raters)
    assert round(sum((source.share for source in page.sources), Decimal(0)), 3) == 1
    assert sum(row.contacts for row in page.raters) == page.contacts == run.answered


def test_without_shoppers_there_is_no_severity_and_the_others_are_made_all_the_same(run: ScoreRun) -> None:
    Assignment.objects.all().delete()

    with pytest.raises(StudyRefused, match="mangler mystery shopper"):
        make_study(run_id=run.pk, kind=StudyKind.SEVERITY, at=AT)

    job = order_studies(run_id=run.pk, by=None, at=AT)
    run_job(job.pk, at=AT, with_heartbeat=False)
    job.refresh_from_db()
    assert (job.state, set(Study.objects.values_list("kind", flat=True))) == (JobState.FAILED, {"confidence", "zeros"})
    assert "Strenghet" in job.error


def test_a_small_edition_is_refused_in_words(db: None) -> None:
    edition = believable_edition(classes=1, participants=1, contacts=3)
    run = count_edition(edition_id=edition.pk, at=AT)
    shopper = Shopper.objects.create(edition=edition, code="s1", name="Siri", email="s@example.test", max_contacts=9)
    for contact in edition.contacts.all():
        Assignment.objects.create(contact=contact, shopper=shopper)

    with pytest.raises(StudyRefused, match="for liten"):
        make_study(run_id=run.pk, kind=StudyKind.SEVERITY, at=AT)


def test_one_batch_makes_every_study_and_ordering_it_twice_is_one_job(run: ScoreRun) -> None:
    job = order_studies(run_id=run.pk, by=None, at=AT)

    assert order_studies(run_id=run.pk, by=None, at=AT) == job
    assert run_job(job.pk, at=AT, with_heartbeat=False)
    job.refresh_from_db()
    assert (job.state, Job.objects.filter(kind=STUDY_RUN).count()) == (JobState.DONE, 1)
    assert set(Study.objects.values_list("kind", flat=True)) == set(StudyKind.values)


def test_a_count_from_before_contacts_were_kept_asks_for_a_new_one(run: ScoreRun) -> None:
    ContactScores.objects.filter(run=run).delete()

    with pytest.raises(StudyRefused, match="Beregn på nytt"):
        make_study(run_id=run.pk, kind=StudyKind.ZEROS, at=AT)


def test_a_count_is_read_back_as_the_engine_gave_it(run: ScoreRun, edition: Edition) -> None:
    given = engine.score_edition(read_edition(edition))

    kept = result_of(run)

    assert (kept.participants, kept.contacts, kept.awards) == (given.participants, given.contacts, given.awards)
    assert [(row.award_class, row.contacts, row.answered, row.total, row.nps) for row in kept.classes] == [
        (row.award_class, row.contacts, row.answered, row.total, row.nps) for row in given.classes
    ]
    assert (kept.summary.total, kept.summary.contacts) == (given.summary.total, given.summary.contacts)


def test_nothing_is_kept_as_a_binary_number() -> None:
    assert written({1: (Fraction(1, 3), 0.000001, True, None, 2)}) == {"1": ["1/3", "0.000001", True, None, 2]}


def test_weeks_run_on_over_the_turn_of_a_year() -> None:
    assert week_number("2022-W01") - week_number("2021-W52") == 1
    assert week_number("2021-W01") - week_number("2020-W53") == 1
    assert [week_of(week_number(week)) for week in ("2020-W53", "2021-W01")] == ["2020-W53", "2021-W01"]


def test_the_report_tells_the_same_interval_as_the_page(run: ScoreRun) -> None:
    page = read_confidence(make_study(run_id=run.pk, kind=StudyKind.CONFIDENCE, at=AT))

    told = {row.participant: row.interval for row in evidence_of(run).confidence.participants}

    assert page.overall is not None
    for row in page.overall.rows:
        interval = told[row.code]
        assert interval is not None
        assert (row.low, row.high) == (Decimal(str(interval.low)), Decimal(str(interval.high)))
