"""Annulling a contact, so that it counts for nothing – and putting it back.

What somebody has begun may move a result, so a second leader agrees wherever the edition asks for two people. A contact
that nobody has begun moves none, and one leader annuls it. All of it can be taken back until the lock.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kundeservice.core.acts import ANNULLED
from kundeservice.core.gone import still_there
from kundeservice.core.models import User
from kundeservice.core.services.audit import record_event
from surveys.models import (
    Answer,
    Comment,
    Contact,
    Outcome,
    Phase,
    Response,
    ReviewEvent,
    ReviewState,
    Voiding,
    VoidReason,
)
from surveys.queries.begun import beginning_of
from surveys.queries.content import Content, handed_in_content
from surveys.queries.questionnaire import questionnaire_for
from surveys.queries.versions import review_lines, subject_of
from surveys.services.arrows import ReviewMove, move_review
from surveys.services.drafts import response_of
from surveys.services.guard import OPEN_PHASES, hold_contact
from surveys.services.handing_in import answer_rows
from surveys.services.leader_requests import check_leads, check_two_leaders
from surveys.services.refusals import ReviewRefused
from surveys.services.review import MADE, checked_note
from surveys.services.seen import check_seen

VOIDABLE_PHASES = (Phase.PLANNED, *OPEN_PHASES)


@transaction.atomic
def ask_to_void(
    *, contact_id: int, reason: str, note: str, by: User, at: dt.datetime, seen: str | None = None
) -> Voiding:
    """Ask to annul a contact. It is done at once when nobody has begun it, or the edition asks for one person only.

    Raises: RequestRefused to anybody but a leader; ReviewRefused when it is annulled or asked for already, or without a
    reason; ChangedMeanwhile, EditionLocked, EditionNotOpen, GoneMeanwhile.
    """
    edition, contact = hold_contact(contact_id, phases=VOIDABLE_PHASES)
    check_seen(review_lines(contact), seen)
    check_leads(by)
    voiding = _ask(contact, reason=reason, note=note, by=by, at=at)
    if edition.viewers_needed == 1 or beginning_of(contact) is None:
        _carry_out(contact, voiding, by=by, at=at)
    else:
        _record("contact.void_asked", contact, by=by, at=at, note=voiding.note, reason=voiding.reason)
    return voiding


@transaction.atomic
def agree_to_void(*, voiding_id: int, by: User, at: dt.datetime, seen: str | None = None) -> Voiding:
    """Agree to what a colleague asked for, and annul the contact.

    Raises: ReviewRefused to the one who asked, and when the request is no longer waiting; RequestRefused when either of
    the two is no leader or became one after the request; ChangedMeanwhile, EditionLocked, EditionNotOpen.
    """
    contact, voiding = _hold_request(voiding_id, seen=seen)
    if voiding.asked_by_id is None or voiding.asked_by_id == by.pk:
        raise ReviewRefused(_("Den som har bedt om det, kan ikke godkjenne det selv. Be en kollega."))
    if contact.outcome == Outcome.VOID:
        raise ReviewRefused(_("Henvendelsen er alt annullert. Avslå ønsket."))
    check_two_leaders(asked_by=voiding.asked_by_id, asked_at=voiding.asked_at, by=by)
    _carry_out(contact, voiding, by=by, at=at)
    return voiding


@transaction.atomic
def withdraw_voiding(*, voiding_id: int, by: User, at: dt.datetime, seen: str | None = None) -> Voiding:
    """Take back or turn down a request to annul. The contact stays as it is.

    Raises: ReviewRefused when the request is no longer waiting; ChangedMeanwhile, EditionLocked, EditionNotOpen.
    """
    contact, voiding = _hold_request(voiding_id, seen=seen)
    voiding.withdrawn_at = at
    voiding.save(update_fields=["withdrawn_at"])
    _record("contact.void_withdrawn", contact, by=by, at=at, note=voiding.note)
    return voiding


@transaction.atomic
def lift_voiding(*, contact_id: int, by: User, note: str, at: dt.datetime, seen: str | None = None) -> Contact:
    """Put an annulled contact back as it was. What was made goes to the review, where somebody reads it once more.

    Whether the plan still has room for it is not known here: every door calls `shoppers.services.putting_back`.

    Raises: ReviewRefused when it is not annulled, when nobody kept what it was, when the participant has all its
    contacts without it, or without a reason; RequestRefused to anybody but a leader; ChangedMeanwhile, EditionLocked,
    EditionNotOpen, GoneMeanwhile.
    """
    edition, contact = hold_contact(contact_id, phases=VOIDABLE_PHASES)
    check_seen(review_lines(contact), seen)
    check_leads(by)
    note = checked_note(note, empty=_("Skriv hvorfor annulleringen tas tilbake."))
    voiding = Voiding.objects.in_force().filter(contact=contact).first()
    if contact.outcome != Outcome.VOID or voiding is None:
        raise ReviewRefused(
            _("Henvendelsen er ikke annullert her, så det er ingenting å ta tilbake. Den kom kanskje med en pakke.")
        )
    live = Contact.objects.filter(participant=contact.participant_id).exclude(outcome=Outcome.VOID).count()
    if live >= edition.contacts_per_participant:
        facts = {"number": live}
        raise ReviewRefused(
            _(
                "Deltakeren har alt sine %(number)s henvendelser; en ny er planlagt i stedet for denne. "
                "Ta den nye ut av planen først."
            )
            % facts
        )
    _put_back(contact, voiding, by=by, at=at, note=note)
    voiding.lifted_at = at
    voiding.save(update_fields=["lifted_at"])
    _record("contact.void_lifted", contact, by=by, at=at, note=note)
    return contact


def _hold_request(voiding_id: int, *, seen: str | None) -> tuple[Contact, Voiding]:
    """A request that waits, behind the lock of its edition, so that it gets one answer only."""
    contact_id = still_there(Voiding.objects.values_list("contact", flat=True).filter(pk=voiding_id))
    _edition, contact = hold_contact(contact_id, phases=VOIDABLE_PHASES)
    check_seen(review_lines(contact), seen)
    voiding = still_there(Voiding.objects.filter(pk=voiding_id))
    if voiding.agreed_at or voiding.withdrawn_at:
        raise ReviewRefused(_("Ønsket er allerede behandlet."))
    return contact, voiding


def _end_what_an_import_undid(contact: Contact, *, at: dt.datetime) -> None:
    """A package that knows of no annulment has put the contact back without a word; the old one is history."""
    Voiding.objects.in_force().filter(contact=contact).update(lifted_at=at)


def _ask(contact: Contact, *, reason: str, note: str, by: User | None, at: dt.datetime) -> Voiding:
    if reason not in VoidReason.values:
        raise ReviewRefused(_("Velg en av grunnene på siden."))
    note = checked_note(note, empty=_("Skriv hvorfor henvendelsen annulleres."))
    if contact.outcome == Outcome.VOID:
        raise ReviewRefused(_("Henvendelsen er alt annullert."))
    if Voiding.objects.waiting().filter(contact=contact).exists():
        raise ReviewRefused(_("Det ligger allerede et ønske som venter på en kollega."))
    _end_what_an_import_undid(contact, at=at)
    return Voiding.objects.create(contact=contact, reason=reason, note=note, asked_by=by, asked_at=at)


def _carry_out(contact: Contact, voiding: Voiding, *, by: User | None, at: dt.datetime) -> None:
    """The contact counts for nothing; its answers are kept with the annulment and in the draft alone."""
    if contact.outcome == Outcome.ANSWERED:
        response_of(contact).save()
    former = {"outcome": contact.outcome, "review": contact.review}
    voiding.kept = {
        **former,
        "wait": None if contact.wait is None else str(contact.wait),
        "content": handed_in_content(contact).as_draft(),
        "comments": list(Comment.objects.filter(contact=contact).values("area", "text", "original_text")),
    }
    voiding.agreed_by, voiding.agreed_at = by, at
    voiding.save(update_fields=["kept", "agreed_by", "agreed_at"])
    contact.outcome = Outcome.VOID
    contact.wait = None
    move_review(contact, ReviewMove.VOID)
    contact.save(update_fields=["outcome", "wait", "review"])
    Answer.objects.filter(contact=contact).delete()
    Comment.objects.filter(contact=contact).delete()
    _record(ANNULLED, contact, by=by, at=at, note=voiding.note, reason=voiding.reason, **former)


def _put_back(contact: Contact, voiding: Voiding, *, by: User, at: dt.datetime, note: str) -> None:
    kept = voiding.kept
    contact.outcome = kept["outcome"]
    contact.wait = None if kept["wait"] is None else Decimal(kept["wait"])
    move_review(contact, _way_back(kept))
    if contact.review == ReviewState.SUBMITTED:
        ReviewEvent.objects.create(contact=contact, state=ReviewState.SUBMITTED, note=note, at=at, by=by)
    contact.save(update_fields=["outcome", "wait", "review"])
    if contact.outcome == Outcome.ANSWERED:
        content = Content.from_draft(kept["content"])
        questionnaire = questionnaire_for(contact.edition, contact.channel)
        Answer.objects.bulk_create(answer_rows(contact.pk, questionnaire, content))
        Comment.objects.bulk_create(Comment(contact=contact, **comment) for comment in kept["comments"])
    # A page the shopper still has open must not hand in what it showed before.
    Response.objects.filter(contact=contact).update(submission_key=uuid.uuid4())


def _way_back(kept: Mapping[str, Any]) -> ReviewMove:
    if kept["review"] == ReviewState.RETURNED:
        return ReviewMove.PUT_BACK_RETURNED
    return ReviewMove.PUT_BACK if kept["outcome"] in MADE else ReviewMove.PUT_BACK_UNMADE


def _record(
    action: str, contact: Contact, *, by: User | None, at: dt.datetime, note: str, reason: str = "", **detail: str
) -> None:
    told = {"note": note, **({"kind": reason} if reason else {}), **detail}
    record_event(at=at, actor=by, action=action, subject=subject_of(contact), detail=told)
