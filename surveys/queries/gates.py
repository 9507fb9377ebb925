"""What is undone when an edition is about to pass a gate of its life, in words and by number."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, Q
from django.utils.translation import ngettext

from surveys.models import Contact, Edition, ReviewState, Voiding
from surveys.queries.begun import is_begun


class UndoneKind(StrEnum):
    """Where the list of what is undone lies."""

    NOT_MADE = "not_made"
    NOT_BEGUN = "not_begun"
    BEGUN = "begun"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    VOIDING = "voiding"


@dataclass(frozen=True, slots=True)
class Undone:
    """So much of a kind is undone; `text` says so in the reader's language. Contacts are of an `UndoneKind`."""

    kind: str
    number: int
    text: str


def undone_before_closing(edition: Edition) -> tuple[Undone, ...]:
    """Contacts that nobody has made: those not begun cannot be made once the field period is over. One query."""
    counts = (
        Contact.objects.filter(edition=edition)
        .not_made()
        .aggregate(all=Count("pk"), begun=Count("pk", filter=is_begun()))
    )
    return _without_none(
        (UndoneKind.NOT_BEGUN, counts["all"] - counts["begun"]),
        (UndoneKind.BEGUN, counts["begun"]),
    )


def undone_after_closing(edition: Edition) -> tuple[Undone, ...]:
    """Contacts not made, responses that nobody has approved – none of them counts – and annulments that wait for a
    colleague. Two queries.
    """
    counts = Contact.objects.filter(edition=edition).aggregate(
        not_made=Count("pk", filter=Q(outcome="")),
        submitted=Count("pk", filter=Q(review=ReviewState.SUBMITTED)),
        returned=Count("pk", filter=Q(review=ReviewState.RETURNED)),
    )
    return _without_none(
        (UndoneKind.NOT_MADE, counts["not_made"]),
        (UndoneKind.SUBMITTED, counts["submitted"]),
        (UndoneKind.RETURNED, counts["returned"]),
        (UndoneKind.VOIDING, Voiding.objects.waiting().filter(contact__edition=edition).count()),
    )


def _without_none(*counts: tuple[UndoneKind, int]) -> tuple[Undone, ...]:
    return tuple(Undone(kind, number, _text(kind, number)) for kind, number in counts if number)


def _text(kind: UndoneKind, number: int) -> str:
    match kind:
        case UndoneKind.NOT_MADE | UndoneKind.NOT_BEGUN:
            text = ngettext("%(number)d henvendelse er ikke gjort", "%(number)d henvendelser er ikke gjort", number)
        case UndoneKind.BEGUN:
            text = ngettext(
                "%(number)d henvendelse er begynt, og kan gjøres ferdig etterpå",
                "%(number)d henvendelser er begynt, og kan gjøres ferdig etterpå",
                number,
            )
        case UndoneKind.SUBMITTED:
            text = ngettext(
                "%(number)d besvarelse venter på gjennomgang", "%(number)d besvarelser venter på gjennomgang", number
            )
        case UndoneKind.RETURNED:
            text = ngettext(
                "%(number)d besvarelse er sendt tilbake og ikke levert på nytt",
                "%(number)d besvarelser er sendt tilbake og ikke levert på nytt",
                number,
            )
        case UndoneKind.VOIDING:
            text = ngettext(
                "%(number)d annullering venter på en kollega", "%(number)d annulleringer venter på en kollega", number
            )
    return text % {"number": number}
