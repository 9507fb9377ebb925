"""How far a demo edition has come, and where its field period lies so that the day of today makes sense in it."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

WEEK = timedelta(weeks=1)
FIELD_WEEKS = 17
MONDAY_TO_FRIDAY = timedelta(days=4)


class Stage(StrEnum):
    """The stages in order; each holds everything of those before it."""

    PLANNED = "planned"
    FIELD = "field"
    REVIEW = "review"
    LOCKED = "locked"
    PUBLISHED = "published"

    def includes(self, other: Stage) -> bool:
        """Whether an edition at this stage has been through `other`."""
        stages = list(Stage)
        return stages.index(self) >= stages.index(other)


class FieldPeriod(NamedTuple):
    """First and last day on which contacts are made."""

    starts_on: date
    ends_on: date


WEEKS_BEFORE_TODAY = {Stage.PLANNED: -1, Stage.FIELD: 8, Stage.REVIEW: 18, Stage.LOCKED: 21, Stage.PUBLISHED: 23}
"""In which week the field period began, counted back from the week of today."""


def field_period(stage: Stage, *, today: date) -> FieldPeriod:
    """Four months from a Monday to a Friday: begins next week, is half way, or has been over for so long that every
    e-mail and every second attempt is settled.
    """
    this_monday = today - timedelta(days=today.weekday())
    starts_on = this_monday - WEEKS_BEFORE_TODAY[stage] * WEEK
    return FieldPeriod(starts_on, starts_on + (FIELD_WEEKS - 1) * WEEK + MONDAY_TO_FRIDAY)
