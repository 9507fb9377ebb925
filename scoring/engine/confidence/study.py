"""One study of an edition: intervals, places and groups from the same resamples."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from scoring.engine.confidence.best import against_best
from scoring.engine.confidence.places import place_shares
from scoring.engine.confidence.resample import POOL_CONTACTS, Floats, Stratum, deviations, strata_of
from scoring.engine.confidence.separation import separate
from scoring.engine.confidence.types import Confidence, Interval, ParticipantConfidence, Separation, Standing
from scoring.engine.types import EditionResult, ParticipantResult

RESAMPLES = 10_000
MIN_RESAMPLES = 100
LEVEL = 0.95
LEVELS = (0.5, 0.999)
MAX_COMPARED = 400
"""More rivals than this, in a class or overall, are not compared: the work grows with the square."""
MANY = 50
"""Classes larger than this are compared by fewer resamples, as everybody is."""
MANY_RESAMPLES = 2_000
"""Resamples behind the ranges among many; their threshold is stable to about a hundredth with them."""
MAX_DRAWN = 20_000_000
"""Resampled totals held at once (160 MB): 10,000 resamples for 2,000 participants, 2,000 for 10,000."""
_DECIMALS = 6
_TOP = 100.0


def study_confidence(
    result: EditionResult, *, seed: int, resamples: int = RESAMPLES, level: float = LEVEL
) -> Confidence:
    """How sure the result is; the same result and seed give the same study.

    Holds participants × resamples numbers of 8 bytes, and draws fewer resamples where these would be more than
    ``MAX_DRAWN``. Raises ``ValueError`` for fewer than 100 resamples or a level outside 0.5 to 0.999.
    """
    if resamples < MIN_RESAMPLES:
        raise ValueError(f"{resamples} resamples are too few; at least {MIN_RESAMPLES}")
    if not LEVELS[0] <= level <= LEVELS[1]:
        raise ValueError(f"the level {level} is not between {LEVELS[0]} and {LEVELS[1]}")
    rows = [row for row in result.participants if row.contacts]
    resamples = min(resamples, max(MIN_RESAMPLES, MAX_DRAWN // max(1, len(rows))))
    strata = strata_of([row.participant for row in rows], result.contacts)
    spread = deviations(strata, len(rows), resamples, np.random.Generator(np.random.PCG64(seed)))
    classes, everybody = _compared(rows, spread, level)
    in_class = {code: standing for found in classes.values() for code, standing in found.standings.items()}
    overall = everybody.standings if everybody else {}
    errors = _errors_and_intervals(rows, strata, spread, level)
    return Confidence(
        seed=seed,
        resamples=resamples,
        level=level,
        participants=tuple(
            ParticipantConfidence(
                participant=row.participant,
                award_class=row.award_class,
                total=round(_total(row), _DECIMALS),
                standard_error=error,
                interval=interval,
                in_class=in_class.get(row.participant),
                overall=overall.get(row.participant),
            )
            for row, (error, interval) in zip(rows, errors, strict=True)
        ),
        classes={code: found.separation for code, found in classes.items()},
        overall=everybody.separation if everybody else None,
    )


def _total(row: ParticipantResult) -> float:
    return float(row.total or 0)


@dataclass(frozen=True, slots=True)
class _Compared:
    """Some rivals held against each other: what tells them apart, and each one's standing by code."""

    separation: Separation
    standings: Mapping[str, Standing]


def _compared(
    rows: Sequence[ParticipantResult], spread: Floats | None, level: float
) -> tuple[Mapping[str, _Compared], _Compared | None]:
    """Every class, and everybody, as far as they can be compared; nobody can where the spread is not known."""
    if spread is None:
        return {}, None
    resampled = _Resampled(rows, spread, level)
    classes = {code: resampled.compare_class(members) for code, members in sorted(_ranked_by_class(rows).items())}
    return {code: found for code, found in classes.items() if found}, resampled.compare_all()


def _ranked_by_class(rows: Sequence[ParticipantResult]) -> Mapping[str, list[int]]:
    members: defaultdict[str, list[int]] = defaultdict(list)
    for position, row in enumerate(rows):
        if row.ranked:
            members[row.award_class].append(position)
    return members


class _Resampled:
    """The resampled totals of all participants, for comparing any of them."""

    def __init__(self, rows: Sequence[ParticipantResult], spread: Floats, level: float) -> None:
        self._rows = rows
        self._totals = np.array([_total(row) for row in rows])
        self._spread = spread
        self._level = level

    def compare_class(self, members: list[int]) -> _Compared | None:
        """A class's ranked rows in rank order; nothing where they are too many."""
        leaders = sum(self._rows[position].rank_in_class == 1 for position in members)
        return self._compare(members, leaders, MANY_RESAMPLES if len(members) > MANY else None)

    def compare_all(self) -> _Compared | None:
        """All ranked rows; nothing where they are none or too many."""
        ranked = [position for position, row in enumerate(self._rows) if row.ranked]
        leaders = sum(self._rows[position].rank_overall == 1 for position in ranked)
        return self._compare(ranked, leaders, MANY_RESAMPLES)

    def _compare(self, members: list[int], leaders: int, resamples: int | None) -> _Compared | None:
        """Rows in rank order, of which the first are leaders; ranges from the first ``resamples`` where given."""
        if not 0 < len(members) <= MAX_COMPARED:
            return None
        totals, spread = self._totals[members], self._spread[members]
        shares = place_shares(totals[:, None] + spread)
        found = separate(totals, spread[:, :resamples], self._level)
        best = against_best(totals, spread[:, :resamples], self._level)
        codes = [self._rows[position].participant for position in members]
        groups = tuple(tuple(codes[first : last + 1]) for first, last in found.runs)
        standings = {
            code: Standing(
                shares=_seen(shares[position]),
                range=found.ranges[position],
                joint_range=found.joint_ranges[position],
                reach=round(best.reaches[position], _DECIMALS),
            )
            for position, code in enumerate(codes)
        }
        alike = {codes[leader]: tuple(codes[other] for other in found.alike(leader)) for leader in range(leaders)}
        could_be_best = tuple(codes[position] for position in best.positions)
        return _Compared(Separation(groups, round(found.threshold, _DECIMALS), alike, could_be_best), standings)


def _seen(shares: Floats) -> dict[int, float]:
    return {int(place) + 1: round(float(shares[place]), _DECIMALS) for place in np.flatnonzero(shares)}


def _errors_and_intervals(
    rows: Sequence[ParticipantResult], strata: Iterable[Stratum], spread: Floats | None, level: float
) -> list[tuple[float | None, Interval | None]]:
    """Standard error and interval of every row, from the quantiles of its resampled totals."""
    if spread is None:
        return [(None, None)] * len(rows)
    channels = Counter(stratum.participant for stratum in strata)
    found: list[tuple[float | None, Interval | None]] = []
    for position, row in enumerate(rows):
        freedom = row.contacts - channels[position] + POOL_CONTACTS
        tail = NormalDist().cdf(-student_quantile(0.5 + level / 2, freedom))
        low, high = np.quantile(spread[position], (tail, 1 - tail)) + _total(row)
        interval = Interval(round(max(0.0, float(low)), _DECIMALS), round(min(_TOP, float(high)), _DECIMALS))
        found.append((round(float(spread[position].std()), _DECIMALS), interval))
    return found


def student_quantile(share: float, freedom: int) -> float:
    """Student's t by its expansion around the normal quantile; within 0.001 from 10 degrees of freedom up."""
    z = NormalDist().inv_cdf(share)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    return z + sum(term / freedom**power for power, term in enumerate(terms, start=1))
