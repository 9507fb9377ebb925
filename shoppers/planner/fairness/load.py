"""How evenly the work is shared among shoppers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from shoppers.planner.calendar import iso_week
from shoppers.planner.fairness.figures import Contacts, figure_of
from shoppers.planner.types import Figure, PlanningProblem


def load_spread(problem: PlanningProblem, contacts: Contacts) -> Figure:
    """Most minus fewest contacts among shoppers whose limits allow the even load.

    Bound: what is left for them when the others are at their limits divides evenly (0) or not (1).
    """
    limits = load_limits(problem)
    load = Counter(contact.shopper for contact in contacts if contact.shopper in limits)
    low, high = even_load(limits, sum(load.values()))
    free = [load[code] for code, limit in limits.items() if limit >= high]
    value = max(free) - min(free) if free else 0
    return figure_of("load_spread", value, min(value, high - low))


def load_limits(problem: PlanningProblem) -> dict[str, int]:
    """The most contacts each shopper could possibly make: by limit, weeks, relations and channels."""
    reach = _reach(problem)
    weeks_open = _weeks_open(problem)
    limits = {}
    for shopper in problem.shoppers:
        in_time = shopper.max_per_week * weeks_open[shopper.code]
        limits[shopper.code] = max(0, min(shopper.max_contacts, in_time, reach[shopper.code]))
    for code, done in Counter(contact.shopper for contact in problem.fixed).items():
        if code in limits:
            limits[code] = max(limits[code], done)
    return limits


def _reach(problem: PlanningProblem) -> dict[str, int]:
    """How many participants each shopper may meet and has a channel for."""
    used = {p.code: frozenset(c for c, n in p.contacts if n) for p in problem.participants}
    patterns = Counter(used.values())
    related: defaultdict[str, list[str]] = defaultdict(list)
    for code, participant in problem.excluded:
        if participant in used:
            related[code].append(participant)
    return {
        shopper.code: sum(number for channels, number in patterns.items() if channels & shopper.channels)
        - sum(1 for participant in related[shopper.code] if used[participant] & shopper.channels)
        for shopper in problem.shoppers
    }


def _weeks_open(problem: PlanningProblem) -> dict[str, int]:
    week_of = {day: iso_week(day) for day in problem.days}
    return {
        shopper.code: len({week for day, week in week_of.items() if shopper.is_available(day)})
        for shopper in problem.shoppers
    }


def even_load(limits: Mapping[str, int], total: int) -> tuple[int, int]:
    """Floor and ceiling of the even load: those below it are at their limit and the rest share what is left."""
    ordered = sorted(limits.values())
    left = total
    for position, limit in enumerate(ordered):
        sharers = len(ordered) - position
        if limit * sharers >= left:
            return left // sharers, -(-left // sharers)
        left -= limit
    return (ordered[-1], ordered[-1]) if ordered else (0, 0)
