"""The one guard in front of every change to an edition's contacts, answers and rules."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kundeservice.core.gone import GoneMeanwhile, still_there
from surveys.models import Contact, Edition, Phase, Response, ReviewState
from surveys.queries.begun import is_begun
from surveys.services.refusals import AlreadyHandedIn, EditionLocked, EditionNotOpen, SurveyRefusal, wrong_phase

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
    """Hold the edition of a contact and read the contact behind the lock. One query, two queries with `among`.

    The contact's row is locked as well, after its edition's: of rows that are only read along, PostgreSQL shows what
    stood before it had to wait for the lock.

    `among` are the contacts that whoever acts may touch, looked through behind the lock: a contact may have become
    somebody else's since the page was looked up.

    Raises: GoneMeanwhile, EditionLocked, EditionNotOpen.
    """
    held = Contact.objects.select_related("edition").select_for_update(of=("edition", "self"), no_key=True)
    contact = still_there(held.filter(pk=contact_id))
    check_among(contact, among)
    return _admitted(contact.edition, phases), contact


def check_among(contact: Contact, among: QuerySet[Contact] | None) -> None:
    """Refuse a contact that is held and is not among these. One query, none where anybody's will do.

    Never asked with the lock itself: read along with it, whose the contact is would be what stood before the wait.

    Raises: GoneMeanwhile.
    """
    if among is not None and not among.filter(pk=contact.pk).exists():
        raise GoneMeanwhile


def hold_contact_for_shopper(contact_id: int, *, among: QuerySet[Contact] | None = None) -> tuple[Edition, Contact]:
    """As `hold_contact`, and refuse what `check_open_to_shopper` refuses.

    Raises: also AlreadyHandedIn.
    """
    edition, contact = hold_contact(contact_id, among=among)
    check_open_to_shopper(contact)
    return edition, contact


def hold_response_for_shopper(contact_id: int, *, among: QuerySet[Contact] | None = None) -> Response | None:
    """As `hold_contact_for_shopper`, with the contact's response: `response.contact` is what is held. One query.

    None, and nothing is held, as long as there is no response. Whether the contact is still `among` those of whoever
    acts is asked here only before something is refused: whoever goes on asks it with what they write, or by
    `check_among`.

    Raises: as `hold_contact_for_shopper`.
    """
    held = Response.objects.select_related("contact__edition").select_for_update(
        of=("contact__edition", "contact", "self"), no_key=True
    )
    response = held.filter(contact=contact_id).first()
    if response is None:
        return None
    try:
        _admitted(response.contact.edition, OPEN_PHASES)
        check_open_to_shopper(response.contact)
    except SurveyRefusal:
        check_among(response.contact, among)
        raise
    return response


def check_open_to_shopper(contact: Contact) -> None:
    """Refuse when the shopper has nothing more to do with a contact that is held.

    While the field period runs every contact that is not handed in is open. After it only what was begun or returned.

    Raises: AlreadyHandedIn, EditionNotOpen.
    """
    if contact.review in HANDED_IN or (contact.outcome and contact.review != ReviewState.RETURNED):
        raise AlreadyHandedIn
    if contact.edition.phase == Phase.REVIEW and not Contact.objects.filter(is_begun(), pk=contact.pk).exists():
        raise EditionNotOpen(_("Feltperioden er over, så nye henvendelser kan ikke begynnes."))


def _admitted(edition: Edition, phases: Collection[Phase]) -> Edition:
    if edition.is_locked:
        raise EditionLocked
    if phases and edition.phase not in phases:
        raise wrong_phase(edition)
    return edition
