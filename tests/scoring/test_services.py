"""Counting: from answers in the tables to rows that are never changed."""

from fractions import Fraction

import pytest

from kundeservice.core import clock
from scoring import engine
from scoring.models import Award, ParticipantScore
from scoring.queries import is_current, latest_run
from scoring.services import ScoringProblems, count_edition
from surveys.models import Contact, Edition, Option

pytestmark = pytest.mark.django_db


def test_the_tiny_edition_is_counted_into_rows(tiny_edition: Edition) -> None:
    run = count_edition(edition_id=tiny_edition.pk, at=clock.now())

    assert (run.contacts, run.answered) == (16, 14)
    assert [
        (row.participant.code, row.rank_overall, row.rank_in_class)
        for row in run.participant_scores.select_related("participant")
    ] == [
        ("lyskraft", 1, 1),
        ("vannkraft", 1, 1),
        ("fjellbanken", 3, 1),
        ("skogbanken", 4, 2),
        ("fjordbanken", None, None),
    ]
    assert list(run.awards.values_list("kind", "award_class__code", "participant__code")) == [
        ("class", "bank", "fjellbanken"),
        ("class", "energi", "lyskraft"),
        ("class", "energi", "vannkraft"),
        ("overall", None, "lyskraft"),
        ("overall", None, "vannkraft"),
        ("telephone", None, "fjellbanken"),
    ]


def test_the_exact_value_is_kept_beside_the_rounded_one(tiny_edition: Edition) -> None:
    count_edition(edition_id=tiny_edition.pk, at=clock.now())

    score = ParticipantScore.objects.get(participant__code="lyskraft")

    assert score.figure("total") == Fraction(5657, 63)
    assert str(score.total) == "89.793651"
    assert score.figure("chat") is None


def test_a_run_stops_being_current_when_points_change(tiny_edition: Edition) -> None:
    run = count_edition(edition_id=tiny_edition.pk, at=clock.now())
    assert is_current(run)

    Option.objects.filter(question__code="needs", code="one").update(points=1)

    assert not is_current(run)


def test_a_wait_beyond_the_bands_stops_the_count_and_names_the_contact(tiny_edition: Edition) -> None:
    Contact.objects.filter(code="c01").update(wait=301)

    with pytest.raises(ScoringProblems) as stopped:
        count_edition(edition_id=tiny_edition.pk, at=clock.now())

    assert [problem.code for problem in stopped.value.problems] == ["c01"]
    assert latest_run(tiny_edition) is None
    assert not Award.objects.exists()


def test_editions_start_on_the_engine_s_default_method() -> None:
    assert Edition._meta.get_field("scoring_method").default == engine.DEFAULT_METHOD
