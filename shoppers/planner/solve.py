"""The planner: who meets whom, then when, then in which window – or why not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from shoppers.planner.annealing import Clock, seeded
from shoppers.planner.assign import assign, default_moves
from shoppers.planner.digest import input_digest
from shoppers.planner.explain import SEED, explain, is_sound
from shoppers.planner.fairness import measure
from shoppers.planner.flow import Meeting, match
from shoppers.planner.indexed import Indexed, index_problem
from shoppers.planner.joint import JointAnswer
from shoppers.planner.schedule import scheduled
from shoppers.planner.timetable import Timetable
from shoppers.planner.types import Figure, Infeasible, Plan, PlannedContact, PlanningProblem
from shoppers.planner.windows import deal_windows
from surveys.engine.words import CHANNELS

METHOD = "flow-anneal-colouring/1"
DATE_SHARE = 6
"""One move of the timetable for every so many moves of the assignment."""

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
    tell = progress or _silent
    budget = default_moves(problem) if moves is None else moves
    clock = Clock(seconds)
    indexed, answer, spent = _scheduled(problem, seed=seed, budget=budget, clock=clock, tell=tell)
    contacts = as_contacts(indexed, answer.meetings, answer.days)
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


def _scheduled(
    problem: PlanningProblem, *, seed: int, budget: int, clock: Clock, tell: Progress
) -> tuple[Indexed, JointAnswer, int]:
    if not is_sound(problem):
        raise Infeasible(explain(problem))
    indexed = index_problem(problem)
    matching = match(indexed)
    if not matching.is_complete:
        raise Infeasible(explain(problem))
    meetings, spent = assign(
        indexed,
        matching.meetings,
        seed=seed,
        moves=budget,
        stop=clock,
        progress=lambda done, total: tell("assign", done, total),
    )
    tell("dates", 0, 1)
    answer = scheduled(indexed, meetings, seed)
    if answer.lacking:
        reasons = explain(problem)
        if reasons:
            raise Infeasible(reasons)
        answer = scheduled(indexed, matching.meetings, SEED)  # the meetings with which explain found room
    tell("polish", 0, 1)
    table = Timetable(indexed, answer.meetings, answer.days)
    spent += table.polish(seeded(seed), budget // DATE_SHARE, clock)
    tell("polish", 1, 1)
    return indexed, replace(answer, days=tuple(table.day_of)), spent


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


def _silent(stage: str, done: int, total: int) -> None:
    """Progress nobody asked for."""
