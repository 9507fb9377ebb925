"""ISO weeks, written as they stand in an edition package."""

from __future__ import annotations

import datetime as dt

DAYS_IN_WEEK = 7
WEDNESDAY = 3


def iso_week(day: dt.date) -> str:
    """The ISO week of a day: 2022-W03. The year is the ISO year, so the texts sort as the weeks do."""
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02d}"


def day_of(week: str, weekday: int = 1) -> dt.date:
    """A day of an ISO week, its Monday (1) unless another is asked for.

    Raises: ValueError when the week is not written as 2022-W03, or its year has no such week.
    """
    year, separator, number = week.partition("-W")
    if not separator:
        raise ValueError(f"not a week: {week}")
    return dt.date.fromisocalendar(int(year), int(number), weekday)


def week_number(week: str) -> int:
    """ISO weeks as whole numbers without gaps at the turn of a year: `2021-W52` is one less than `2022-W01`."""
    return (day_of(week).toordinal() - 1) // DAYS_IN_WEEK


def week_of(number: int) -> str:
    """The inverse of `week_number`."""
    return iso_week(dt.date.fromordinal(number * DAYS_IN_WEEK + 1))


def month_of(week: str) -> int:
    """The month most of a week's working days lie in: that of its Wednesday."""
    return day_of(week, WEDNESDAY).month
