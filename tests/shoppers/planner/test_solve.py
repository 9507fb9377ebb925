"""A plan keeps every hard rule, comes near every bound, and is the same every time."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from shoppers.planner import (
    Infeasible,
    PlannedContact,
    PlanningProblem,
    Reason,
    ReasonKind,
    check_plan,
    explain,
    iso_week,
    mended,
    solve,
)
from tests.shoppers.planner.checker import broken_rules
from tests.shoppers.planner.editions import (
    edition,
    participant,
    possible_problems,
    problem,
    shopper,
    shoppers,
    small_problems,
)

RANDOM = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


def reasons_against(edition: PlanningProblem) -> tuple[Reason, ...]:
    """Why the planner refuses the edition; empty when it does not."""
    try:
        solve(edition, moves=2_000)
    except Infeasible as refusal:
        return refusal.reasons
    return ()


@RANDOM
@given(possible_problems())
def test_whatever_is_possible_is_planned(edition: PlanningProblem) -> None:
    assert broken_rules(edition, solve(edition, moves=2_000).contacts) == []


@RANDOM
@given(small_problems())
def test_whatever_is_impossible_is_explained_and_the_mend_makes_it_possible(edition: PlanningProblem) -> None:
    reasons = reasons_against(edition)
    better = mended(edition, reasons)
    assert broken_rules(better, solve(better, moves=2_000).contacts) == []
    assert explain(edition) == reasons


@pytest.mark.parametrize(
    ("n_participants", "n_shoppers", "relations", "max_contacts"),
    [(190, 88, 0.1, 60), (190, 60, 0.2, 90), (30, 32, 0.05, 28)],
)
def test_editions_of_real_size_keep_every_rule(
    n_participants: int, n_shoppers: int, relations: float, max_contacts: int
) -> None:
    sample = edition(
        4,
        n_participants=n_participants,
        n_shoppers=n_shoppers,
        n_classes=max(2, n_participants // 8),
        relations=relations,
        max_contacts=max_contacts,
    )
    plan = solve(sample, moves=100_000, seconds=60)
    assert broken_rules(sample, plan.contacts) == []
    assert check_plan(sample, plan.contacts) == ()


def test_fairness_comes_near_its_bounds() -> None:
    sample = edition(7, n_participants=40, n_shoppers=40, n_classes=5, max_contacts=40)
    plan = solve(sample, moves=1_500_000, seconds=60)
    assert plan.figure("load_spread").gap == 0
    assert plan.figure("participant_weeks").value <= 1
    assert plan.figure("participant_blocks").value <= 1
    assert plan.figure("windows").gap == 0
    for name in ("mix_gender", "mix_age", "mix_region"):
        figure = plan.figure(name)
        assert figure.value <= figure.bound * 2 + 1
    assert plan.figure("shared_shoppers").value >= plan.figure("shared_shoppers").bound * 0.75


def test_the_same_input_and_seed_give_the_same_plan_in_whatever_order_the_rows_come() -> None:
    sample = edition(3, n_participants=12, n_shoppers=40, n_classes=3, relations=0.05)
    shuffled = replace(sample, participants=sample.participants[::-1], shoppers=sample.shoppers[::-1])
    first, second = solve(sample, moves=30_000), solve(shuffled, moves=30_000)
    assert first.contacts == second.contacts
    assert first.input_digest == second.input_digest
    assert first.contacts != solve(sample, seed=2, moves=30_000).contacts


def test_a_changed_row_changes_the_digest() -> None:
    sample = problem((participant(),), shoppers(6))
    changed = replace(sample, shoppers=(*sample.shoppers[:-1], replace(sample.shoppers[-1], max_contacts=7)))
    assert solve(sample).input_digest != solve(changed).input_digest


def test_a_tiny_edition_of_two_classes_is_planned() -> None:
    rivals = tuple(participant(f"p{n}", telephone=2, email=2, award_class=f"c{n % 2}") for n in range(5))
    sample = problem(rivals, shoppers(6, max_contacts=5))
    assert broken_rules(sample, solve(sample).contacts) == []


def test_an_edition_without_participants_has_an_empty_plan() -> None:
    assert solve(problem((), shoppers(3))).contacts == ()


def test_an_edition_without_shoppers_is_explained() -> None:
    with pytest.raises(Infeasible) as refusal:
        solve(problem((participant(),), ()))
    assert [reason.kind for reason in refusal.value.reasons] == [ReasonKind.NO_SHOPPER_FOR_CHANNEL]


def test_weekly_limits_hold_even_when_every_week_must_be_full() -> None:
    # 6 participants × 4 contacts = 24 = 4 shoppers × 2 weeks × 3 a week
    rivals = tuple(participant(f"p{n}") for n in range(6))
    sample = problem(rivals, shoppers(4, max_contacts=6, max_per_week=3), weeks=2)
    plan = solve(sample)
    assert broken_rules(sample, plan.contacts) == []
    weeks = [(contact.shopper, iso_week(contact.day)) for contact in plan.contacts]
    assert {weeks.count(entry) for entry in weeks} == {3}


def test_shoppers_who_are_never_there_together_still_fill_every_day() -> None:
    # five contacts in five days, each shopper there on one day only
    monday = dt.date(2022, 1, 10)
    days = [monday + dt.timedelta(days=n) for n in range(5)]
    people = tuple(shopper(f"s{n}", available_from=day, available_to=day) for n, day in enumerate(days))
    sample = problem((participant(telephone=5),), people, starts_on=monday, weeks=1)
    plan = solve(sample)
    assert [contact.day for contact in plan.contacts] == days
    assert [contact.shopper for contact in plan.contacts] == [f"s{n}" for n in range(5)]


def test_fixed_contacts_stay_and_count_against_every_limit() -> None:
    made = PlannedContact("p1", "s01", "telephone", dt.date(2022, 1, 3), "09-11", "k1")
    sample = replace(problem((participant(),), shoppers(4, max_contacts=1)), fixed=(made,))
    plan = solve(sample)
    assert made in plan.contacts
    assert broken_rules(replace(sample, fixed=()), plan.contacts) == []


def test_contacts_made_on_a_channel_that_has_closed_count_towards_the_total() -> None:
    made = tuple(PlannedContact("p1", f"s0{n}", "chat", dt.date(2022, 1, 3 + n), "09-11", f"k{n}") for n in range(1, 3))
    sample = replace(problem((participant(telephone=3, email=2),), shoppers(6)), fixed=made)
    plan = solve(sample)
    assert check_plan(sample, plan.contacts) == ()
    channels = [contact.channel for contact in plan.contacts]
    assert (channels.count("chat"), channels.count("telephone"), channels.count("email")) == (2, 2, 1)


def test_people_about_whom_nothing_is_known_disturb_no_figure() -> None:
    sample = problem((participant("p1"), participant("p2")), shoppers(6))
    plan = solve(sample)
    assert [plan.figure(name).value for name in ("mix_gender", "mix_age", "mix_region", "mix_off_by_one")] == [0] * 4


def test_progress_is_told_and_a_stop_by_the_clock_is_recorded() -> None:
    sample = edition(3, n_participants=12, n_shoppers=40, n_classes=3, relations=0.05)
    told: list[tuple[str, int, int]] = []
    plan = solve(sample, seconds=0.0, progress=lambda stage, done, total: told.append((stage, done, total)))
    assert plan.stopped_by_clock
    assert broken_rules(sample, plan.contacts) == []
    assert [stage for stage, *_ in dict.fromkeys(told)][-1] == "polish"


def test_figures_never_pass_their_bounds() -> None:
    sample = edition(9, n_participants=20, n_shoppers=40, n_classes=3)
    plan = solve(sample, moves=100_000)
    assert all(figure.gap >= 0 for figure in plan.figures)
    assert plan.objective == tuple(figure.gap for figure in plan.figures)
