"""Norwegian working days, and how an e-mail's wait is counted in them (domain: performance area «Wait»)."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Collection
from functools import cache

import holidays

NOON = dt.time(12)
ONE_DAY = dt.timedelta(days=1)
SATURDAY = 5


@cache
def public_holidays(year: int) -> frozenset[dt.date]:
    """Norwegian public holidays of a year, the movable ones included."""
    return frozenset(holidays.country_holidays("NO", years=year))


def is_working_day(day: dt.date, closed: Collection[dt.date] = ()) -> bool:
    """Whether people answer on that day: Monday to Friday, no public holiday, none of the edition's own closed days."""
    return day.weekday() < SATURDAY and day not in public_holidays(day.year) and day not in closed


def next_working_day(day: dt.date, closed: Collection[dt.date] = ()) -> dt.date:
    """The first working day after `day`."""
    day += ONE_DAY
    while not is_working_day(day, closed):
        day += ONE_DAY
    return day


def first_counted_day(sent: dt.datetime, *, timezone: zoneinfo.ZoneInfo, closed: Collection[dt.date] = ()) -> dt.date:
    """Day 1 of an e-mail: the day it was sent if that was before noon on a working day, else the next working day."""
    local = sent.astimezone(timezone)
    if is_working_day(local.date(), closed) and local.time() < NOON:
        return local.date()
    return next_working_day(local.date(), closed)


def last_counted_day(
    sent: dt.datetime, days: int, *, timezone: zoneinfo.ZoneInfo, closed: Collection[dt.date] = ()
) -> dt.date:
    """The working day that is number `days` (≥ 1) of an e-mail: an answer by its end has waited no longer."""
    day = first_counted_day(sent, timezone=timezone, closed=closed)
    for _step in range(days - 1):
        day = next_working_day(day, closed)
    return day


def working_days_between(
    sent: dt.datetime, answered: dt.datetime, *, timezone: zoneinfo.ZoneInfo, closed: Collection[dt.date] = ()
) -> int:
    """How many working days an e-mail waited for its answer, at least 1.

    Day 1 is the afternoon of the day it was sent; an answer on the next working day has waited 2. An answer on a day
    off belongs to the working day before it, for the next one has not begun.

    Raises: ValueError when the answer is older than the e-mail.
    """
    if answered < sent:
        raise ValueError("answered before it was sent")
    day = first_counted_day(sent, timezone=timezone, closed=closed)
    last = answered.astimezone(timezone).date()
    count = 1
    while (day := next_working_day(day, closed)) <= last:
        count += 1
    return count
