"""Handing in: the draft becomes the answers that count, once."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kundeservice.core.acts import HANDED_IN as HANDED_IN_ACT
from kundeservice.core.services.audit import record_event
from kundeservice.core.text import words_of
from surveys.models import Answer, Comment, Contact, Outcome, Response, ReviewEvent
from surveys.queries.attempts import Tries, tries_of
from surveys.queries.content import (
    MAX_COMMENT_LENGTH,
    AnswerProblem,
    Content,
    content_problems,
    missing_answers,
)
from surveys.queries.questionnaire import Questionnaire, questionnaire_for, wait_rules_for
from surveys.queries.versions import subject_of
from surveys.services.arrows import ReviewMove, move_review
from surveys.services.drafts import response_of, set_aside
from surveys.services.guard import HANDED_IN, check_open_to_shopper, hold_contact
from surveys.services.refusals import (
    ConflictingSubmission,
    DraftRejected,
    IncompleteResponse,
    NotDecided,
    StaleRevision,
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof of a hand-in. `was_repeated` when it had been handed in before with the same content."""

    contact_id: int
    outcome: str
    submitted_at: dt.datetime
    digest: str
    was_repeated: bool = False


def submit_response(
    *,
    contact_id: int,
    submission_key: UUID,
    at: dt.datetime,
    revision: int | None = None,
    content: Content | None = None,
    message: str = "",
    among: QuerySet[Contact] | None = None,
) -> Receipt:
    """Hand in a contact: with its questionnaire when it was answered, without one when it was not.

    What is handed in is the saved draft, or `content` where it is given. `revision` is what the shopper saw before
    pressing; `message` goes to the project leader alone. The same hand-in again gives the same receipt; other content
    under the same key is set aside and refused. `among` are the contacts whoever presses may touch.

    Raises: NotDecided, IncompleteResponse, DraftRejected, StaleRevision, ConflictingSubmission, and those of
    `hold_contact_for_shopper`.
    """
    with transaction.atomic():
        receipt = _submit(
            contact_id=contact_id,
            submission_key=submission_key,
            at=at,
            revision=revision,
            content=content,
            message=words_of(message),
            among=among,
        )
    if receipt is None:  # raised outside the transaction, so that what was set aside stays
        raise ConflictingSubmission
    return receipt


def _submit(
    *,
    contact_id: int,
    submission_key: UUID,
    at: dt.datetime,
    revision: int | None,
    content: Content | None,
    message: str,
    among: QuerySet[Contact] | None,
) -> Receipt | None:
    edition, contact = hold_contact(contact_id, among=among)
    response = Response.objects.filter(contact=contact).first()
    if contact.review in HANDED_IN and response is not None:
        return _repeated(contact, response, submission_key, content, at=at)
    check_open_to_shopper(contact)
    response = response or response_of(contact)
    _adopt_key(response, submission_key)
    if revision is not None and revision != response.revision:
        raise StaleRevision
    tries = tries_of(contact, edition=edition, rules=wait_rules_for(edition, contact.channel))
    _check_decided(tries, message)
    questionnaire = questionnaire_for(edition, contact.channel) if tries.outcome == Outcome.ANSWERED else None
    given = content or Content.from_draft(response.draft)
    if questionnaire is not None:
        check_complete(questionnaire, given)
    _keep(contact, response, tries=tries, questionnaire=questionnaire, content=given, message=message, at=at)
    return Receipt(contact.pk, contact.outcome, at, response.submitted_digest)


def _repeated(
    contact: Contact, response: Response, submission_key: UUID, content: Content | None, *, at: dt.datetime
) -> Receipt | None:
    if response.submission_key != submission_key:
        raise StaleRevision
    offered = content or Content.from_draft(response.draft)
    counted = offered if contact.outcome == Outcome.ANSWERED else Content()
    if content_digest(contact, counted) != response.submitted_digest:
        set_aside(response, offered, at=at)
        response.save(update_fields=["conflicts"])
        return None
    handed_in_at = response.submitted_at or at
    return Receipt(contact.pk, contact.outcome, handed_in_at, response.submitted_digest, was_repeated=True)


