"""How evenly contacts are spread over weeks, blocks, days, weekdays and windows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from math import ceil, floor

from shoppers.planner.calendar import FULL_WEEK, blocks, full_weeks, iso_week, open_windows
from shoppers.planner.fairness.figures import Contacts, figure_of
from shoppers.planner.types import Figure, PlannedContact, PlanningProblem

Periods = tuple[frozenset[date], ...]


def participant_weeks(problem: PlanningProblem, contacts: Contacts) -> Figure:
    """Largest difference between two full ISO weeks in contacts at one participant.

    Bound: 0 where a proportional share of the contacts can be the same in every full week, else 1.
    """
    return _spread_over("participant_weeks", problem, contacts, _by_participant, _week_sets(problem))


def participant_blocks(problem: PlanningProblem, contacts: Contacts) -> Figure:
    """The same between blocks of five working days, whether or not they are ISO weeks."""
    return _spread_over("participant_blocks", problem, contacts, _by_participant, _block_sets(problem))


def shopper_weeks(problem: PlanningProblem, contacts: Contacts) -> Figure:
    """Largest difference between two full ISO weeks, both inside the availability, in one shopper's contacts."""
    return _spread_over("shopper_weeks", problem, contacts, _by_shopper, _week_sets(problem))


def shopper_blocks(problem: PlanningProblem, contacts: Contacts) -> Figure:
    """The same between blocks of five working days."""
    return _spread_over("shopper_blocks", problem, contacts, _by_shopper, _block_sets(problem))


def shopper_days(problem: PlanningProblem, contacts: Contacts) -> Figure:
    """Most contacts one shopper has on one day. Bound: the largest load over the days of the availability."""
    days = Counter((contact.shopper, contact.day) for contact in contacts)
    load = Counter(contact.shopper for contact in contacts)
    value = max(days.values(), default=0)
    bound = 0
    for shopper in problem.shoppers:
        mine = {day for day in problem.days if shopper.is_available(day)}
        if load[shopper.code]:
            bound = max(bound, -(-load[shopper.code] // max(1, len(mine))))
    return figure_of("shopper_days", value, min(value, bound))


def weekdays(problem: PlanningProblem, contacts: Contacts) -> Figure:
    """Largest difference between weekdays in contacts at one participant on one channel.

    Bound: 1 where some participant's contacts on a channel do not divide by the weekdays of the period, else 0.
    """
    used = sorted({day.weekday() for day in problem.days})
    counts = Counter((c.participant, c.channel, c.day.weekday()) for c in contacts)
    value = bound = 0
    for (participant, channel), number in Counter((c.participant, c.channel) for c in contacts).items():
        mine = [counts[participant, channel, weekday] for weekday in used]
        value = max(value, max(mine, default=0) - min(mine, default=0))
        bound = max(bound, int(number % max(1, len(used)) > 0))
    return figure_of("weekdays", value, min(value, bound))


def windows(problem: PlanningProblem, contacts: Contacts) -> Figure:
    """Largest difference between the open windows in contacts at one participant on one channel. Bound as above."""
    participants = {participant.code: participant for participant in problem.participants}
    counts = Counter((c.participant, c.channel, c.window) for c in contacts)
    value = bound = 0
    for (code, channel), number in Counter((c.participant, c.channel) for c in contacts).items():
        choice = open_windows(channel, participants[code].windows) if code in participants else ()
        mine = [counts[code, channel, window] for window in choice]
        value = max(value, max(mine, default=0) - min(mine, default=0))
        bound = max(bound, int(number % max(1, len(choice)) > 0))
    return figure_of("windows", value, min(value, bound))


def _week_sets(problem: PlanningProblem) -> Periods:
    whole = full_weeks(problem.days)
    return tuple(frozenset(day for day in problem.days if iso_week(day) == week) for week in whole)


def _block_sets(problem: PlanningProblem) -> Periods:
    return tuple(frozenset(block) for block in blocks(problem.days) if len(block) == FULL_WEEK)


def _by_participant(contact: PlannedContact) -> tuple[str, None]:
    return contact.participant, None


def _by_shopper(contact: PlannedContact) -> tuple[str, str]:
    return contact.shopper, contact.shopper


def _spread_over(
    name: str,
    problem: PlanningProblem,
    contacts: Contacts,
    owner_of: Callable[[PlannedContact], tuple[str, str | None]],
    periods: Periods,
) -> Figure:
    shoppers = {shopper.code: shopper for shopper in problem.shoppers}
    grouped: defaultdict[tuple[str, str | None], list[date]] = defaultdict(list)
    for contact in contacts:
        grouped[owner_of(contact)].append(contact.day)
    value = bound = 0
    for (_, shopper), mine in grouped.items():
        person = shoppers.get(shopper) if shopper else None
        if shopper and person is None:
            continue
        open_days = [day for day in problem.days if person is None or person.is_available(day)]
        known = frozenset(open_days)
        usable = [period for period in periods if period <= known]
        if len(usable) < 2:
            continue
        in_day = Counter(mine)
        counts = [sum(in_day[day] for day in period) for period in usable]
        value = max(value, max(counts) - min(counts))
        bound = max(bound, _least_spread(len(mine), len(usable), len(open_days)))
    return figure_of(name, value, min(value, bound))


def _least_spread(contacts: int, periods: int, days: int) -> int:
    """0 where the periods' proportional share of the contacts, rounded either way, divides evenly, else 1."""
    share = Fraction(contacts * periods * FULL_WEEK, days)
    return int(all(total % periods for total in {floor(share), ceil(share)}))
