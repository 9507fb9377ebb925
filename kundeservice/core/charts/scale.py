"""From a value to a place on the line, and the round numbers to write beside it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from kundeservice.core.numbers import Exact

_ROUND_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000)
_ROUND_FROM = 10


@dataclass(frozen=True)
class Scale:
    """Values ``low``–``high`` on the stretch ``start``–``end`` (px)."""

    low: int
    high: int
    start: float
    end: float

    def at(self, value: Exact) -> float:
        """Where the value lies. Raises ValueError outside the scale: a silent cut would be a lie."""
        if not self.low <= value <= self.high:
            raise ValueError(f"{value} lies outside the scale {self.low}–{self.high}")
        return self._place(value)

    def cut(self, value: Exact) -> float:
        """Where the value lies, or the nearer end: for whiskers, which may reach beyond what is possible."""
        return self._place(min(max(value, self.low), self.high))

    def ticks(self, most: int = 6) -> tuple[int, ...]:
        """Round numbers over the scale, ends included where they are round themselves.

        A scale of a few whole steps, such as 1–7, has no round numbers: it is marked from end to end.
        """
        length = self.high - self.low
        if length < _ROUND_FROM:
            step = next(step for step in range(1, length + 1) if length % step == 0 and length <= step * (most - 1))
            return tuple(range(self.low, self.high + 1, step))
        step = next((step for step in _ROUND_STEPS if length <= step * (most - 1)), length)
        first = -(-self.low // step) * step
        return tuple(range(first, self.high + 1, step))

    @property
    def origin(self) -> float:
        """Where bars grow from: zero, or the nearer end."""
        return self.cut(0)

    def _place(self, value: Exact) -> float:
        share = (Fraction(value) - self.low) / (self.high - self.low)
        return self.start + float(share) * (self.end - self.start)
