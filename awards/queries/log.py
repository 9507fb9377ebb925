"""The log of an edition, in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kundeservice.core.models import AuditEvent
from surveys.models import Edition

LOG_PAGE = 100
"""Lines on one page of the log."""

ACTS: dict[str, str | Promise] = {
    "contact.moved": gettext_lazy("Flyttet en henvendelse"),
    "contact.voided": gettext_lazy("Annullerte en henvendelse"),
    "edition.corrected": gettext_lazy("Publiserte en rettelse"),
    "edition.exported": gettext_lazy("Lastet ned årgangspakken"),
    "edition.imported": gettext_lazy("Importerte årgangen"),
    "edition.locked": gettext_lazy("Låste årgangen"),
    "edition.phase_changed": gettext_lazy("Flyttet årgangen til en annen fase"),
    "edition.plan_repaired": gettext_lazy("Reparerte planen"),
    "edition.planned": gettext_lazy("Laget planen"),
    "edition.proposal_discarded": gettext_lazy("Forkastet et forslag til plan"),
    "edition.published": gettext_lazy("Publiserte resultatene"),
    "edition.unlocked": gettext_lazy("Opphevet låsen"),
    "publication.cancelled": gettext_lazy("Avlyste publiseringen"),
    "publication.scheduled": gettext_lazy("Planla publiseringen"),
    "publication.withheld": gettext_lazy("Holdt publiseringen tilbake"),
    "report.downloaded": gettext_lazy("Lastet ned en rapport"),
    "results.seen": gettext_lazy("Så resultatene før publisering"),
    "seal.viewers_set": gettext_lazy("Bestemte hvor mange som må være enige om innsyn"),
    "seal.unlock.agreed": gettext_lazy("Godkjente å oppheve låsen"),
    "seal.unlock.asked": gettext_lazy("Ba om å oppheve låsen"),
    "seal.unlock.withdrawn": gettext_lazy("Avslo eller trakk ønsket om å oppheve låsen"),
    "seal.view.agreed": gettext_lazy("Godkjente innsyn i resultatene"),
    "seal.view.asked": gettext_lazy("Ba om innsyn i resultatene"),
    "seal.view.withdrawn": gettext_lazy("Avslo eller trakk ønsket om innsyn"),
    "shopper.added": gettext_lazy("La til en mystery shopper"),
    "shopper.changed": gettext_lazy("Endret opplysninger om en mystery shopper"),
    "shopper.dropped_out": gettext_lazy("Registrerte at en mystery shopper faller fra"),
    "shopper.relation_added": gettext_lazy("La til et forhold"),
    "shopper.relation_removed": gettext_lazy("Fjernet et forhold"),
    "shopper.removed": gettext_lazy("Fjernet en mystery shopper"),
    "shopper.stays": gettext_lazy("Registrerte at en mystery shopper blir likevel"),
}
"""What each act of the audit trail is called. One without a name is shown by its key, so that nothing is hidden."""


@dataclass(frozen=True)
class LogLine:
    """One act: when, who, what, and what was said about it."""

    at: dt.datetime
    who: str
    what: str
    subject: str
    why: str


def edition_log(edition: Edition, *, page: int | str = 1) -> tuple[tuple[LogLine, ...], Page[AuditEvent]]:
    """One page of what was done to an edition and its contacts, the newest first. Two queries."""
    events = AuditEvent.objects.filter(subject=edition.code) | AuditEvent.objects.filter(
        subject__startswith=f"{edition.code}/"
    )
    shown = Paginator(events.select_related("actor"), LOG_PAGE).get_page(page)
    return tuple(_line(event) for event in shown), shown


def _line(event: AuditEvent) -> LogLine:
    detail = event.detail
    return LogLine(
        at=event.at,
        who=str(event.actor) if event.actor else _("Systemet"),
        what=str(ACTS.get(event.action, event.action)),
        subject=event.subject,
        why=str(detail.get("reason") or detail.get("note") or detail.get("what") or ""),
    )
