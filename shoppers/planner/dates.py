"""When: meetings get days by peeling off one piece of the period at a time (equitable edge colouring).

Meetings are the edges of a bipartite graph of participants and shoppers. In such a graph the edges can be dealt
into k equal parts so that every vertex has the floor or the ceiling of its degree / k in every part (de Werra),
and one part at a time is found as a cheapest flow. Where availability, short weeks or week limits forbid the
exact deal, the same flow is as even as they allow. A second round deals each part to its days.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from shoppers.planner.annealing import seeded
from shoppers.planner.flow import Meeting, Network
from shoppers.planner.indexed import Indexed

MUST = 100_000
"""Worth of a contact that has no later chance; above every evenness cost, so never traded away."""
EVEN = 1_000
"""Worth of a contact up to the even share of participant or shopper."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the period: its day indices, and whether the limit per ISO week applies (it is one week)."""

    days: tuple[int, ...]
    week: int | None = None


def spread(indexed: Indexed, meetings: Sequence[Meeting], seed: int) -> list[int]:
    """A day index per meeting, -1 where none was found. At most one a day per participant, within availability.

    Week limits are kept exactly when some shopper comes near its limit: then the period is dealt by ISO week.
    Otherwise it is dealt by blocks of five working days, which have equal shares, and no limit comes near.
    """
    noise = seeded(seed)
    parts = _weeks(indexed) if _limits_are_near(indexed, meetings) else _blocks(indexed)
    in_part = _deal(indexed, meetings, list(range(len(meetings))), parts, noise)
    day_of = [-1] * len(meetings)
    for number, part in enumerate(parts):
        inside = [m for m in range(len(meetings)) if in_part[m] == number]
        daily = [Part((day,)) for day in part.days]
        for m, place in zip(inside, _deal(indexed, meetings, inside, daily, noise), strict=True):
            day_of[m] = part.days[place] if place >= 0 else -1
    return day_of


def _blocks(indexed: Indexed) -> list[Part]:
    calendar = indexed.calendar
    return [
        Part(tuple(d for d in range(len(calendar.days)) if calendar.block_of[d] == number))
        for number in range(len(calendar.block_size))
    ]


def _weeks(indexed: Indexed) -> list[Part]:
    calendar = indexed.calendar
    return [
        Part(tuple(d for d in range(len(calendar.days)) if calendar.week_of[d] == number), number)
        for number in range(len(calendar.weeks))
    ]


def _limits_are_near(indexed: Indexed, meetings: Sequence[Meeting]) -> bool:
    """Whether an even spread would come within one contact of some shopper's limit in some week."""
    load = [0] * len(indexed.shoppers)
    for _, s, _ in meetings:
        load[s] += 1
    weeks = _weeks(indexed)
    for s, contacts in enumerate(load):
        first, last = indexed.span[s]
        all_open = last - first + 1
        for week in weeks:
            open_days = _open_days(indexed, s, week)
            if open_days and (_room(indexed, s, week) - 1) * all_open < contacts * open_days:
                return True
    return False


def _deal(
    indexed: Indexed, meetings: Sequence[Meeting], chosen: Sequence[int], parts: Sequence[Part], noise: random.Random
) -> list[int]:
    """The part of each chosen meeting, -1 where none was found."""
    place = dict.fromkeys(chosen, -1)
    left = list(chosen)
    for number in range(len(parts)):
        taken = _peel(indexed, meetings, left, parts[number:], noise)
        for m in taken:
            place[m] = number
        left = [m for m in left if place[m] < 0]
    return [place[m] for m in chosen]


def _peel(
    indexed: Indexed, meetings: Sequence[Meeting], left: Sequence[int], parts: Sequence[Part], noise: random.Random
) -> list[int]:
    """Meetings for the first of `parts`, so that those that remain fit the later ones as evenly as possible."""
    by_participant: dict[int, list[int]] = {}
    by_shopper: dict[int, list[int]] = {}
    for m in left:
        by_participant.setdefault(meetings[m][0], []).append(m)
        by_shopper.setdefault(meetings[m][1], []).append(m)
    network = Network()
    source, sink = network.node(), network.node()
    node_of: dict[int, int] = {}
    for p, mine in by_participant.items():
        node = network.node()
        share = _Share(len(mine), *_participant_room(indexed, p, parts))
        _draw(network, source, node, share, noise)
        for m in mine:
            node_of[m] = node
    meeting_arc: dict[int, int] = {}
    for s, mine in by_shopper.items():
        node = network.node()
        share = _Share(len(mine), *_shopper_room(indexed, s, parts))
        if share.weight:
            _draw(network, node, sink, share, noise)
            for m in mine:
                meeting_arc[network.arc(node_of[m], node, 1, noise.randrange(20))] = m
    network.arc(source, sink, len(left))
    flow = network.cheapest(source, sink, len(left))
    return [m for arc, m in meeting_arc.items() if flow[arc]]


@dataclass(frozen=True, slots=True)
class _Share:
    """One vertex's contacts, and what this part and the later ones weigh and hold."""

    contacts: int
    weight: int
    later_weight: int
    room: int
    later_room: int


def _participant_room(indexed: Indexed, p: int, parts: Sequence[Part]) -> tuple[int, int, int, int]:
    free = [sum(1 for day in part.days if day not in indexed.busy[p]) for part in parts]
    return free[0], sum(free[1:]), free[0], sum(free[1:])


def _shopper_room(indexed: Indexed, s: int, parts: Sequence[Part]) -> tuple[int, int, int, int]:
    weight = [_open_days(indexed, s, part) for part in parts]
    room = [_room(indexed, s, part) for part in parts]
    return weight[0], sum(weight[1:]), room[0], sum(room[1:])


def _open_days(indexed: Indexed, s: int, part: Part) -> int:
    first, last = indexed.span[s]
    return sum(1 for day in part.days if first <= day <= last)


def _room(indexed: Indexed, s: int, part: Part) -> int:
    if part.week is not None:
        return indexed.week_room[s][part.week]
    return len(indexed.participants) if _open_days(indexed, s, part) else 0


def _draw(network: Network, tail: int, head: int, share: _Share, noise: random.Random) -> None:
    """Arcs that draw one vertex towards its even share of contacts in this part.

    What later parts cannot hold must be placed now; up to the share is wanted, the fraction above it by its
    size, and more than that is unwanted but possible up to the room.
    """
    all_weight = share.weight + share.later_weight
    must = max(0, share.contacts - share.later_room)
    whole, rest = divmod(share.contacts * share.weight, all_weight) if all_weight else (share.contacts, 0)
    for unit in range(min(share.room, share.contacts)):
        if unit < must:
            cost = -MUST
        elif unit < whole:
            cost = -EVEN
        elif unit == whole:
            cost = EVEN // 2 - EVEN * rest // max(1, all_weight) + noise.randrange(10)
        else:
            cost = 2 * EVEN * (unit - whole)
        network.arc(tail, head, 1, cost)
