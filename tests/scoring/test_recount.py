"""A recount with answers grouped by the database: the engine's own figures, and a way back when something is wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings

from awards.package.format import parse_package
from awards.package.format.rows import EditionPackage
from awards.package.services import import_package
from scoring import engine
from scoring.queries import Recount, read_edition, recount_edition, recount_editions
from scoring.queries.grouped import read_grouped
from surveys.models import Answer, Contact, Edition, Option, Question
from tests.awards.package.format.random_packages import packages
from tests.conftest import TINY_EDITION
from tests.factories import AT, believable_edition

pytestmark = pytest.mark.django_db

RANDOM = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def agrees_with_the_engine(edition: Edition) -> bool:
    """Whether both ways come to the same figures and fingerprint, or both find that there are none."""
    given_edition = read_edition(edition)
    try:
        expected = engine.score_edition(given_edition, method=edition.scoring_method)
    except engine.DataError as error:
        with pytest.raises(engine.DataError) as found:
            recount_edition(edition)
        return found.value.problems == error.problems
    recount = recount_edition(edition)
    assert recount.result == expected
    return recount.input_digest == engine.input_digest(given_edition)


def test_the_worked_example_is_recounted_without_reading_its_answers_one_by_one(
    tiny_edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = engine.score_edition(read_edition(tiny_edition))
    monkeypatch.delattr("scoring.queries.runs.read_edition")

    assert recount_edition(tiny_edition).result == expected


def test_a_whole_award_agrees_to_the_last_digit() -> None:
    assert agrees_with_the_engine(believable_edition())


@RANDOM
@given(package=packages())
def test_random_packages_agree_to_the_last_digit(db: None, package: EditionPackage) -> None:
    package = replace(package, edition=replace(package.edition, min_counted=1))
    with transaction.atomic():
        assert agrees_with_the_engine(import_package(package=package, at=AT))
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_several_editions_are_counted_in_the_order_given_and_one_that_cannot_be_holds_back_no_other() -> None:
    editions = [believable_edition(code=f"ksp-{year}", classes=1, participants=2) for year in (2020, 2021, 2022, 2023)]
    Contact.objects.filter(edition=editions[1]).update(wait=None)
    Answer.objects.filter(contact__edition=editions[1]).delete()

    counted = list(recount_editions(editions, at_once=2))

    assert [type(found) for found in counted] == [Recount, engine.DataError, Recount, Recount]
    alone = [recount_edition(edition) for edition in (editions[0], *editions[2:])]
    assert [found for found in counted if isinstance(found, Recount)] == alone


def test_reading_costs_the_same_queries_however_many_contacts_there_are(tiny_edition: Edition) -> None:
    big = believable_edition(code="ksp-2024")
    for edition in (tiny_edition, big):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            read_grouped(edition)
        assert len(asked) == 8


@pytest.fixture
def other() -> Edition:
    """Another edition of the same questionnaire: its keys stand beside those of the first."""
    package = parse_package(TINY_EDITION)
    return import_package(package=replace(package, edition=replace(package.edition, code="other")), at=AT)


def problem_kinds(edition: Edition) -> list[str]:
    with pytest.raises(engine.DataError) as found:
        recount_edition(edition)
    return sorted({problem.kind for problem in found.value.problems})


def test_an_answer_to_another_editions_question_is_named(tiny_edition: Edition, other: Edition) -> None:
    answer = Answer.objects.filter(contact__edition=tiny_edition, contact__code="c01", option__isnull=False)[0]
    strange = Question.objects.get(edition=other, code=answer.question.code)
    Answer.objects.filter(pk=answer.pk).update(question=strange, option=strange.options.all()[0])

    assert problem_kinds(tiny_edition) == ["unknown_question"]
    assert agrees_with_the_engine(tiny_edition)


def test_an_option_of_another_question_is_named_even_under_the_same_code(tiny_edition: Edition, other: Edition) -> None:
    answer = Answer.objects.filter(contact__edition=tiny_edition, contact__code="c01", option__isnull=False)[0]
    ticked = Option.objects.get(answers=answer)
    twin = Option.objects.get(question__edition=other, question__code=answer.question.code, code=ticked.code)
    Answer.objects.filter(pk=answer.pk).update(option=twin)

    assert problem_kinds(tiny_edition) == ["unknown_option"]
    assert agrees_with_the_engine(tiny_edition)


def test_two_answers_where_one_is_asked_for_are_named(tiny_edition: Edition) -> None:
    answer = Answer.objects.filter(contact__edition=tiny_edition, contact__code="c01", question__kind="single")[0]
    second = answer.question.options.exclude(answers=answer)[0]
    Answer.objects.create(contact=answer.contact, question=answer.question, option=second)

    assert problem_kinds(tiny_edition) == ["several_options"]


def test_two_answers_in_a_contact_that_does_not_count_are_part_of_the_fingerprint(tiny_edition: Edition) -> None:
    answer = Answer.objects.filter(contact__edition=tiny_edition, contact__code="c01", question__kind="single")[0]
    Contact.objects.filter(code="c01").update(review="returned")
    before = recount_edition(tiny_edition)
    second = answer.question.options.exclude(answers=answer)[0]
    Answer.objects.create(contact=answer.contact, question=answer.question, option=second)

    after = recount_edition(tiny_edition)

    assert agrees_with_the_engine(tiny_edition)
    assert (before.result, before.input_digest == after.input_digest) == (after.result, False)
