"""Recording how a shopper tried to reach a participant.

`among` are the contacts whoever presses may touch (`surveys.services.guard.hold_contact`).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kundeservice.core.templatetags.formatting import duration
from surveys.engine.waiting import WaitRules
from surveys.engine.words import MESSENGER
from surveys.models import Answer, Attempt, AttemptResult, Channel, Comment, Contact, Edition, ShortTryReason
from surveys.queries.attempts import (
    Tries,
    Try,
    answer_wait,
    as_duration,
    as_row,
    counted_days,
    next_attempt_allowed_on,
    time_is_up_at,
    tries_of,
)
from surveys.queries.questionnaire import wait_rules_for
from surveys.services.guard import hold_contact_for_shopper
from surveys.services.refusals import AttemptRefused, ShortTry

LONGEST_WAIT = Decimal(999_999)
"""Seconds (eleven days) that fit the column; anything longer is a slip of the finger."""

CLOCKS_AGREE = Decimal(5)
"""Seconds by which a page's count may lag behind the server's clock: so long may a press be under way on a bad line."""

MINUTE = dt.timedelta(minutes=1)
"""Told times are in whole minutes, so a wait may seem to end this much ahead."""


@transaction.atomic
def start_attempt(
    *,
    contact_id: int,
    at: dt.datetime,
    started_at: dt.datetime | None = None,
    among: QuerySet[Contact] | None = None,
) -> dt.datetime:
    """Note that an attempt is under way: the call is placed, the message sent. Returns when it began.

    Starting again while one is under way changes nothing, so a second press is harmless.

    Raises: AttemptRefused, and those of `hold_contact_for_shopper`.
    """
    edition, contact = hold_contact_for_shopper(contact_id, among=among)
    rules = wait_rules_for(edition, contact.channel)
    tries = tries_of(contact, edition=edition, rules=rules)
    if tries.running_since is not None:
        return tries.running_since
    began = started_at or at
    check_start(tries, began, edition=edition, at=at)
    contact.contacted_at = began
    contact.answered_at = None
    contact.save(update_fields=["contacted_at", "answered_at"])
    return began


@transaction.atomic
def record_attempt(
    *,
    contact_id: int,
    result: str,
    at: dt.datetime,
    started_at: dt.datetime | None = None,
    wait_seconds: Decimal | int | None = None,
    counted_seconds: Decimal | None = None,
    answered_at: dt.datetime | None = None,
    reason: str = "",
    told_afterwards: bool = False,
    among: QuerySet[Contact] | None = None,
) -> Tries:
    """Finish an attempt: the one under way, or the one that began at `started_at`.

    The wait of an attempt under way is what the server's clock says; what the page has counted (`counted_seconds`)
    goes before it only as far as a press can be delayed. `wait_seconds` is what the shopper says instead, and the
    clock's count is kept beside it. An answer to an e-mail needs `answered_at`, from which its wait in working days
    is counted. «No answer» before the time is over needs a `reason` where the shopper waits it out.
    Returns where the contact now stands.

    Raises: AttemptRefused, ShortTry, and those of `hold_contact_for_shopper`.
    """
    edition, contact = hold_contact_for_shopper(contact_id, among=among)
    rules = wait_rules_for(edition, contact.channel)
    tries = tries_of(contact, edition=edition, rules=rules)
    began = started_at or tries.running_since
    if began is None:
        raise AttemptRefused(_("Si først når forsøket begynte."))
    check_start(tries, began, edition=edition, at=at)
    wait = None if wait_seconds is None else Decimal(wait_seconds)
    clock = None
    if tries.running_since is not None and began == tries.running_since and not rules.is_counted_in_days:
        clock = _on_the_clock(began, counted_seconds, at=at)
    told = Try(
        tries.next_number,
        began,
        wait if wait is not None or answered_at is not None else clock,
        result,
        reason=reason,
        clock_seconds=clock,
        told_afterwards=told_afterwards,
    )
    attempt, answered = judge_attempt(told, edition=edition, rules=rules, answered_at=answered_at, at=at)
    as_row(contact.pk, attempt).save(force_insert=True)
    contact.contacted_at = began
    contact.answered_at = answered
    contact.save(update_fields=["contacted_at", "answered_at"])
    return tries_of(contact, edition=edition, rules=rules)


@transaction.atomic
def record_late_answer(
    *, contact_id: int, answered_at: dt.datetime, at: dt.datetime, among: QuerySet[Contact] | None = None
) -> Tries:
    """Messenger's special case: the first message is answered after the limit, but before a second attempt is made.

    Raises: AttemptRefused, and those of `hold_contact_for_shopper`.
    """
    edition, contact = hold_contact_for_shopper(contact_id, among=among)
    rules = wait_rules_for(edition, contact.channel)
    tries = tries_of(contact, edition=edition, rules=rules)
    if contact.channel != MESSENGER or tries.is_decided or len(tries.finished) != 1 or tries.running_since:
        raise AttemptRefused(_("Et sent svar kan bare meldes på Messenger, før det andre forsøket er begynt."))
    first = tries.finished[0]
    late = Try(first.number, first.started_at, None, AttemptResult.ANSWERED, told_afterwards=first.told_afterwards)
    answered, moment = judge_attempt(late, edition=edition, rules=rules, answered_at=answered_at, at=at)
    Attempt.objects.filter(contact=contact, number=first.number).update(
        result=answered.result, wait_seconds=answered.wait_seconds
    )
    contact.answered_at = moment
    contact.save(update_fields=["answered_at"])
    return tries_of(contact, edition=edition, rules=rules)


@transaction.atomic
def undo_attempt(*, contact_id: int, among: QuerySet[Contact] | None = None) -> None:
    """Take back the newest attempt, or the one under way. A returned response goes back to «not made», its draft kept.

    Raises: AttemptRefused when there is nothing to take back, and those of `hold_contact_for_shopper`.
    """
    _edition, contact = hold_contact_for_shopper(contact_id, among=among)
    finished = list(Attempt.objects.filter(contact=contact).order_by("number"))
    last = finished[-1] if finished else None
    is_running = not contact.outcome and contact.contacted_at and not (last and last.started_at == contact.contacted_at)
    if not is_running and last is None and not contact.outcome:
        raise AttemptRefused(_("Det er ikke registrert noe forsøk."))
    if not is_running and last is not None:
        last.delete()
        finished.pop()
    contact.contacted_at = finished[-1].started_at if finished else None
    contact.answered_at = None
    contact.outcome = ""
    contact.wait = None
    contact.save(update_fields=["contacted_at", "answered_at", "outcome", "wait"])
    Answer.objects.filter(contact=contact).delete()
    Comment.objects.filter(contact=contact).delete()


@transaction.atomic
def correct_attempt(
    *,
    contact_id: int,
    at: dt.datetime,
    wait_seconds: Decimal | int | None = None,
    answered_at: dt.datetime | None = None,
    among: QuerySet[Contact] | None = None,
) -> Tries:
    """Correct how long the answered attempt waited: its seconds, or for an e-mail when the answer came.

    Raises: AttemptRefused, and those of `hold_contact_for_shopper`.
    """
    edition, contact = hold_contact_for_shopper(contact_id, among=among)
    rules = wait_rules_for(edition, contact.channel)
    last = tries_of(contact, edition=edition, rules=rules).last
    if last is None or not last.is_answered:
        raise AttemptRefused(_("Det er ikke registrert noe svar å rette ventetiden på."))
    wait = None if wait_seconds is None else Decimal(wait_seconds)
    clock = last.wait_seconds if last.clock_seconds is None else last.clock_seconds
    told = replace(last, wait_seconds=wait, clock_seconds=None if last.told_afterwards else clock)
    judged, moment = judge_attempt(told, edition=edition, rules=rules, answered_at=answered_at, at=at)
    Attempt.objects.filter(contact=contact, number=last.number).update(
        wait_seconds=judged.wait_seconds, clock_seconds=judged.clock_seconds
    )
    contact.answered_at = moment
    if contact.outcome:
        contact.wait = answer_wait(contact, judged, edition=edition, rules=rules)
    contact.save(update_fields=["answered_at", "wait"])
    return tries_of(contact, edition=edition, rules=rules)


def check_start(tries: Tries, began: dt.datetime, *, edition: Edition, at: dt.datetime) -> None:
    """Refuse an attempt that may not be made: one too many, too early, or on the day of the first one."""
    if tries.is_decided:
        raise AttemptRefused(_("Henvendelsen er allerede avgjort. Angre det siste forsøket hvis noe ble feil."))
    if began > at:
        raise AttemptRefused(_("Forsøket kan ikke begynne fram i tid. Rett klokkeslettet."))
    day = began.astimezone(edition.tzinfo).date()
    if day < edition.starts_on:
        raise AttemptRefused(_("Feltperioden har ikke begynt den dagen. Rett datoen."))
    earliest = next_attempt_allowed_on(tries, edition=edition)
    if earliest is not None and day < earliest:
        raise AttemptRefused(_("Det andre forsøket må gjøres en annen dag enn det første."))


def judge_attempt(
    attempt: Try, *, edition: Edition, rules: WaitRules, answered_at: dt.datetime | None, at: dt.datetime
) -> tuple[Try, dt.datetime | None]:
    """Check an attempt by its channel's limits; returns it with its wait filled in, and when the answer came."""
    if attempt.result not in AttemptResult.values:
        raise AttemptRefused(_("Velg om du fikk svar eller ikke."))
    if attempt.wait_seconds is not None and not 0 <= attempt.wait_seconds <= LONGEST_WAIT:
        raise AttemptRefused(_("Ventetiden må være fra 0 sekunder og oppover. Rett den."))
    if attempt.wait_seconds is not None and attempt.started_at + as_duration(attempt.wait_seconds) > at + MINUTE:
        raise AttemptRefused(
            _("Forsøket begynte for %(passed)s siden, så du kan ikke ha ventet lenger enn det. Rett ventetiden.")
            % {"passed": duration(at - attempt.started_at)}
        )
    if not attempt.is_answered:
        _check_unanswered(attempt, edition=edition, rules=rules, at=at)
        if attempt.reason == ShortTryReason.QUEUE_CLOSED:
            attempt = replace(attempt, result=AttemptResult.NOT_QUEUED)
        return _with_clock_where_it_differs(attempt), None
    if answered_at is not None and not attempt.started_at <= answered_at <= at:
        raise AttemptRefused(_("Svaret må ha kommet etter at forsøket begynte, og ikke fram i tid. Rett tidspunktet."))
    if rules.is_counted_in_days:
        return _answered_letter(attempt, answered_at, edition=edition, rules=rules)
    return _answered_at_once(attempt, answered_at, rules=rules)


