"""Who: annealed local search from the even matching towards mirrored mixes and shared shoppers.

A move replaces the shopper of one meeting, or lets two meetings trade shoppers. Rules 1–4 and the total limits
hold after every move. The cost is

    v · Σ load²  +  Σ (count in group − share of pool)²  −  w · Σ pairs of rivals that share a shopper

which is smallest where loads are even, every participant's shoppers mirror the pool, and classes share panels.
Most proposals are drawn from the class's own shoppers, which is what lets panels form. Loads may lean a little
during the search; a last flow evens them out again where the search has not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from shoppers.planner.annealing import TABLE, cooling_thresholds, seeded
from shoppers.planner.flow import Meeting, match
from shoppers.planner.indexed import Indexed
from shoppers.planner.types import PlanningProblem

LOAD_WEIGHT = 0.7
"""v: small, so that loads may lean while panels form; see `_evened`."""
SHARED_WEIGHT = 0.3
"""w: one shared pair weighs less than one shopper's step towards the mix, which comes before it."""
SWAPS = 0.5
OWN_PANEL = 0.65
"""Shares of the proposals that are trades, and that are drawn from the class's own shoppers."""
HOT, COLD = 2.0, 0.05
STEPS = 200
MOVES_PER_MEETING = 1500
MOST_MOVES = 12_000_000
QUARTERS = 4
"""Pieces of the period by which availability is mirrored."""


def default_moves(problem: PlanningProblem) -> int:
    """The budget that fixes the result for a seed: by the number of contacts, up to a ceiling."""
    return min(MOST_MOVES, MOVES_PER_MEETING * sum(participant.total for participant in problem.participants))


