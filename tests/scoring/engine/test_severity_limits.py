"""Where the crossed model has nothing to say it says why, and never calls noise a finding."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
import pytest

from benchmarks.simulation import RULES
from scoring.engine import EditionResult, Participant, score_sums
from scoring.engine.severity import Severity, Shortage, TooLargeToFitError, TooLittleToFitError, study_severity
from scoring.engine.severity import model as severity_model
from scoring.engine.severity.types import CorrectedPlace
from scoring.engine.types import ContactSums
from surveys.engine.words import ANSWERED, CHANNELS, NO_ANSWER

UNITS = 10_000
PARTICIPANTS, RATERS, WEEKS, EACH = 6, 4, 4, 12
TIED_SEED = 3


class Visit(NamedTuple):
    """What one contact was, and its score; none where nobody answered."""

    participant: int
    rater: int
    channel: str
    week: int
    score: float | None


Crossing = Callable[[int, int], Visit]


def crossed(participant: int, number: int) -> Visit:
    """Every rater meets every participant, in every week and on two channels; scores differ."""
    score = 60 + participant + (number * 7 + participant * 5) % 11
    return Visit(participant, number % RATERS, CHANNELS[number // 2 % 2], number // 3 % WEEKS, score)


def visits(crossing: Crossing) -> list[Visit]:
    return [crossing(participant, number) for participant in range(PARTICIPANTS) for number in range(EACH)]


def studied(made: Iterable[Visit]) -> Severity:
    found = list(made)
    codes = [f"c{number:03}" for number in range(len(found))]
    return study_severity(
        _scored(codes, found),
        raters={code: visit.rater for code, visit in zip(codes, found, strict=True)},
        weeks={code: visit.week for code, visit in zip(codes, found, strict=True)},
    )


def _scored(codes: Iterable[str], made: Iterable[Visit]) -> EditionResult:
    sums = [_contact(code, visit) for code, visit in zip(codes, made, strict=True)]
    participants = [Participant(code, "bank") for code in sorted({found.participant for found in sums})]
    return score_sums(RULES, participants, sums)


def _contact(code: str, visit: Visit) -> ContactSums:
    outcome = NO_ANSWER if visit.score is None else ANSWERED
    agent = (0, 0) if visit.score is None else (round(visit.score * UNITS), 100 * UNITS)
    return ContactSums(code, f"p{visit.participant}", visit.channel, outcome, None, ((0, 0), agent, (0, 0)))


def test_a_crossed_edition_is_fitted() -> None:
    assert studied(visits(crossed)).converged


@pytest.mark.parametrize(
    "score",
    [lambda _visit: 80.0, lambda visit: 60.0 + visit.participant, lambda visit: 60.0 + visit.rater + visit.week],
    ids=["all alike", "each participant constant", "nothing but rater and week"],
)
def test_scores_without_any_variation_of_their_own_are_refused(score: Callable[[Visit], float]) -> None:
    made = [visit._replace(score=score(visit)) for visit in visits(crossed)]

    with pytest.raises(TooLittleToFitError, match="no variation") as refusal:
        studied(made)

    assert refusal.value.shortage == Shortage.VARIATION


CONFOUNDED: dict[str, Crossing] = {
    "one rater per participant": lambda p, n: crossed(p, n)._replace(rater=p),
    "one week per channel": lambda p, n: crossed(p, n)._replace(week=n % 2, channel=CHANNELS[n % 2]),
    "one week per rater": lambda p, n: crossed(p, n)._replace(week=n % RATERS),
    "one week per participant": lambda p, n: crossed(p, n)._replace(week=p),
    "one channel per participant, and only two": lambda p, n: crossed(p % 2, n)._replace(channel=CHANNELS[p % 2]),
}


@pytest.mark.parametrize("crossing", CONFOUNDED.values(), ids=CONFOUNDED.keys())
def test_sources_that_follow_each_other_are_refused(crossing: Crossing) -> None:
    with pytest.raises(TooLittleToFitError, match="cannot be told apart") as refusal:
        studied(visits(crossing))

    assert refusal.value.shortage == Shortage.CROSSING


def test_a_fit_that_breaks_down_is_too_little_to_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(_design: object) -> None:
        raise np.linalg.LinAlgError("Singular matrix")

    monkeypatch.setattr(severity_model, "_fit_variances", break_down)

    with pytest.raises(TooLittleToFitError, match="Singular") as refusal:
        studied(visits(crossed))
    assert refusal.value.shortage == Shortage.CROSSING


def test_more_than_can_be_fitted_is_refused_before_anything_is_laid_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(severity_model, "MAX_LEVELS", 13)

    with pytest.raises(TooLargeToFitError, match="14 participants, raters and weeks") as refusal:
        studied(visits(crossed))
    assert (refusal.value.levels, refusal.value.most) == (14, 13)


def tied() -> list[Visit]:
    """The first two total 485/7 each. The first has a zero, so its answered contacts were better: it leads."""
    rng = random.Random(TIED_SEED)
    own: list[list[float | None]] = [[81, 81, None, 81, 81, 81, 80], [69, 70, 69, 69, 70, 69, 69]]
    own += [[rng.randint(50, 70) for _ in range(7)] for _ in range(PARTICIPANTS - 2)]
    return [
        crossed(participant, number)._replace(score=score)
        for participant, scores in enumerate(own)
        for number, score in enumerate(scores)
    ]


def test_a_tie_on_the_total_keeps_its_order_when_raters_do_not_differ() -> None:
    severity = studied(tied())

    assert {row.source: row.variance for row in severity.components}["rater"] == 0
    assert {row.effect.estimate for row in severity.raters} == {0.0}
    assert [place.participant for place in severity.places if place.rank_in_class == 1] == ["p0"]
    assert severity.winner_changes == ()
    assert [_moves(place) for place in severity.places] == [(0, 0)] * PARTICIPANTS


def test_differences_below_what_the_fit_carries_decide_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last digits of a fit that finds next to nothing must not give a prize away."""
    fitted = severity_model._fit_variances

    def next_to_nothing(design: severity_model.Design) -> tuple[dict[str, float], float, bool]:
        variances, residual, converged = fitted(design)
        return {**variances, "rater": 1e-5 * residual}, residual, converged

    monkeypatch.setattr(severity_model, "_fit_variances", next_to_nothing)

    severity = studied(tied())

    assert any(row.effect.estimate for row in severity.raters)
    assert severity.winner_changes == ()


def _moves(place: CorrectedPlace) -> tuple[int, int]:
    return place.corrected_rank_in_class - place.rank_in_class, place.corrected_rank_overall - place.rank_overall
