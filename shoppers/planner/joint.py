"""Shoppers and dates in one model, for the rare problem in which the one cannot be chosen before the other.

A CP-SAT model over week[p, s, w] (participant p meets shopper s in ISO week w) and channel[p, s, c]. Within a
week only the participant's days bind (a shopper has no daily limit), and a participant's contacts of one week
fit distinct days exactly when, for every run of days, the contacts whose shoppers are available in nothing but
that run are no more than the participant's free days in it (Hall's theorem for intervals).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from shoppers.planner.flow import Meeting, Network
from shoppers.planner.indexed import Indexed
from shoppers.planner.timetable import Timetable

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

LARGEST = 150_000
"""Variables beyond which a model is not built in one piece."""
EFFORT = 8.0
"""CP-SAT's own deterministic measure of work (about seconds), so that a stop is reproducible."""
NEIGHBOURS = (16, 40)
"""Participants besides those in want that are planned anew, in the first and second attempt."""


@dataclass(frozen=True, slots=True)
class JointAnswer:
    """Meetings with their day indices, what found no place, and whether that is proven to be the least."""

    meetings: tuple[Meeting, ...]
    days: tuple[int, ...]
    lacking: Mapping[tuple[int, int], int]
    is_proven: bool


def placed_jointly(indexed: Indexed, table: Timetable, seed: int) -> JointAnswer:
    """The timetable made complete, or as nearly as was found.

    First the participants in want are planned anew together with some neighbours, everybody else staying as
    they are; then, where the size allows it, everybody. Only the last attempt can prove anything.
    """
    in_want = sorted({table.participant[m] for m in table.unplaced})
    for neighbours in NEIGHBOURS:
        chosen = _with_neighbours(indexed, in_want, neighbours)
        if len(chosen) == len(indexed.participants):
            break
        answer = _planned_anew(indexed, table, chosen, seed)
        if answer is not None and not answer.lacking:
            return answer
    whole = joint_answer(indexed, seed)
    return whole if whole is not None else _as_it_is(table)


def joint_answer(indexed: Indexed, seed: int, keep: Mapping[Meeting, int] | None = None) -> JointAnswer | None:
    """The answer that leaves fewest contacts out, and of these the one that keeps most of `keep`.

    `keep` maps meetings to their day index. None when the model would be too large or nothing was found in time.
    """
    if len(indexed.participants) * len(indexed.shoppers) * max(1, len(indexed.calendar.weeks)) > LARGEST:
        return None
    return _JointModel(indexed, keep or {}).solved(seed)


