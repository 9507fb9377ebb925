"""The Norwegian working calendar: which days and windows contacts may be made in (hard rule 6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from surveys.engine.weeks import iso_week
from surveys.engine.words import WINDOWS
from surveys.engine.working_days import is_working_day

__all__ = [
    "FULL_WEEK",
    "blocks",
    "full_weeks",
    "iso_week",
    "next_working_days",
    "open_windows",
    "windows_for",
    "working_days",
]

FULL_WEEK = 5
"""Working days in a week without public holidays, and in a block."""


def working_days(starts_on: date, ends_on: date, closed_days: Iterable[date] = ()) -> tuple[date, ...]:
    """Days from `starts_on` to `ends_on`, both included, that are not weekend, public holiday or closed.

    A period that ends before it starts has no working days.
    """
    closed = frozenset(closed_days)
    span = (ends_on - starts_on).days + 1
    every_day = (starts_on + timedelta(days=number) for number in range(span))
    return tuple(day for day in every_day if is_working_day(day, closed))


def next_working_days(last: date, count: int, closed_days: Iterable[date] = ()) -> tuple[date, ...]:
    """The `count` working days that follow `last`."""
    closed = tuple(closed_days)
    found: tuple[date, ...] = ()
    reach = 7
    while len(found) < count:
        reach += 7 + 2 * count
        found = working_days(last + timedelta(days=1), last + timedelta(days=reach), closed)
    return found[:count]


def windows_for(channel: str) -> tuple[str, ...]:
    """Windows a contact on the channel may be made in: e-mail must be sent before noon, so in the first one."""
    return WINDOWS[:1] if channel == "email" else WINDOWS


def open_windows(channel: str, windows: Sequence[str]) -> tuple[str, ...]:
    """Windows for the channel at a participant that answers in `windows`; an e-mail needs nobody to answer."""
    if channel == "email":
        return windows_for(channel)
    return tuple(window for window in windows_for(channel) if window in windows)


def full_weeks(days: Sequence[date]) -> tuple[str, ...]:
    """ISO weeks in which all five weekdays are among `days`, in order."""
    seen: dict[str, int] = {}
    for day in days:
        week = iso_week(day)
        seen[week] = seen.get(week, 0) + 1
    return tuple(week for week, number in seen.items() if number == FULL_WEEK)


def blocks(days: Sequence[date]) -> tuple[tuple[date, ...], ...]:
    """The period cut into runs of five working days; the last one holds what is left."""
    return tuple(tuple(days[start : start + FULL_WEEK]) for start in range(0, len(days), FULL_WEEK))
