"""Where one contact could be moved, and who could take it over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from shoppers import planner
from shoppers.models import Shopper
from shoppers.queries.planning import plan_basis
from shoppers.queries.refusals import why_refused
from surveys.models import Contact, Edition

MOST_SUBSTITUTES = 12
"""So many suggestions are shown: the best ones, on one screen."""


class ContactStands(Exception):
    """The contact is made, begun, or in a week that has begun; it cannot be moved."""


@dataclass(frozen=True)
class DayChoice:
    """A working day, and why the contact cannot be there; empty where it can."""

    day: dt.date
    week: str
    why_not: str
    is_current: bool


@dataclass(frozen=True)
class SubstituteChoice:
    """Somebody who could take the contact over, with what speaks for and against.

    `mix` tells whether the participant's shoppers would mirror the pool better or worse; empty where it is the same.
    """

    code: str
    name: str
    load: int
    week_load: int
    same_day: int
    shared_rivals: int
    mix: str


@dataclass(frozen=True)
class Placing:
    """One contact that can still be moved, with every place it could have."""

    current: planner.PlannedContact
    windows: tuple[str, ...]
    days: tuple[DayChoice, ...]
    substitutes: tuple[SubstituteChoice, ...]


@dataclass(frozen=True)
class Surroundings:
    """The plan around one open contact, as the planner sees it."""

    problem: planner.PlanningProblem
    current: planner.PlannedContact
    others: tuple[planner.PlannedContact, ...]

    def refusal(self, wanted: planner.PlannedContact) -> str:
        """Why the contact cannot stand as wanted, in words; empty where it can."""
        return why_refused(self.broken_rules(wanted))

    def broken_rules(self, wanted: planner.PlannedContact) -> tuple[planner.Violation, ...]:
        """The hard rules the contact would break, looked for only where it could touch something."""
        near = [o for o in self.others if _touches(o, wanted)]
        problem = replace(self.problem, fixed=tuple(o for o in self.problem.fixed if _touches(o, wanted)))
        return planner.check_contact(problem, near, wanted)


def _touches(other: planner.PlannedContact, wanted: planner.PlannedContact) -> bool:
    return other.participant == wanted.participant or other.shopper == wanted.shopper


def surroundings_of(contact: Contact, *, at: dt.datetime) -> Surroundings:
    """Read the plan around a contact. Raises: ContactStands, Infeasible."""
    basis = plan_basis(contact.edition, repair=True, at=at)
    movable = {planned.key: planned for planned in basis.standing}
    current = movable.pop(contact.code, None)
    if current is None:
        raise ContactStands(contact.code)
    return Surroundings(problem=basis.problem, current=current, others=(*basis.problem.fixed, *movable.values()))


def read_placing(contact: Contact, *, at: dt.datetime) -> Placing:
    """Every day of the rest of the period with its verdict, and the best substitutes. Raises: ContactStands."""
    around = surroundings_of(contact, at=at)
    return Placing(
        current=around.current,
        windows=planner.windows_for(contact.channel),
        days=tuple(_day_choice(around, day) for day in around.problem.days),
        substitutes=_substitutes(contact.edition, around),
    )


def first_day_in_week(around: Surroundings, week: str) -> dt.date | None:
    """The first day of an ISO week on which the contact could stand; None where there is none."""
    days: Sequence[dt.date] = [day for day in around.problem.days if planner.iso_week(day) == week]
    return next((day for day in days if not around.refusal(replace(around.current, day=day))), None)


def why_no_day_in_week(around: Surroundings, week: str) -> str:
    """The rules that keep the contact out of a week, each once; empty where the week has no working day left."""
    days = (day for day in around.problem.days if planner.iso_week(day) == week)
    return why_refused(broken for day in days for broken in around.broken_rules(replace(around.current, day=day)))


def _day_choice(around: Surroundings, day: dt.date) -> DayChoice:
    return DayChoice(
        day=day,
        week=planner.iso_week(day),
        why_not=around.refusal(replace(around.current, day=day)),
        is_current=day == around.current.day,
    )


def _mix(change: Fraction) -> str:
    if not change:
        return ""
    return "better" if change < 0 else "worse"


def _substitutes(edition: Edition, around: Surroundings) -> tuple[SubstituteChoice, ...]:
    names = dict(Shopper.objects.filter(edition=edition).values_list("code", "name"))
    ranked = planner.rank_substitutes(around.problem, (*around.others, around.current), around.current.key)
    return tuple(
        SubstituteChoice(
            code=choice.shopper,
            name=names[choice.shopper],
            load=choice.load,
            week_load=choice.week_load,
            same_day=choice.same_day,
            shared_rivals=choice.shared_rivals,
            mix=_mix(choice.mix_change),
        )
        for choice in ranked[:MOST_SUBSTITUTES]
    )
