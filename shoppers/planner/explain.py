"""Why there is no plan: reasons with numbers, each with the smallest change that removes it.

The reasons come from the optimiser. Meetings that no limit could make possible are what even the elastic flow
leaves over; too little capacity is what it must add, and the smallest cut of the strict flow names who competes
for what; what is wrong with the dates is what the timetable leaves over. Each mend is carried out before the next
reason is looked for, so all of them together always make the problem solvable; in the end a mend that turns out
not to be needed is dropped.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from statistics import median_low

from shoppers.planner.flow import Matching, match, meeting_network
from shoppers.planner.indexed import Indexed, index_problem
from shoppers.planner.joint import JointAnswer
from shoppers.planner.mend import mended, unique_mends
from shoppers.planner.schedule import scheduled
from shoppers.planner.types import (
    CHANNELS,
    Limits,
    Mend,
    MendKind,
    ParticipantDemand,
    PlanningProblem,
    Reason,
    ReasonKind,
)

ROUNDS = 12
SEED = 1
DEFAULT_PER_WEEK = 6
MOST_TO_PROVE = 6
"""Mends up to which each one is tried without."""


def explain(problem: PlanningProblem) -> tuple[Reason, ...]:
    """The reasons why there is no plan; empty when there is one.

    `mended(problem, explain(problem))` has a plan, unless the input contradicts itself: then the reasons say where.
    """
    contradictions = _contradictions(problem)
    if contradictions:
        return contradictions
    reasons: tuple[Reason, ...] = ()
    current = problem
    for _ in range(ROUNDS):
        found = _next_reasons(current)
        if not found:
            break
        reasons += found
        current = mended(current, found)
    return _needed_only(problem, reasons)


def is_sound(problem: PlanningProblem) -> bool:
    """Whether only people and time can stand in the way: no contradictions, nobody without contacts or windows."""
    codes = {participant.code for participant in problem.participants}
    people = {shopper.code for shopper in problem.shoppers}
    if len(codes) < len(problem.participants) or len(people) < len(problem.shoppers):
        return False
    return all(_has_sound_demand(participant) for participant in problem.participants)


def _has_sound_demand(participant: ParticipantDemand) -> bool:
    channels = [channel for channel, _ in participant.contacts]
    if len(set(channels)) < len(channels) or not set(channels) <= set(CHANNELS):
        return False
    if participant.total == 0 or any(number < 0 for _, number in participant.contacts):
        return False
    is_live = any(channel != "email" for channel, number in participant.contacts if number)
    return bool(participant.windows) or not is_live


def _next_reasons(problem: PlanningProblem) -> tuple[Reason, ...]:
    for look in (_left_without_contacts, _left_without_windows, _period, _meetings):
        found = look(problem)
        if found:
            return found
    return ()


def _needed_only(problem: PlanningProblem, reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    mends = unique_mends(reasons)
    if not 1 < len(mends) <= MOST_TO_PROVE:
        return reasons
    for mend in mends:
        others = tuple(reason for reason in reasons if reason.mend != mend)
        if others and not _next_reasons(mended(problem, others)):
            reasons = others
    return reasons


def _reason(
    kind: ReasonKind,
    mend: Mend,
    *,
    participants: Sequence[str] = (),
    channels: Sequence[str] = (),
    shoppers: Sequence[str] = (),
    **numbers: int,
) -> Reason:
    return Reason(kind, tuple(participants), tuple(channels), tuple(shoppers), tuple(numbers.items()), mend)


def _contradictions(problem: PlanningProblem) -> tuple[Reason, ...]:
    found = []
    mend = Mend(MendKind.CORRECT_INPUT)
    for code, number in Counter(participant.code for participant in problem.participants).items():
        if number > 1:
            found.append(_reason(ReasonKind.DUPLICATE_CODE, mend, participants=[code], given=number))
    for code, number in Counter(shopper.code for shopper in problem.shoppers).items():
        if number > 1:
            found.append(_reason(ReasonKind.DUPLICATE_CODE, mend, shoppers=[code], given=number))
    for participant in problem.participants:
        names = Counter(channel for channel, _ in participant.contacts)
        unknown = sorted(set(names) - set(CHANNELS))
        twice = sorted(channel for channel, number in names.items() if number > 1)
        negative = [(channel, number) for channel, number in participant.contacts if number < 0]
        who = [participant.code]
        if unknown:
            found.append(_reason(ReasonKind.UNKNOWN_CHANNEL, mend, participants=who, channels=unknown))
        if twice:
            found.append(
                _reason(ReasonKind.DUPLICATE_CODE, mend, participants=who, channels=twice, given=max(names.values()))
            )
        if negative:
            channels = [channel for channel, _ in negative]
            given = min(number for _, number in negative)
            found.append(_reason(ReasonKind.NEGATIVE_NUMBER, mend, participants=who, channels=channels, given=given))
    return tuple(found)


def _left_without_contacts(problem: PlanningProblem) -> tuple[Reason, ...]:
    empty = [participant.code for participant in problem.participants if participant.total == 0]
    if not empty:
        return ()
    mend = Mend(MendKind.LEAVE_OUT, participants=tuple(empty))
    return (_reason(ReasonKind.NO_CONTACTS, mend, participants=empty),)


def _left_without_windows(problem: PlanningProblem) -> tuple[Reason, ...]:
    found = []
    shut = [
        participant
        for participant in problem.participants
        if not participant.windows and any(number for channel, number in participant.contacts if channel != "email")
    ]
    mend = Mend(MendKind.OPEN_WINDOWS, participants=tuple(participant.code for participant in shut))
    for participant in shut:
        live = [(channel, number) for channel, number in participant.contacts if channel != "email" and number]
        needed = sum(number for _, number in live)
        channels = [channel for channel, _ in live]
        who = [participant.code]
        found.append(_reason(ReasonKind.NO_WINDOW, mend, participants=who, channels=channels, needed=needed))
    return tuple(found)


def _period(problem: PlanningProblem) -> tuple[Reason, ...]:
    """Rule 7: a participant needs a day of its own for every contact."""
    indexed = index_problem(problem)
    days = len(indexed.calendar.days)
    missing = {p: needed - (days - len(indexed.busy[p])) for p, needed in enumerate(indexed.needed) if needed}
    short = {p: number for p, number in missing.items() if number > 0}
    if not short:
        return ()
    most = max(short.values())
    mend = Mend(MendKind.ADD_DAYS, count=most)
    kind = ReasonKind.PERIOD_TOO_SHORT if days else ReasonKind.NO_WORKING_DAYS
    who = [indexed.participants[p] for p in short]
    needed = max(indexed.needed[p] + len(indexed.busy[p]) for p in short)
    return (_reason(kind, mend, participants=who, needed=needed, days=days, short=most),)


def _meetings(problem: PlanningProblem) -> tuple[Reason, ...]:
    indexed = index_problem(problem)
    matching = match(indexed)
    if matching.is_complete:
        return _timing(problem, indexed, scheduled(indexed, matching.meetings, SEED))
    return _lacking(indexed, matching) + _capacity(indexed, matching)


def _lacking(indexed: Indexed, matching: Matching) -> tuple[Reason, ...]:
    """Contacts that no limit could make possible: too few people are left for the channel at this participant."""
    if not matching.lacking:
        return ()
    dead = {c for _, c in matching.lacking if not any(_can(indexed, s, c) for s in range(len(indexed.shoppers)))}
    mend = _more_shoppers(indexed, matching.lacking)
    found = []
    for c in sorted(dead):
        mine = {p: number for (p, k), number in matching.lacking.items() if k == c}
        who = [indexed.participants[p] for p in mine]
        needed = sum(mine.values())
        found.append(
            _reason(
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
    counts = Counter(_standing(indexed, p, s, channels) for s in range(len(indexed.shoppers)))
    needed = sum(number for c, number in indexed.demand[p] if c in channels)
    return _reason(
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
        usable = sum(1 for s in range(len(indexed.shoppers)) if _standing(indexed, p, s, channels) == "usable")
        short = sum(wanted[c] for c in channels) - usable
        best = max(best, (short, -len(channels), channels))
    return best[2]


def _standing(indexed: Indexed, p: int, s: int, channels: Sequence[int]) -> str:
    """Why a shopper cannot make a contact with the participant on the channels – or "usable"."""
    if (indexed.shoppers[s], indexed.participants[p]) in indexed.problem.excluded:
        return "related"
    if not any(indexed.able[c][s] for c in channels):
        return "without_channel"
    if indexed.barred[p][s]:
        return "met"
    return "usable" if indexed.takes_part(s) else "unavailable"


def _can(indexed: Indexed, s: int, c: int) -> bool:
    return bool(indexed.able[c][s]) and indexed.takes_part(s)


def _more_shoppers(indexed: Indexed, lacking: Mapping[tuple[int, int], int]) -> Mend:
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
    taken = set(indexed.shoppers)
    free = (f"new-{number}" for number in range(1, len(taken) + count + 1) if f"new-{number}" not in taken)
    return Mend(
        MendKind.ADD_SHOPPERS,
        count=count,
        channels=tuple(CHANNELS[c] for c in sorted({c for _, c in lacking})),
        participants=tuple(indexed.participants[p] for p in sorted(per_participant)),
        codes=tuple(code for code, _ in zip(free, range(count), strict=False)),
        max_contacts=each,
        max_per_week=max(DEFAULT_PER_WEEK, -(-2 * each // weeks)),
    )


def _capacity(indexed: Indexed, matching: Matching) -> tuple[Reason, ...]:
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
    return _reason(
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


def _timing(problem: PlanningProblem, indexed: Indexed, answer: JointAnswer) -> tuple[Reason, ...]:
    """The people suffice, but not in the weeks and days there are."""
    if not answer.lacking:
        return ()
    return _per_week(problem, indexed, answer) or _no_room(indexed, answer)


def _per_week(problem: PlanningProblem, indexed: Indexed, answer: JointAnswer) -> tuple[Reason, ...]:
    """Whether more contacts in a week would do, and how few more."""
    if _timed(_with_weekly(problem, len(problem.participants))).lacking:
        return ()
    more = _least(1, len(problem.participants), lambda step: not _timed(_with_weekly(problem, step)).lacking)
    limits = _weekly_limits(indexed, _timed(_with_weekly(problem, more)))
    mend = Mend(MendKind.RAISE_LIMITS, count=0, limits=limits)
    if not limits:
        return ()
    return (
        _reason(
            ReasonKind.TOO_FEW_PER_WEEK,
            mend,
            participants=sorted({indexed.participants[p] for p, _ in answer.lacking}),
            channels=[CHANNELS[c] for c in sorted({c for _, c in answer.lacking})],
            shoppers=[new.shopper for new in limits],
            needed=indexed.total,
            room=indexed.total - sum(answer.lacking.values()),
            short=sum(answer.lacking.values()),
            lost_to_weeks=0,
            weeks=len(indexed.calendar.weeks),
        ),
    )


def _with_weekly(problem: PlanningProblem, more: int) -> PlanningProblem:
    raised = tuple(replace(s, max_per_week=s.max_per_week + more) if s.max_per_week else s for s in problem.shoppers)
    return replace(problem, shoppers=raised)


def _timed(problem: PlanningProblem) -> JointAnswer:
    indexed = index_problem(problem)
    return scheduled(indexed, match(indexed).meetings, SEED)


def _least(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The least number from `low` to `high` for which `holds`, which is known to hold for `high` and above a point."""
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _weekly_limits(indexed: Indexed, answer: JointAnswer) -> tuple[Limits, ...]:
    """New limits for the shoppers who go beyond theirs in the answer."""
    used: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for (_, s, _), day in zip(answer.meetings, answer.days, strict=True):
        used[s][indexed.calendar.week_of[day]] += 1
    found = []
    for s in sorted(used):
        beyond = max(number - indexed.week_room[s][week] for week, number in used[s].items())
        if beyond > 0:
            shopper = indexed.people[s]
            found.append(Limits(shopper.code, shopper.max_contacts, shopper.max_per_week + beyond))
    return tuple(found)


def _no_room(indexed: Indexed, answer: JointAnswer) -> tuple[Reason, ...]:
    mend = _more_shoppers(indexed, answer.lacking)
    found = []
    for p in sorted({p for p, _ in answer.lacking}):
        channels = sorted(c for q, c in answer.lacking if q == p)
        usable = [s for s in range(len(indexed.shoppers)) if _standing(indexed, p, s, channels) == "usable"]
        open_days = {day for s in usable for day in range(indexed.span[s][0], indexed.span[s][1] + 1)}
        found.append(
            _reason(
                ReasonKind.NO_ROOM_IN_TIME,
                mend,
                participants=[indexed.participants[p]],
                channels=[CHANNELS[c] for c in channels],
                needed=indexed.needed[p],
                short=sum(number for (q, _), number in answer.lacking.items() if q == p),
                usable=len(usable),
                open_days=len(open_days - indexed.busy[p]),
                days=len(indexed.calendar.days),
                proven=int(answer.is_proven),
            )
        )
    return tuple(found)
