"""Who could be the best: every participant held against the best of the others.

Hsu's comparison with the best. A participant is out only when somebody's total is above its own by more than chance
allows *for this participant*: by more than a threshold times the standard error of their difference. The threshold is
the level's quantile, in the resamples, of how far above it the others come by chance alone. At the level of 95 %,
whoever truly is the best is left out in no more than one in twenty editions; no comparison between two of the others
can widen that. A threshold for all pairs at once, as in `separation`, answers a larger question and leaves more in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.engine.confidence.resample import Floats


@dataclass(frozen=True, slots=True)
class AgainstBest:
    """``positions`` are those who could be the best, in the order given.

    ``reaches`` says for each how high its total could lie, measured against the highest of the others: whoever reaches
    that could be the best, and nobody else. It is never below the total. One who is alone reaches its own total.
    """

    positions: tuple[int, ...]
    reaches: tuple[float, ...]


def against_best(totals: Floats, deviations: Floats, level: float) -> AgainstBest:
    """Hold each participant against the others, from measured totals and their resampled deviations."""
    number = len(totals)
    if number == 1:
        return AgainstBest((0,), (float(totals[0]),))
    spread = deviations.std(axis=1)
    reaches = []
    positions = []
    for one in range(number):
        others = np.arange(number) != one
        errors = np.sqrt(spread[others] ** 2 + spread[one] ** 2)
        ahead = deviations[others] - deviations[one]
        ratios = np.divide(ahead, errors[:, None], out=np.zeros_like(ahead), where=errors[:, None] > 0)
        threshold = max(0.0, float(np.quantile(ratios.max(axis=0), level)))
        surely_above = float((totals[others] - threshold * errors).max())
        reaches.append(float(totals[one]) + float(totals[others].max()) - surely_above)
        if totals[one] >= surely_above:
            positions.append(one)
    return AgainstBest(tuple(positions), tuple(reaches))