def assign(
    indexed: Indexed,
    start: Sequence[Meeting],
    *,
    seed: int,
    moves: int,
    stop: Callable[[], bool],
    progress: Callable[[int, int], None] | None = None,
) -> tuple[tuple[Meeting, ...], int]:
    """Better meetings than `start` by the cost above, no less even in load; and the moves spent.

    Asks `stop` between steps and then ends with the downhill step, so that the answer is a local best.
    """
    if len(start) < 2 or len(indexed.shoppers) < 2:
        return tuple(start), 0
    state = _Search(indexed, start)
    rng = seeded(seed)
    per_step, done = max(1, moves // STEPS), 0
    for step, thresholds in enumerate(cooling_thresholds(rng, HOT, COLD, STEPS)):
        if step < STEPS - 1 and stop():
            continue
        if progress is not None:
            progress(step, STEPS)
        state.run(rng.random, per_step, thresholds)
        done += per_step
    return _evened(indexed, start, state.meetings()), done


def _evened(indexed: Indexed, start: Sequence[Meeting], found: Sequence[Meeting]) -> tuple[Meeting, ...]:
    """The meetings found, with as few as possible traded away where the search left loads less even than the start."""
    if _squares(indexed, found) <= _squares(indexed, start):
        return tuple(found)
    return match(indexed, prefer=frozenset(found), load_first=True).meetings


def _squares(indexed: Indexed, meetings: Sequence[Meeting]) -> int:
    load = Counter(s for _, s, _ in meetings)
    return sum((load[s] + done) ** 2 for s, done in enumerate(indexed.fixed_load))


def attribute_groups(indexed: Indexed) -> list[list[int]]:
    """Per attribute, each shopper's group by number, numbered through all attributes.

    Beside gender, age group and region stands the quarter of the period in which the middle of the availability
    lies: participants whose shoppers mirror the pool in this too can be spread evenly over time.
    """
    people = indexed.people
    n_days = max(1, len(indexed.calendar.days))
    keys: list[list[str]] = [
        [person.gender for person in people],
        [person.age_group for person in people],
        [person.region for person in people],
        [str((first + last) * QUARTERS // (2 * n_days)) for first, last in indexed.span],
    ]
    groups, offset = [], 0
    for values in keys:
        names = sorted(set(values))
        groups.append([offset + names.index(value) for value in values])
        offset += len(names)
    return groups


class _Search:
    """Lists that the loop touches. `deviation[p][g]` is twice (count − expected), so a step of one adds 2."""

    def __init__(self, indexed: Indexed, start: Sequence[Meeting]) -> None:
        n_s, n = len(indexed.shoppers), len(start)
        self.indexed = indexed
        self.participant = [p for p, _, _ in start]
        self.shopper = [s for _, s, _ in start]
        self.channel = [c for _, _, c in start]
        self.usable = [indexed.able[c] for c in self.channel]
        self.groups = attribute_groups(indexed)
        self.taken = [bytearray(row) for row in indexed.barred]
        self.load = list(indexed.fixed_load)
        self.limit = [done + room for done, room in zip(indexed.fixed_load, indexed.room, strict=True)]
        self.shared = [[0] * n_s for _ in indexed.classes]
        self.class_of = [indexed.class_of[p] for p in self.participant]
        self.in_class: list[list[int]] = [[] for _ in indexed.classes]
        self.owned: list[list[int]] = [[] for _ in range(n_s)]
        self.position = [0] * n
        self.deviation = self._expected()
        for i in range(n):
            self._count(i)
        for p, known in enumerate(indexed.fixed_shoppers):
            for s in known:
                self.shared[indexed.class_of[p]][s] += 1
                for group in self.groups:
                    self.deviation[p][group[s]] += 2.0

    def _expected(self) -> list[list[float]]:
        size = Counter(number for group in self.groups for number in group)
        pool = len(self.indexed.shoppers)
        rows = []
        for p, needed in enumerate(self.indexed.needed):
            contacts = needed + len(self.indexed.fixed_shoppers[p])
            rows.append([-2.0 * contacts * size[number] / pool for number in range(len(size))])
        return rows

    def _count(self, i: int) -> None:
        p, s, k = self.participant[i], self.shopper[i], self.class_of[i]
        self.taken[p][s] = 1
        self.load[s] += 1
        self.shared[k][s] += 1
        self.in_class[k].append(i)
        self.position[i] = len(self.owned[s])
        self.owned[s].append(i)
        for group in self.groups:
            self.deviation[p][group[s]] += 2.0

    def meetings(self) -> tuple[Meeting, ...]:
        return tuple(zip(self.participant, self.shopper, self.channel, strict=True))

    def run(  # noqa: C901, PLR0912, PLR0915 – one long loop on purpose: a call per move would double its time
        self, rnd: Callable[[], float], moves: int, thresholds: Sequence[float]
    ) -> None:
        """Try `moves` moves; one is made when its cost is at most the next threshold."""
        participant, shopper, usable, taken = self.participant, self.shopper, self.usable, self.taken
        class_of, in_class, owned, load, limit = self.class_of, self.in_class, self.owned, self.load, self.limit
        shared, deviation = self.shared, self.deviation
        gender, age, region, time = self.groups
        n, n_s, mask = len(participant), len(load), TABLE - 1
        for turn in range(moves):
            i = int(rnd() * n)
            k = class_of[i]
            if rnd() < OWN_PANEL:
                panel = in_class[k]
                b = shopper[panel[int(rnd() * len(panel))]]
            else:
                b = int(rnd() * n_s)
            p = participant[i]
            if taken[p][b] or not usable[i][b]:
                continue
            a = shopper[i]
            rivals, mine = shared[k], deviation[p]
            if rnd() < SWAPS:
                theirs = owned[b]
                if not theirs:
                    continue
                j = theirs[int(rnd() * len(theirs))]
                q = participant[j]
                if q == p or taken[q][a] or not usable[j][a]:
                    continue
                other = deviation[q]
                cost = 0.0
                if class_of[j] != k:
                    others = shared[class_of[j]]
                    cost = SHARED_WEIGHT * (rivals[a] - rivals[b] + others[b] - others[a] - 2)
                x, y = gender[a], gender[b]
                if x != y:
                    cost += mine[y] - mine[x] + other[x] - other[y] + 4.0
                x, y = age[a], age[b]
                if x != y:
                    cost += mine[y] - mine[x] + other[x] - other[y] + 4.0
                x, y = region[a], region[b]
                if x != y:
                    cost += mine[y] - mine[x] + other[x] - other[y] + 4.0
                x, y = time[a], time[b]
                if x != y:
                    cost += mine[y] - mine[x] + other[x] - other[y] + 4.0
                if cost <= thresholds[turn & mask]:
                    self._swap(i, j)
                continue
            if load[b] >= limit[b]:
                continue
            cost = 2.0 * LOAD_WEIGHT * (load[b] - load[a] + 1) + SHARED_WEIGHT * (rivals[a] - rivals[b] - 1)
            x, y = gender[a], gender[b]
            if x != y:
                cost += mine[y] - mine[x] + 2.0
            x, y = age[a], age[b]
            if x != y:
                cost += mine[y] - mine[x] + 2.0
            x, y = region[a], region[b]
            if x != y:
                cost += mine[y] - mine[x] + 2.0
            x, y = time[a], time[b]
            if x != y:
                cost += mine[y] - mine[x] + 2.0
            if cost <= thresholds[turn & mask]:
                self._replace(i, b)

    def _swap(self, i: int, j: int) -> None:
        a, b = self.shopper[i], self.shopper[j]
        self._retake(i, a, b)
        self._retake(j, b, a)
        at_i, at_j = self.position[i], self.position[j]
        self.owned[a][at_i], self.owned[b][at_j] = j, i
        self.position[i], self.position[j] = at_j, at_i

    def _replace(self, i: int, b: int) -> None:
        a = self.shopper[i]
        self._retake(i, a, b)
        self.load[a] -= 1
        self.load[b] += 1
        mine, hole = self.owned[a], self.position[i]
        last = mine.pop()
        if last != i:
            mine[hole] = last
            self.position[last] = hole
        self.position[i] = len(self.owned[b])
        self.owned[b].append(i)

    def _retake(self, i: int, a: int, b: int) -> None:
        p = self.participant[i]
        taken, rivals, mine = self.taken[p], self.shared[self.class_of[i]], self.deviation[p]
        taken[a], taken[b] = 0, 1
        rivals[a] -= 1
        rivals[b] += 1
        for group in self.groups:
            mine[group[a]] -= 2.0
            mine[group[b]] += 2.0
        self.shopper[i] = b
