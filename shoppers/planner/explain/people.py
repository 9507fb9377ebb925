"""Too few people, or too little room with them: what the flow of meetings leaves over and adds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import median_low

from shoppers.planner.explain.reasons import DEFAULT_PER_WEEK, free_codes, reason_of, standing
from shoppers.planner.flow import Matching, meeting_network
from shoppers.planner.indexed import Indexed
from shoppers.planner.types import Limits, Mend, MendKind, Reason, ReasonKind
from surveys.engine.words import CHANNELS


def lacking(indexed: Indexed, matching: Matching) -> tuple[Reason, ...]:
    """Contacts that no limit could make possible: too few people are left for the channel at this participant."""
    if not matching.lacking:
        return ()
    dead = {c for _, c in matching.lacking if not any(_can(indexed, s, c) for s in range(len(indexed.shoppers)))}
    mend = more_shoppers(indexed, matching.lacking)
    found = []
    for c in sorted(dead):
        mine = {p: number for (p, k), number in matching.lacking.items() if k == c}
        who = [indexed.participants[p] for p in mine]
        needed = sum(mine.values())
        found.append(
            reason_of(
                ReasonKind.NO_SHOPPER_FOR_CHANNEL,
                mend,
                participants=who,
                channels=[CHANNELS[c]],
                needed=needed,
                usable=0,
                short=needed,
                pool=len(indexed.shoppers),
            )
        )
    in_want = sorted({p for p, c in matching.lacking if c not in dead})
    found.extend(_few_shoppers(indexed, p, dead, mend) for p in in_want)
    return tuple(found)


def _few_shoppers(indexed: Indexed, p: int, dead: set[int], mend: Mend) -> Reason:
    channels = _scarcest(indexed, p, dead)
    counts = Counter(standing(indexed, p, s, channels) for s in range(len(indexed.shoppers)))
    needed = sum(number for c, number in indexed.demand[p] if c in channels)
    return reason_of(
        ReasonKind.TOO_FEW_SHOPPERS,
        mend,
        participants=[indexed.participants[p]],
        channels=[CHANNELS[c] for c in channels],
        needed=needed,
        usable=counts["usable"],
        short=needed - counts["usable"],
        related=counts["related"],
        met=counts["met"],
        without_channel=counts["without_channel"],
        unavailable=counts["unavailable"],
        pool=len(indexed.shoppers),
    )


def _scarcest(indexed: Indexed, p: int, dead: set[int]) -> tuple[int, ...]:
    """The participant's channels with the largest shortage together; of equals, the fewest (Hall's condition)."""
    wanted = {c: number for c, number in indexed.demand[p] if c not in dead}
    best: tuple[int, int, tuple[int, ...]] = (0, 0, ())
    for chosen in range(1, 2 ** len(wanted)):
        channels = tuple(c for position, c in enumerate(wanted) if chosen >> position & 1)
        usable = sum(1 for s in range(len(indexed.shoppers)) if standing(indexed, p, s, channels) == "usable")
        short = sum(wanted[c] for c in channels) - usable
        best = max(best, (short, -len(channels), channels))
    return best[2]


def _can(indexed: Indexed, s: int, c: int) -> bool:
    return bool(indexed.able[c][s]) and indexed.takes_part(s)


def more_shoppers(indexed: Indexed, lacking: Mapping[tuple[int, int], int]) -> Mend:
    """The fewest new shoppers that could make the lacking contacts, each with a usual load at most.

    A new shopper meets a participant once, so there must be as many as one participant lacks.
    """
    per_participant: Counter[int] = Counter()
    for (p, _), number in lacking.items():
        per_participant[p] += number
    total = sum(per_participant.values())
    usual = median_low([max(1, shopper.max_contacts) for shopper in indexed.people]) if indexed.people else total
    weeks = max(1, len(indexed.calendar.weeks))
    count = max(*per_participant.values(), -(-total // usual))
    each = -(-total // count)
    return Mend(
        MendKind.ADD_SHOPPERS,
        count=count,
        channels=tuple(CHANNELS[c] for c in sorted({c for _, c in lacking})),
        participants=tuple(indexed.participants[p] for p in sorted(per_participant)),
        codes=free_codes(indexed, count),
        max_contacts=each,
        max_per_week=max(DEFAULT_PER_WEEK, -(-2 * each // weeks)),
    )


def capacity(indexed: Indexed, matching: Matching) -> tuple[Reason, ...]:
    """Groups of participants and shoppers in which the shoppers' limits are too small: the parts of a smallest cut."""
    if not matching.extra:
        return ()
    found = []
    groups = _cut_groups(indexed, matching)
    for demands, shoppers in groups:
        extra = {s: matching.extra[s] for s in shoppers if s in matching.extra}
        if extra:
            found.append(_little_capacity(indexed, matching, demands, shoppers, extra))
    named = {s for _, shoppers in groups for s in shoppers}
    rest = {s: number for s, number in matching.extra.items() if s not in named}
    if rest:
        found.append(_little_capacity(indexed, matching, [], sorted(rest), rest))
    return tuple(found)


