"""Seeded chance and the cooling schedule that both local searches share."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Iterator

TABLE = 4096
"""Thresholds per step; the loops run through them with `turn & (TABLE - 1)`, so this is a power of two."""


def seeded(seed: int) -> random.Random:
    """The planner's only source of chance: repeatable for a seed, never used for secrets."""
    return random.Random(seed)  # noqa: S311


class Clock:
    """Tells when the seconds are used up, and remembers having told: such an answer may not be repeatable."""

    def __init__(self, seconds: float) -> None:
        self._deadline = time.monotonic() + seconds
        self.has_stopped = False

    @property
    def left(self) -> float:
        return max(0.0, self._deadline - time.monotonic())

    def __call__(self) -> bool:
        if not self.left:
            self.has_stopped = True
        return self.has_stopped


def cooling_thresholds(rng: random.Random, hot: float, cold: float, steps: int) -> Iterator[list[float]]:
    """Per step, the cost increases that may be accepted: exponentially distributed with the step's temperature.

    A move of cost d is accepted when d is at most the next threshold, which is the Metropolis rule with the
    logarithms taken beforehand. The temperature falls geometrically from `hot` to `cold`; the last step is
    downhill only.
    """
    shape = [-math.log((k + 0.5) / TABLE) for k in range(TABLE)]
    rng.shuffle(shape)
    factor = (cold / hot) ** (1 / max(1, steps - 2))
    temperature = hot
    for _ in range(steps - 1):
        yield [temperature * x for x in shape]
        temperature *= factor
    yield [0.0] * TABLE
