"""Where the demo's field period lies, and how far its shoppers have come, on any day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from awards.demo.world import SimulatedAttempt, SimulatedContact, Stage, field_period
from awards.demo.world.handing_in import decided_at, handed_in_at, is_put_off
from tests.awards.demo.world.fieldwork import OSLO

EVERY_WEEKDAY = [date(2026, 11, 16) + timedelta(days=number) for number in range(7)]
SENT = datetime(2027, 1, 7, 10, 0, tzinfo=OSLO)  # a Thursday


def test_the_stages_follow_each_other() -> None:
    assert [stage.value for stage in Stage] == ["planned", "field", "review", "locked", "published"]
    assert Stage.LOCKED.includes(Stage.REVIEW)
    assert Stage.LOCKED.includes(Stage.LOCKED)
    assert not Stage.LOCKED.includes(Stage.PUBLISHED)


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("today", EVERY_WEEKDAY)
def test_a_field_period_is_four_months_from_a_monday_to_a_friday(stage: Stage, today: date) -> None:
    starts_on, ends_on = field_period(stage, today=today)
    assert (starts_on.weekday(), ends_on.weekday()) == (0, 4)
    assert ends_on - starts_on == timedelta(weeks=17) - timedelta(days=3)


@pytest.mark.parametrize("today", EVERY_WEEKDAY)
def test_today_makes_sense_in_it(today: date) -> None:
    days = timedelta(days=1)
    assert 1 <= (field_period(Stage.PLANNED, today=today).starts_on - today) / days <= 7
    starts_on, ends_on = field_period(Stage.FIELD, today=today)
    assert abs((today - starts_on) - (ends_on - today)) <= timedelta(days=8)
    over_for = [(today - field_period(stage, today=today).ends_on) / days for stage in list(Stage)[2:]]
    assert over_for[0] > 9  # every second attempt is made, and every e-mail's three days are over
    assert over_for == sorted(over_for)


def unanswered_letter() -> SimulatedContact:
    return SimulatedContact(
        attempts=(SimulatedAttempt(1, SENT, None, "no_answer"),), outcome="no_answer", contacted_at=SENT
    )


def unanswered_message() -> SimulatedContact:
    again = SENT + timedelta(days=1)
    attempts = (SimulatedAttempt(1, SENT, 1800, "no_answer"), SimulatedAttempt(2, again, 1800, "no_answer"))
    return SimulatedContact(attempts=attempts, outcome="no_answer", contacted_at=again)


def test_an_email_stays_open_until_its_third_working_day_is_over() -> None:
    # Thursday is day 1, Friday 2, Monday 3.
    assert decided_at(unanswered_letter(), "email", closed=()) == datetime(2027, 1, 12, 0, 0, tzinfo=OSLO)


def test_the_other_channels_are_decided_by_the_last_attempt() -> None:
    half_an_hour_later = SENT + timedelta(days=1, minutes=30)
    assert decided_at(unanswered_message(), "messenger", closed=()) == half_an_hour_later


@pytest.mark.parametrize(("made", "channel"), [(unanswered_letter(), "email"), (unanswered_message(), "messenger")])
def test_nobody_hands_in_before_it_is_decided(made: SimulatedContact, channel: str) -> None:
    decided = decided_at(made, channel, closed=())
    for number in range(50):
        handed_in = handed_in_at(1, f"c{number}", made, channel, closed=())
        assert decided <= handed_in < decided + timedelta(days=1)


def test_some_put_off_what_was_planned_this_week_few_what_is_older_and_nobody_what_is_long_past() -> None:
    thursday = date(2026, 11, 19)

    def share(planned_on: date) -> float:
        return sum(is_put_off(1, f"c{number}", planned_on, today=thursday) for number in range(1000)) / 1000

    assert share(date(2026, 11, 17)) == pytest.approx(0.12, abs=0.03)
    assert share(date(2026, 11, 12)) == pytest.approx(0.015, abs=0.01)
    assert share(date(2026, 10, 1)) == 0
