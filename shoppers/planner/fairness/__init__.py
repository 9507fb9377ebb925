"""The fairness figures, one function each, every one beside the best value any plan could have.

The derivation of each bound is in docs/planning.md. All arithmetic is exact.
"""

from __future__ import annotations

from collections.abc import Callable

from shoppers.planner.fairness.evenness import (
    participant_blocks,
    participant_weeks,
    shopper_blocks,
    shopper_days,
    shopper_weeks,
    weekdays,
    windows,
)
from shoppers.planner.fairness.figures import Contacts
from shoppers.planner.fairness.load import even_load, load_limits, load_spread
from shoppers.planner.fairness.mix import (
    group_functions,
    mix_age,
    mix_gender,
    mix_off_by_one,
    mix_region,
    pool_shares,
)
from shoppers.planner.fairness.shared import shared_shoppers
from shoppers.planner.types import Figure, PlanningProblem

__all__ = ["FIGURES", "even_load", "group_functions", "load_limits", "measure", "pool_shares"]

FIGURES: tuple[Callable[[PlanningProblem, Contacts], Figure], ...] = (
    load_spread,
    participant_weeks,
    participant_blocks,
    shopper_weeks,
    shopper_blocks,
    shopper_days,
    mix_gender,
    mix_age,
    mix_region,
    mix_off_by_one,
    shared_shoppers,
    weekdays,
    windows,
)
"""Every figure, in the order of fairness."""


def measure(problem: PlanningProblem, contacts: Contacts) -> tuple[Figure, ...]:
    """Every fairness figure of a plan, in the order of fairness."""
    return tuple(figure(problem, contacts) for figure in FIGURES)
