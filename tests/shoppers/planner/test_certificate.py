"""What a plan proves about itself can be written down and read back without loss."""

from __future__ import annotations

import json
from fractions import Fraction

from shoppers.planner import certificate, objective_text, solve
from tests.shoppers.planner.editions import edition


def test_the_certificate_is_json_with_exact_numbers() -> None:
    plan = solve(edition(3, n_participants=10, n_shoppers=40, n_classes=2, relations=0.0), seed=5, moves=20_000)
    read = json.loads(json.dumps(certificate(plan)))
    assert (read["seed"], read["input_digest"], read["contacts"]) == (5, plan.input_digest, 250)
    assert read["stopped_by_clock"] is False
    assert [Fraction(entry["gap"]) for entry in read["figures"]] == [figure.gap for figure in plan.figures]
    assert [Fraction(entry["value"]) for entry in read["figures"]] == [figure.value for figure in plan.figures]
    assert [Fraction(gap) for gap in read["objective"]] == list(plan.objective)


def test_the_objective_fits_a_line() -> None:
    plan = solve(edition(3, n_participants=10, n_shoppers=40, n_classes=2, relations=0.0), moves=20_000)
    line = objective_text(plan)
    assert len(line) <= 80
    assert len(line.split()) == len(plan.figures)
