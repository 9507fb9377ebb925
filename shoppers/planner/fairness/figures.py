"""What every figure is made of."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from shoppers.planner.types import Figure, PlannedContact

Contacts = Sequence[PlannedContact]


def figure_of(name: str, value: Fraction | int, bound: Fraction | int) -> Figure:
    """A figure of which less is better."""
    return Figure(name, value, bound, value - bound)