def _adopt_key(response: Response, submission_key: UUID) -> None:
    """A page from before the response was returned carries an old key, and must not hand in the new round."""
    if response.submission_key == submission_key:
        return
    if response.submitted_at is not None or response.revision:
        raise StaleRevision
    response.submission_key = submission_key


def _check_decided(tries: Tries, message: str) -> None:
    if not tries.is_decided:
        raise NotDecided(_("Registrer først om du fikk svar. Uten svar trengs det et forsøk til en annen dag."))
    if len(message) > MAX_COMMENT_LENGTH:
        facts = {"length": len(message), "most": MAX_COMMENT_LENGTH}
        text = _("Beskjeden har %(length)s tegn; kort den ned til høyst %(most)s.") % facts
        raise DraftRejected([AnswerProblem("", "", text)])


def check_complete(questionnaire: Questionnaire, content: Content) -> None:
    """Refuse content that is wrong or lacks a required answer.

    Raises: DraftRejected, IncompleteResponse.
    """
    problems = content_problems(questionnaire, content)
    if problems:
        raise DraftRejected(problems)
    missing = missing_answers(questionnaire, content)
    if missing:
        raise IncompleteResponse(missing)


def _keep(
    contact: Contact,
    response: Response,
    *,
    tries: Tries,
    questionnaire: Questionnaire | None,
    content: Content,
    message: str,
    at: dt.datetime,
) -> None:
    """Write the rows; without a questionnaire (no answer) there are none, and the draft stays as it was."""
    contact.outcome = tries.outcome
    contact.wait = tries.wait
    move_review(contact, ReviewMove.HAND_IN)
    contact.save(update_fields=["outcome", "wait", "review"])
    Answer.objects.filter(contact=contact).delete()
    Comment.objects.filter(contact=contact).delete()
    if questionnaire is not None:
        Answer.objects.bulk_create(answer_rows(contact.pk, questionnaire, content))
        Comment.objects.bulk_create(comment_rows(contact.pk, content))
        response.draft = content.as_draft()
    response.submitted_at = at
    response.submitted_digest = content_digest(contact, content if questionnaire else Content())
    response.save()
    ReviewEvent.objects.create(contact=contact, state=contact.review, note=message, at=at)
    record_event(at=at, actor=None, action=HANDED_IN_ACT, subject=subject_of(contact))


def answer_rows(contact_id: int, questionnaire: Questionnaire, content: Content) -> Iterator[Answer]:
    """The rows of `content`: one per ticked option, one per value on a scale."""
    for question in questionnaire:
        for code in content.options.get(question.code, ()):
            option = question.option(code)
            if option is not None:
                yield Answer(contact_id=contact_id, question_id=question.pk, option_id=option.pk)
        value = content.values.get(question.code)
        if value is not None:
            yield Answer(contact_id=contact_id, question_id=question.pk, value=value)


def comment_rows(contact_id: int, content: Content) -> Iterator[Comment]:
    for area, text in content.comments.items():
        yield Comment(contact_id=contact_id, area=area, text=text)


def content_digest(contact: Contact, content: Content) -> str:
    """SHA-256 of what was handed in: outcome, times, wait, answers and comments."""
    facts = {
        "outcome": contact.outcome,
        "wait": _plain(contact.wait),
        "contacted_at": contact.contacted_at.astimezone(dt.UTC).isoformat() if contact.contacted_at else None,
        "answered_at": contact.answered_at.astimezone(dt.UTC).isoformat() if contact.answered_at else None,
        **content.as_draft(),
    }
    canonical = json.dumps(facts, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _plain(number: Decimal | None) -> str | None:
    """A number's one spelling, whether it comes from the page or back from the database: 45, not 45.000."""
    return None if number is None else format(number.normalize(), "f")
