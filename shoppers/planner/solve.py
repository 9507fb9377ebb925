"""The planner: who meets whom, then when, then in which window – or why not."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from fractions import Fraction

from shoppers.planner.assign import assign, default_moves
from shoppers.planner.dates import spread
from shoppers.planner.digest import input_digest
from shoppers.planner.explain import explain
from shoppers.planner.fairness import measure
from shoppers.planner.flow import Meeting, match
from shoppers.planner.indexed import Indexed, index_problem
from shoppers.planner.joint import place_jointly
from shoppers.planner.timetable import Timetable
from shoppers.planner.types import (
    CHANNELS,
    Figure,
    Infeasible,
    PlannedContact,
    PlanningProblem,
    Plan,
)
from shoppers.planner.windows import deal_windows

METHOD = "flow-anneal-colouring/1"
DATE_SHARE = 6
"""One move of the timetable for every so many moves of the assignment."""
SETTLE_TRIES = 20

Progress = Callable[[str, int, int], None]


def solve(
    problem: PlanningProblem,
    *,
    seed: int = 1,
    seconds: float = 20.0,
    moves: int | None = None,
    progress: Progress | None = None,
) -> Plan:
    """A valid plan near every fairness bound. Raises Infeasible, with reasons, when there is none.

    The result is fixed by the problem, the seed and `moves` (default: by the size of the problem).
    `seconds` only stops a search that would take longer; a plan stopped by the clock says so.
    `progress` is called with the stage ("assign", "dates", "polish"), steps done and steps in all.
    """
    started = time.monotonic()
    tell = progress or _silent
    indexed = index_problem(problem)
    budget = default_moves(indexed) if moves is None else moves
    clock = Clock(started + seconds)
    meetings, days, spent = _scheduled(problem, indexed, seed, budget, clock, tell)
    contacts = as_contacts(indexed, meetings, days)
    figures = measure(problem, contacts)
    return Plan(
        contacts=contacts,
        figures=figures,
        seed=seed,
        input_digest=input_digest(problem),
        objective=objective(figures),
        moves=spent,
        stopped_by_clock=clock.has_stopped,
        method=METHOD,
    )


def objective(figures: Sequence[Figure]) -> tuple[Fraction, ...]:
    """The gaps in the order of fairness: compare lexicographically, less is better."""
    return tuple(Fraction(figure.gap) for figure in figures)


class Clock:
    """Tells when the time is up, and remembers having told."""

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline
        self.has_stopped = False

    def __call__(self) -> bool:
        if time.monotonic() >= self.deadline:
            self.has_stopped = True
        return self.has_stopped


def _scheduled(
    problem: PlanningProblem, indexed: Indexed, seed: int, budget: int, clock: Clock, tell: Progress
) -> tuple[Sequence[Meeting], list[int], int]:
    matching = match(indexed)
    if not matching.is_complete or not has_sound_input(indexed):
        raise Infeasible(explain(problem))
    meetings, spent = assign(
        indexed, matching.meetings, seed, budget, clock, lambda done, whole: tell("assign", done, whole)
    )
    tell("dates", 0, 1)
    rng = random.Random(seed)
    table = Timetable(indexed, meetings, spread(indexed, meetings, seed))
    table.lift_over_limit()
    table.settle(rng, SETTLE_TRIES * len(meetings) + 200)
    if table.unplaced:
        placed = place_jointly(indexed, table, seed)
        if placed is None:
            raise Infeasible(explain(problem))
        table = placed
    tell("polish", 0, 1)
    spent += table.polish(rng, budget // DATE_SHARE, clock)
    tell("polish", 1, 1)
    return table.meetings, table.day_of, spent


def has_sound_input(indexed: Indexed) -> bool:
    """Whether nothing but shoppers and time can stand in the way: every participant has contacts and windows."""
    participants = indexed.problem.participants
    codes = {participant.code for participant in participants}
    people = {shopper.code for shopper in indexed.problem.shoppers}
    if len(codes) < len(participants) or len(people) < len(indexed.problem.shoppers):
        return False
    return all(
        participant.total > 0
        and all(number >= 0 and channel in CHANNELS for channel, number in participant.contacts)
        and (participant.windows or all(channel == "email" for channel, number in participant.contacts if number))
        for participant in participants
    )


def as_contacts(indexed: Indexed, meetings: Sequence[Meeting], days: Sequence[int]) -> tuple[PlannedContact, ...]:
    """Fixed and planned contacts in the order of day, participant and shopper, with windows dealt."""
    problem = indexed.problem
    windows_of = {participant.code: participant.windows for participant in problem.participants}
    taken: dict[tuple[str, str], list[str]] = {}
    for contact in problem.fixed:
        taken.setdefault((contact.participant, contact.channel), []).append(contact.window)
    grouped: dict[tuple[int, int], list[int]] = {}
    for m, (p, _, c) in enumerate(meetings):
        grouped.setdefault((p, c), []).append(m)
    contacts = list(problem.fixed)
    for (p, c), mine in grouped.items():
        code, channel = indexed.participants[p], CHANNELS[c]
        dealt = deal_windows(channel, [days[m] for m in mine], windows_of[code], taken.get((code, channel), ()), p + c)
        for m, window in zip(mine, dealt, strict=True):
            shopper = indexed.shoppers[meetings[m][1]]
            contacts.append(PlannedContact(code, shopper, channel, indexed.calendar.days[days[m]], window))
    return tuple(sorted(contacts, key=lambda contact: (contact.day, contact.participant, contact.shopper)))


def _silent(stage: str, done: int, whole: int) -> None:
    """Progress nobody asked for."""
