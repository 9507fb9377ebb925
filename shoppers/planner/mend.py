"""Carrying out what an explanation proposes, so that a proposal can be proven to help."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from shoppers.planner.calendar import next_working_days
from shoppers.planner.types import Mend, MendKind, PlanningProblem, Reason, ShopperCapacity
from surveys.engine.words import WINDOWS

SOME_MONDAY = date(2024, 1, 1)
"""Where days are added to a period that has none and nothing else names a date."""


def mended(problem: PlanningProblem, reasons: Iterable[Reason]) -> PlanningProblem:
    """The problem with the mend of every reason carried out, each once. CORRECT_INPUT changes nothing."""
    for mend in unique_mends(reasons):
        problem = _carried_out(problem, mend)
    return problem


def unique_mends(reasons: Iterable[Reason]) -> tuple[Mend, ...]:
    """The mends of the reasons, in order, each once."""
    return tuple(dict.fromkeys(reason.mend for reason in reasons if reason.mend is not None))


def _carried_out(problem: PlanningProblem, mend: Mend) -> PlanningProblem:
    match mend.kind:
        case MendKind.ADD_SHOPPERS:
            return replace(problem, shoppers=problem.shoppers + _new_shoppers(mend))
        case MendKind.RAISE_LIMITS:
            return replace(problem, shoppers=_raised(problem, mend))
        case MendKind.ADD_DAYS:
            last = max(problem.days) if problem.days else _some_date(problem)
            return replace(problem, days=problem.days + next_working_days(last, mend.count))
        case MendKind.OPEN_WINDOWS:
            participants = tuple(
                replace(p, windows=WINDOWS) if p.code in mend.participants else p for p in problem.participants
            )
            return replace(problem, participants=participants)
        case MendKind.LEAVE_OUT:
            return replace(
                problem, participants=tuple(p for p in problem.participants if p.code not in mend.participants)
            )
        case MendKind.CORRECT_INPUT:
            return problem


def _new_shoppers(mend: Mend) -> tuple[ShopperCapacity, ...]:
    return tuple(
        ShopperCapacity(code, frozenset(mend.channels), mend.max_contacts, mend.max_per_week) for code in mend.codes
    )


def _raised(problem: PlanningProblem, mend: Mend) -> tuple[ShopperCapacity, ...]:
    new = {limits.shopper: limits for limits in mend.limits}
    return tuple(
        replace(s, max_contacts=new[s.code].max_contacts, max_per_week=new[s.code].max_per_week) if s.code in new else s
        for s in problem.shoppers
    )


def _some_date(problem: PlanningProblem) -> date:
    starts = [shopper.available_from for shopper in problem.shoppers if shopper.available_from is not None]
    return max([*starts, *(contact.day for contact in problem.fixed)], default=SOME_MONDAY)
