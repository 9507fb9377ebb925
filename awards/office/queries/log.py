"""The log of an edition, in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from kundeservice.core.acts import name_of
from kundeservice.core.models import AuditEvent
from kundeservice.core.queries.history import who_did
from surveys.models import Edition, Phase

LOG_PAGE = 100
"""Lines on one page of the log."""


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
        who=who_did(event),
        what=_what(event),
        subject=event.subject,
        why=str(detail.get("reason") or detail.get("note") or detail.get("what") or ""),
    )


def _what(event: AuditEvent) -> str:
    """A move through the phases says where to: «flyttet til en annen fase» leaves the reader to guess."""
    to = str(event.detail.get("to", "")).upper()
    if event.action == "edition.phase_changed" and to in Phase.__members__:
        return _("Flyttet årgangen til fasen «%(phase)s»") % {"phase": Phase[to].label}
    return name_of(event.action)
