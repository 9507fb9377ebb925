"""How well each participant's shoppers mirror the pool."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from itertools import pairwise
from math import floor

from shoppers.planner.fairness.figures import Contacts, figure_of
from shoppers.planner.fairness.load import even_load, load_limits
from shoppers.planner.types import Figure, PlanningProblem, ShopperCapacity

GroupOf = Callable[[ShopperCapacity], str]


def mix_gender(problem: PlanningProblem, contacts: Contacts) -> Figure:
    """Mean over participants of Σ over genders |contacts − share of the pool|."""
    return _mix("mix_gender", problem, contacts, _gender)


def mix_age(problem: PlanningProblem, contacts: Contacts) -> Figure:
    """The same for age groups."""
    return _mix("mix_age", problem, contacts, _age_group)


def mix_region(problem: PlanningProblem, contacts: Contacts) -> Figure:
    """The same for regions."""
    return _mix("mix_region", problem, contacts, _region)


def mix_off_by_one(problem: PlanningProblem, contacts: Contacts) -> Figure:
    """Number of (participant, group) that are off the pool's share by one shopper or more. Bound: 0."""
    value = 0
    for group_of in group_functions():
        shares = pool_shares(problem, group_of)
        for expected, found in _mix_counts(problem, contacts, group_of):
            value += sum(1 for group, share in shares.items() if abs(found[group] - share * expected) >= 1)
    return figure_of("mix_off_by_one", value, 0)


def group_functions() -> tuple[GroupOf, ...]:
    """The three groupings that are mirrored."""
    return _gender, _age_group, _region


def _gender(shopper: ShopperCapacity) -> str:
    return shopper.gender


def _age_group(shopper: ShopperCapacity) -> str:
    return shopper.age_group


def _region(shopper: ShopperCapacity) -> str:
    return shopper.region


def pool_shares(problem: PlanningProblem, group_of: GroupOf) -> dict[str, Fraction]:
    """Each known group's share of all shoppers; shoppers whose group is not known count in the whole only."""
    size = Counter(group_of(shopper) for shopper in problem.shoppers)
    return {name: Fraction(size[name], len(problem.shoppers)) for name in sorted(size) if name}


def _mix_counts(problem: PlanningProblem, contacts: Contacts, group_of: GroupOf) -> Iterable[tuple[int, Counter[str]]]:
    """Per participant: its contacts, and how many shoppers of each group made them."""
    groups = {shopper.code: group_of(shopper) for shopper in problem.shoppers}
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for contact in contacts:
        found[contact.participant][groups.get(contact.shopper, "")] += 1
    for participant in problem.participants:
        mine = found[participant.code]
        yield sum(mine.values()), mine


def _mix(name: str, problem: PlanningProblem, contacts: Contacts, group_of: GroupOf) -> Figure:
    shares = pool_shares(problem, group_of)
    n = len(problem.participants)
    if not shares or not n:
        return figure_of(name, 0, 0)
    value = Fraction(0)
    sizes: Counter[int] = Counter()
    for expected, mine in _mix_counts(problem, contacts, group_of):
        sizes[expected] += 1
        value += sum((abs(mine[group] - share * expected) for group, share in shares.items()), Fraction(0))
    bound = _least_mix(problem, contacts, group_of, shares, sizes)
    return figure_of(name, value / n, min(value, bound) / n)


def _least_mix(
    problem: PlanningProblem,
    contacts: Contacts,
    group_of: GroupOf,
    shares: Mapping[str, Fraction],
    sizes: Mapping[int, int],
) -> Fraction:
    """The smallest total deviation that the loads leave possible.

    A group's contacts over all participants are the sum of its shoppers' loads. Given that sum, the total of
    |count − expected| is least when every count is the floor or the ceiling of what is expected, and the number
    of ceilings follows from the sum. With loads at the floor or ceiling of the even load, each sum lies in a range,
    and the sums add up to all contacts: unit by unit, the group that gains most (or loses least) gets the next
    contact, which is exact because the totals are convex in the sums.
    """
    limits = load_limits(problem)
    load = Counter(contact.shopper for contact in contacts)
    low, high = even_load(limits, sum(load[code] for code in limits))
    ranges: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for shopper in problem.shoppers:
        mine = load[shopper.code]
        least, most = min(low, limits[shopper.code], mine), max(min(high, limits[shopper.code]), mine)
        ranges[group_of(shopper)][0] += least
        ranges[group_of(shopper)][1] += most
    strangers = sum(load.values()) - sum(load[code] for code in limits)
    slopes: list[Fraction] = []
    total = Fraction(0)
    left = sum(load.values()) - strangers
    for group, (least, most) in ranges.items():
        left -= least
        share = shares.get(group)
        if share is None:
            slopes.extend([Fraction(0)] * (most - least))
            continue
        total += _deviation_at(least, share, sizes)
        steps = [_deviation_at(units, share, sizes) for units in range(least, most + 1)]
        slopes.extend(after - before for before, after in pairwise(steps))
    return total + sum(sorted(slopes)[: max(0, left)], Fraction(0))


def _deviation_at(units: int, share: Fraction, sizes: Mapping[int, int]) -> Fraction:
    """Least Σ |count − share · size| over participants when the counts add up to `units`."""
    slots: list[tuple[Fraction, int]] = []
    total = Fraction(0)
    given = 0
    for size, number in sizes.items():
        expected = share * size
        base = floor(expected)
        given += base * number
        total += number * (expected - base)
        if expected != base:
            slots.append((1 - 2 * (expected - base), number))
    extra = units - given
    if extra < 0:
        return total - extra
    for slope, number in sorted(slots):
        step = min(extra, number)
        total += slope * step
        extra -= step
    return total + extra