def _with_neighbours(indexed: Indexed, in_want: Sequence[int], count: int) -> list[int]:
    others = [p for p in range(len(indexed.participants)) if p not in in_want]
    step = max(1, len(others) // count)
    return sorted([*in_want, *others[::step][:count]])


def _planned_anew(indexed: Indexed, table: Timetable, chosen: Sequence[int], seed: int) -> JointAnswer | None:
    members = set(chosen)
    frozen = [m for m in range(len(table.meetings)) if table.participant[m] not in members]
    part = joint_answer(_narrowed(indexed, table, chosen, frozen), seed)
    if part is None:
        return None
    meetings = [table.meetings[m] for m in frozen] + [(chosen[p], s, c) for p, s, c in part.meetings]
    days = [table.day_of[m] for m in frozen] + list(part.days)
    lacking = {(chosen[p], c): number for (p, c), number in part.lacking.items()}
    return JointAnswer(tuple(meetings), tuple(days), lacking, is_proven=False)


def _narrowed(indexed: Indexed, table: Timetable, chosen: Sequence[int], frozen: Iterable[int]) -> Indexed:
    """The problem of the chosen participants alone, with what the frozen meetings leave of everybody's room."""
    room = list(indexed.room)
    week_room = [list(weeks) for weeks in indexed.week_room]
    for m in frozen:
        s = table.shopper[m]
        room[s] -= 1
        week_room[s][indexed.calendar.week_of[table.day_of[m]]] -= 1
    return replace(
        indexed,
        participants=[indexed.participants[p] for p in chosen],
        class_of=[indexed.class_of[p] for p in chosen],
        demand=[indexed.demand[p] for p in chosen],
        needed=[indexed.needed[p] for p in chosen],
        barred=[indexed.barred[p] for p in chosen],
        busy=[indexed.busy[p] for p in chosen],
        fixed_shoppers=[indexed.fixed_shoppers[p] for p in chosen],
        room=[max(0, left) for left in room],
        week_room=[[max(0, left) for left in weeks] for weeks in week_room],
    )


def _as_it_is(table: Timetable) -> JointAnswer:
    lacking: dict[tuple[int, int], int] = {}
    for m in table.unplaced:
        p, _, c = table.meetings[m]
        lacking[p, c] = lacking.get((p, c), 0) + 1
    placed = [m for m in range(len(table.meetings)) if table.day_of[m] >= 0]
    return JointAnswer(
        tuple(table.meetings[m] for m in placed), tuple(table.day_of[m] for m in placed), lacking, is_proven=False
    )


class _JointModel:
    def __init__(self, indexed: Indexed, keep: Mapping[Meeting, int]) -> None:
        from ortools.sat.python import cp_model

        self.indexed = indexed
        self.keep = keep
        self.model = cp_model.CpModel()
        self.week: dict[tuple[int, int, int], cp_model.IntVar] = {}
        self.channel: dict[tuple[int, int, int], cp_model.IntVar] = {}
        self.lacking: dict[tuple[int, int], cp_model.IntVar] = {}
        self.of_shopper: list[list[cp_model.IntVar]] = [[] for _ in indexed.shoppers]
        self.of_week: dict[tuple[int, int], list[cp_model.IntVar]] = {}
        self.open_in = _open_in(indexed)
        for p in range(len(indexed.participants)):
            self._add_participant(p)
        self._limit_shoppers()
        kept = [self._kept(meeting, day) for meeting, day in keep.items() if meeting in self.channel]
        self.model.minimize((len(kept) + 1) * sum(self.lacking.values()) - sum(kept))

    def _add_participant(self, p: int) -> None:
        wanted = dict(self.indexed.demand[p])
        found: dict[int, list[cp_model.IntVar]] = {c: [] for c in wanted}
        for s in range(len(self.indexed.shoppers)):
            channels = [c for c in wanted if self.indexed.able[c][s]]
            if channels and not self.indexed.barred[p][s]:
                self._add_pair(p, s, channels, found)
        for c, number in wanted.items():
            lacking = self.model.new_int_var(0, number, "")
            self.lacking[p, c] = lacking
            self.model.add(sum(found[c]) + lacking == number)
        self._keep_days_apart(p)

    def _add_pair(self, p: int, s: int, channels: Sequence[int], found: Mapping[int, list[cp_model.IntVar]]) -> None:
        model = self.model
        chosen = []
        for c in channels:
            variable = model.new_bool_var("")
            self.channel[p, s, c] = variable
            found[c].append(variable)
            chosen.append(variable)
        self.of_shopper[s].extend(chosen)
        weeks = []
        for w in self.open_in[s]:
            if self.indexed.week_room[s][w] > 0:
                variable = model.new_bool_var("")
                self.week[p, s, w] = variable
                self.of_week.setdefault((s, w), []).append(variable)
                weeks.append(variable)
        model.add(sum(weeks) == sum(chosen))
        model.add_at_most_one(chosen)

    def _keep_days_apart(self, p: int) -> None:
        indexed = self.indexed
        for w in range(len(indexed.calendar.weeks)):
            days = [d for d, week in enumerate(indexed.calendar.week_of) if week == w and d not in indexed.busy[p]]
            spans = {s: self.open_in[s][w] for s in range(len(indexed.shoppers)) if (p, s, w) in self.week}
            for first in sorted({first for first, _ in spans.values()}):
                for last in sorted({last for _, last in spans.values()}):
                    inside = [self.week[p, s, w] for s, span in spans.items() if first <= span[0] and span[1] <= last]
                    free = sum(1 for d in days if first <= d <= last)
                    if len(inside) > free:
                        self.model.add(sum(inside) <= free)

    def _limit_shoppers(self) -> None:
        indexed = self.indexed
        for (s, w), mine in self.of_week.items():
            if len(mine) > indexed.week_room[s][w]:
                self.model.add(sum(mine) <= indexed.week_room[s][w])
        for s, mine in enumerate(self.of_shopper):
            if len(mine) > indexed.room[s]:
                self.model.add(sum(mine) <= indexed.room[s])

    def _kept(self, meeting: Meeting, day: int) -> cp_model.IntVar:
        p, s, _ = meeting
        kept = self.model.new_bool_var("")
        week = self.week.get((p, s, self.indexed.calendar.week_of[day]))
        self.model.add(kept <= self.channel[meeting])
        self.model.add(kept <= (week if week is not None else 0))
        return kept

    def solved(self, seed: int) -> JointAnswer | None:
        from ortools.sat.python import cp_model

        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = seed % 2**31
        solver.parameters.linearization_level = (
            2  # the linear relaxation proves in no time what branching proves slowly
        )
        solver.parameters.max_deterministic_time = EFFORT
        status = solver.solve(self.model)
        if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return None
        lacking = {key: int(solver.value(v)) for key, v in self.lacking.items() if solver.value(v)}
        in_week = {(p, s): w for (p, s, w), v in self.week.items() if solver.value(v)}
        on = {(p, s): c for (p, s, c), v in self.channel.items() if solver.value(v)}
        meetings = tuple((p, s, on[p, s]) for p, s in in_week)
        days = self._days(meetings, [in_week[p, s] for p, s, _ in meetings])
        return JointAnswer(meetings, days, lacking, status == cp_model.OPTIMAL)

    def _days(self, meetings: Sequence[Meeting], weeks: Sequence[int]) -> tuple[int, ...]:
        """Distinct days for each participant's contacts of a week, kept days first."""
        day_of = [-1] * len(meetings)
        groups: dict[tuple[int, int], list[int]] = {}
        for m, (p, _, _) in enumerate(meetings):
            groups.setdefault((p, weeks[m]), []).append(m)
        for (p, w), mine in groups.items():
            spans = [self.open_in[meetings[m][1]][w] for m in mine]
            wanted = [self.keep.get(meetings[m]) for m in mine]
            for m, day in zip(mine, distinct_days(spans, self.indexed.busy[p], wanted), strict=True):
                day_of[m] = day
        return tuple(day_of)


def distinct_days(spans: Sequence[tuple[int, int]], busy: set[int], wanted: Sequence[int | None]) -> list[int]:
    """A day of its own for each span (first and last day), with as many on their wanted day as possible."""
    network = Network()
    source, sink = network.node(), network.node()
    node_of_day: dict[int, int] = {}
    arcs: list[dict[int, int]] = []
    for (first, last), wish in zip(spans, wanted, strict=True):
        node = network.node()
        network.arc(source, node, 1)
        mine = {}
        for day in range(first, last + 1):
            if day in busy:
                continue
            if day not in node_of_day:
                node_of_day[day] = network.node()
                network.arc(node_of_day[day], sink, 1)
            mine[network.arc(node, node_of_day[day], 1, 0 if day == wish else 1)] = day
        arcs.append(mine)
    flow = network.cheapest(source, sink, len(spans))
    return [next(day for arc, day in mine.items() if flow[arc]) for mine in arcs]


def _open_in(indexed: Indexed) -> list[dict[int, tuple[int, int]]]:
    """Per shopper and week: first and last day index of the availability inside the week."""
    week_of = indexed.calendar.week_of
    result: list[dict[int, tuple[int, int]]] = []
    for first, last in indexed.span:
        mine: dict[int, tuple[int, int]] = {}
        for day in range(first, last + 1):
            week = week_of[day]
            mine[week] = (mine[week][0] if week in mine else day, day)
        result.append(mine)
    return result
