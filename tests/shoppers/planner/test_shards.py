"""An edition many times the national size is planned in parts, each with its share of the shoppers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shoppers.planner import PlannedContact, part_count, solve_in_parts, split
from tests.shoppers.planner.checker import broken_rules
from tests.shoppers.planner.editions import edition

SAMPLE = edition(6, n_participants=60, n_shoppers=120, n_classes=12, relations=0.02)


def test_parts_hold_whole_classes_and_everybody_once() -> None:
    parts = split(SAMPLE, 3)
    classes = [{p.award_class for p in part.participants} for part in parts]
    assert set.union(*classes) == {p.award_class for p in SAMPLE.participants}
    assert sum(map(len, classes)) == 12
    assert sorted(s.code for part in parts for s in part.shoppers) == sorted(s.code for s in SAMPLE.shoppers)
    assert [len(part.shoppers) for part in parts] == [40, 40, 40]


def test_every_parts_pool_mirrors_the_whole() -> None:
    women = [sum(1 for s in part.shoppers if s.gender == "female") for part in split(SAMPLE, 4)]
    assert max(women) - min(women) <= 1


def test_the_plan_of_the_parts_keeps_every_rule() -> None:
    plan = solve_in_parts(SAMPLE, 3, moves=50_000)
    assert broken_rules(SAMPLE, plan.contacts) == []
    assert plan.figure("load_spread").value <= 2
    assert plan == solve_in_parts(SAMPLE, 3, moves=50_000)


def test_a_national_edition_is_one_part() -> None:
    assert part_count(edition(1, n_participants=190, n_shoppers=88, n_classes=24)) == 1
    assert part_count(SAMPLE) == 1


def test_a_begun_edition_is_not_planned_in_parts() -> None:
    made = PlannedContact("p000", "s000", "telephone", SAMPLE.days[0], "09-11", "k")
    with pytest.raises(ValueError, match="begun"):
        solve_in_parts(replace(SAMPLE, fixed=(made,)), 2)
