"""Saving a questionnaire while it is being filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from surveys.models import Contact, Response
from surveys.queries.content import Content, cleaned, content_problems, handed_in_content
from surveys.queries.questionnaire import questionnaire_for
from surveys.services.guard import hold_contact_for_shopper
from surveys.services.refusals import DraftRejected, StaleRevision


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """What stands after a save: its revision, when it was saved, and everything answered so far."""

    revision: int
    saved_at: dt.datetime | None
    content: Content
    submission_key: UUID


@transaction.atomic
def open_draft(*, contact_id: int) -> SavedDraft:
    """Begin a response, or read the one begun. A returned response without a draft begins with what was handed in.

    Raises: those of `hold_contact_for_shopper`.
    """
    _edition, contact = hold_contact_for_shopper(contact_id)
    return _saved(response_of(contact))


@transaction.atomic
def save_draft(
    *,
    contact_id: int,
    revision: int,
    at: dt.datetime,
    options: Mapping[str, Iterable[str]] | None = None,
    values: Mapping[str, int | None] | None = None,
    comments: Mapping[str, str] | None = None,
) -> SavedDraft:
    """Keep some answers. Only what is named changes; an empty choice, None or an empty text takes an answer away.

    A repeated save (its reply was lost on the way) is recognised by its content and changes nothing. All is kept or
    nothing.

    Raises: StaleRevision, DraftRejected, and those of `hold_contact_for_shopper`.
    """
    edition, contact = hold_contact_for_shopper(contact_id)
    response = response_of(contact)
    before = Content.from_draft(response.draft)
    after = before.with_changes(
        options=options or {},
        values=values or {},
        comments={area: cleaned(text) for area, text in (comments or {}).items()},
    )
    if after.as_draft() == before.as_draft():
        return _saved(response)
    if revision != response.revision:
        raise StaleRevision(current=response.revision)
    problems = content_problems(questionnaire_for(edition, contact.channel), after)
    if problems:
        raise DraftRejected(problems)
    response.draft = after.as_draft()
    response.revision += 1
    response.saved_at = at
    response.save(update_fields=["draft", "revision", "saved_at"])
    return _saved(response)


def response_of(contact: Contact) -> Response:
    """The contact's response; a new one begins with the rows handed in, where there are any (imported contacts)."""
    existing = Response.objects.filter(contact=contact).first()
    response = existing or Response(contact=contact)
    if not response.draft and contact.outcome:
        response.draft = handed_in_content(contact).as_draft()
    if existing is None:
        response.save()
    return response


def _saved(response: Response) -> SavedDraft:
    return SavedDraft(
        revision=response.revision,
        saved_at=response.saved_at,
        content=Content.from_draft(response.draft),
        submission_key=response.submission_key,
    )
