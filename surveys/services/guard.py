"""The one guard in front of every change to an edition's contacts, answers and rules."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from surveys.models import Contact, Edition, Phase, ReviewState
from surveys.queries.begun import is_begun
from surveys.services.refusals import AlreadyHandedIn, EditionLocked, EditionNotOpen

OPEN_PHASES = (Phase.FIELD, Phase.REVIEW)
HANDED_IN = (ReviewState.SUBMITTED, ReviewState.APPROVED)


def hold_edition(edition_id: int, *, phases: Collection[Phase] = ()) -> Edition:
    """Lock the edition's row until the transaction ends, and refuse when it is locked or outside `phases`.

    Must be called inside a transaction. Whoever locks or publishes the edition takes the same row, so nothing slips in
    between.

    Raises: Edition.DoesNotExist, EditionLocked, EditionNotOpen.
    """
    edition = Edition.objects.select_for_update(no_key=True).get(pk=edition_id)
    return _admitted(edition, phases)


def hold_contact(contact_id: int, *, phases: Collection[Phase] = OPEN_PHASES) -> tuple[Edition, Contact]:
    """Hold the edition of a contact and read the contact behind the lock. Two database queries.

    Raises: Contact.DoesNotExist, EditionLocked, EditionNotOpen.
    """
    edition = Edition.objects.select_for_update(of=("self",), no_key=True).filter(contacts=contact_id).first()
    if edition is None:
        raise Contact.DoesNotExist(contact_id)
    _admitted(edition, phases)
    contact = Contact.objects.get(pk=contact_id)
    contact.edition = edition
    return edition, contact


def hold_contact_for_shopper(contact_id: int) -> tuple[Edition, Contact]:
    """As `hold_contact`, and refuse when the shopper has nothing more to do with the contact.

    While the field period runs every contact that is not handed in is open. After it only what was begun or returned.

    Raises: also AlreadyHandedIn.
    """
    edition, contact = hold_contact(contact_id)
    if contact.review in HANDED_IN or (contact.outcome and contact.review != ReviewState.RETURNED):
        raise AlreadyHandedIn
    if edition.phase == Phase.REVIEW and not Contact.objects.filter(is_begun(), pk=contact.pk).exists():
        raise EditionNotOpen(_("Feltperioden er over, så nye henvendelser kan ikke begynnes."))
    return edition, contact


def _admitted(edition: Edition, phases: Collection[Phase]) -> Edition:
    if edition.is_locked:
        raise EditionLocked
    if phases and edition.phase not in phases:
        raise EditionNotOpen(
            _("Årgangen er i fasen «%(phase)s», og da kan dette ikke gjøres.") % {"phase": edition.get_phase_display()}
        )
    return edition
