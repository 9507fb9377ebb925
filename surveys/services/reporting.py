"""Taking in many finished contacts at once, by the very rules one shopper meets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from kundeservice.core.acts import HANDED_IN
from kundeservice.core.services.audit import record_events
from kundeservice.core.text import words_of
from surveys.engine.waiting import WaitRules
from surveys.models import (
    Answer,
    Attempt,
    Channel,
    Comment,
    Contact,
    Edition,
    Outcome,
    Response,
    ReviewEvent,
    ReviewState,
)
from surveys.queries.attempts import Tries, Try, as_row, weigh_tries
from surveys.queries.content import Content
from surveys.queries.questionnaire import Questionnaire, questionnaires_of, wait_rules_of
from surveys.services.arrows import ReviewMove, move_review
from surveys.services.attempts import check_start, judge_attempt
from surveys.services.guard import OPEN_PHASES, hold_edition
from surveys.services.handing_in import answer_rows, check_complete, comment_rows, content_digest
from surveys.services.refusals import AlreadyHandedIn, NotDecided

CHANNELS = tuple(Channel.values)


@dataclass(frozen=True, slots=True)
class ReportedTry:
    """An attempt as told: `wait_seconds` on telephone, chat and Messenger, `answered_at` for an answered e-mail."""

    started_at: dt.datetime
    result: str
    wait_seconds: Decimal | int | None = None
    answered_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class ContactReport:
    """Everything about one made contact: its attempts in order, and what was answered (empty without an answer)."""

    contact_id: int
    tries: Sequence[ReportedTry]
    submitted_at: dt.datetime
    content: Content = field(default_factory=Content)
    message: str = ""


@dataclass(frozen=True, slots=True)
class _Book:
    edition: Edition
    questionnaires: Mapping[str, Questionnaire]
    rules: Mapping[str, WaitRules]


@transaction.atomic
def report_contacts(*, edition_id: int, reports: Sequence[ContactReport]) -> int:
    """Record the attempts of many untouched contacts and hand them in. All or nothing; thirteen queries.

    A few hundred at a time keep memory and the waiting of others small. Returns how many were handed in.

    Raises: as `record_attempt` and `submit_response`, for the first report that breaks a rule; AlreadyHandedIn for a
    contact that is begun or belongs to another edition.
    """
    edition = hold_edition(edition_id, phases=OPEN_PHASES)
    book = _Book(edition, questionnaires_of(edition, CHANNELS), wait_rules_of(edition, CHANNELS))
    contacts = _untouched(edition, [report.contact_id for report in reports])
    tries = {report.contact_id: _checked(book, contacts[report.contact_id], report) for report in reports}
    Contact.objects.bulk_update(
        contacts.values(), ["contacted_at", "answered_at", "outcome", "wait", "review"], batch_size=200
    )
    Attempt.objects.bulk_create(_attempt_rows(tries))
    answered = [report for report in reports if contacts[report.contact_id].outcome == Outcome.ANSWERED]
    Answer.objects.bulk_create(
        row
        for report in answered
        for row in answer_rows(
            report.contact_id, book.questionnaires[contacts[report.contact_id].channel], report.content
        )
    )
    Comment.objects.bulk_create(row for report in answered for row in comment_rows(report.contact_id, report.content))
    Response.objects.bulk_create(_response(contacts[report.contact_id], report) for report in reports)
    ReviewEvent.objects.bulk_create(
        ReviewEvent(
            contact_id=report.contact_id,
            state=ReviewState.SUBMITTED,
            note=words_of(report.message),
            at=report.submitted_at,
        )
        for report in reports
    )
    moments = [(f"{edition.code}/{contacts[report.contact_id].code}", report.submitted_at) for report in reports]
    record_events(actor=None, action=HANDED_IN, moments=moments)
    return len(reports)


def _untouched(edition: Edition, contact_ids: Sequence[int]) -> dict[int, Contact]:
    contacts = {
        contact.pk: contact
        for contact in Contact.objects.filter(
            edition=edition, pk__in=contact_ids, outcome="", review="", contacted_at=None, response=None
        )
    }
    if len(contacts) != len(contact_ids):
        raise AlreadyHandedIn
    return contacts


def _checked(book: _Book, contact: Contact, report: ContactReport) -> Tries:
    """Put a contact through its attempts and its questionnaire, and note on it how it ended."""
    rules = book.rules[contact.channel]
    tries = weigh_tries(contact, (), edition=book.edition, rules=rules)
    for number, told in enumerate(report.tries, start=1):
        at = report.submitted_at
        check_start(tries, told.started_at, edition=book.edition, at=at)
        wait = None if told.wait_seconds is None else Decimal(told.wait_seconds)
        attempt, answered_at = judge_attempt(
            Try(number, told.started_at, wait, told.result),
            edition=book.edition,
            rules=rules,
            answered_at=told.answered_at,
            at=at,
        )
        contact.contacted_at, contact.answered_at = told.started_at, answered_at
        tries = weigh_tries(contact, (*tries.finished, attempt), edition=book.edition, rules=rules)
    if not tries.is_decided:
        raise NotDecided(_("Henvendelse %(code)s mangler et forsøk.") % {"code": contact.code})
    if tries.outcome == Outcome.ANSWERED:
        check_complete(book.questionnaires[contact.channel], report.content)
    contact.outcome, contact.wait = tries.outcome, tries.wait
    move_review(contact, ReviewMove.HAND_IN)
    return tries


def _attempt_rows(tries: Mapping[int, Tries]) -> list[Attempt]:
    return [as_row(contact_id, attempt) for contact_id, made in tries.items() for attempt in made.finished]


def _response(contact: Contact, report: ContactReport) -> Response:
    content = report.content if contact.outcome == Outcome.ANSWERED else Content()
    return Response(
        contact=contact,
        draft=content.as_draft() if content != Content() else {},
        revision=1,
        saved_at=report.submitted_at,
        submitted_at=report.submitted_at,
        submitted_digest=content_digest(contact, content),
    )
