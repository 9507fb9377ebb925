"""What every known answer is worth, worked out once by the same rules as everywhere, as arrays to look it up in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from scoring.engine.answers import effect_of, points_scale
from scoring.engine.contact_score import FULL
from scoring.engine.grouped.types import Flags, Ints, IrregularError
from scoring.engine.types import Question, Rules
from surveys.engine.words import ANSWERED_AREAS, CHANNELS, METRICS, MULTI, SCALE

WIDEST = 1 << 62
"""What no whole number of an array may reach: half of what its 64 bits hold, so that a sum is seen before it turns."""


@dataclass(frozen=True, slots=True)
class Worths:
    """Arrays over the known answers (K) and the questions (Q), in the orders of both.

    ``obtained`` is K × areas and ``possible`` Q × areas, in units that make all points whole. ``regular`` tells whether
    the rules allow the answer at all, ``fits`` (channels × K) whether its question is asked on the channel, ``metric``
    which of ``METRICS`` its value belongs to, −1 for none.
    """

    question: Ints
    obtained: Ints
    value: Ints
    metric: Ints
    not_applicable: Flags
    regular: Flags
    fits: Flags
    possible: Ints
    takes_several: Flags


class _Worth(NamedTuple):
    obtained: tuple[int, ...] = (0,) * len(ANSWERED_AREAS)
    value: int = 0
    metric: int = -1
    not_applicable: bool = False
    regular: bool = True


_IRREGULAR = _Worth(regular=False)


def worths_of(rules: Rules, known: Sequence[tuple[str, str | int]]) -> Worths:
    """Raises ``IrregularError`` where points are so many or so fine that a contact's sums might not fit."""
    scale = points_scale(rules.questions.values())
    if FULL * scale * sum(map(_most_points, rules.questions.values())) >= WIDEST:
        raise IrregularError("points too large")
    worths = [_worth(rules.questions.get(code), answer, scale) for code, answer in known]
    places = {code: place for place, code in enumerate(rules.questions)}
    return Worths(
        question=_ints([places.get(code, 0) for code, _ in known]),
        obtained=_ints([worth.obtained for worth in worths]).reshape(-1, len(ANSWERED_AREAS)),
        value=_ints([worth.value for worth in worths]),
        metric=_ints([worth.metric for worth in worths]),
        not_applicable=np.array([worth.not_applicable for worth in worths], dtype=np.bool_),
        regular=np.array([worth.regular for worth in worths], dtype=np.bool_),
        fits=np.array([_fitting(rules.questions, known, channel) for channel in CHANNELS], dtype=np.bool_),
        possible=_ints([_possible(question, scale) for question in rules.questions.values()]).reshape(
            -1, len(ANSWERED_AREAS)
        ),
        takes_several=np.array([question.kind == MULTI for question in rules.questions.values()], dtype=np.bool_),
    )


def _ints(rows: Sequence[object]) -> Ints:
    return np.array(rows, dtype=np.int64)


def _most_points(question: Question) -> int:
    return sum(int(option.points) + 1 for option in question.options.values() if option.points is not None)


def _fitting(questions: Mapping[str, Question], known: Sequence[tuple[str, str | int]], channel: str) -> list[bool]:
    return [code in questions and questions[code].fits(channel) for code, _ in known]


def _worth(question: Question | None, answer: str | int, scale: int) -> _Worth:
    if question is None:
        return _IRREGULAR
    return _value(question, answer) if isinstance(answer, int) else _tick(question, answer, scale)


def _value(question: Question, value: int) -> _Worth:
    if question.kind != SCALE or not question.takes(value):
        return _IRREGULAR
    return _Worth(value=value, metric=METRICS.index(question.metric) if question.metric else -1)


def _tick(question: Question, option: str, scale: int) -> _Worth:
    channel = next(filter(question.fits, CHANNELS), None)
    if question.kind == SCALE or channel is None or option not in question.options:
        return _IRREGULAR
    effect = effect_of(question, channel, frozenset((option,)), scale)
    if effect.left_out:
        return _Worth(not_applicable=question.options[option].not_applicable)
    return _Worth(obtained=_in_area(question, int(effect.obtained)))


def _possible(question: Question, scale: int) -> tuple[int, ...]:
    return _in_area(question, int(question.possible * scale) if question.is_scored else 0)


def _in_area(question: Question, points: int) -> tuple[int, ...]:
    return tuple(points if area == question.area else 0 for area in ANSWERED_AREAS)
