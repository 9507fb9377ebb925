"""Where one contact could be moved, and who could take it over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from shoppers import planner
from shoppers.models import Shopper
from shoppers.queries.planning import all_contacts, plan_basis
from shoppers.queries.refusals import why_refused
from surveys.engine.weeks import iso_week
from surveys.models import Contact, Edition
from surveys.queries.begun import beginning_of

MOST_SUBSTITUTES = 12
"""So many suggestions are shown: the best ones, on one screen."""


class ContactStands(Exception):
    """Somebody has begun the contact or made it, or nobody has it; it cannot be moved."""


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
    """One contact that can still be moved, with every place it could have.

    `free_days` are those on which the participant has nothing else, whoever makes the contact; `substitutes` could make
    it on `day`, which is None when no such day is left.
    """

    current: planner.PlannedContact
    windows: tuple[str, ...]
    days: tuple[DayChoice, ...]
    free_days: tuple[dt.date, ...]
    day: dt.date | None
    substitutes: tuple[SubstituteChoice, ...]

    @property
    def has_free_day(self) -> bool:
        """Whether there is another day for it with the shopper who has it."""
        return any(not choice.why_not and not choice.is_current for choice in self.days)


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
    """Read the plan around a contact that nobody has begun, also when its week has begun or is past.

    A repair leaves such weeks alone, because it cannot know what a shopper is about to do; whoever moves one contact by
    hand can ask. Raises: ContactStands, Infeasible.
    """
    current = place_of(contact)
    basis = plan_basis(contact.edition, repair=True, at=at)
    fixed = tuple(one for one in basis.problem.fixed if one.key != contact.code)
    others = tuple(one for one in basis.contacts if one.key != contact.code)
    days = days_left(contact.edition, at=at)
    return Surroundings(problem=replace(basis.problem, days=days, fixed=fixed), current=current, others=others)


def place_of(contact: Contact) -> planner.PlannedContact:
    """Where a contact that nobody has begun stands in the plan, and with whom. It asks nothing of anybody else's.

    Raises: ContactStands.
    """
    current = next((one for one in all_contacts(contact.edition) if one.key == contact.code), None)
    if current is None or beginning_of(contact) is not None:
        raise ContactStands(contact.code)
    return current


def days_left(edition: Edition, *, at: dt.datetime) -> tuple[dt.date, ...]:
    """The working days left of the field period; today is one of them until the edition's hours are over."""
    now = at.astimezone(edition.tzinfo)
    today = now.date() if now.time() < edition.closes_at else now.date() + dt.timedelta(days=1)
    first = max(edition.starts_on, today)
    return planner.working_days(first, edition.ends_on, edition.closed_dates) if first <= edition.ends_on else ()


def has_week_begun(contact: Contact, *, at: dt.datetime) -> bool:
    """Whether the contact was planned for the week of `at`, or for one before it."""
    return contact.week <= iso_week(at.astimezone(contact.edition.tzinfo))


def read_placing(contact: Contact, *, at: dt.datetime, day: dt.date | None = None) -> Placing:
    """Every day of the rest of the period with its verdict, and the best substitutes on `day`, else on its own day or
    the first one left. Raises: ContactStands, Infeasible.
    """
    around = surroundings_of(contact, at=at)
    taken = {other.day for other in around.others if other.participant == around.current.participant}
    free_days = tuple(free for free in around.problem.days if free not in taken)
    chosen = next((wanted for wanted in (day, around.current.day, *free_days) if wanted in free_days), None)
    return Placing(
        current=around.current,
        windows=planner.windows_for(contact.channel),
        days=tuple(_day_choice(around, day) for day in around.problem.days),
        free_days=free_days,
        day=chosen,
        substitutes=_substitutes(contact.edition, around, day=chosen) if chosen else (),
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


def _substitutes(edition: Edition, around: Surroundings, *, day: dt.date) -> tuple[SubstituteChoice, ...]:
    names = dict(Shopper.objects.filter(edition=edition).values_list("code", "name"))
    contacts = (*around.others, replace(around.current, day=day))
    ranked = planner.rank_substitutes(around.problem, contacts, around.current.key)
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
