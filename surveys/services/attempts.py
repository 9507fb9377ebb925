"""Recording how a shopper tried to reach a participant."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from surveys.engine.waiting import MESSENGER, WaitRules
from surveys.models import Answer, Attempt, AttemptResult, Channel, Comment, Contact, Edition
from surveys.queries.attempts import (
    Tries,
    Try,
    answer_wait,
    as_duration,
    counted_days,
    next_attempt_allowed_on,
    time_is_up_at,
    tries_of,
)
from surveys.queries.questionnaire import wait_rules_for
from surveys.services.guard import hold_contact_for_shopper
from surveys.services.refusals import AttemptRefused

LONGEST_WAIT = Decimal(999_999)
"""Seconds (eleven days) that fit the column; anything longer is a slip of the finger."""


@transaction.atomic
def start_attempt(*, contact_id: int, at: dt.datetime, started_at: dt.datetime | None = None) -> dt.datetime:
    """Note that an attempt is under way: the call is placed, the message sent. Returns when it began.

    Starting again while one is under way changes nothing, so a second press is harmless.

    Raises: AttemptRefused, and those of `hold_contact_for_shopper`.
    """
    edition, contact = hold_contact_for_shopper(contact_id)
    rules = wait_rules_for(edition, contact.channel)
    tries = tries_of(contact, edition=edition, rules=rules)
    if tries.running_since is not None:
        return tries.running_since
    began = started_at or at
    check_start(contact, tries, began, edition=edition, at=at)
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
    answered_at: dt.datetime | None = None,
) -> Tries:
    """Finish an attempt: the one under way, or the one that began at `started_at`.

    An answer on telephone, chat or Messenger needs `wait_seconds` or `answered_at`; an answer to an e-mail needs
    `answered_at`, from which its wait in working days is counted. Returns where the contact now stands.

    Raises: AttemptRefused, and those of `hold_contact_for_shopper`.
    """
    edition, contact = hold_contact_for_shopper(contact_id)
    rules = wait_rules_for(edition, contact.channel)
    tries = tries_of(contact, edition=edition, rules=rules)
    began = started_at or tries.running_since
    if began is None:
        raise AttemptRefused(_("Si først når forsøket begynte."))
    check_start(contact, tries, began, edition=edition, at=at)
    wait = None if wait_seconds is None else Decimal(wait_seconds)
    attempt, answered = judge_attempt(
        Try(tries.next_number, began, wait, result), edition=edition, rules=rules, answered_at=answered_at, at=at
    )
    Attempt.objects.create(
        contact=contact,
        number=attempt.number,
        started_at=attempt.started_at,
        wait_seconds=attempt.wait_seconds,
        result=attempt.result,
    )
    contact.contacted_at = began
    contact.answered_at = answered
    contact.save(update_fields=["contacted_at", "answered_at"])
    return tries_of(contact, edition=edition, rules=rules)


@transaction.atomic
def record_late_answer(*, contact_id: int, answered_at: dt.datetime, at: dt.datetime) -> Tries:
    """Messenger's special case: the first message is answered after the limit, but before a second attempt is made.

    Raises: AttemptRefused, and those of `hold_contact_for_shopper`.
    """
    edition, contact = hold_contact_for_shopper(contact_id)
    rules = wait_rules_for(edition, contact.channel)
    tries = tries_of(contact, edition=edition, rules=rules)
    if contact.channel != MESSENGER or tries.is_decided or len(tries.finished) != 1 or tries.running_since:
        raise AttemptRefused(_("Et sent svar kan bare meldes på Messenger, før det andre forsøket er begynt."))
    first = tries.finished[0]
    late = Try(first.number, first.started_at, None, AttemptResult.ANSWERED)
    answered, moment = judge_attempt(late, edition=edition, rules=rules, answered_at=answered_at, at=at)
    Attempt.objects.filter(contact=contact, number=first.number).update(
        result=answered.result, wait_seconds=answered.wait_seconds
    )
    contact.answered_at = moment
    contact.save(update_fields=["answered_at"])
    return tries_of(contact, edition=edition, rules=rules)


@transaction.atomic
def undo_attempt(*, contact_id: int, at: dt.datetime) -> None:
    """Take back the newest attempt, or the one under way. A returned response goes back to «not made», its draft kept.

    Raises: AttemptRefused when there is nothing to take back, and those of `hold_contact_for_shopper`.
    """
    _edition, contact = hold_contact_for_shopper(contact_id)
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
) -> Tries:
    """Correct how long the answered attempt waited: its seconds, or for an e-mail when the answer came.

    Raises: AttemptRefused, and those of `hold_contact_for_shopper`.
    """
    edition, contact = hold_contact_for_shopper(contact_id)
    rules = wait_rules_for(edition, contact.channel)
    last = tries_of(contact, edition=edition, rules=rules).last
    if last is None or not last.is_answered:
        raise AttemptRefused(_("Det er ikke registrert noe svar å rette ventetiden på."))
    wait = None if wait_seconds is None else Decimal(wait_seconds)
    told = Try(last.number, last.started_at, wait, last.result)
    judged, moment = judge_attempt(told, edition=edition, rules=rules, answered_at=answered_at, at=at)
    Attempt.objects.filter(contact=contact, number=last.number).update(wait_seconds=judged.wait_seconds)
    contact.answered_at = moment
    if contact.outcome:
        contact.wait = answer_wait(contact, judged, edition=edition, rules=rules)
    contact.save(update_fields=["answered_at", "wait"])
    return tries_of(contact, edition=edition, rules=rules)


def check_start(contact: Contact, tries: Tries, began: dt.datetime, *, edition: Edition, at: dt.datetime) -> None:
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
    if not attempt.is_answered:
        _check_unanswered(attempt, edition=edition, rules=rules, at=at)
        return attempt, None
    if answered_at is not None and not attempt.started_at <= answered_at <= at:
        raise AttemptRefused(_("Svaret må ha kommet etter at forsøket begynte, og ikke fram i tid. Rett tidspunktet."))
    if rules.is_counted_in_days:
        return _answered_letter(attempt, answered_at, edition=edition, rules=rules)
    return _answered_at_once(attempt, answered_at, rules=rules)


def _check_unanswered(attempt: Try, *, edition: Edition, rules: WaitRules, at: dt.datetime) -> None:
    if not rules.is_written_ahead:
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
    return Try(attempt.number, attempt.started_at, None, attempt.result), answered_at


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
    return Try(attempt.number, attempt.started_at, wait, attempt.result), moment
