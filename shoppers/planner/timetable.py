"""The timetable: a day per meeting with the counts that rules 5 and 7 and the evenness figures look at.

Evenness is a sum of squares: contacts per week, block, weekday and day, each square divided by the days it covers,
so that a week of three working days is expected to hold three fifths of a full one. The sum is smallest where
the counts are even. All weights are integers (60 is divisible by 1–5), so a timetable never depends on rounding.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from shoppers.planner.annealing import TABLE, cooling_thresholds
from shoppers.planner.flow import Meeting
from shoppers.planner.indexed import Indexed

DIVISIBLE = 60
"""Squares are divided by days in whole numbers; see the top."""
WEIGHTS = {"participant_week": 8, "participant_block": 8, "shopper_week": 5, "shopper_block": 5}
SHOPPER_DAY = 90
WEEKDAY = 12
CHANNEL_WEEKDAY = 48
"""Costs of a second contact of a shopper on one day, and of uneven weekdays per participant and per channel."""
STEPS = 60
HOT, COLD = 80.0, 10.0
UNPLACED, BUSY, FREE = -1, -2, -1
"""No day yet; a participant's day taken by a fixed contact; a day without contact."""


class Timetable:
    """Days of meetings, kept legal by every change."""

    def __init__(self, indexed: Indexed, meetings: Sequence[Meeting], day_of: Sequence[int]) -> None:
        calendar = indexed.calendar
        self.indexed = indexed
        self.meetings = list(meetings)
        self.participant = [p for p, _, _ in meetings]
        self.shopper = [s for _, s, _ in meetings]
        self.day_of = [UNPLACED] * len(meetings)
        n_days, n_weeks, n_blocks = len(calendar.days), len(calendar.weeks), len(calendar.block_size)
        n_p, n_s = len(indexed.participants), len(indexed.shoppers)
        self.at = [[FREE] * n_days for _ in range(n_p)]
        self.p_week = [[0] * n_weeks for _ in range(n_p)]
        self.p_block = [[0] * n_blocks for _ in range(n_p)]
        self.p_weekday = [[0] * 7 for _ in range(n_p)]
        self.c_weekday = [[[0] * 7 for _ in range(4)] for _ in range(n_p)]
        self.s_week = [[0] * n_weeks for _ in range(n_s)]
        self.s_block = [[0] * n_blocks for _ in range(n_s)]
        self.s_day = [[0] * n_days for _ in range(n_s)]
        self.week_limit = [list(room) for room in indexed.week_room]
        self._count_fixed()
        for m, day in enumerate(day_of):
            if day >= 0:
                self.put(m, day)

    def _count_fixed(self) -> None:
        indexed, calendar = self.indexed, self.indexed.calendar
        p_number = {code: number for number, code in enumerate(indexed.participants)}
        s_number = {code: number for number, code in enumerate(indexed.shoppers)}
        for contact in indexed.problem.fixed:
            day = calendar.number.get(contact.day)
            if day is None:
                continue
            p, s = p_number.get(contact.participant), s_number.get(contact.shopper)
            if p is not None:
                self.at[p][day] = BUSY
                self.p_week[p][calendar.week_of[day]] += 1
                self.p_block[p][calendar.block_of[day]] += 1
                self.p_weekday[p][calendar.weekday[day]] += 1
            if s is not None:
                self.s_week[s][calendar.week_of[day]] += 1
                self.week_limit[s][calendar.week_of[day]] += 1
                self.s_block[s][calendar.block_of[day]] += 1
                self.s_day[s][day] += 1

    def put(self, m: int, day: int) -> None:
        """Place an unplaced meeting on a day on which its participant is free."""
        self._add(m, day, 1)
        self.at[self.participant[m]][day] = m
        self.day_of[m] = day

    def lift(self, m: int) -> None:
        """Take a meeting off its day."""
        day = self.day_of[m]
        self._add(m, day, -1)
        self.at[self.participant[m]][day] = FREE
        self.day_of[m] = UNPLACED

    def _add(self, m: int, day: int, by: int) -> None:
        p, s, c = self.meetings[m]
        calendar = self.indexed.calendar
        week, block, weekday = calendar.week_of[day], calendar.block_of[day], calendar.weekday[day]
        self.p_week[p][week] += by
        self.p_block[p][block] += by
        self.p_weekday[p][weekday] += by
        self.c_weekday[p][c][weekday] += by
        self.s_week[s][week] += by
        self.s_block[s][block] += by
        self.s_day[s][day] += by

    @property
    def unplaced(self) -> list[int]:
        return [m for m, day in enumerate(self.day_of) if day == UNPLACED]

    def lift_over_limit(self) -> None:
        """Take off what is beyond a shopper's limit in a week, latest meetings first."""
        week_of = self.indexed.calendar.week_of
        for m in range(len(self.meetings) - 1, -1, -1):
            day, s = self.day_of[m], self.shopper[m]
            if day != UNPLACED and self.s_week[s][week_of[day]] > self.week_limit[s][week_of[day]]:
                self.lift(m)

    def settle(self, rng: random.Random, tries: int) -> None:
        """Place what is unplaced, ejecting what stands in the way, for at most `tries` placements."""
        waiting = self.unplaced
        while waiting and tries > 0:
            tries -= 1
            m = waiting.pop(rng.randrange(len(waiting)))
            day = self._least_harm(m, rng)
            if day is None:
                continue
            waiting.extend(self._clear(m, day, rng))
            self.put(m, day)

    def _least_harm(self, m: int, rng: random.Random) -> int | None:
        p, s, _ = self.meetings[m]
        indexed, week_of = self.indexed, self.indexed.calendar.week_of
        first, last = indexed.span[s]
        best: list[int] = []
        least = 3
        for day in range(first, last + 1):
            week = week_of[day]
            if self.at[p][day] == BUSY or not indexed.week_room[s][week]:
                continue
            harm = (self.at[p][day] != FREE) + (self.s_week[s][week] >= self.week_limit[s][week])
            if harm < least:
                best, least = [], harm
            if harm == least:
                best.append(day)
        return rng.choice(best) if best else None

    def _clear(self, m: int, day: int, rng: random.Random) -> list[int]:
        """Take off what forbids meeting m on the day; the meetings taken off."""
        p, s, _ = self.meetings[m]
        week_of = self.indexed.calendar.week_of
        off = []
        if self.at[p][day] != FREE:
            off.append(self.at[p][day])
            self.lift(off[0])
        week = week_of[day]
        if self.s_week[s][week] >= self.week_limit[s][week]:
            there = [o for o, d in enumerate(self.day_of) if d >= 0 and self.shopper[o] == s and week_of[d] == week]
            off.append(rng.choice(there))
            self.lift(off[-1])
        return off

    def polish(self, rng: random.Random, moves: int, stop: Callable[[], bool], *, keep_weeks: bool = False) -> int:
        """Even the timetable out by annealed single moves and swaps within a participant; the moves tried.

        Every move keeps rules 5 and 7. `stop` is asked between steps. With `keep_weeks` the contacts per
        participant and week stay as they are.
        """
        if not self.meetings or len(self.indexed.calendar.days) < 2:
            return 0
        state = _Annealer(self, keep_weeks=keep_weeks)
        per_step, done = max(1, moves // STEPS), 0
        for step, thresholds in enumerate(cooling_thresholds(rng, HOT, COLD, STEPS)):
            if step < STEPS - 1 and stop():
                continue
            state.run(rng.random, per_step, thresholds)
            done += per_step
        return done


class _Annealer:
    """The loop of `polish` with what it touches at hand."""

    def __init__(self, table: Timetable, *, keep_weeks: bool) -> None:
        self.table = table
        self.keep_weeks = keep_weeks
        calendar = table.indexed.calendar
        size = calendar.week_size
        self.pw = [DIVISIBLE // n * WEIGHTS["participant_week"] for n in size]
        self.pb = [DIVISIBLE // n * WEIGHTS["participant_block"] for n in calendar.block_size]
        self.sw, self.sb = self._shopper_weights()

    def _shopper_weights(self) -> tuple[list[list[int]], list[list[int]]]:
        indexed = self.table.indexed
        calendar = indexed.calendar
        weeks, blocks = [], []
        for first, last in indexed.span:
            in_week, in_block = [0] * len(calendar.week_size), [0] * len(calendar.block_size)
            for day in range(first, last + 1):
                in_week[calendar.week_of[day]] += 1
                in_block[calendar.block_of[day]] += 1
            weeks.append([DIVISIBLE // n * WEIGHTS["shopper_week"] if n else 0 for n in in_week])
            blocks.append([DIVISIBLE // n * WEIGHTS["shopper_block"] if n else 0 for n in in_block])
        return weeks, blocks

    def run(self, rnd: Callable[[], float], moves: int, thresholds: Sequence[float]) -> None:
        table, indexed = self.table, self.table.indexed
        day_of, at, span = table.day_of, table.at, indexed.span
        participant, shopper = table.participant, table.shopper
        week_of, limit, s_week = indexed.calendar.week_of, table.week_limit, table.s_week
        n, mask = len(day_of), TABLE - 1
        for turn in range(moves):
            m = int(rnd() * n)
            s, p, old = shopper[m], participant[m], day_of[m]
            first, last = span[s]
            new = first + int(rnd() * (last - first + 1))
            if new == old or old < 0:
                continue
            other = at[p][new]
            w_old, w_new = week_of[old], week_of[new]
            if other == BUSY or (self.keep_weeks and other == FREE and w_old != w_new):
                continue
            if w_old != w_new and s_week[s][w_new] >= limit[s][w_new]:
                continue
            change = self._shopper_change(s, old, new)
            if other == FREE:
                change += self._participant_change(m, p, old, new)
                if change <= thresholds[turn & mask]:
                    table.lift(m)
                    table.put(m, new)
                continue
            t = shopper[other]
            if not span[t][0] <= old <= span[t][1]:
                continue
            if w_old != w_new and s_week[t][w_old] >= limit[t][w_old]:
                continue
            change += self._shopper_change(t, new, old) + self._channel_swap(m, other, old, new)
            if change <= thresholds[turn & mask]:
                table.lift(m)
                table.lift(other)
                table.put(m, new)
                table.put(other, old)

    def _shopper_change(self, s: int, old: int, new: int) -> int:
        table, calendar = self.table, self.table.indexed.calendar
        daily = table.s_day[s]
        change = 2 * SHOPPER_DAY * (daily[new] - daily[old] + 1)
        a, b = calendar.week_of[old], calendar.week_of[new]
        if a != b:
            count, weight = table.s_week[s], self.sw[s]
            change += weight[b] * (2 * count[b] + 1) - weight[a] * (2 * count[a] - 1)
        a, b = calendar.block_of[old], calendar.block_of[new]
        if a != b:
            count, weight = table.s_block[s], self.sb[s]
            change += weight[b] * (2 * count[b] + 1) - weight[a] * (2 * count[a] - 1)
        return change

    def _participant_change(self, m: int, p: int, old: int, new: int) -> int:
        table, calendar = self.table, self.table.indexed.calendar
        change = 0
        a, b = calendar.week_of[old], calendar.week_of[new]
        if a != b:
            count, weight = table.p_week[p], self.pw
            change += weight[b] * (2 * count[b] + 1) - weight[a] * (2 * count[a] - 1)
        a, b = calendar.block_of[old], calendar.block_of[new]
        if a != b:
            count, weight = table.p_block[p], self.pb
            change += weight[b] * (2 * count[b] + 1) - weight[a] * (2 * count[a] - 1)
        a, b = calendar.weekday[old], calendar.weekday[new]
        if a != b:
            count = table.p_weekday[p]
            change += 2 * WEEKDAY * (count[b] - count[a] + 1)
            count = table.c_weekday[p][table.meetings[m][2]]
            change += 2 * CHANNEL_WEEKDAY * (count[b] - count[a] + 1)
        return change

    def _channel_swap(self, m: int, other: int, old: int, new: int) -> int:
        """Change in weekday evenness per channel when two meetings of one participant swap days."""
        table, calendar = self.table, self.table.indexed.calendar
        a, b = calendar.weekday[old], calendar.weekday[new]
        p, _, c = table.meetings[m]
        k = table.meetings[other][2]
        if a == b or c == k:
            return 0
        mine, theirs = table.c_weekday[p][c], table.c_weekday[p][k]
        return 2 * CHANNEL_WEEKDAY * (mine[b] - mine[a] + 1 + theirs[a] - theirs[b] + 1)
