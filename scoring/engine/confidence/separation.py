"""Who can be told apart, and which places the data allow.

Two participants differ when their totals are further apart than a threshold times the standard error of the
difference. The threshold is the level's quantile of the largest such ratio among all pairs in the resamples, so that
the chance of any false difference at all stays within the level. The places somebody may have follow: everyone who is
surely better is above, everyone who is surely worse is below. This is the construction of simultaneous confidence
sets for ranks by Mogstad, Romano, Shaikh and Wilhelm, with the resamples of this study in place of the normal
approximation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.engine.confidence.resample import Floats
from scoring.engine.confidence.types import PlaceRange

Pairs = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Separated:
    """Ranges in the order of the totals given, runs as (first, last) positions, ``apart`` for every pair of them."""

    threshold: float
    ranges: tuple[PlaceRange, ...]
    joint_ranges: tuple[PlaceRange, ...]
    runs: tuple[tuple[int, int], ...]
    apart: Pairs

    def alike(self, position: int) -> tuple[int, ...]:
        """The positions of all that cannot be told from this one.

        The runs do not say it: somebody whose total is uncertain may be alike this one although others between the two
        are not.
        """
        return tuple(int(other) for other in np.flatnonzero(~self.apart[position]) if other != position)


def separate(totals: Floats, deviations: Floats, level: float) -> Separated:
    """Compare all pairs of participants that are in rank order, from measured totals and their resampled deviations."""
    number = len(totals)
    spread = deviations.std(axis=1)
    errors = np.sqrt(spread[:, None] ** 2 + spread[None, :] ** 2)
    largest = np.zeros((number, deviations.shape[1]))
    for i in range(number - 1):
        ratios = _ratios(np.abs(deviations[i + 1 :] - deviations[i]), errors[i + 1 :, i])
        largest[i] = np.maximum(largest[i], ratios.max(axis=0))
        np.maximum(largest[i + 1 :], ratios, out=largest[i + 1 :])
    own_thresholds = np.quantile(largest, level, axis=1)
    threshold = float(np.quantile(largest.max(axis=0), level)) if number > 1 else 0.0
    gaps = totals[:, None] - totals[None, :]
    joint = gaps > threshold * errors
    alone = gaps > own_thresholds[:, None] * errors
    alone_below = -gaps > own_thresholds[:, None] * errors
    apart = joint | joint.T
    return Separated(
        threshold=threshold,
        ranges=_ranges(surely_worse=alone.sum(axis=1), surely_better=alone_below.sum(axis=1)),
        joint_ranges=_ranges(surely_worse=joint.sum(axis=1), surely_better=joint.sum(axis=0)),
        runs=_runs(apart),
        apart=apart,
    )


def _ratios(distances: Floats, errors: Floats) -> Floats:
    """Distances in standard errors; 0 where there is no error, for there the totals never move."""
    return np.divide(distances, errors[:, None], out=np.zeros_like(distances), where=errors[:, None] > 0)


def _ranges(*, surely_worse: Sequence[int] | Floats, surely_better: Sequence[int] | Floats) -> tuple[PlaceRange, ...]:
    number = len(surely_worse)
    return tuple(
        PlaceRange(1 + int(better), number - int(worse))
        for worse, better in zip(surely_worse, surely_better, strict=True)
    )


def _runs(apart: Pairs) -> tuple[tuple[int, int], ...]:
    """Maximal runs of neighbours without a separated pair inside."""
    runs: list[tuple[int, int]] = []
    start = 0
    for end in range(len(apart)):
        while apart[start : end + 1, end].any():
            start += 1
        if runs and runs[-1][0] == start:
            runs[-1] = (start, end)
        else:
            runs.append((start, end))
    return tuple(runs)
