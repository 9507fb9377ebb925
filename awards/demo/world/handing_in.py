"""When the invented shoppers hand in what they have done, and what they put off."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from awards.demo.world.attempts import MOST_DAYS, OSLO
from awards.demo.world.chance import stream
from awards.demo.world.simulation import SimulatedContact
from surveys.engine.waiting import USUAL_LIMITS
from surveys.engine.words import EMAIL, MESSENGER
from surveys.engine.working_days import last_counted_day

BUSY_LINE = timedelta(minutes=1)
FORM_TAKES = (6, 40)
"""Minutes from the end of a dialogue until the questionnaire is handed in."""
EVENING, MORNING = time(17), time(9)
HOURS_AT_HAND = 4
PUT_OFF_THIS_WEEK, PUT_OFF_LATELY = 0.12, 0.015
LATELY = timedelta(weeks=4)
HALF_DONE = 0.08
HALF_DONE_DAYS = timedelta(days=3)


def ended_at(made: SimulatedContact, number: int, channel: str) -> datetime:
    """When attempt `number` of a contact was over, on telephone, chat or Messenger."""
    attempt = made.attempts[number - 1]
    if attempt.wait_seconds is None:
        return attempt.started_at + BUSY_LINE
    least = int(USUAL_LIMITS[MESSENGER]) if channel == MESSENGER and attempt.result != "answered" else 0
    return attempt.started_at + timedelta(seconds=max(attempt.wait_seconds, least))


def decided_at(made: SimulatedContact, channel: str, *, closed: Collection[date]) -> datetime:
    """When the shopper knew how a contact had ended; an unanswered e-mail at midnight after its last day."""
    if made.answered_at is not None:
        return made.answered_at
    if channel != EMAIL:
        return ended_at(made, len(made.attempts), channel)
    last = last_counted_day(made.contacted_at, MOST_DAYS, timezone=OSLO, closed=closed)
    return datetime.combine(last + timedelta(days=1), time(), OSLO)


def handed_in_at(
    seed: int, contact_code: str, made: SimulatedContact, channel: str, *, closed: Collection[date]
) -> datetime:
    """When a contact was handed in: straight after a dialogue, in the evening after an e-mail's answer."""
    rng = stream(seed, contact_code, "handed in")
    decided = decided_at(made, channel, closed=closed)
    if channel != EMAIL:
        return decided + timedelta(minutes=rng.randint(*FORM_TAKES))
    hour = EVENING if made.answered_at is not None else MORNING
    return datetime.combine(decided.date(), hour, OSLO) + timedelta(minutes=rng.randrange(HOURS_AT_HAND * 60))


def is_put_off(seed: int, contact_code: str, planned_on: date, *, today: date) -> bool:
    """Whether a shopper has not come to a contact although its day is past: some of this week's, a few older ones."""
    this_monday = today - timedelta(days=today.weekday())
    chance = stream(seed, contact_code, "put off").random()
    if planned_on >= this_monday:
        return chance < PUT_OFF_THIS_WEEK
    return planned_on >= today - LATELY and chance < PUT_OFF_LATELY


def is_half_done(seed: int, contact_code: str, planned_on: date, *, today: date) -> bool:
    """Whether a questionnaire of the last few days still lies there half filled in."""
    return planned_on >= today - HALF_DONE_DAYS and stream(seed, contact_code, "half done").random() < HALF_DONE
