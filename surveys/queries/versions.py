"""Which lines of the audit trail make the version of what the office decides about."""

from __future__ import annotations

from django.db.models import Q

from kundeservice.core.acts import HANDED_IN
from kundeservice.core.queries.history import version_of
from surveys.models import Contact, Edition

REWRITTEN = "edition.imported"
"""An import may change anything in the edition, and leaves one line for all of it."""
REPLANNED = (REWRITTEN, "edition.planned", "edition.plan_repaired")

GATES = (
    *REPLANNED,
    "edition.corrected",
    "edition.locked",
    "edition.phase_changed",
    "edition.published",
    "edition.unlocked",
)


def subject_of(contact: Contact) -> str:
    """What the trail calls a contact: its edition's code and its own."""
    return f"{contact.edition.code}/{contact.code}"


def review_lines(contact: Contact) -> Q:
    """What moves the review of a contact: being handed in, decided, annulled, or imported anew."""
    own = Q(action__startswith="response.") | Q(action__startswith="contact.")
    return Q(subject=subject_of(contact)) & own | Q(subject=contact.edition.code, action=REWRITTEN)


def placing_lines(contact: Contact) -> Q:
    """What moves a contact in the plan: by hand, by a plan or a repair, by an import."""
    own = Q(action__startswith="contact.") | Q(action=HANDED_IN)
    return Q(subject=subject_of(contact)) & own | Q(subject=contact.edition.code, action__in=REPLANNED)


def gate_lines(edition: Edition) -> Q:
    """What moves an edition through its life: phases, counts, locks, publications and what two people agree on."""
    steps = Q(action__startswith="publication.") | Q(action__startswith="seal.") | Q(action__in=GATES)
    return Q(subject=edition.code) & steps


def review_version(contact: Contact) -> str:
    """The version of a review sheet. One query."""
    return version_of(review_lines(contact))


def placing_version(contact: Contact) -> str:
    """The version of a contact's place in the plan. One query."""
    return version_of(placing_lines(contact))


def gate_version(edition: Edition) -> str:
    """The version of where an edition stands. One query."""
    return version_of(gate_lines(edition))
