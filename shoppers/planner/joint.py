"""Shoppers and dates in one model, for the rare problem in which the one cannot be chosen before the other.

A CP-SAT model over x[p, s, w] (participant p meets shopper s in ISO week w) and y[p, s, c] (on channel c).
Within a week only the participant's days bind (a shopper has no daily limit), and a participant's contacts of
one week fit distinct days exactly when, for every run of days, the contacts whose shoppers are available in
nothing but that run are no more than the participant's free days in it (Hall's theorem for intervals).
"""

from __future__ import annotations

from dataclasses import dataclass

from ortools.sat.python import cp_model

from shoppers.planner.flow import Meeting
from shoppers.planner.indexed import Indexed
from shoppers.planner.timetable import Timetable

LARGEST = 400_000
"""Variables beyond which the model is not built."""
EFFORT = 60.0
"""CP-SAT's own deterministic measure of work (about seconds), so that a stop is reproducible."""


@dataclass(frozen=True, slots=True)
class JointAnswer:
    """Meetings with their day indices, what found no place, and whether that is proven to be the least."""

    meetings: tuple[Meeting, ...]
    days: tuple[int, ...]
    lacking: dict[tuple[int, int], int]
    is_proven: bool


def place_jointly(indexed: Indexed, table: Timetable, seed: int) -> Timetable | None:
    """A complete timetable found in the joint model, None when none was found."""
    answer = joint_answer(indexed, table, seed)
    if answer is None or answer.lacking:
        return None
    return Timetable(indexed, answer.meetings, answer.days)


def joint_answer(indexed: Indexed, hint: Timetable | None, seed: int) -> JointAnswer | None:
    """The answer that leaves fewest contacts out; None when the model would be too large or found nothing."""
    if len(indexed.participants) * len(indexed.shoppers) * max(1, len(indexed.calendar.weeks)) > LARGEST:
        return None
    return _JointModel(indexed).solved(hint, seed)


class _JointModel:
    def __init__(self, indexed: Indexed) -> None:
        self.indexed = indexed
        self.model = cp_model.CpModel()
        self.week: dict[tuple[int, int, int], cp_model.IntVar] = {}
        self.channel: dict[tuple[int, int, int], cp_model.IntVar] = {}
        self.lacking: dict[tuple[int, int], cp_model.IntVar] = {}
        self.open_in = self._open_in()
        for p in range(len(indexed.participants)):
            self._add_participant(p)
        for s in range(len(indexed.shoppers)):
            self._limit_shopper(s)
        self.model.minimize(sum(self.lacking.values()))

    def _open_in(self) -> list[dict[int, tuple[int, int]]]:
        """Per shopper and week: first and last day index of the availability inside the week."""
        week_of = self.indexed.calendar.week_of
        result: list[dict[int, tuple[int, int]]] = []
        for first, last in self.indexed.span:
            mine: dict[int, tuple[int, int]] = {}
            for day in range(first, last + 1):
                week = week_of[day]
                mine[week] = (mine[week][0] if week in mine else day, day)
            result.append(mine)
        return result

    def _add_participant(self, p: int) -> None:
        indexed, model = self.indexed, self.model
        wanted = dict(indexed.demand[p])
        for s in range(len(indexed.shoppers)):
            channels = [c for c in wanted if indexed.able[c][s]]
            if indexed.barred[p][s] or not channels:
                continue
            weeks = [w for w in self.open_in[s] if indexed.week_room[s][w] > 0]
            for w in weeks:
                self.week[p, s, w] = model.new_bool_var("")
            for c in channels:
                self.channel[p, s, c] = model.new_bool_var("")
            chosen = sum(self.channel[p, s, c] for c in channels)
            model.add(sum(self.week[p, s, w] for w in weeks) == chosen)
            model.add(chosen <= 1)
        for c, number in wanted.items():
            self.lacking[p, c] = model.new_int_var(0, number, "")
            found = sum(v for (q, _, k), v in self.channel.items() if q == p and k == c)
            model.add(found + self.lacking[p, c] == number)
        self._keep_days_apart(p)

    def _keep_days_apart(self, p: int) -> None:
        indexed = self.indexed
        week_of = indexed.calendar.week_of
        for w in range(len(indexed.calendar.weeks)):
            days = [d for d, week in enumerate(week_of) if week == w]
            spans = {s: self.open_in[s][w] for s in range(len(indexed.shoppers)) if (p, s, w) in self.week}
            firsts = sorted({first for first, _ in spans.values()})
            lasts = sorted({last for _, last in spans.values()})
            for first in firsts:
                for last in lasts:
                    inside = [s for s, span in spans.items() if first <= span[0] and span[1] <= last]
                    free = sum(1 for d in days if first <= d <= last and d not in indexed.busy[p])
                    if len(inside) > free:
                        self.model.add(sum(self.week[p, s, w] for s in inside) <= free)

    def _limit_shopper(self, s: int) -> None:
        indexed = self.indexed
        for w in self.open_in[s]:
            mine = [v for (_, t, k), v in self.week.items() if t == s and k == w]
            if len(mine) > indexed.week_room[s][w]:
                self.model.add(sum(mine) <= indexed.week_room[s][w])
        mine = [v for (_, t, _), v in self.channel.items() if t == s]
        if len(mine) > indexed.room[s]:
            self.model.add(sum(mine) <= indexed.room[s])

    def solved(self, hint: Timetable | None, seed: int) -> JointAnswer | None:
        if hint is not None:
            self._hint(hint)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = seed
        solver.parameters.max_deterministic_time = EFFORT
        status = solver.solve(self.model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        lacking = {key: int(solver.value(v)) for key, v in self.lacking.items() if solver.value(v)}
        in_week = {(p, s): w for (p, s, w), v in self.week.items() if solver.value(v)}
        on = {(p, s): c for (p, s, c), v in self.channel.items() if solver.value(v)}
        meetings = tuple((p, s, on[p, s]) for p, s in in_week)
        return JointAnswer(meetings, self._days(in_week), lacking, status == cp_model.OPTIMAL)

    def _hint(self, table: Timetable) -> None:
        week_of = self.indexed.calendar.week_of
        chosen = {(p, s, week_of[d]) for (p, s, _), d in zip(table.meetings, table.day_of, strict=True) if d >= 0}
        for key, variable in self.week.items():
            self.model.add_hint(variable, int(key in chosen))

    def _days(self, in_week: dict[tuple[int, int], int]) -> tuple[int, ...]:
        """Distinct days for each participant's contacts of a week: the one whose availability ends first goes first."""
        indexed = self.indexed
        day_of: dict[tuple[int, int], int] = {}
        taken = [set(busy) for busy in indexed.busy]
        groups: dict[tuple[int, int], list[int]] = {}
        for (p, s), w in in_week.items():
            groups.setdefault((p, w), []).append(s)
        for (p, w), people in groups.items():
            waiting = sorted(people, key=lambda s: (self.open_in[s][w][1], self.open_in[s][w][0], s))
            for day in (d for d, week in enumerate(indexed.calendar.week_of) if week == w):
                if day in taken[p]:
                    continue
                ready = [s for s in waiting if self.open_in[s][w][0] <= day <= self.open_in[s][w][1]]
                if ready:
                    day_of[p, ready[0]] = day
                    taken[p].add(day)
                    waiting.remove(ready[0])
        return tuple(day_of[pair] for pair in in_week)
