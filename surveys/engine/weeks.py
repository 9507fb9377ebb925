"""ISO weeks, written as they stand in an edition package."""

from __future__ import annotations

import datetime as dt


def iso_week(day: dt.date) -> str:
    """The ISO week of a day: 2022-W03. The year is the ISO year, so the texts sort as the weeks do."""
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02d}"
