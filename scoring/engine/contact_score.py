"""From sums to the score of a contact: the weighted mean of the areas that have a score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import lcm

from scoring.engine.problems import DataError, Problem
from scoring.engine.types import ANSWERED, ANSWERED_AREAS, WAIT, ContactScore, ContactSums, Exact, Rules

FULL = 100
_ZERO = Fraction(0)

Weights = Mapping[str, Exact]


def score_contacts(rules: Rules, sums: Iterable[ContactSums]) -> tuple[ContactScore, ...]:
    """Score every counted contact. Raises ``DataError`` with each answered contact that nothing can be said about."""
    weights = whole_weights(rules.weights)
    area_scores: dict[tuple[Exact, Exact], Fraction] = {}
    scores, problems = [], []
    for contact in sums:
        try:
            scores.append(_score(contact, weights, area_scores))
        except _UnscorableError as error:
            problems.append(Problem(error.kind, "contact", contact.code, str(error)))
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


def _score(contact: ContactSums, weights: Weights, area_scores: dict[tuple[Exact, Exact], Fraction]) -> ContactScore:
    if contact.outcome != ANSWERED:
        return ContactScore(contact.code, contact.participant, contact.channel, False, _ZERO, {})
    areas: dict[str, Fraction] = {}
    # Σ wₐ·sₐ is kept as numerator / denominator: whole numbers are multiplied and one fraction is reduced at the end.
    numerator: Exact = 0
    denominator: Exact = 1
    weight_sum: Exact = 0
    if contact.wait_percent is not None:
        areas[WAIT] = contact.wait_percent
        weight_sum = weights.get(WAIT, 0)
        numerator = weight_sum * contact.wait_percent.numerator
        denominator = contact.wait_percent.denominator
    for area, pair in zip(ANSWERED_AREAS, contact.sums, strict=True):
        obtained, possible = pair
        if not possible:
            continue
        score = area_scores.get(pair)
        if score is None:
            score = area_scores[pair] = Fraction(FULL * obtained, possible)
        areas[area] = score
        weight = weights.get(area, 0)
        numerator = numerator * score.denominator + weight * score.numerator * denominator
        denominator *= score.denominator
        weight_sum += weight
    if not areas:
        raise _UnscorableError("no_area_score", "was answered and has no area with a score")
    if not weight_sum:
        raise _UnscorableError("no_weight", f"only areas without weight have a score: {', '.join(areas)}")
    total = Fraction(numerator, denominator * weight_sum)
    return ContactScore(contact.code, contact.participant, contact.channel, True, total, areas, contact.cx)
