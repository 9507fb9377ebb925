"""From the clock on somebody's wall to a moment: the one rule for dates and times that people type.

Twice a year the wall clock is moved. One hour in March is never shown, and one in October is shown twice; a time typed
in either says no moment. It is refused with what is wrong, never moved and never guessed.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

FIRST_YEAR, LAST_YEAR = 1990, 2199
"""Any other year is a slip of the finger, and days near the ends of the calendar cannot be reckoned with."""


def is_of_our_time(day: dt.date) -> bool:
    """Whether a date that somebody typed lies in a year anybody can mean."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


class NoSuchMoment(ValueError):
    """A date and time that are no moment, or two, in their time zone; the text says so in the reader's language.

    `timezone` is the name of the zone, such as `Europe/Oslo`.
    """

    def __init__(self, timezone: ZoneInfo) -> None:
        super().__init__(timezone.key)
        self.timezone = timezone.key


class TimeNeverShown(NoSuchMoment):
    """The clock was moved past this time."""

    def __str__(self) -> str:
        return _(
            "Klokkeslettet finnes ikke den dagen, for da stilles klokken fram til sommertid. Velg et annet klokkeslett."
        )


class TimeShownTwice(NoSuchMoment):
    """The clock was moved back over this time."""

    def __str__(self) -> str:
        return _(
            "Klokkeslettet finnes to ganger den dagen, for da stilles klokken tilbake til normaltid. "
            "Velg et annet klokkeslett."
        )


def moment_of(written: dt.datetime, timezone: ZoneInfo) -> dt.datetime:
    """The moment in UTC at which the wall clock of `timezone` shows `written`, a date and time without offset.

    Raises: TimeNeverShown, TimeShownTwice.
    """
    if written.tzinfo is not None:
        raise ValueError(f"{written} has an offset already")
    try:
        earlier = written.replace(tzinfo=timezone, fold=0).astimezone(dt.UTC)
    except OverflowError as error:  # the first or last hours that a date can be written for
        raise TimeNeverShown(timezone) from error
    if earlier.astimezone(timezone).replace(tzinfo=None, fold=0) != written.replace(fold=0):
        raise TimeNeverShown(timezone)
    if written.replace(tzinfo=timezone, fold=1).astimezone(dt.UTC) != earlier:
        raise TimeShownTwice(timezone)
    return earlier