def _cut_groups(indexed: Indexed, matching: Matching) -> list[tuple[list[tuple[int, int]], list[int]]]:
    """Connected parts of the cut's source side: (participant, channel) demands and the shoppers they compete for."""
    demand = [[(c, n - matching.lacking.get((p, c), 0)) for c, n in row] for p, row in enumerate(indexed.demand)]
    built = meeting_network(replace(indexed, demand=demand), elastic=False)
    inside = built.network.source_side(built.source, built.sink)
    linked: dict[tuple[int, int], set[int]] = {key: set() for key, node in built.demand_node.items() if node in inside}
    for p, s, c in built.meeting_arc.values():
        if (p, c) in linked and built.shopper_node[s] in inside:
            linked[p, c].add(s)
    groups: list[tuple[list[tuple[int, int]], set[int]]] = []
    for key, shoppers in linked.items():
        touching = [group for group in groups if group[1] & shoppers]
        merged = ([key], set(shoppers))
        for group in touching:
            merged[0].extend(group[0])
            merged[1].update(group[1])
            groups.remove(group)
        groups.append(merged)
    return [(sorted(demands), sorted(shoppers)) for demands, shoppers in groups if shoppers]


def _little_capacity(
    indexed: Indexed,
    matching: Matching,
    demands: Sequence[tuple[int, int]],
    shoppers: Sequence[int],
    extra: Mapping[int, int],
) -> Reason:
    wanted = [dict(row) for row in indexed.demand]
    needed = sum(wanted[p].get(c, 0) - matching.lacking.get((p, c), 0) for p, c in demands)
    short = sum(extra.values())
    limits = tuple(_raised_limits(indexed, s, number) for s, number in sorted(extra.items()))
    more = sum(
        max(0, new.max_contacts - indexed.people[s].max_contacts) for new, s in zip(limits, sorted(extra), strict=True)
    )
    by_weeks = sum(
        max(0, indexed.people[s].max_contacts - indexed.fixed_load[s] - sum(indexed.week_room[s])) for s in shoppers
    )
    return reason_of(
        ReasonKind.TOO_LITTLE_CAPACITY if more else ReasonKind.TOO_FEW_PER_WEEK,
        Mend(MendKind.RAISE_LIMITS, count=more, limits=limits),
        participants=sorted({indexed.participants[p] for p, _ in demands}),
        channels=[CHANNELS[c] for c in sorted({c for _, c in demands})],
        shoppers=[indexed.shoppers[s] for s in shoppers],
        needed=needed,
        room=max(0, needed - short),
        short=short,
        lost_to_weeks=by_weeks,
        weeks=len(indexed.calendar.weeks),
    )


def _raised_limits(indexed: Indexed, s: int, extra: int) -> Limits:
    """The least limits with which the shopper can take `extra` more than today's room."""
    shopper = indexed.people[s]
    target = indexed.room[s] + extra
    per_week = shopper.max_per_week
    open_weeks = _open_weeks(indexed, s)
    used = [shopper.max_per_week - room for room in (indexed.week_room[s][w] for w in open_weeks)]
    while sum(max(0, per_week - done) for done in used) < target:
        per_week += 1
    return Limits(shopper.code, max(shopper.max_contacts, indexed.fixed_load[s] + target), per_week)


def _open_weeks(indexed: Indexed, s: int) -> list[int]:
    first, last = indexed.span[s]
    return sorted({indexed.calendar.week_of[day] for day in range(first, last + 1)})
