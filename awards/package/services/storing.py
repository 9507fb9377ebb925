"""From an edition package to the tables: all of it, or nothing, and never at the cost of what people have made here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from awards.models import EditionImport, Publication
from awards.package.format import EditionPackage
from awards.package.format.differences import contact_sums
from awards.package.format.rows import ContactRow
from awards.package.services.loading import load_package
from awards.package.services.syncing import sync_edition
from awards.package.services.work import check_keeps_work, contacts_with_work
from kundeservice.core.models import AuditEvent, User
from kundeservice.core.services.audit import record_event
from shoppers.models import Assignment, Plan, Shopper
from shoppers.services.losses import held_now, note_losses
from surveys.models import Answer, Contact, Edition, Participant, Phase


class ImportRefused(Exception):
    """The package is sound, but this edition cannot take it; the text says why."""


@transaction.atomic
def import_package(
    *, package: EditionPackage, at: dt.datetime, replace: bool = False, by: User | None = None
) -> Edition:
    """Store a checked package as an edition, with accounts for its shoppers and the participants' report addresses.

    `replace` makes an edition of the same code say what the package says, row by row: what is the same stays as it is,
    with everything that hangs on it – drafts, reviews, history, plan figures. A contact that somebody has worked on
    here is never changed or removed by a file (`awards.package.services.work`).

    Raises: ImportRefused when the code is taken and `replace` is not given, when the edition was ever locked or
    published, or its seal asked for (locks and openings of seals stay for ever), or when work would be lost.
    """
    code = package.edition.code
    edition = Edition.objects.select_for_update().filter(code=code).first()
    work: frozenset[str] = frozenset()
    detail: dict[str, object] = {"replaced": edition is not None}
    if edition is None:
        edition = sync_edition(None, package, phase=phase_of(package.contacts), by=by)
    else:
        _check_replaceable(edition, replace=replace)
        now = load_package(edition)
        work = contacts_with_work(edition, now)
        refusal = check_keeps_work(now, package, work)
        if refusal:
            raise ImportRefused(refusal)
        before = held_now(edition)
        sync_edition(edition, package, now=now, phase=_phase_after(edition, package, work), by=by)
        note_losses(edition, before=before, at=at)
    _remember(edition, package, work, at=at)
    record_event(at=at, actor=by, action="edition.imported", subject=code, detail=detail)
    return edition


def why_not(edition: Edition, package: EditionPackage) -> str:
    """Why the package cannot take the edition's place, in the reader's language; empty where it can."""
    try:
        _check_replaceable(edition, replace=True)
    except ImportRefused as refused:
        return str(refused)
    now = load_package(edition)
    return check_keeps_work(now, package, contacts_with_work(edition, now))


def remove_edition(edition: Edition) -> None:
    """Take a whole edition away, its evidence first: answers protect the questions they belong to.

    Only for editions of invented data that are built anew. Raises: ImportRefused where something must stay for ever.
    """
    _check_replaceable(edition, replace=True)
    Publication.objects.filter(edition=edition).delete()
    edition.score_runs.all().delete()
    for rows in (
        Answer.objects.filter(contact__edition=edition),
        Assignment.objects.filter(contact__edition=edition),
        Contact.objects.filter(edition=edition),
        Plan.objects.filter(edition=edition),
        Shopper.objects.filter(edition=edition),
        Participant.objects.filter(edition=edition),
    ):
        rows.delete()
    edition.delete()


def _remember(edition: Edition, package: EditionPackage, work: frozenset[str], *, at: dt.datetime) -> None:
    """What the file brought of every contact nobody has worked on here: from now on, another sum means work."""
    brought = {code: total for code, total in contact_sums(package).items() if code not in work}
    EditionImport.objects.update_or_create(edition=edition, defaults={"imported_at": at, "contacts": brought})


def _phase_after(edition: Edition, package: EditionPackage, work: frozenset[str]) -> Phase:
    """Once people have brought an edition somewhere, it stays there; before that a file says how far it has come."""
    moved = AuditEvent.objects.filter(subject=edition.code, action="edition.phase_changed").exists()
    return Phase(edition.phase) if work or moved else phase_of(package.contacts)


def _check_replaceable(edition: Edition, *, replace: bool) -> None:
    if not replace:
        raise ImportRefused(
            _("Årgangen «%(code)s» finnes fra før. Velg å erstatte den, eller gi pakken en annen kode.")
            % {"code": edition.code}
        )
    if edition.is_locked or Publication.objects.filter(edition=edition, published_at__isnull=False).exists():
        raise ImportRefused(
            _("Årgangen «%(code)s» er låst eller publisert og kan ikke erstattes.") % {"code": edition.code}
        )
    if edition.locks.exists():
        raise ImportRefused(
            _(
                "Årgangen «%(code)s» har vært låst og kan ikke erstattes, for låsen skal kunne etterprøves. "
                "Rett den i gjennomgangen, eller gi pakken en annen kode."
            )
            % {"code": edition.code}
        )
    if edition.leader_requests.exists():
        raise ImportRefused(
            _(
                "Noen har bedt om innsyn i årgangen «%(code)s», og det skal bli stående. "
                "Rett den i gjennomgangen, eller gi pakken en annen kode."
            )
            % {"code": edition.code}
        )


def phase_of(contacts: Sequence[ContactRow]) -> Phase:
    """How far an edition with these contacts has come: no package says so itself."""
    if not contacts:
        return Phase.DRAFT
    made = sum(bool(contact.outcome) for contact in contacts)
    if not made:
        return Phase.PLANNED
    return Phase.REVIEW if made == len(contacts) else Phase.FIELD
