"""From the sums of grouped answers to contact scores and to what every participant's figures are made of.

The same arithmetic as ``contact_score``, numerators and denominators in arrays: whole numbers throughout, reduced by
their greatest common divisor. Numbers too wide for the arrays raise ``IrregularError`` before anything is worked out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, partial
from itertools import pairwise
from math import prod
from typing import Any, overload

import numpy as np

from scoring.engine.aggregate import Basis, Ratios
from scoring.engine.contact_score import FULL, whole_weights
from scoring.engine.grouped.sums import GroupedSums, sum_grouped
from scoring.engine.grouped.types import Flags, GroupedEdition, Ints, IrregularError
from scoring.engine.grouped.worths import WIDEST
from scoring.engine.types import ContactScore
from surveys.engine.words import CHANNELS, METRICS, SCORED_AREAS


class ContactScores(Sequence[ContactScore]):
    """The scores of the counted contacts in the order given, written out when somebody first looks at one of them.

    Figures, places and awards come from the same numbers without them.
    """

    def __init__(self, write: Callable[[], Iterable[ContactScore]]) -> None:
        self._write = write

    @cached_property
    def _written(self) -> tuple[ContactScore, ...]:
        return tuple(self._write())

    @overload
    def __getitem__(self, place: int) -> ContactScore: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[ContactScore]: ...

    def __getitem__(self, place: int | slice) -> ContactScore | Sequence[ContactScore]:
        return self._written[place]

    def __len__(self) -> int:
        return len(self._written)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._written == tuple(other)

    __hash__ = None  # type: ignore[assignment]  # Python's way to say that something has no hash


@dataclass(frozen=True, slots=True)
class GroupedScores:
    """The scores of the counted contacts, and the basis of every participant that has one."""

    contacts: ContactScores
    bases: Mapping[str, Basis]


@dataclass(frozen=True, slots=True)
class _Scores:
    """Reduced fractions: of each contact (n), and of each of its areas (areas × n) where ``has_area``."""

    above: Ints
    below: Ints
    areas_above: Ints
    areas_below: Ints
    has_area: Flags


def score_grouped(edition: GroupedEdition) -> GroupedScores:
    """``Method.sum_answers``, ``Method.score_contacts`` and ``bases`` in one go, with the same figures.

    Raises ``IrregularError`` wherever one of them would raise ``DataError``, and for numbers too wide.
    """
    sums = sum_grouped(edition)
    scores = _score(edition, sums)
    return GroupedScores(
        contacts=ContactScores(partial(_contacts, edition, sums, scores)), bases=_bases(edition, sums, scores)
    )


def _score(edition: GroupedEdition, sums: GroupedSums) -> _Scores:
    areas_above, areas_below, has_area = _area_scores(sums)
    weights = whole_weights(edition.rules.weights)
    by_area = [weights.get(area, 0) for area in SCORED_AREAS]
    if FULL * sum(by_area) ** 2 * prod(int(below.max(initial=1)) for below in areas_below) >= WIDEST:
        raise IrregularError("scores too wide")
    above, below = np.zeros_like(sums.wait), np.ones_like(sums.wait)
    for weight, area_above, area_below in zip(by_area, areas_above, areas_below, strict=True):
        above = above * area_below + weight * area_above * below
        below = below * area_below
    weighed = np.array(by_area) @ has_area
    if not weighed[sums.answered].all():
        raise IrregularError("a contact nothing can be said about")
    below *= np.where(sums.answered, weighed, 1)
    return _Scores(*_reduced(above, below), areas_above, areas_below, has_area)


def _area_scores(sums: GroupedSums) -> tuple[Ints, Ints, Flags]:
    """areas × n: numerators, denominators, and whether there is a score; the wait comes first. No score is 0/1."""
    if any(FULL * percent.denominator >= WIDEST for percent in sums.percents):
        raise IrregularError("percentages too fine")
    percents = np.array([percent.as_integer_ratio() for percent in sums.percents], dtype=np.int64).reshape(-1, 2)
    measured = sums.wait >= 0
    has_area = np.concatenate((measured[None], sums.possible.T > 0))
    above = np.zeros(has_area.shape, dtype=np.int64)
    below = np.ones(has_area.shape, dtype=np.int64)
    above[0, measured], below[0, measured] = percents[sums.wait[measured]].T
    above[1:], below[1:] = _reduced(FULL * sums.obtained.T, np.where(has_area[1:], sums.possible.T, 1))
    return above, below, has_area


def _reduced(above: Ints, below: Ints) -> tuple[Ints, Ints]:
    common = np.gcd(above, below)
    return above // common, below // common


def _contacts(edition: GroupedEdition, sums: GroupedSums, scores: _Scores) -> Iterator[ContactScore]:
    given = edition.contacts
    areas = [_fractions(*column) for column in zip(scores.areas_above, scores.areas_below, strict=True)]
    columns = (
        *(sums.contact.tolist(), sums.answered.tolist(), scores.above.tolist(), scores.below.tolist()),
        *(_named(SCORED_AREAS, scores.has_area, areas), _named(METRICS, sums.has_cx.T, sums.cx.T.tolist())),
    )
    for place, answered, above, below, own_areas, own_cx in zip(*columns, strict=True):
        code, participant, channel = given.code[place], given.participant[place], given.channel[place]
        yield ContactScore(code, participant, channel, answered, Fraction(above, below), own_areas, own_cx)


def _fractions(above: Ints, below: Ints) -> list[Fraction]:
    """A fraction for each pair; the same pairs come again and again, and each becomes a fraction once."""
    pairs = list(zip(above.tolist(), below.tolist(), strict=True))
    fractions = {pair: Fraction(*pair) for pair in set(pairs)}
    return [fractions[pair] for pair in pairs]


def _named(names: Sequence[str], has: Flags, columns: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """For each contact its values by name, without those it does not have."""
    complete_ones: list[bool] = np.all(has, axis=0).tolist()
    rows = zip(complete_ones, has.T.tolist(), zip(*columns, strict=True), strict=True)
    return [
        dict(zip(names, values, strict=True))
        if complete
        else {name: value for name, value, is_there in zip(names, values, there, strict=True) if is_there}
        for complete, there, values in rows
    ]


def _bases(edition: GroupedEdition, sums: GroupedSums, scores: _Scores) -> Mapping[str, Basis]:
    """What each participant with a counted contact has on every channel, in every area and for every metric."""
    participants = len(edition.participants)
    everything = np.ones(len(sums.contact), dtype=np.bool_)
    by_participant = partial(_cut, sums.participant, participants)
    by_channel = partial(_cut, sums.participant * len(CHANNELS) + sums.channel, participants * len(CHANNELS))
    on_channel = list(map(Ratios, by_channel(scores.above, everything), by_channel(scores.below, everything)))
    channels = [on_channel[start : start + len(CHANNELS)] for start in range(0, len(on_channel), len(CHANNELS))]
    answered = np.bincount(sums.participant[sums.answered], minlength=participants).tolist()
    areas = [
        list(map(Ratios, by_participant(above, has_area), by_participant(below, has_area)))
        for above, below, has_area in zip(scores.areas_above, scores.areas_below, scores.has_area, strict=True)
    ]
    cx = [by_participant(column, has) for column, has in zip(sums.cx.T, sums.has_cx.T, strict=True)]
    return {
        edition.participants[place].code: Basis(
            answered=answered[place],
            areas={area: column[place] for area, column in zip(SCORED_AREAS, areas, strict=True)},
            channels=dict(zip(CHANNELS, channels[place], strict=True)),
            cx={metric: column[place] for metric, column in zip(METRICS, cx, strict=True)},
        )
        for place in np.unique(sums.participant).tolist()
    }


def _cut(group: Ints, groups: int, column: Ints, has: Flags) -> list[list[int]]:
    """The values of a column that are there, group by group, each group's in the order given."""
    order = np.flatnonzero(has)[np.argsort(group[has], kind="stable")]
    bounds = np.searchsorted(group[order], np.arange(groups + 1)).tolist()
    values = column[order].tolist()
    return [values[start:end] for start, end in pairwise(bounds)]
