"""How the attempts of one contact go, and how long the shopper waits (domain: performance area «Wait»)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from surveys.engine.waiting import USUAL_LIMITS
from surveys.engine.words import ANSWERED, CHAT, EMAIL, MESSENGER, NO_ANSWER, NOT_QUEUED, TELEPHONE, WINDOWS
from surveys.engine.working_days import last_counted_day, next_working_day, working_days_between

OSLO = ZoneInfo("Europe/Oslo")

FIRST_WINDOW = WINDOWS[0]
LATEST_START = 112
"""Minutes into a window of two hours."""
END_OF_DAY = time(15, 55)
FIRST_FAILURE = 0.7
"""If both attempts fail with chance p, the first one fails with p to this power."""
NOT_QUEUED_CHANCE = {TELEPHONE: 0.22, CHAT: 0.3}
MOST_DAYS = int(USUAL_LIMITS[EMAIL])


class SimulatedAttempt(NamedTuple):
    """One try. `wait_seconds` is how long it was waited for, None where that is not counted or there was no queue."""

    number: int
    started_at: datetime
    wait_seconds: int | None
    result: str


@dataclass(frozen=True, slots=True)
class Reached:
    """How reaching the participant went. `wait` is in the channel's unit (seconds, working days for e-mail).

    `contacted_at` is the start of the attempt that decided the outcome.
    """

    attempts: tuple[SimulatedAttempt, ...]
    contacted_at: datetime
    answered_at: datetime | None = None
    wait: int | None = None

    @property
    def outcome(self) -> str:
        return ANSWERED if self.answered_at else NO_ANSWER


def reach(
    rng: Random, *, channel: str, silence: float, luck: float, planned_on: date, window: str, closed: Collection[date]
) -> Reached:
    """Try to reach a participant who does not answer with chance `silence` (0–1); `luck` below it means no answer.

    An e-mail is sent once, before noon. Everything else gets a second attempt on one of the next three working days.
    """
    if channel == EMAIL:
        return _send_email(rng, silence, planned_on, window, closed, is_answered=luck >= silence)
    started = _moment(rng, planned_on, window)
    if luck >= silence**FIRST_FAILURE:
        return _answered(rng, channel, silence, (), started)
    first = _unanswered(rng, channel, 1, started)
    again = planned_on
    for _step in range(rng.choice((1, 1, 2, 3))):
        again = next_working_day(again, closed)
    started = _moment(rng, again, rng.choice(WINDOWS))
    if luck >= silence:
        return _answered(rng, channel, silence, (first,), started)
    return Reached(attempts=(first, _unanswered(rng, channel, 2, started)), contacted_at=started)


def _moment(rng: Random, day: date, window: str) -> datetime:
    opens = int((window or FIRST_WINDOW).split("-")[0])
    minutes, seconds = rng.randrange(LATEST_START), rng.randrange(60)
    return datetime.combine(day, time(opens), OSLO) + timedelta(minutes=minutes, seconds=seconds)


def _unanswered(rng: Random, channel: str, number: int, started: datetime) -> SimulatedAttempt:
    if rng.random() < NOT_QUEUED_CHANCE.get(channel, 0):
        return SimulatedAttempt(number, started, None, NOT_QUEUED)
    return SimulatedAttempt(number, started, int(USUAL_LIMITS[channel]), NO_ANSWER)


def _answered(
    rng: Random, channel: str, silence: float, before: tuple[SimulatedAttempt, ...], started: datetime
) -> Reached:
    wait = _messenger_wait(rng, silence, started) if channel == MESSENGER else _queue(rng, channel, silence)
    attempt = SimulatedAttempt(len(before) + 1, started, wait, ANSWERED)
    return Reached((*before, attempt), started, started + timedelta(seconds=wait), wait)


def _queue(rng: Random, channel: str, silence: float) -> int:
    """Seconds on the telephone or in a chat: where nobody answers often, the others wait longer too."""
    limit = int(USUAL_LIMITS[channel])
    wait = int(rng.lognormvariate(3.2 + 3.2 * silence, 0.85)) + 3
    return wait if wait <= limit else rng.randrange(limit // 2, limit + 1)


def _messenger_wait(rng: Random, silence: float, started: datetime) -> int:
    """Seconds on Messenger: within the half hour, or later the same day, since the message stays in the inbox."""
    limit = int(USUAL_LIMITS[MESSENGER])
    left_of_day = int((datetime.combine(started.date(), END_OF_DAY, OSLO) - started).total_seconds())
    if rng.random() < 0.1 + 0.4 * silence:
        return rng.randrange(limit + 1, max(left_of_day, limit + 60))
    wait = int(rng.lognormvariate(4.9 + 2.2 * silence, 1.0)) + 8
    return wait if wait <= limit else rng.randrange(limit // 2, limit + 1)


def _send_email(
    rng: Random, silence: float, planned_on: date, window: str, closed: Collection[date], *, is_answered: bool
) -> Reached:
    sent = _moment(rng, planned_on, window if window == FIRST_WINDOW else FIRST_WINDOW)
    if not is_answered:
        return Reached((SimulatedAttempt(1, sent, None, NO_ANSWER),), sent)
    weights = (0.78 - 0.7 * silence, 0.17 + 0.35 * silence, 0.05 + 0.35 * silence)
    days = rng.choices(range(1, MOST_DAYS + 1), [max(weight, 0.05) for weight in weights])[0]
    answered = _reply_time(rng, sent, days, closed)
    wait = working_days_between(sent, answered, timezone=OSLO, closed=closed)
    return Reached((SimulatedAttempt(1, sent, None, ANSWERED),), sent, answered, wait)


def _reply_time(rng: Random, sent: datetime, days: int, closed: Collection[date]) -> datetime:
    """Some time on working day number `days`; the day of sending is the first one."""
    day = last_counted_day(sent, days, timezone=OSLO, closed=closed)
    earliest = datetime.combine(day, time(8, 5), OSLO)
    if day == sent.date():
        earliest = sent + timedelta(minutes=4)
    latest = datetime.combine(day, END_OF_DAY, OSLO)
    share = rng.betavariate(1.3, 2.0)
    return (earliest + (latest - earliest) * share).replace(microsecond=0)
