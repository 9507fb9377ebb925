"""Saving a questionnaire while it is being filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from kundeservice.core.gone import GoneMeanwhile
from kundeservice.core.text import words_of
from surveys.models import Contact, Response
from surveys.queries.content import (
    AnswerProblem,
    Content,
    comment_field,
    content_problems,
    handed_in_content,
    question_field,
)
from surveys.queries.questionnaire import Questionnaire, questionnaire_for
from surveys.services.guard import check_among, hold_contact_for_shopper, hold_response_for_shopper

MOST_CONFLICTS = 20
"""So much late content is kept per response; a page gone mad cannot fill the table."""


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """What stands after a save: its revision, when it was saved, and everything answered so far.

    `refused` says what is wrong with the fields that could not be kept, `conflicts` names those that somebody else has
    changed meanwhile. Every other field of the save is kept.
    """

    revision: int
    saved_at: dt.datetime | None
    content: Content
    submission_key: UUID
    refused: Mapping[str, AnswerProblem] = dataclass_field(default_factory=dict)
    conflicts: tuple[str, ...] = ()


@transaction.atomic
def open_draft(*, contact_id: int) -> SavedDraft:
    """Begin a response, or read the one begun. A returned response without a draft begins with what was handed in.

    Raises: those of `hold_contact_for_shopper`.
    """
    return _saved(_held_response(contact_id))


@transaction.atomic
def save_draft(
    *,
    contact_id: int,
    at: dt.datetime,
    options: Mapping[str, Iterable[str]] | None = None,
    values: Mapping[str, int | None] | None = None,
    comments: Mapping[str, str] | None = None,
    seen: Mapping[str, Collection[str]] | None = None,
    revision: int | None = None,
    questionnaire: Questionnaire | None = None,
    among: QuerySet[Contact] | None = None,
) -> SavedDraft:
    """Keep some answers. Only what is named changes; an empty choice, None or an empty text takes an answer away.

    Every field is judged by itself: a field that does not belong is refused, one that changed since the page saw it
    (`seen`: field → the marks the page may build on) is a conflict, and the others are kept. A field without a mark is
    judged by the whole `revision`; without either it is written as it comes. A repeated save (its reply was lost on the
    way) is recognised by its content. The contact's `questionnaire` is read unless the caller has it. `among` are the
    contacts whoever saves may touch.

    Raises: those of `hold_contact_for_shopper`.
    """
    response = _held_response(contact_id, among=among)
    contact = response.contact
    before = Content.from_draft(response.draft)
    wanted = before.with_changes(
        options=options or {},
        values=values or {},
        comments={area: words_of(text) for area, text in (comments or {}).items()},
    )
    fields = _named(options or {}, values or {}, comments or {})
    changed = [field for field in fields if wanted.only(field) != before.only(field)]
    if not changed:
        check_among(contact, among)
        return _saved(response)
    is_old = revision is not None and revision != response.revision
    asked = questionnaire or questionnaire_for(contact.edition, contact.channel)
    refused: dict[str, AnswerProblem] = {}
    conflicts: list[str] = []
    after = before
    for field in changed:
        marks = (seen or {}).get(field)
        problems = content_problems(asked, wanted.only(field))
        if problems:
            refused[field] = problems[0]
        elif is_old if marks is None else before.mark(field) not in marks:
            conflicts.append(field)
        else:
            after = after.with_field(field, wanted)
    if after == before:
        check_among(contact, among)
    else:
        _write(response, after, at=at, among=among)
    return replace(_saved(response), refused=refused, conflicts=tuple(conflicts))


def _named(options: Iterable[str], values: Iterable[str], comments: Iterable[str]) -> list[str]:
    """The fields a save is about, each once."""
    questions = (question_field(code) for code in (*options, *values))
    return list(dict.fromkeys((*questions, *(comment_field(area) for area in comments))))


def response_of(contact: Contact) -> Response:
    """The contact's response; a new one begins with the rows handed in, where there are any (imported contacts)."""
    existing = Response.objects.filter(contact=contact).first()
    response = existing or Response()
    response.contact = contact
    _begin_with_what_counts(response)
    if existing is None:
        response.save()
    return response


def _held_response(contact_id: int, *, among: QuerySet[Contact] | None = None) -> Response:
    """The response of a contact its shopper may still change, behind the lock."""
    response = hold_response_for_shopper(contact_id, among=among)
    if response is None:
        _edition, contact = hold_contact_for_shopper(contact_id, among=among)
        return response_of(contact)
    _begin_with_what_counts(response)
    return response


def _begin_with_what_counts(response: Response) -> None:
    if not response.draft and response.contact.outcome:
        response.draft = handed_in_content(response.contact).as_draft()


def _write(response: Response, content: Content, *, at: dt.datetime, among: QuerySet[Contact] | None) -> None:
    """Store what is filled in, where the contact is among these: asked in one statement, because saves are many.

    Raises: GoneMeanwhile.
    """
    response.draft, response.revision, response.saved_at = content.as_draft(), response.revision + 1, at
    rows = Response.objects.filter(pk=response.pk)
    if among is not None:
        rows = rows.filter(contact__in=among)
    if not rows.update(draft=response.draft, revision=response.revision, saved_at=at):
        raise GoneMeanwhile


def set_aside(response: Response, content: Content, *, at: dt.datetime) -> None:
    """Keep content that will not be handed in with the response, for whoever reviews it. The caller saves the row."""
    late = {"at": at.isoformat(), "content": content.as_draft()}
    response.conflicts = [*response.conflicts, late][-MOST_CONFLICTS:]


def _saved(response: Response) -> SavedDraft:
    return SavedDraft(
        revision=response.revision,
        saved_at=response.saved_at,
        content=Content.from_draft(response.draft),
        submission_key=response.submission_key,
    )
