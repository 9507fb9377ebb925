"""How far a contact has come: under way, to be tried again, answered, or without an answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from surveys.engine.waiting import WaitRules
from surveys.engine.working_days import NOON, is_working_day, last_counted_day, working_days_between
from surveys.models import Attempt, AttemptResult, Channel, Contact, Edition, Outcome, ShortTryReason


@dataclass(frozen=True, slots=True)
class Try:
    """One finished attempt. `wait_seconds` is empty where no one measured it (an e-mail, a busy line).

    `reason` says why it was given up early. `clock_seconds` is what the server's clock had counted, where the shopper
    says something else.
    """

    number: int
    started_at: dt.datetime
    wait_seconds: Decimal | None
    result: str
    reason: str = ""
    clock_seconds: Decimal | None = None
    told_afterwards: bool = False

    @property
    def is_answered(self) -> bool:
        return self.result == AttemptResult.ANSWERED

    @property
    def label(self) -> str:
        return str(AttemptResult(self.result).label)

    @property
    def reason_label(self) -> str:
        return str(ShortTryReason(self.reason).label) if self.reason else ""


@dataclass(frozen=True, slots=True)
class Tries:
    """All attempts of a contact. `running_since` is the start of one that has no result yet.

    `outcome` is empty as long as another attempt is to be made; `wait` is in the channel's unit.
    """

    finished: tuple[Try, ...]
    running_since: dt.datetime | None
    outcome: str
    wait: Decimal | None

    @property
    def last(self) -> Try | None:
        return self.finished[-1] if self.finished else None

    @property
    def next_number(self) -> int:
        return len(self.finished) + 1

    @property
    def is_decided(self) -> bool:
        return bool(self.outcome)


def tries_of(contact: Contact, *, edition: Edition, rules: WaitRules) -> Tries:
    """Read a contact's attempts. One query, none when they are prefetched."""
    rows = sorted(contact.attempts.all(), key=lambda attempt: attempt.number)
    return weigh_tries(contact, [as_try(row) for row in rows], edition=edition, rules=rules)


def as_try(row: Attempt) -> Try:
    return Try(
        row.number,
        row.started_at,
        row.wait_seconds,
        row.result,
        reason=row.reason,
        clock_seconds=row.clock_seconds,
        told_afterwards=row.told_afterwards,
    )


def as_row(contact_id: int, attempt: Try) -> Attempt:
    return Attempt(
        contact_id=contact_id,
        number=attempt.number,
        started_at=attempt.started_at,
        wait_seconds=attempt.wait_seconds,
        result=attempt.result,
        reason=attempt.reason,
        clock_seconds=attempt.clock_seconds,
        told_afterwards=attempt.told_afterwards,
    )


def weigh_tries(contact: Contact, finished: Sequence[Try], *, edition: Edition, rules: WaitRules) -> Tries:
    """What the attempts amount to. An outcome the contact already has stands: an imported contact may lack attempts."""
    done = tuple(finished)
    if contact.outcome:
        return Tries(done, None, contact.outcome, contact.wait)
    if done and done[-1].is_answered:
        wait = answer_wait(contact, done[-1], edition=edition, rules=rules)
        return Tries(done, None, Outcome.ANSWERED.value, wait)
    if len(done) >= rules.most_attempts:
        return Tries(done, None, Outcome.NO_ANSWER.value, None)
    started = contact.contacted_at
    is_running = started is not None and (not done or started != done[-1].started_at)
    return Tries(done, started if is_running else None, "", None)


def answer_wait(contact: Contact, answered: Try, *, edition: Edition, rules: WaitRules) -> Decimal | None:
    """How long the answer took, in the channel's unit."""
    if not rules.is_counted_in_days:
        return answered.wait_seconds
    if contact.answered_at is None:
        return None
    return Decimal(counted_days(answered.started_at, contact.answered_at, edition=edition))


def counted_days(sent: dt.datetime, answered: dt.datetime, *, edition: Edition) -> int:
    """Working days from an e-mail to its answer, by the edition's own calendar."""
    return working_days_between(sent, answered, timezone=edition.tzinfo, closed=edition.closed_dates)


def time_is_up_at(sent: dt.datetime, *, edition: Edition, rules: WaitRules) -> dt.datetime:
    """The moment after which a message left behind counts as unanswered: the end of the limit's last second or day."""
    if not rules.is_counted_in_days:
        return sent + as_duration(rules.limit)
    day = last_counted_day(sent, int(rules.limit), timezone=edition.tzinfo, closed=edition.closed_dates)
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=edition.tzinfo)


def is_answer_overdue(tries: Tries, *, edition: Edition, rules: WaitRules, at: dt.datetime) -> bool:
    """Whether a message left behind has waited its time out, so that how it ended can be told."""
    if tries.running_since is None or not rules.is_written_ahead:
        return False
    return at >= time_is_up_at(tries.running_since, edition=edition, rules=rules)


def as_duration(seconds: Decimal) -> dt.timedelta:
    return dt.timedelta(microseconds=int(seconds * 1_000_000))


def next_attempt_allowed_on(tries: Tries, *, edition: Edition) -> dt.date | None:
    """The first day of a second attempt: the day after the first one. None when any day will do."""
    if tries.last is None:
        return None
    return tries.last.started_at.astimezone(edition.tzinfo).date() + dt.timedelta(days=1)


def is_off_hours(began: dt.datetime, *, edition: Edition, channel: str) -> bool:
    """Whether an attempt was begun when the rules would not have it: on a day off, an e-mail after noon, anything else
    outside the hours of the edition.
    """
    local = began.astimezone(edition.tzinfo)
    if not is_working_day(local.date(), edition.closed_dates):
        return True
    if channel == Channel.EMAIL:
        return local.time() >= NOON
    return not edition.opens_at <= local.time() < edition.closes_at


def made_off_hours(edition: Edition, *, among: Iterable[int] | QuerySet[Contact, Any]) -> frozenset[int]:
    """The keys of those contacts `among` these that were tried off hours, so that the wait may be unfair. One query.

    E-mails are not: theirs is counted from the next working day.
    """
    attempts = Attempt.objects.filter(contact__in=among).exclude(contact__channel=Channel.EMAIL)
    rows = attempts.values_list("contact_id", "contact__channel", "started_at")
    return frozenset(key for key, channel, began in rows if is_off_hours(began, edition=edition, channel=channel))
