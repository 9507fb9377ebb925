"""Enough people, but not in the weeks and days there are: what the timetable leaves over."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace

from shoppers.planner.explain.people import more_shoppers
from shoppers.planner.explain.reasons import reason_of, standing
from shoppers.planner.flow import match
from shoppers.planner.indexed import Indexed, index_problem
from shoppers.planner.joint import JointAnswer
from shoppers.planner.schedule import scheduled
from shoppers.planner.types import Limits, Mend, MendKind, PlanningProblem, Reason, ReasonKind
from surveys.engine.words import CHANNELS

SEED = 1
"""The seed of the timetable that is judged: `solve` falls back on the same one."""


def timing(problem: PlanningProblem, indexed: Indexed, answer: JointAnswer) -> tuple[Reason, ...]:
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
        reason_of(
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
    mend = more_shoppers(indexed, answer.lacking)
    found = []
    for p in sorted({p for p, _ in answer.lacking}):
        channels = sorted(c for q, c in answer.lacking if q == p)
        usable = [s for s in range(len(indexed.shoppers)) if standing(indexed, p, s, channels) == "usable"]
        open_days = {day for s in usable for day in range(indexed.span[s][0], indexed.span[s][1] + 1)}
        found.append(
            reason_of(
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
