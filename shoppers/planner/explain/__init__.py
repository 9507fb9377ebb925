"""Why there is no plan: reasons with numbers, each with the smallest change that removes it.

The reasons come from the optimiser. Meetings that no limit could make possible are what even the elastic flow
leaves over; too little capacity is what it must add, and the smallest cut of the strict flow names who competes
for what; what is wrong with the dates is what the timetable leaves over. Each mend is carried out before the next
reason is looked for, so all of them together always make the problem solvable; in the end a mend that turns out
not to be needed is dropped.
"""

from __future__ import annotations

from dataclasses import replace
from statistics import median_low

from shoppers.planner.explain.input import (
    contradictions,
    is_sound,
    left_without_contacts,
    left_without_windows,
    period,
)
from shoppers.planner.explain.people import capacity, lacking
from shoppers.planner.explain.reasons import DEFAULT_PER_WEEK, free_codes
from shoppers.planner.explain.timing import SEED, timing
from shoppers.planner.flow import match
from shoppers.planner.indexed import Indexed, index_problem
from shoppers.planner.mend import mended, unique_mends
from shoppers.planner.schedule import scheduled
from shoppers.planner.types import Mend, MendKind, PlanningProblem, Reason

__all__ = ["SEED", "explain", "is_sound"]

ROUNDS = 12
MOST_TO_PROVE = 6
"""Mends up to which each one is tried without."""


def explain(problem: PlanningProblem) -> tuple[Reason, ...]:
    """The reasons why there is no plan; empty when there is one.

    `mended(problem, explain(problem))` has a plan, unless the input contradicts itself: then the reasons say where.
    """
    wrong = contradictions(problem)
    if wrong:
        return wrong
    reasons: tuple[Reason, ...] = ()
    current = problem
    for _ in range(ROUNDS):
        found = _next_reasons(current)
        if not found:
            break
        reasons += found
        current = mended(current, found)
    return _needed_only(problem, reasons)


def _next_reasons(problem: PlanningProblem) -> tuple[Reason, ...]:
    for look in (left_without_contacts, left_without_windows, period, _meetings):
        found = look(problem)
        if found:
            return found
    return ()


def _needed_only(problem: PlanningProblem, reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    mends = unique_mends(reasons)
    if not 1 < len(mends) <= MOST_TO_PROVE:
        return reasons
    for mend in mends:
        others = tuple(reason for reason in reasons if reason.mend != mend)
        if others and not _next_reasons(mended(problem, others)):
            reasons = others
    return reasons


def _meetings(problem: PlanningProblem) -> tuple[Reason, ...]:
    indexed = index_problem(problem)
    matching = match(indexed)
    if matching.is_complete:
        return timing(problem, indexed, scheduled(indexed, matching.meetings, SEED))
    found = lacking(indexed, matching)
    short = capacity(indexed, matching)
    if found or len(short) != 1:
        return found + short
    return (_with_alternative(problem, indexed, short[0]),)


def _with_alternative(problem: PlanningProblem, indexed: Indexed, reason: Reason) -> Reason:
    """The reason with the fewest new shoppers of a usual load that would do instead, where that is shown to help."""
    usual = median_low([max(1, shopper.max_contacts) for shopper in indexed.people])
    short = reason.number("short")
    count = -(-short // min(usual, len(indexed.participants)))
    more = Mend(
        MendKind.ADD_SHOPPERS,
        count=count,
        channels=reason.channels,
        participants=reason.participants,
        codes=free_codes(indexed, count),
        max_contacts=min(usual, len(indexed.participants)),
        max_per_week=max(DEFAULT_PER_WEEK, -(-2 * usual // max(1, len(indexed.calendar.weeks)))),
    )
    if _next_reasons(mended(problem, (replace(reason, mend=more),))):
        return reason
    return replace(reason, alternative=more)
