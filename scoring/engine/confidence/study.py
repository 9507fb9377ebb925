"""One study of an edition: intervals, places and groups from the same resamples."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import NormalDist

import numpy as np

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
"""Above this many participants the overall places are not compared: the work grows with the square."""
OVERALL_RESAMPLES = 2_000
"""Resamples behind the ranges over everybody; their threshold is stable to about a hundredth with them."""
_DECIMALS = 6
_TOP = 100.0


def study_confidence(
    result: EditionResult, *, seed: int, resamples: int = RESAMPLES, level: float = LEVEL
) -> Confidence:
    """How sure the result is; the same result and seed give the same study.

    Holds participants × resamples numbers of 8 bytes. Raises ``ValueError`` for fewer than 100 resamples or a level
    outside 0.5 to 0.999.
    """
    if resamples < MIN_RESAMPLES:
        raise ValueError(f"{resamples} resamples are too few; at least {MIN_RESAMPLES}")
    if not LEVELS[0] <= level <= LEVELS[1]:
        raise ValueError(f"the level {level} is not between {LEVELS[0]} and {LEVELS[1]}")
    rows = [row for row in result.participants if row.contacts]
    strata = strata_of([row.participant for row in rows], result.contacts)
    spread = deviations(strata, len(rows), resamples, np.random.Generator(np.random.PCG64(seed)))
    resampled = _Resampled(rows, spread if spread is not None else np.zeros((len(rows), resamples)), level)
    classes = {code: resampled.compare(members) for code, members in sorted(_ranked_by_class(rows).items())}
    everybody = resampled.compare_all()
    in_class = {code: standing for _, standings in classes.values() for code, standing in standings.items()}
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
                overall=everybody[1].get(row.participant),
            )
            for row, (error, interval) in zip(rows, errors, strict=True)
        ),
        classes={code: separation for code, (separation, _) in classes.items()},
        overall=everybody[0],
    )


def _total(row: ParticipantResult) -> float:
    return float(row.total or 0)


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

    def compare(self, members: list[int], resamples: int | None = None) -> tuple[Separation, dict[str, Standing]]:
        """Ranked rows in rank order against each other; ranges from the first ``resamples`` where given."""
        totals, spread = self._totals[members], self._spread[members]
        shares = place_shares(totals[:, None] + spread)
        found = separate(totals, spread[:, :resamples], self._level)
        codes = [self._rows[position].participant for position in members]
        groups = tuple(tuple(codes[first : last + 1]) for first, last in found.runs)
        standings = {
            code: Standing(_seen(shares[position]), found.ranges[position], found.joint_ranges[position])
            for position, code in enumerate(codes)
        }
        return Separation(groups, round(found.threshold, _DECIMALS)), standings

    def compare_all(self) -> tuple[Separation | None, dict[str, Standing]]:
        ranked = [position for position, row in enumerate(self._rows) if row.ranked]
        if not ranked or len(ranked) > MAX_COMPARED:
            return None, {}
        return self.compare(ranked, OVERALL_RESAMPLES)


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