def _on_the_clock(began: dt.datetime, counted: Decimal | None, *, at: dt.datetime) -> Decimal:
    """Whole seconds an attempt has lasted. The page knows when the button was pressed; the server that it is so."""
    passed = Decimal(int((at - began).total_seconds()))
    if counted is not None and passed - CLOCKS_AGREE <= counted <= passed:
        return Decimal(int(counted))
    return passed


def _with_clock_where_it_differs(attempt: Try) -> Try:
    if attempt.clock_seconds == attempt.wait_seconds:
        return replace(attempt, clock_seconds=None)
    return attempt


def _check_unanswered(attempt: Try, *, edition: Edition, rules: WaitRules, at: dt.datetime) -> None:
    if attempt.reason and attempt.reason not in ShortTryReason.values:
        raise AttemptRefused(_("Velg en av grunnene på siden."))
    if rules.is_waited_out:
        _check_waited_out(attempt, rules=rules)
        return
    up_at = time_is_up_at(attempt.started_at, edition=edition, rules=rules)
    if at >= up_at:
        return
    if rules.is_counted_in_days:
        last_day = up_at - dt.timedelta(days=1)
        raise AttemptRefused(
            _("E-posten kan bli besvart til og med %(day)s. Vent til dagen etter før du melder «ikke svar».")
            % {"day": f"{last_day:%d.%m.%Y}"}
        )
    raise AttemptRefused(
        _("Vent til kl. %(time)s før du melder «ikke svar».") % {"time": f"{up_at.astimezone(edition.tzinfo):%H.%M}"}
    )


