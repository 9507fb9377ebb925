"""The history of one thing as the audit trail tells it. Its last line is the thing's version.

Whoever decides something in the office has read a page first. The page carries the version it was made of, and the
service compares it with the one that stands: the later of two decisions is told, never silent. A version of its own
in every table would have to be counted up by every writer; the trail has a line of each already.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Max, Q
from django.utils.translation import gettext

from kundeservice.core.acts import HANDED_IN, name_of
from kundeservice.core.models import AuditEvent

FIRST_VERSION = "0"
"""The version of what nothing has been done to yet."""


def seen_in(form: Mapping[str, str]) -> str:
    """The version a posted form carries (`partials/seen.html`); the first one where it carries none."""
    return form.get("seen", FIRST_VERSION)


def version_of(lines: Q) -> str:
    """The version of what these lines of the trail are about, as text for a page. One query."""
    return str(AuditEvent.objects.filter(lines).aggregate(last=Max("pk"))["last"] or FIRST_VERSION)


def versions_of(lines: Q) -> dict[str, str]:
    """Subject → version, of every subject that has a line. One query."""
    rows = AuditEvent.objects.filter(lines).order_by().values_list("subject").annotate(last=Max("pk"))
    return {subject: str(last) for subject, last in rows}


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the trail in words: when, who, what."""

    at: dt.datetime
    who: str
    what: str


def acts_since(lines: Q, version: str) -> tuple[Act, ...]:
    """What was done after a version, the oldest first. One query.

    A version that no page can have carried counts as the first one.
    """
    later = AuditEvent.objects.filter(lines, pk__gt=_as_key(version)).select_related("actor").order_by("pk")
    return tuple(Act(event.at, who_did(event), name_of(event.action)) for event in later)


def subjects_since(lines: Q, version: str) -> frozenset[str]:
    """What something was done to after a version: for a page that decides about many things at once. One query."""
    later = AuditEvent.objects.filter(lines, pk__gt=_as_key(version)).order_by()
    return frozenset(later.values_list("subject", flat=True).distinct())


def _as_key(version: str) -> int:
    is_number = version.isascii() and version.isdecimal() and len(version) < 19
    return int(version) if is_number else int(FIRST_VERSION)


def who_did(event: AuditEvent) -> str:
    """Who stands behind a line. A shopper's own act has no name here: the trail must not tell who visited whom."""
    if event.action == HANDED_IN:
        return gettext("Mystery shopperen")
    return str(event.actor) if event.actor else gettext("Systemet")
