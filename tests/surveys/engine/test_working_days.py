"""An e-mail's wait in working days: sent before noon, that afternoon is day 1."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from surveys.engine.working_days import is_working_day, last_counted_day, working_days_between

OSLO = ZoneInfo("Europe/Oslo")


def oslo(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=OSLO)


@pytest.mark.parametrize(
    ("sent", "answered", "days"),
    [
        ("2022-01-10 10:00", "2022-01-10 10:00", 1),  # at once
        ("2022-01-10 10:00", "2022-01-10 23:59", 1),  # the same working day, however late
        ("2022-01-10 10:00", "2022-01-11 08:00", 2),  # the next one
        ("2022-01-10 10:00", "2022-01-12 15:00", 3),
        ("2022-01-10 10:00", "2022-01-13 09:00", 4),  # beyond the ordinary limit
        ("2022-01-13 11:59", "2022-01-17 12:00", 3),  # Thursday, Friday, Monday: the weekend does not count
        ("2022-01-14 09:00", "2022-01-15 12:00", 1),  # Saturday belongs to the Friday before it
        ("2022-01-10 12:00", "2022-01-10 15:00", 1),  # sent at noon: day 1 is tomorrow, today is no worse
        ("2022-01-10 12:00", "2022-01-11 15:00", 1),
        ("2022-01-10 12:00", "2022-01-12 15:00", 2),
        ("2022-01-08 10:00", "2022-01-10 15:00", 1),  # sent on a Saturday
        ("2022-04-13 10:00", "2022-04-19 09:00", 2),  # Wednesday before Easter to Tuesday after it
        ("2022-05-16 10:00", "2022-05-18 09:00", 2),  # over Constitution Day
    ],
)
def test_the_wait_of_an_email_in_working_days(sent: str, answered: str, days: int) -> None:
    assert working_days_between(oslo(sent), oslo(answered), timezone=OSLO) == days


def test_noon_is_norwegian_whatever_clock_the_time_was_noted_on() -> None:
    sent = dt.datetime(2022, 1, 10, 11, 30, tzinfo=dt.UTC)  # 12:30 in Oslo
    assert working_days_between(sent, oslo("2022-01-12 10:00"), timezone=OSLO) == 2


def test_the_edition_may_close_more_days() -> None:
    closed = frozenset({dt.date(2021, 12, 24), dt.date(2021, 12, 31)})
    assert working_days_between(oslo("2021-12-23 10:00"), oslo("2021-12-27 10:00"), timezone=OSLO, closed=closed) == 2
    assert not is_working_day(dt.date(2021, 12, 24), closed)
    assert is_working_day(dt.date(2021, 12, 24))


def test_the_last_day_of_a_limit_is_the_last_one_that_counts_within_it() -> None:
    sent = oslo("2022-01-13 10:00")
    last = last_counted_day(sent, 3, timezone=OSLO)
    assert last == dt.date(2022, 1, 17)
    end = dt.datetime.combine(last, dt.time(23, 59), tzinfo=OSLO)
    assert working_days_between(sent, end, timezone=OSLO) == 3
    assert working_days_between(sent, end + dt.timedelta(minutes=1), timezone=OSLO) == 4


def test_an_answer_older_than_its_email_is_refused() -> None:
    with pytest.raises(ValueError, match="before"):
        working_days_between(oslo("2022-01-10 10:00"), oslo("2022-01-10 09:59"), timezone=OSLO)
