"""The project leader's review: every response is read, and approved or returned – or taken over from a shopper who does
not answer.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from kundeservice.core.models import User
from kundeservice.core.services.audit import record_event, record_events
from kundeservice.core.text import words_of
from surveys.models import Area, Comment, Contact, Outcome, ReviewEvent, ReviewState
from surveys.queries.content import MAX_COMMENT_LENGTH, Content, handed_in_content
from surveys.queries.versions import review_lines, subject_of
from surveys.services.arrows import REVIEW_ARROWS, ReviewMove, may_move, move_review
from surveys.services.drafts import response_of, set_aside
from surveys.services.guard import OPEN_PHASES, hold_contact, hold_edition
from surveys.services.refusals import ReviewRefused
from surveys.services.seen import check_seen

MADE = (Outcome.ANSWERED, Outcome.NO_ANSWER)
ACTS_OF_REVIEW = {
    ReviewState.APPROVED: "response.approved",
    ReviewState.RETURNED: "response.returned",
    ReviewState.SUBMITTED: "response.taken_over",
}


@transaction.atomic
def approve_response(
    *,
    contact_id: int,
    by: User | None,
    at: dt.datetime,
    comments: Mapping[str, str] | None = None,
    seen: str | None = None,
) -> None:
    """Let a response count. `comments` (area → text) are the reviewer's edits, such as names taken out.

    An edited comment keeps the shopper's words in `original_text`; one emptied is removed, and lives on in the draft.
    `seen` is the version the reviewer read (`surveys.queries.versions`).

    Raises: ChangedMeanwhile, ReviewRefused, EditionLocked, EditionNotOpen, GoneMeanwhile.
    """
    _edition, contact = hold_contact(contact_id)
    check_seen(review_lines(contact), seen)
    if not may_move(contact, ReviewMove.APPROVE):
        raise ReviewRefused(
            _("Bare en levert besvarelse kan godkjennes. Denne er ikke levert, eller er alt behandlet.")
        )
    redacted = _edit_comments(contact, comments or {})
    if redacted:
        detail = {"areas": redacted, "what": ", ".join(str(Area(area).label) for area in redacted)}
        record_event(at=at, actor=by, action="response.redacted", subject=subject_of(contact), detail=detail)
    _move(contact, ReviewMove.APPROVE, by=by, at=at)


@transaction.atomic
def approve_responses(*, edition_id: int, contact_ids: Collection[int], by: User | None, at: dt.datetime) -> int:
    """Approve many at once, as they are; those not waiting for a review are left alone. Returns how many were approved.

    Raises: EditionLocked, EditionNotOpen.
    """
    edition = hold_edition(edition_id, phases=OPEN_PHASES)
    arrow = REVIEW_ARROWS[ReviewMove.APPROVE]
    waiting = Contact.objects.filter(edition=edition, pk__in=contact_ids, review__in=arrow.sources)
    approved = dict(waiting.values_list("pk", "code"))
    waiting.update(review=arrow.target)
    ReviewEvent.objects.bulk_create(ReviewEvent(contact_id=pk, state=arrow.target, at=at, by=by) for pk in approved)
    moments = ((f"{edition.code}/{code}", at) for code in approved.values())
    record_events(actor=by, action=ACTS_OF_REVIEW[ReviewState.APPROVED], moments=moments)
    return len(approved)


@transaction.atomic
def return_response(*, contact_id: int, by: User | None, note: str, at: dt.datetime, seen: str | None = None) -> None:
    """Send a response back to the shopper, with what is to be mended. An approved one can be sent back too.

    The shopper's page gets a new key, so that an old press of the button cannot hand it in again unseen.

    Raises: ChangedMeanwhile, ReviewRefused, EditionLocked, EditionNotOpen, GoneMeanwhile.
    """
    _edition, contact = hold_contact(contact_id)
    check_seen(review_lines(contact), seen)
    note = checked_note(note, empty=_("Skriv hva som skal rettes, så vet mystery shopperen hva som mangler."))
    if contact.outcome not in MADE or not may_move(contact, ReviewMove.RETURN):
        raise ReviewRefused(_("Bare en levert eller godkjent besvarelse kan sendes tilbake."))
    response = response_of(contact)
    response.submission_key = uuid.uuid4()
    response.revision += 1
    response.save()
    _move(contact, ReviewMove.RETURN, by=by, at=at, note=note)


@transaction.atomic
def take_over_response(
    *, contact_id: int, by: User | None, note: str, at: dt.datetime, seen: str | None = None
) -> None:
    """Take a returned response back into review as it was last handed in: the shopper does not answer.

    Nobody but the shopper writes answers. What they had begun to mend is set aside with the response, where the review
    shows it, and the page they have open can neither save nor hand it in.

    Raises: ChangedMeanwhile, ReviewRefused, EditionLocked, EditionNotOpen, GoneMeanwhile.
    """
    _edition, contact = hold_contact(contact_id)
    check_seen(review_lines(contact), seen)
    note = checked_note(note, empty=_("Skriv hvorfor besvarelsen tas over."))
    if not may_move(contact, ReviewMove.TAKE_OVER):
        raise ReviewRefused(_("Bare en returnert besvarelse kan tas over. Denne er ikke hos mystery shopperen nå."))
    if contact.outcome not in MADE:
        raise ReviewRefused(
            _(
                "Mystery shopperen har tatt tilbake forsøket sitt, så det er ingen levert besvarelse å ta over. "
                "Vent til den er levert på nytt, eller annuller henvendelsen."
            )
        )
    response = response_of(contact)
    handed_in, begun = handed_in_content(contact), Content.from_draft(response.draft)
    if contact.outcome == Outcome.ANSWERED and begun.as_draft() != handed_in.as_draft():
        set_aside(response, begun, at=response.saved_at or at)
        response.draft = handed_in.as_draft()
    response.submission_key = uuid.uuid4()
    response.revision += 1
    response.save()
    _move(contact, ReviewMove.TAKE_OVER, by=by, at=at, note=note)


def checked_note(note: str, *, empty: str) -> str:
    """A note with words in it, short enough to be read.

    Raises: ReviewRefused.
    """
    note = words_of(note)
    if not note:
        raise ReviewRefused(empty)
    if len(note) > MAX_COMMENT_LENGTH:
        facts = {"length": len(note), "most": MAX_COMMENT_LENGTH}
        raise ReviewRefused(_("Merknaden har %(length)s tegn; kort den ned til høyst %(most)s.") % facts)
    return note


def _move(contact: Contact, move: ReviewMove, *, by: User | None, at: dt.datetime, note: str = "") -> None:
    move_review(contact, move)
    contact.save(update_fields=["review"])
    state = ReviewState(contact.review)
    ReviewEvent.objects.create(contact=contact, state=state, note=note, at=at, by=by)
    detail = {"note": note} if note else {}
    record_event(at=at, actor=by, action=ACTS_OF_REVIEW[state], subject=subject_of(contact), detail=detail)


def _edit_comments(contact: Contact, edited: Mapping[str, str]) -> list[str]:
    """Write the edits down; the areas whose text is another now."""
    changed: list[str] = []
    if not edited:
        return changed
    by_area = {comment.area: comment for comment in Comment.objects.filter(contact=contact)}
    for area, given in edited.items():
        comment, text = by_area.get(area), words_of(given)
        if comment is None and text:
            raise ReviewRefused(
                _("Besvarelsen har ingen kommentar til «%(area)s» å redigere.") % {"area": Area(area).label}
            )
        if comment is None or text == words_of(comment.text):
            continue
        if len(text) > MAX_COMMENT_LENGTH:
            facts = {"length": len(text), "most": MAX_COMMENT_LENGTH}
            raise ReviewRefused(_("Kommentaren har %(length)s tegn; kort den ned til høyst %(most)s.") % facts)
        changed.append(area)
        if not text:
            comment.delete()
            continue
        comment.original_text = comment.original_text or comment.text
        comment.text = text
        comment.save(update_fields=["text", "original_text"])
    return changed
