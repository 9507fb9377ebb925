"""What colleagues have asked for and a leader can answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kundeservice.core.models import User
from surveys.models import Edition, LeaderRequest, Phase, RequestKind, Voiding

VOID = "void"
"""The kind of wish that is about one contact; the others are of a `RequestKind`."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Something that waits for a second leader. `contact_code` is there where one contact is to be annulled."""

    kind: str
    what: str
    edition_code: str
    edition_name: str
    asked_by: str
    asked_at: dt.datetime
    contact_code: str = ""


def wishes_for(person: User, *, edition: Edition | None = None) -> tuple[Wish, ...]:
    """What others have asked for and nobody has answered, the oldest first; of one edition or of all. Two queries."""
    requests = LeaderRequest.objects.waiting().exclude(asked_by=person).select_related("edition", "asked_by")
    voidings = Voiding.objects.waiting().filter(contact__edition__phase__lt=Phase.LOCKED).exclude(asked_by=person)
    voidings = voidings.select_related("contact__edition", "asked_by")
    if edition is not None:
        requests = requests.filter(edition=edition)
        voidings = voidings.filter(contact__edition=edition)
    of_editions = (
        Wish(
            kind=asked.kind,
            what=str(RequestKind(asked.kind).label),
            edition_code=asked.edition.code,
            edition_name=asked.edition.name,
            asked_by=str(asked.asked_by),
            asked_at=asked.asked_at,
        )
        for asked in requests
    )
    of_contacts = (
        Wish(
            kind=VOID,
            what=_("Annullering av %(code)s") % {"code": asked.contact.code},
            edition_code=asked.contact.edition.code,
            edition_name=asked.contact.edition.name,
            asked_by=str(asked.asked_by or _("Systemet")),
            asked_at=asked.asked_at,
            contact_code=asked.contact.code,
        )
        for asked in voidings
    )
    return tuple(sorted((*of_editions, *of_contacts), key=lambda wish: wish.asked_at))
