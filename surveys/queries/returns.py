"""What the reviewer asked the shopper to mend."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from surveys.models import ReviewEvent, ReviewState


@dataclass(frozen=True, slots=True)
class ReturnNote:
    """The newest note that came with a returned response."""

    note: str
    at: dt.datetime


def return_notes(contact_ids: Iterable[int]) -> dict[int, ReturnNote]:
    """Contact → its newest note. One query for all of them."""
    events = ReviewEvent.objects.filter(contact__in=contact_ids, state=ReviewState.RETURNED).order_by("at", "pk")
    return {event.contact_id: ReturnNote(note=event.note, at=event.at) for event in events}
