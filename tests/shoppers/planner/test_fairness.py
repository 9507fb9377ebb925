"""The figures by hand: small plans whose numbers and bounds can be counted on paper."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoppers.planner import Figure, PlannedContact, PlanningProblem, measure
from shoppers.planner.fairness import even_load, load_limits
from tests.shoppers.planner.editions import participant, problem, shopper, shoppers

MONDAY = dt.date(2022, 1, 3)


def contact(to: str, person: str, day: int = 0, channel: str = "telephone", window: str = "09-11") -> PlannedContact:
    return PlannedContact(to, person, channel, MONDAY + dt.timedelta(days=day), window)


def figures(sample: PlanningProblem, *contacts: PlannedContact) -> dict[str, Figure]:
    return {figure.name: figure for figure in measure(sample, contacts)}


def figure(sample: PlanningProblem, name: str, *contacts: PlannedContact) -> tuple[Fraction | int, Fraction | int]:
    found = figures(sample, *contacts)[name]
    return found.value, found.bound


@pytest.mark.parametrize(
    ("limits", "total", "expected"),
    [
        ([9, 9, 9], 9, (3, 3)),
        ([9, 9, 9], 10, (3, 4)),
        ([1, 9, 9], 9, (4, 4)),
        ([1, 2, 9, 9], 10, (3, 4)),
        ([0, 9], 5, (5, 5)),
        ([2, 2], 4, (2, 2)),
        ([], 0, (0, 0)),
    ],
)
def test_the_even_load_lets_small_limits_fill_up_first(
    limits: list[int], total: int, expected: tuple[int, int]
) -> None:
    assert even_load({str(number): limit for number, limit in enumerate(limits)}, total) == expected


@given(st.lists(st.integers(0, 30), min_size=1, max_size=12), st.data())
def test_the_even_load_holds_all_contacts(limits: list[int], data: st.DataObject) -> None:
    total = data.draw(st.integers(0, sum(limits)))
    low, high = even_load({str(number): limit for number, limit in enumerate(limits)}, total)
    assert high - low <= 1
    assert sum(min(limit, low) for limit in limits) <= total <= sum(min(limit, high) for limit in limits)


def test_a_limit_is_what_relations_channels_and_weeks_leave() -> None:
    people = (
        shopper("s1", max_contacts=9),
        shopper("s2", max_per_week=1),
        shopper("s3", channels=frozenset({"chat"})),
        shopper("s4", max_contacts=1),
    )
    rivals = tuple(participant(f"p{n}", telephone=1) for n in range(5))
    sample = problem(rivals, people, excluded=(("s1", "p0"),), weeks=2)
    assert load_limits(sample) == {"s1": 4, "s2": 2, "s3": 0, "s4": 1}


def test_load_spread_looks_only_at_those_whose_limits_allow_the_even_load() -> None:
    rivals = tuple(participant(f"p{n}", telephone=1) for n in range(5))
    sample = problem(rivals, (shopper("s1", max_contacts=1), shopper("s2"), shopper("s3")))
    even = [contact("p0", "s1"), contact("p1", "s2"), contact("p2", "s2"), contact("p3", "s3"), contact("p4", "s3")]
    assert figure(sample, "load_spread", *even) == (0, 0)
    uneven = [*even[:3], contact("p3", "s2"), even[4]]
    assert figure(sample, "load_spread", *uneven) == (2, 0)


def test_weeks_are_compared_where_they_are_full() -> None:
    # 3 January to 22 April 2022: fourteen full weeks, then Easter week with three days and the week after with four
    sample = problem((participant(telephone=14),), shoppers(14), weeks=16)
    weekly = [contact("p1", f"s{n + 1:02}", 7 * n) for n in range(14)]
    assert figure(sample, "participant_weeks", *weekly) == (0, 0)
    doubled = [*weekly[:-1], contact("p1", "s14", 1)]
    assert figure(sample, "participant_weeks", *doubled) == (2, 1)


@pytest.mark.parametrize(("contacts", "expected"), [(5, (5, 0)), (4, (4, 0))])
def test_a_share_that_divides_evenly_rounded_up_or_down_needs_no_difference(
    contacts: int, expected: tuple[int, int]
) -> None:
    # Two full weeks and a Monday. Of five contacts 4.5 belong to the weeks, of four 3.6: two in each will do.
    sample = problem((participant(telephone=contacts),), shoppers(contacts), weeks=3)
    sample = replace(sample, days=sample.days[:11])
    first_week = [contact("p1", f"s{n + 1:02}", n % 5) for n in range(contacts)]
    assert figure(sample, "participant_weeks", *first_week) == expected


def test_blocks_are_compared_across_week_ends() -> None:
    sample = problem((participant(telephone=3),), shoppers(3), starts_on=dt.date(2022, 1, 5), weeks=3)
    contacts = [contact("p1", "s01", 2), contact("p1", "s02", 7), contact("p1", "s03", 9)]
    # thirteen working days: two blocks and three days; one contact in each would have been possible
    assert figure(sample, "participant_blocks", *contacts) == (1, 0)


def test_a_shopper_is_judged_only_on_weeks_of_the_availability() -> None:
    rivals = tuple(participant(f"p{n}", telephone=1) for n in range(4))
    people = (shopper("s1", available_from=dt.date(2022, 1, 10)), shopper("s2"))
    sample = problem(rivals, people, weeks=3)
    contacts = [contact("p0", "s1", 7), contact("p1", "s1", 14), contact("p2", "s2", 0), contact("p3", "s2", 14)]
    assert figure(sample, "shopper_weeks", *contacts) == (1, 1)
    assert figure(sample, "shopper_days", *contacts) == (1, 1)


def test_mix_is_the_distance_to_the_pools_share() -> None:
    people = (
        shopper("s1", gender="female"),
        shopper("s2", gender="female"),
        shopper("s3", gender="male"),
        shopper("s4"),
    )
    sample = problem((participant("p1", telephone=2), participant("p2", telephone=2)), people)
    # expected of two: 1 woman and ½ man; p1 gets 2 and 0 (1½ off), p2 gets 0 and 1 (1½ off)
    contacts = [contact("p1", "s1"), contact("p1", "s2", 1), contact("p2", "s3"), contact("p2", "s4", 1)]
    assert figures(sample, *contacts)["mix_gender"].value == Fraction(3, 2)
    # best: one woman each, and the man at one of them: ½ off at both
    better = [contact("p1", "s1"), contact("p1", "s3", 1), contact("p2", "s2"), contact("p2", "s4", 1)]
    assert figure(sample, "mix_gender", *better) == (Fraction(1, 2), Fraction(1, 2))
    assert figure(sample, "mix_off_by_one", *contacts) == (2, 0)
    assert figure(sample, "mix_off_by_one", *better) == (0, 0)


def test_with_even_loads_the_mix_bound_is_twice_f_times_one_minus_f() -> None:
    # 10 participants × 5 contacts by 10 shoppers: 5 each; 3 of 10 are men, so 1½ per participant: f = ½ for both
    rivals = tuple(participant(f"p{n}", telephone=5) for n in range(10))
    people = tuple(shopper(f"s{n}", gender="male" if n < 3 else "female") for n in range(10))
    contacts = [contact(f"p{p}", f"s{(p + k) % 10}", k) for p in range(10) for k in range(5)]
    assert figures(problem(rivals, people), *contacts)["mix_gender"].bound == 2 * (2 * Fraction(1, 2) * Fraction(1, 2))


def test_shared_shoppers_are_counted_per_pair_of_rivals() -> None:
    rivals = (participant("p1"), participant("p2"), participant("p3", award_class="c2"))
    sample = problem(rivals, shoppers(6), excluded=(("s06", "p1"),))
    one = [contact("p1", f"s0{n}", n - 1) for n in range(1, 5)]
    two = [contact("p2", f"s0{n}", n - 1) for n in (2, 3, 4, 6)]
    three = [contact("p3", f"s0{n}", n - 1) for n in range(1, 5)]
    assert figure(sample, "shared_shoppers", *one, *two, *three) == (3, 4)


def test_the_ceiling_on_shared_shoppers_knows_relations_and_channels() -> None:
    rivals = (participant("p1", telephone=2), participant("p2", telephone=2))
    people = (shopper("s1"), shopper("s2"), shopper("s3"), shopper("s4", channels=frozenset({"email"})))
    sample = problem(rivals, people, excluded=(("s2", "p1"), ("s3", "p2")))
    contacts = [contact("p1", "s1"), contact("p1", "s3", 1), contact("p2", "s1", 1), contact("p2", "s2")]
    assert figure(sample, "shared_shoppers", *contacts) == (1, 1)


def test_weekdays_and_windows_are_counted_per_participant_and_channel() -> None:
    sample = problem((participant(telephone=3, email=1),), shoppers(4))
    contacts = [
        contact("p1", "s01", 0),
        contact("p1", "s02", 7),
        contact("p1", "s03", 1, window="11-13"),
        contact("p1", "s04", 2, "email"),
    ]
    assert figure(sample, "weekdays", *contacts) == (2, 1)
    assert figure(sample, "windows", *contacts) == (2, 0)


def test_an_empty_plan_has_figures_too() -> None:
    assert {(f.value, f.bound) for f in measure(problem((), ()), ())} == {(0, 0)}
