"""Dates and times that people type: the hour that is never shown, the one that is shown twice, and all others."""

# ruff: noqa: DTZ001 - a time as people type it has no zone

from __future__ import annotations

import ast
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from kundeservice.core.forms import DayField, LocalMomentField
from kundeservice.core.local_time import NoSuchMoment, TimeNeverShown, TimeShownTwice, moment_of
from tests.processes import ROOT

OSLO = ZoneInfo("Europe/Oslo")
MISSING = dt.datetime(2027, 3, 28, 2, 30)
DOUBLED = dt.datetime(2027, 10, 31, 2, 30)


@pytest.mark.parametrize("hour", [dt.datetime(2027, 3, 28, 2, 0), MISSING, dt.datetime(2027, 3, 28, 2, 59, 59)])
def test_a_time_the_clock_is_moved_past_is_no_moment(hour: dt.datetime) -> None:
    with pytest.raises(TimeNeverShown, match="finnes ikke"):
        moment_of(hour, OSLO)


@pytest.mark.parametrize("fold", [0, 1])
def test_a_time_that_is_shown_twice_is_not_guessed(fold: int) -> None:
    with pytest.raises(TimeShownTwice, match="to ganger"):
        moment_of(DOUBLED.replace(fold=fold), OSLO)


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        (dt.datetime(2027, 3, 28, 1, 59), 0),
        (dt.datetime(2027, 3, 28, 3, 0), 1),
        (dt.datetime(2027, 10, 31, 1, 59), 23),
        (dt.datetime(2027, 10, 31, 3, 0), 2),
    ],
)
def test_the_minutes_around_are_what_they_say(written: dt.datetime, hour: int) -> None:
    assert moment_of(written, OSLO).hour == hour


@given(st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2099, 12, 31)))
def test_a_moment_is_shown_as_it_was_written(written: dt.datetime) -> None:
    try:
        moment = moment_of(written, OSLO)
    except NoSuchMoment:
        return
    assert moment.astimezone(OSLO).replace(tzinfo=None) == written.replace(fold=0)


def test_the_first_hour_that_can_be_written_is_refused_and_no_crash() -> None:
    with pytest.raises(NoSuchMoment):
        moment_of(dt.datetime(1, 1, 1), OSLO)


def test_what_has_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        moment_of(MISSING.replace(tzinfo=dt.UTC), OSLO)


class TestLocalMomentField:
    @pytest.mark.parametrize(("written", "words"), [(MISSING, "finnes ikke"), (DOUBLED, "to ganger")])
    def test_says_what_is_wrong_with_the_hour(self, written: dt.datetime, words: str) -> None:
        with pytest.raises(forms.ValidationError, match=words):
            LocalMomentField().clean(f"{written:%Y-%m-%dT%H:%M}")

    def test_reads_every_other_time(self) -> None:
        assert LocalMomentField().clean("2027-03-28T03:30") == dt.datetime(2027, 3, 28, 1, 30, tzinfo=dt.UTC)

    def test_leaves_other_mistakes_as_they_are(self) -> None:
        with pytest.raises(forms.ValidationError, match="gyldig"):
            LocalMomentField().clean("i går")


ROOMS_WHERE_PEOPLE_TYPE = {"forms", "views", "management", "package", "services"}
INVENTED = ("awards/demo/", "awards/management/commands/demo.py")
NO_LOCAL_ZONE = {"dt.UTC", "None"}


def typed_rooms() -> Iterator[tuple[str, ast.AST]]:
    for app in ("awards", "shoppers", "surveys", "scoring", "kundeservice"):
        for path in sorted((ROOT / app).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if ROOMS_WHERE_PEOPLE_TYPE & set(Path(name).with_suffix("").parts) and not name.startswith(INVENTED):
                yield name, ast.parse(path.read_text())


def guesses(call: ast.Call) -> bool:
    """Whether a call puts a local date and time together without asking whether the clock ever shows them."""
    called = ast.unparse(call.func).rpartition(".")[2]
    zones = [ast.unparse(word.value) for word in call.keywords if word.arg == "tzinfo"]
    zones += [ast.unparse(zone) for zone in call.args[2:]] if called == "combine" else []
    return called in {"make_aware", "DateTimeField", "SplitDateTimeField"} or bool(set(zones) - NO_LOCAL_ZONE)


@pytest.mark.parametrize("day", ["0001-01-01", "1989-12-31", "2200-01-01", "9999-12-31"])
def test_a_year_nobody_can_mean_is_a_slip_of_the_finger(day: str) -> None:
    for field, typed in ((DayField(), day), (LocalMomentField(), f"{day}T10:00")):
        with pytest.raises(forms.ValidationError, match="1990 til 2199"):
            field.clean(typed)


def test_every_other_year_is_taken_as_it_is() -> None:
    assert DayField().clean("1990-01-01") == dt.date(1990, 1, 1)
    assert DayField(required=False).clean("") is None


def test_no_form_has_a_field_for_days_without_that_bound() -> None:
    calls = ((name, node) for name, tree in typed_rooms() for node in ast.walk(tree) if isinstance(node, ast.Call))
    assert [f"{name}:{call.lineno}" for name, call in calls if ast.unparse(call.func) == "forms.DateField"] == []


def test_no_form_command_or_import_puts_date_and_time_together_by_itself() -> None:
    found = [
        f"{name}:{node.lineno} {ast.unparse(node)}"
        for name, tree in typed_rooms()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and guesses(node)
    ]

    assert found == []
