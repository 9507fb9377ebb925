"""Repairing a plan in the middle of the field period: fewest changes, nothing made or begun is touched.

What can stay, stays: a flow finds the largest set of contacts that the new problem still allows, which is also the
proof of how few changes are possible. Everything that stays is then fixed, and the rest is planned like any plan,
so a repair is as fair as what is left allows.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from shoppers.planner.annealing import Clock, seeded
from shoppers.planner.assign import MOVES_PER_MEETING, assign
from shoppers.planner.calendar import iso_week, open_windows
from shoppers.planner.explain import explain, is_sound
from shoppers.planner.fairness import measure
from shoppers.planner.flow import Meeting, Network, match
from shoppers.planner.indexed import Indexed, index_problem
from shoppers.planner.joint import joint_answer
from shoppers.planner.schedule import TRIES
from shoppers.planner.solve import DATE_SHARE, as_contacts, solve
from shoppers.planner.timetable import UNPLACED, Timetable
from shoppers.planner.types import Change, ChangeKind, Infeasible, PlannedContact, PlanningProblem, Repair
from surveys.engine.words import CHANNELS


def repair(
    problem: PlanningProblem,
    existing: tuple[PlannedContact, ...],
    keep: frozenset[str] = frozenset(),
    *,
    seed: int = 1,
    seconds: float = 20.0,
    moves: int | None = None,
) -> Repair:
    """The plan nearest to `existing` that is valid for `problem`, which describes the edition as it is now.

    Contacts whose key is in `keep` and the problem's fixed contacts stay as they are, whatever the rules say about
    them. Others stay wherever the rules allow. A contact that takes the place of another one keeps its key.
    Raises Infeasible with reasons when no plan exists beside what must stay. `moves` bounds the search for fair
    replacements (default: by their number).
    """
    clock = Clock(seconds)
    held = {*problem.fixed, *(contact for contact in existing if contact.key and contact.key in keep)}
    fixed = dict.fromkeys(contact for contact in (*problem.fixed, *existing) if contact in held)
    base = replace(problem, fixed=tuple(fixed))
    movable = [contact for contact in existing if contact not in held]
    if not is_sound(base):
        raise Infeasible(explain(base))
    indexed = index_problem(base)
    staying = _allowed(base, indexed, movable)
    together = _without_clashes(base, staying)
    kept = _completable(base, indexed, together)
    budget = MOVES_PER_MEETING * max(0, indexed.total - len(kept)) if moves is None else moves
    contacts = _completed(base, kept, movable, seed=seed, moves=budget, clock=clock)
    if contacts is None:
        contacts = _loosened(base, together, kept, seed=seed, clock=clock)
    renamed, changes = _compared(movable, contacts, frozenset(base.fixed))
    return Repair(
        contacts=renamed,
        changes=changes,
        lower_bound=_fewest_changes(indexed, movable, _most_staying(indexed, staying)),
        figures=measure(base, renamed),
        stopped_by_clock=clock.has_stopped,
    )


def _allowed(problem: PlanningProblem, indexed: Indexed, movable: Sequence[PlannedContact]) -> list[PlannedContact]:
    """Movable contacts that break no rule by themselves, nor beside what is fixed."""
    p_number = {code: p for p, code in enumerate(indexed.participants)}
    s_number = {code: s for s, code in enumerate(indexed.shoppers)}
    windows = {participant.code: participant.windows for participant in problem.participants}
    found = []
    for contact in movable:
        p, s = p_number.get(contact.participant), s_number.get(contact.shopper)
        day = indexed.calendar.number.get(contact.day)
        if p is None or s is None or day is None or contact.channel not in CHANNELS:
            continue
        c = CHANNELS.index(contact.channel)
        first, last = indexed.span[s]
        is_usable = indexed.able[c][s] and not indexed.barred[p][s] and dict(indexed.demand[p]).get(c)
        is_in_time = first <= day <= last and day not in indexed.busy[p]
        if is_usable and is_in_time and contact.window in open_windows(contact.channel, windows[contact.participant]):
            found.append(contact)
    return found


def _most_staying(indexed: Indexed, staying: Sequence[PlannedContact]) -> int:
    """The most contacts that can stay by demand, weeks and limits: a largest flow.

    source → (participant, channel) → contact → (shopper, week) → shopper → sink
    """
    network = Network()
    source, sink = network.node(), network.node()
    demand = {
        (indexed.participants[p], CHANNELS[c]): number for p, row in enumerate(indexed.demand) for c, number in row
    }
    number_of = {code: s for s, code in enumerate(indexed.shoppers)}
    demand_node: dict[tuple[str, str], int] = {}
    week_node: dict[tuple[int, int], int] = {}
    shopper_node: dict[int, int] = {}
    worth = []
    for contact in staying:
        key = contact.participant, contact.channel
        s, week = number_of[contact.shopper], indexed.calendar.week_of[indexed.calendar.number[contact.day]]
        if key not in demand_node:
            demand_node[key] = network.node()
            network.arc(source, demand_node[key], demand[key])
        if s not in shopper_node:
            shopper_node[s] = network.node()
            network.arc(shopper_node[s], sink, indexed.room[s])
        if (s, week) not in week_node:
            week_node[s, week] = network.node()
            network.arc(week_node[s, week], shopper_node[s], indexed.week_room[s][week])
        worth.append(network.arc(demand_node[key], week_node[s, week], 1, -1))
    network.arc(source, sink, len(staying))
    flow = network.cheapest(source, sink, len(staying))
    kept = sum(flow[arc] for arc in worth)
    return min(kept, _most_matched(indexed, staying))


def _meetings_of(indexed: Indexed, contacts: Sequence[PlannedContact]) -> dict[Meeting, PlannedContact]:
    """Contacts by (participant, shopper, channel) number, the first of each pair."""
    p_number = {code: p for p, code in enumerate(indexed.participants)}
    s_number = {code: s for s, code in enumerate(indexed.shoppers)}
    pairs: dict[tuple[int, int], Meeting] = {}
    found: dict[Meeting, PlannedContact] = {}
    for contact in contacts:
        p, s = p_number[contact.participant], s_number[contact.shopper]
        meeting = p, s, CHANNELS.index(contact.channel)
        if pairs.setdefault((p, s), meeting) == meeting:
            found.setdefault(meeting, contact)
    return found


def _most_matched(indexed: Indexed, staying: Sequence[PlannedContact]) -> int:
    """The most contacts that can stay beside meetings for all the others."""
    old = _meetings_of(indexed, staying)
    return sum(1 for meeting in match(indexed, frozenset(old)).meetings if meeting in old)


def _completable(
    problem: PlanningProblem, indexed: Indexed, together: Sequence[PlannedContact]
) -> tuple[PlannedContact, ...]:
    """A largest set of contacts that can stay together and leave room for meetings to make up the rest."""
    old = _meetings_of(indexed, together)
    matching = match(indexed, frozenset(old))
    if not matching.is_complete:
        raise Infeasible(explain(problem))
    return tuple(old[meeting] for meeting in matching.meetings if meeting in old)


def _without_clashes(problem: PlanningProblem, staying: Sequence[PlannedContact]) -> list[PlannedContact]:
    """Contacts in order, less those that clash with an earlier one over a day, a pair or a week's limit."""
    per_week = {shopper.code: shopper.max_per_week for shopper in problem.shoppers}
    days = {(contact.participant, contact.day) for contact in problem.fixed}
    pairs = {(contact.participant, contact.shopper) for contact in problem.fixed}
    weeks = Counter((contact.shopper, iso_week(contact.day)) for contact in problem.fixed)
    kept = []
    for contact in staying:
        day, pair = (contact.participant, contact.day), (contact.participant, contact.shopper)
        week = contact.shopper, iso_week(contact.day)
        if day in days or pair in pairs or weeks[week] >= per_week[contact.shopper]:
            continue
        days.add(day)
        pairs.add(pair)
        weeks[week] += 1
        kept.append(contact)
    return kept


