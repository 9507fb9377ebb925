"""What annulling a contact would do, and what is annulled."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q

from surveys.models import Channel, Contact, Edition, Outcome, Phase, ReviewState, Voiding, VoidReason
from surveys.queries.begun import beginning_of


@dataclass(frozen=True, slots=True)
class Remaining:
    """What a participant has left on a channel, or in all, without one contact.

    `left` are its contacts that are not annulled, `counted` those of them that count so far, `needed` what it takes to
    be ranked, or to win the channel's prize.
    """

    left: int
    counted: int
    needed: int

    @property
    def falls_short(self) -> bool:
        """Whether the minimum cannot be reached any more, whatever becomes of the contacts that are left."""
        return self.left < self.needed

    @property
    def hangs_on_the_rest(self) -> bool:
        """Whether the minimum is reached only if contacts that do not count yet come to count."""
        return self.counted < self.needed <= self.left


@dataclass(frozen=True, slots=True)
class VoidConsequences:
    """What is left when a contact is annulled. `takes_two` when a second leader must agree to it."""

    in_all: Remaining
    on_channel: Remaining
    counts_now: bool
    takes_two: bool


def void_consequences(contact: Contact) -> VoidConsequences:
    """What annulling a contact would leave its participant with. Two queries."""
    edition = contact.edition
    is_left, counts = ~Q(outcome=Outcome.VOID), _counts()
    here = Q(channel=contact.channel)
    found = (
        Contact.objects.filter(participant=contact.participant_id)
        .exclude(pk=contact.pk)
        .aggregate(
            left=Count("pk", filter=is_left),
            counted=Count("pk", filter=counts),
            left_here=Count("pk", filter=is_left & here),
            counted_here=Count("pk", filter=counts & here),
        )
    )
    return VoidConsequences(
        in_all=Remaining(found["left"], found["counted"], edition.min_counted),
        on_channel=Remaining(found["left_here"], found["counted_here"], edition.min_channel_contacts),
        counts_now=contact.outcome in (Outcome.ANSWERED, Outcome.NO_ANSWER)
        and contact.review in ("", ReviewState.APPROVED),
        takes_two=edition.viewers_needed > 1 and beginning_of(contact) is not None,
    )


def _counts() -> Q:
    return Q(outcome__in=(Outcome.ANSWERED, Outcome.NO_ANSWER)) & Q(review__in=("", ReviewState.APPROVED))


@dataclass(frozen=True, slots=True)
class VoidRow:
    """An annulled contact, or a request to annul one. Who asked, who agreed and why; all empty where a package said so.

    `voiding_id` is there while the request waits for a colleague.
    """

    contact_code: str
    participant: str
    channel_label: str
    week: str
    reason_label: str
    note: str
    asked_by: str
    asked_at: dt.datetime | None
    agreed_by: str
    can_be_lifted: bool
    voiding_id: int | None = None
    asked_by_id: int | None = None


@dataclass(frozen=True, slots=True)
class VoidContacts:
    """Everything annulled in an edition, and what waits for a colleague, the newest first."""

    waiting: tuple[VoidRow, ...]
    done: tuple[VoidRow, ...]


def list_void(edition: Edition) -> VoidContacts:
    """What is annulled, and what somebody wants annulled. Three queries."""
    voidings = Voiding.objects.filter(contact__edition=edition).select_related(
        "contact__participant", "asked_by", "agreed_by"
    )
    waiting = tuple(_row(voiding.contact, voiding, edition) for voiding in voidings.waiting())
    in_force = {voiding.contact_id: voiding for voiding in voidings.in_force()}
    void = Contact.objects.filter(edition=edition, outcome=Outcome.VOID).select_related("participant")
    done = [_row(contact, in_force.get(contact.pk), edition) for contact in void]
    newest_first = sorted(done, key=lambda row: row.asked_at.timestamp() if row.asked_at else 0.0, reverse=True)
    return VoidContacts(waiting=waiting, done=tuple(newest_first))


def voiding_of(contact: Contact) -> Voiding | None:
    """The annulment of a contact that stands, or the request for one that waits. One query."""
    standing = Voiding.objects.filter(contact=contact, lifted_at=None, withdrawn_at=None)
    return standing.select_related("asked_by", "agreed_by").first()


def _row(contact: Contact, voiding: Voiding | None, edition: Edition) -> VoidRow:
    return VoidRow(
        contact_code=contact.code,
        participant=contact.participant.name,
        channel_label=str(Channel(contact.channel).label),
        week=contact.week,
        reason_label=str(VoidReason(voiding.reason).label) if voiding else "",
        note=voiding.note if voiding else "",
        asked_by=str(voiding.asked_by or "") if voiding else "",
        asked_at=voiding.asked_at if voiding else None,
        agreed_by=str(voiding.agreed_by or "") if voiding else "",
        can_be_lifted=voiding is not None and voiding.agreed_at is not None and edition.phase < Phase.LOCKED,
        voiding_id=voiding.pk if voiding and voiding.agreed_at is None else None,
        asked_by_id=voiding.asked_by_id if voiding else None,
    )
