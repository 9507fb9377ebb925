"""The one guard in front of every change to an edition's contacts, answers and rules."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kundeservice.core.gone import still_there
from surveys.models import Contact, Edition, Phase, ReviewState
from surveys.queries.begun import is_begun
from surveys.services.refusals import AlreadyHandedIn, EditionLocked, EditionNotOpen, wrong_phase

OPEN_PHASES = (Phase.FIELD, Phase.REVIEW)
HANDED_IN = (ReviewState.SUBMITTED, ReviewState.APPROVED)


def hold_edition(edition_id: int, *, phases: Collection[Phase] = ()) -> Edition:
    """Lock the edition's row until the transaction ends, and refuse when it is locked or outside `phases`.

    Must be called inside a transaction. Whoever locks or publishes the edition takes the same row, so nothing slips in
    between.

    Raises: GoneMeanwhile, EditionLocked, EditionNotOpen.
    """
    edition = still_there(Edition.objects.select_for_update(no_key=True).filter(pk=edition_id))
    return _admitted(edition, phases)


def hold_contact(
    contact_id: int, *, phases: Collection[Phase] = OPEN_PHASES, among: QuerySet[Contact] | None = None
) -> tuple[Edition, Contact]:
    """Hold the edition of a contact and read the contact behind the lock. Two database queries.

    `among` are the contacts that whoever acts may touch, looked through behind the lock: a contact may have become
    somebody else's since the page was looked up.

    Raises: GoneMeanwhile, EditionLocked, EditionNotOpen.
    """
    editions = Edition.objects.select_for_update(of=("self",), no_key=True)
    edition = still_there(editions.filter(contacts=contact_id))
    within = Contact.objects.all() if among is None else among
    contact = still_there(within.filter(pk=contact_id))
    _admitted(edition, phases)
    contact.edition = edition
    return edition, contact


def hold_contact_for_shopper(contact_id: int, *, among: QuerySet[Contact] | None = None) -> tuple[Edition, Contact]:
    """As `hold_contact`, and refuse when the shopper has nothing more to do with the contact.

    While the field period runs every contact that is not handed in is open. After it only what was begun or returned.

    Raises: also AlreadyHandedIn.
    """
    edition, contact = hold_contact(contact_id, among=among)
    if contact.review in HANDED_IN or (contact.outcome and contact.review != ReviewState.RETURNED):
        raise AlreadyHandedIn
    if edition.phase == Phase.REVIEW and not _is_begun(contact):
        raise EditionNotOpen(_("Feltperioden er over, så nye henvendelser kan ikke begynnes."))
    return edition, contact


def _is_begun(contact: Contact) -> bool:
    if contact.review == ReviewState.RETURNED or contact.contacted_at is not None:
        return True
    return Contact.objects.filter(is_begun(), pk=contact.pk).exists()


def _admitted(edition: Edition, phases: Collection[Phase]) -> Edition:
    if edition.is_locked:
        raise EditionLocked
    if phases and edition.phase not in phases:
        raise wrong_phase(edition)
    return edition
