"""What a plan proves about itself can be written down and read back without loss."""

from __future__ import annotations

import json
from fractions import Fraction

from shoppers.planner import figure_entries, objective_text, solve
from tests.shoppers.planner.editions import edition


def test_figures_are_written_as_exact_numbers() -> None:
    plan = solve(edition(3, n_participants=10, n_shoppers=40, n_classes=2, relations=0.0), seed=5, moves=20_000)
    read = json.loads(json.dumps(figure_entries(plan.figures)))
    assert [entry["name"] for entry in read] == [figure.name for figure in plan.figures]
    for key in ("value", "bound", "gap"):
        assert [Fraction(entry[key]) for entry in read] == [getattr(figure, key) for figure in plan.figures]


def test_the_objective_fits_a_line() -> None:
    plan = solve(edition(3, n_participants=10, n_shoppers=40, n_classes=2, relations=0.0), moves=20_000)
    line = objective_text(plan)
    assert len(line) <= 80
    assert len(line.split()) == len(plan.figures)
