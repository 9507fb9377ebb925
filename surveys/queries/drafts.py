"""A response as it has been saved, read without touching it."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from surveys.models import Contact, Response
from surveys.queries.content import Content, handed_in_content


@dataclass(frozen=True, slots=True)
class DraftState:
    """What stands: `submission_key` is a new one as long as nothing is saved."""

    revision: int
    saved_at: dt.datetime | None
    submitted_at: dt.datetime | None
    submission_key: uuid.UUID
    content: Content


def saved_response(contact: Contact) -> Response | None:
    """The contact's response, None before anything is saved. One query, none where it was read with the contact."""
    return getattr(contact, "response", None)


def read_draft(contact: Contact) -> DraftState:
    """The saved draft; the rows handed in where there is none (an imported contact).

    One query, none where the response was read with the contact; at most three queries for rows handed in.
    """
    response = saved_response(contact) or Response(contact=contact)
    content = Content.from_draft(response.draft)
    if not response.draft and contact.outcome:
        content = handed_in_content(contact)
    return DraftState(
        revision=response.revision,
        saved_at=response.saved_at,
        submitted_at=response.submitted_at,
        submission_key=response.submission_key,
        content=content,
    )
