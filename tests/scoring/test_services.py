"""Counting: from answers in the tables to rows that are never changed."""

from fractions import Fraction
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from kundeservice.core import clock
from kundeservice.core.models import Job
from scoring import engine
from scoring.models import Award, ParticipantScore, read_fraction, write_fraction
from scoring.queries import is_current, latest_run
from scoring.services import CountRefused, ScoringProblems, count_edition, order_count
from surveys.models import Contact, Edition, Option, Phase
from tests.factories import believable_edition

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "value", [Fraction(0), Fraction(-659, 10), Fraction(100), Fraction(7**12_000, 3**11_000)], ids=lambda _: ""
)
def test_exact_values_of_any_length_are_stored_and_read(value: Fraction) -> None:
    """The mean of 190 totals made of points with three decimals has a denominator of thousands of digits."""
    assert read_fraction(write_fraction(value)) == value


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
    assert str(stopped.value).startswith("Henvendelse c01: ventetiden 301 er lengre enn alle grensene")
    assert latest_run(tiny_edition) is None
    assert not Award.objects.exists()


def test_editions_start_on_the_engine_s_default_method() -> None:
    assert Edition._meta.get_field("scoring_method").default == engine.DEFAULT_METHOD


def counted(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("score_edition", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_several_editions_are_counted_in_one_go(tiny_edition: Edition) -> None:
    other = believable_edition(code="ksp-2023", participants=2)

    assert len(counted("tiny-2022", "ksp-2023")) == 2
    assert len(counted("--all")) == 2
    assert [edition.score_runs.count() for edition in (tiny_edition, other)] == [2, 2]


def test_an_edition_that_cannot_be_counted_holds_back_no_other(tiny_edition: Edition) -> None:
    other = believable_edition(code="ksp-2023", participants=2)
    Contact.objects.filter(edition=tiny_edition, code="c01").update(wait=301)

    with pytest.raises(CommandError, match="tiny-2022: Henvendelse c01"):
        counted("--all")

    assert [edition.score_runs.count() for edition in (tiny_edition, other)] == [0, 1]


@pytest.mark.parametrize("codes", [[], ["tiny-2022", "ksp-1999"]])
def test_a_code_nobody_knows_stops_before_anything_is_counted(tiny_edition: Edition, codes: list[str]) -> None:
    with pytest.raises(CommandError):
        counted(*codes)

    assert not tiny_edition.score_runs.exists()


def test_a_count_that_waits_is_enough(tiny_edition: Edition) -> None:
    """It reads the answers when it begins, so a second press of the button changes nothing."""
    first, second = (order_count(edition_id=tiny_edition.pk, by=None, at=clock.now()) for _press in range(2))

    assert first.pk == second.pk
    assert (first.is_new, second.is_new) == (True, False)


@pytest.mark.parametrize("phase", [Phase.LOCKED, Phase.PUBLISHED])
def test_what_is_locked_is_not_counted_again(tiny_edition: Edition, phase: Phase) -> None:
    """Its answers are those that were counted; the refusal comes before any work is ordered."""
    Edition.objects.filter(pk=tiny_edition.pk).update(phase=phase)

    with pytest.raises(CountRefused, match="er låst, så svarene er de som alt er beregnet"):
        order_count(edition_id=tiny_edition.pk, by=None, at=clock.now())

    assert not Job.objects.exists()
