"""Norwegian working days, ISO weeks over New Year, and the windows of a day."""

from __future__ import annotations

import datetime as dt

import pytest

from shoppers.planner import blocks, full_weeks, iso_week, next_working_days, open_windows, windows_for, working_days
from tests.shoppers.planner.checker import norwegian_holidays

D = dt.date.fromisoformat


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "days_off"),
    [
        pytest.param("2022-04-11", "2022-04-22", ["2022-04-14", "2022-04-15", "2022-04-18"], id="Easter 2022"),
        pytest.param("2024-03-25", "2024-04-05", ["2024-03-28", "2024-03-29", "2024-04-01"], id="Easter 2024"),
        pytest.param("2023-05-01", "2023-05-05", ["2023-05-01"], id="1 May on a Monday"),
        pytest.param("2022-04-25", "2022-05-06", [], id="1 May on a Sunday"),
        pytest.param("2021-05-10", "2021-05-28", ["2021-05-13", "2021-05-17", "2021-05-24"], id="May 2021"),
        pytest.param("2021-12-20", "2022-01-07", [], id="Christmas and New Year on weekends"),
        pytest.param("2018-12-24", "2019-01-04", ["2018-12-25", "2018-12-26", "2019-01-01"], id="Christmas 2018"),
    ],
)
def test_weekends_and_public_holidays_are_off(starts_on: str, ends_on: str, days_off: list[str]) -> None:
    first, last = D(starts_on), D(ends_on)
    weekdays = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    expected = [day for day in weekdays if day.weekday() < 5 and day.isoformat() not in days_off]
    assert list(working_days(first, last)) == expected


@pytest.mark.parametrize("year", range(2010, 2041))
def test_every_year_agrees_with_the_church_calendar(year: int) -> None:
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    weekdays = {first + dt.timedelta(days=n) for n in range((last - first).days + 1)}
    off = {day for day in weekdays if day.weekday() >= 5} | norwegian_holidays(year)
    assert set(working_days(first, last)) == weekdays - off


def test_closed_days_are_off_too() -> None:
    christmas_week = [D("2021-12-23"), D("2021-12-24"), D("2021-12-27"), D("2022-02-01")]
    found = working_days(D("2021-12-22"), D("2021-12-29"), christmas_week)
    assert found == (D("2021-12-22"), D("2021-12-28"), D("2021-12-29"))


def test_a_reversed_period_has_no_days() -> None:
    assert working_days(D("2022-02-02"), D("2022-02-01")) == ()


@pytest.mark.parametrize(
    ("day", "week"),
    [
        ("2020-12-31", "2020-W53"),
        ("2021-01-01", "2020-W53"),
        ("2021-01-04", "2021-W01"),
        ("2022-01-02", "2021-W52"),
        ("2022-01-03", "2022-W01"),
        ("2018-12-31", "2019-W01"),
        ("2022-03-28", "2022-W13"),
    ],
)
def test_weeks_are_iso_weeks_also_over_new_year(day: str, week: str) -> None:
    assert iso_week(D(day)) == week


def test_a_week_is_full_when_all_five_weekdays_are_working_days() -> None:
    spring = working_days(D("2022-04-04"), D("2022-04-29"))
    assert full_weeks(spring) == ("2022-W14", "2022-W17")


def test_blocks_are_five_working_days_whatever_the_week() -> None:
    spring = working_days(D("2022-04-11"), D("2022-04-22"))
    assert [len(block) for block in blocks(spring)] == [5, 2]
    assert blocks(spring)[0][-1] == D("2022-04-20")


def test_the_days_after_a_period_skip_holidays() -> None:
    assert next_working_days(D("2022-04-13"), 3) == (D("2022-04-19"), D("2022-04-20"), D("2022-04-21"))


def test_an_email_is_sent_before_noon() -> None:
    assert windows_for("email") == ("09-11",)
    assert windows_for("telephone") == windows_for("messenger") == ("09-11", "11-13", "13-15")


def test_opening_hours_bind_where_somebody_must_answer() -> None:
    assert open_windows("telephone", ("11-13", "13-15")) == ("11-13", "13-15")
    assert open_windows("email", ("11-13", "13-15")) == ("09-11",)
    assert open_windows("chat", ()) == ()
