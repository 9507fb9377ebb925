"""From sums to the score of a contact: the weighted mean of the areas that have a score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from scoring.engine.problems import DataError, DataProblem
from scoring.engine.types import ContactScore, ContactSums, Exact, Rules
from surveys.engine.words import ANSWERED, ANSWERED_AREAS, WAIT

FULL = 100
_ZERO = Fraction(0)


class Weights(NamedTuple):
    """The weight of the wait, and of the other areas in their order."""

    wait: int
    areas: tuple[int, ...]


AreaScores = dict[tuple[Exact, Exact], tuple[Fraction, int, int]]
"""Scores that were worked out already, by points obtained and possible: with numerator and denominator at hand."""


def score_contacts(rules: Rules, sums: Iterable[ContactSums]) -> tuple[ContactScore, ...]:
    """Score every counted contact. Raises ``DataError`` with each answered contact that nothing can be said about."""
    weights = whole_weights(rules.weights)
    by_area = Weights(weights.get(WAIT, 0), tuple(weights.get(area, 0) for area in ANSWERED_AREAS))
    area_scores: AreaScores = {}
    scores, problems = [], []
    for contact in sums:
        try:
            scores.append(_score(contact, by_area, area_scores))
        except _UnscorableError as error:
            problems.append(DataProblem(error.kind, "contact", contact.code, str(error)))
    if problems:
        raise DataError(problems)
    return tuple(scores)


def whole_weights(weights: Mapping[str, Fraction]) -> dict[str, int]:
    """The same weights as whole numbers; scores depend on their ratios only."""
    scale = lcm(*(weight.denominator for weight in weights.values()))
    return {area: int(weight * scale) for area, weight in weights.items()}


class _UnscorableError(Exception):
    def __init__(self, kind: str, detail: str) -> None:
        self.kind = kind
        super().__init__(detail)


def _score(contact: ContactSums, weights: Weights, area_scores: AreaScores) -> ContactScore:
    if contact.outcome != ANSWERED:
        return ContactScore(contact.code, contact.participant, contact.channel, False, _ZERO, {})
    areas: dict[str, Fraction] = {}
    # Σ wₐ·sₐ is kept as numerator / denominator: whole numbers are multiplied and one fraction is reduced at the end.
    numerator: Exact = 0
    denominator: Exact = 1
    weight_sum = 0
    if contact.wait_percent is not None:
        areas[WAIT] = contact.wait_percent
        weight_sum = weights.wait
        numerator, denominator = contact.wait_percent.as_integer_ratio()
        numerator *= weight_sum
    for area, pair, weight in zip(ANSWERED_AREAS, contact.sums, weights.areas, strict=True):
        if not pair[1]:
            continue
        found = area_scores.get(pair)
        if found is None:
            found = area_scores[pair] = _area_score(*pair)
        score, above, below = found
        areas[area] = score
        numerator = numerator * below + weight * above * denominator
        denominator *= below
        weight_sum += weight
    if not areas:
        raise _UnscorableError("no_area_score", "was answered and has no area with a score")
    if not weight_sum:
        raise _UnscorableError("no_weight", f"only areas without weight have a score: {', '.join(areas)}")
    total = Fraction(numerator, denominator * weight_sum)
    return ContactScore(contact.code, contact.participant, contact.channel, True, total, areas, contact.cx)


def _area_score(obtained: Exact, possible: Exact) -> tuple[Fraction, int, int]:
    score = Fraction(FULL * obtained, possible)
    return score, score.numerator, score.denominator
