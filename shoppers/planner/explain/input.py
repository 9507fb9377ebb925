"""What is wrong with the input itself: contradictions, and what no shopper could mend."""

from __future__ import annotations

from collections import Counter

from shoppers.planner.explain.reasons import reason_of
from shoppers.planner.indexed import index_problem
from shoppers.planner.types import Mend, MendKind, ParticipantDemand, PlanningProblem, Reason, ReasonKind
from surveys.engine.words import CHANNELS


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


def contradictions(problem: PlanningProblem) -> tuple[Reason, ...]:
    """Codes and channels given twice, unknown channels and negative numbers."""
    found = []
    mend = Mend(MendKind.CORRECT_INPUT)
    for code, number in Counter(participant.code for participant in problem.participants).items():
        if number > 1:
            found.append(reason_of(ReasonKind.DUPLICATE_CODE, mend, participants=[code], given=number))
    for code, number in Counter(shopper.code for shopper in problem.shoppers).items():
        if number > 1:
            found.append(reason_of(ReasonKind.DUPLICATE_CODE, mend, shoppers=[code], given=number))
    for participant in problem.participants:
        names = Counter(channel for channel, _ in participant.contacts)
        unknown = sorted(set(names) - set(CHANNELS))
        twice = sorted(channel for channel, number in names.items() if number > 1)
        negative = [(channel, number) for channel, number in participant.contacts if number < 0]
        who = [participant.code]
        if unknown:
            found.append(reason_of(ReasonKind.UNKNOWN_CHANNEL, mend, participants=who, channels=unknown))
        if twice:
            found.append(
                reason_of(ReasonKind.DUPLICATE_CODE, mend, participants=who, channels=twice, given=max(names.values()))
            )
        if negative:
            channels = [channel for channel, _ in negative]
            given = min(number for _, number in negative)
            found.append(reason_of(ReasonKind.NEGATIVE_NUMBER, mend, participants=who, channels=channels, given=given))
    return tuple(found)


def left_without_contacts(problem: PlanningProblem) -> tuple[Reason, ...]:
    """Participants nobody is to contact."""
    empty = [participant.code for participant in problem.participants if participant.total == 0]
    if not empty:
        return ()
    mend = Mend(MendKind.LEAVE_OUT, participants=tuple(empty))
    return (reason_of(ReasonKind.NO_CONTACTS, mend, participants=empty),)


def left_without_windows(problem: PlanningProblem) -> tuple[Reason, ...]:
    """Rule 6: participants that are to be called, chatted with or written to, but answer in no window."""
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
        found.append(reason_of(ReasonKind.NO_WINDOW, mend, participants=who, channels=channels, needed=needed))
    return tuple(found)


def period(problem: PlanningProblem) -> tuple[Reason, ...]:
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
    return (reason_of(kind, mend, participants=who, needed=needed, days=days, short=most),)