def _check_waited_out(attempt: Try, *, rules: WaitRules) -> None:
    """On the telephone and in a chat the shopper waits till the time is over, or says why not."""
    if attempt.result == AttemptResult.NOT_QUEUED or attempt.reason:
        return
    if attempt.wait_seconds is None:
        raise AttemptRefused(_("Fyll inn hvor lenge du ventet."))
    if attempt.wait_seconds < rules.limit:
        raise ShortTry(waited=attempt.wait_seconds, limit=rules.limit)


def _answered_letter(
    attempt: Try, answered_at: dt.datetime | None, *, edition: Edition, rules: WaitRules
) -> tuple[Try, dt.datetime]:
    if answered_at is None:
        raise AttemptRefused(_("Fyll inn når svaret kom."))
    days = counted_days(attempt.started_at, answered_at, edition=edition)
    if not rules.accepts(Decimal(days)):
        raise AttemptRefused(
            _("Svaret kom etter %(days)s virkedager, og grensen er %(limit)s. Det regnes som ikke svar.")
            % {"days": days, "limit": rules.limit}
        )
    return replace(attempt, wait_seconds=None, clock_seconds=None, reason=""), answered_at


def _answered_at_once(attempt: Try, answered_at: dt.datetime | None, *, rules: WaitRules) -> tuple[Try, dt.datetime]:
    wait = attempt.wait_seconds
    if wait is None and answered_at is not None:
        wait = Decimal(int((answered_at - attempt.started_at).total_seconds()))
    if wait is None:
        raise AttemptRefused(_("Fyll inn hvor lenge du ventet."))
    if wait > LONGEST_WAIT or not rules.accepts(wait):
        minutes = rules.limit / 60
        raise AttemptRefused(
            _("Grensen for %(channel)s er %(minutes)s minutter. Et senere svar regnes som ikke svar.")
            % {"channel": Channel(rules.channel).label.lower(), "minutes": f"{minutes:.3g}".replace(".", ",")}
        )
    moment = answered_at or attempt.started_at + as_duration(wait)
    return _with_clock_where_it_differs(replace(attempt, wait_seconds=wait, reason="")), moment