def _completed(
    problem: PlanningProblem,
    kept: tuple[PlannedContact, ...],
    movable: Sequence[PlannedContact],
    *,
    seed: int,
    moves: int,
    clock: Clock,
) -> tuple[PlannedContact, ...] | None:
    """A valid plan with all that is kept; None when the rest finds no days beside it."""
    held = replace(problem, fixed=problem.fixed + kept)
    indexed = index_problem(held)
    meetings, _ = assign(indexed, match(indexed).meetings, seed=seed, moves=moves, stop=clock)
    table = Timetable(indexed, meetings, _old_days(indexed, meetings, movable))
    rng = seeded(seed)
    table.settle(rng, TRIES * len(meetings) + 200)
    if table.unplaced:
        return None
    table.polish(rng, moves // DATE_SHARE, clock, keep_weeks=True)
    return as_contacts(indexed, table.meetings, table.day_of)


def _old_days(indexed: Indexed, meetings: Sequence[Meeting], movable: Sequence[PlannedContact]) -> list[int]:
    """For each new meeting the day of a lost contact at the participant, preferably on the same channel.

    So the participant's days stay as even as they were. Without a lost contact, or where the shopper is not
    available or has a full week, the meeting gets no day yet. The day of a contact that is kept is taken by it.
    """
    free: defaultdict[str, list[PlannedContact]] = defaultdict(list)
    for contact in movable:
        day = indexed.calendar.number.get(contact.day)
        if day is not None:
            free[contact.participant].append(contact)
    used: Counter[tuple[int, int]] = Counter()
    days = []
    for p, s, c in meetings:
        options = free[indexed.participants[p]]
        legal = [contact for contact in options if _fits(indexed, p, s, contact, used)]
        if not legal:
            days.append(UNPLACED)
            continue
        best = min(legal, key=lambda contact: contact.channel != CHANNELS[c])
        options.remove(best)
        day = indexed.calendar.number[best.day]
        indexed_week = indexed.calendar.week_of[day]
        used[s, indexed_week] += 1
        days.append(day)
    return days


def _fits(indexed: Indexed, p: int, s: int, lost: PlannedContact, used: Counter[tuple[int, int]]) -> bool:
    day = indexed.calendar.number[lost.day]
    week = indexed.calendar.week_of[day]
    first, last = indexed.span[s]
    return first <= day <= last and day not in indexed.busy[p] and used[s, week] < indexed.week_room[s][week]


def _loosened(
    problem: PlanningProblem,
    together: Sequence[PlannedContact],
    kept: tuple[PlannedContact, ...],
    *,
    seed: int,
    clock: Clock,
) -> tuple[PlannedContact, ...]:
    """Where dates forbid keeping all: the joint model keeps the most of those that can stay together; where it is
    too large, the participants in want and at last everybody are planned anew.
    """
    indexed = index_problem(problem)
    old = _meetings_of(indexed, together)
    days = {meeting: indexed.calendar.number[contact.day] for meeting, contact in old.items()}
    answer = joint_answer(indexed, seed, days)
    if answer is not None and not answer.lacking:
        return _with_old_windows(as_contacts(indexed, answer.meetings, answer.days), together)
    in_want = {code for reason in explain(replace(problem, fixed=problem.fixed + kept)) for code in reason.participants}
    loose = tuple(contact for contact in kept if contact.participant not in in_want)
    for fixed in (kept, loose):
        try:
            return _solved(replace(problem, fixed=problem.fixed + fixed), seed, clock)
        except Infeasible:
            continue
    return _solved(problem, seed, clock)


def _solved(problem: PlanningProblem, seed: int, clock: Clock) -> tuple[PlannedContact, ...]:
    plan = solve(problem, seed=seed, seconds=clock.left)
    clock.has_stopped = clock.has_stopped or plan.stopped_by_clock
    return plan.contacts


def _with_old_windows(contacts: Sequence[PlannedContact], kept: Sequence[PlannedContact]) -> tuple[PlannedContact, ...]:
    windows = {_place(contact): contact.window for contact in kept}
    return tuple(replace(contact, window=windows.get(_place(contact), contact.window)) for contact in contacts)


def _place(contact: PlannedContact) -> tuple[object, ...]:
    return contact.participant, contact.shopper, contact.channel, contact.day


def _fewest_changes(indexed: Indexed, movable: Sequence[PlannedContact], most_staying: int) -> int:
    """No plan changes fewer: what cannot stay is replaced or removed, and what is missing besides is added.

    Of a participant's n movable contacts k stay, and m are needed: max(n, m) − k of them change. Summed over the
    participants this is smallest when the most contacts stay.
    """
    have = Counter(contact.participant for contact in movable)
    need = {code: indexed.needed[p] for p, code in enumerate(indexed.participants)}
    return sum(max(have[code], need.get(code, 0)) for code in have.keys() | need.keys()) - most_staying


def _compared(
    movable: Sequence[PlannedContact], contacts: Sequence[PlannedContact], fixed: frozenset[PlannedContact]
) -> tuple[tuple[PlannedContact, ...], tuple[Change, ...]]:
    """Contacts with their old keys, and the list of changes in the order of participant and day.

    A new contact takes over the key of the lost contact at the participant that it resembles most: the same
    shopper, then channel, day and week.
    """
    old = {replace(contact, key=""): contact for contact in movable}
    lost: defaultdict[str, list[PlannedContact]] = defaultdict(list)
    new: defaultdict[str, list[PlannedContact]] = defaultdict(list)
    renamed: list[PlannedContact] = []
    left = dict(old)
    for contact in contacts:
        if contact in fixed:
            renamed.append(contact)
        elif replace(contact, key="") in left:
            renamed.append(left.pop(replace(contact, key="")))
        else:
            new[contact.participant].append(contact)
    gone = Counter(movable) - Counter(renamed)
    for contact in movable:
        if gone[contact]:
            gone[contact] -= 1
            lost[contact.participant].append(contact)
    changes: list[Change] = []
    for participant in sorted(lost.keys() | new.keys()):
        changes.extend(_paired(lost[participant], new[participant]))
    renamed.extend(change.after for change in changes if change.after is not None)
    return tuple(sorted(renamed, key=lambda c: (c.day, c.participant, c.shopper))), tuple(changes)


def _paired(lost: Sequence[PlannedContact], new: Sequence[PlannedContact]) -> list[Change]:
    likeness = sorted(
        ((_likeness(before, after), i, j) for i, before in enumerate(lost) for j, after in enumerate(new)),
        key=lambda entry: (-entry[0], entry[1], entry[2]),
    )
    used_lost: set[int] = set()
    used_new: set[int] = set()
    by_day: list[tuple[dt.date, Change]] = []
    for _, i, j in likeness:
        if i not in used_lost and j not in used_new:
            used_lost.add(i)
            used_new.add(j)
            by_day.append((new[j].day, _changed(lost[i], replace(new[j], key=lost[i].key))))
    by_day.extend(
        (before.day, Change(ChangeKind.REMOVED, before.key, before, None))
        for i, before in enumerate(lost)
        if i not in used_lost
    )
    by_day.extend(
        (after.day, Change(ChangeKind.ADDED, "", None, after)) for j, after in enumerate(new) if j not in used_new
    )
    return [change for _day, change in sorted(by_day, key=lambda entry: entry[0])]


def _likeness(before: PlannedContact, after: PlannedContact) -> int:
    return (
        8 * (before.shopper == after.shopper)
        + 4 * (before.channel == after.channel)
        + 2 * (before.day == after.day)
        + (iso_week(before.day) == iso_week(after.day))
    )


def _changed(before: PlannedContact, after: PlannedContact) -> Change:
    if before.shopper == after.shopper:
        return Change(ChangeKind.MOVED, before.key, before, after)
    return Change(ChangeKind.REPLACED, before.key, before, after)
