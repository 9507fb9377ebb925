"""Whether results may be seen yet, and what has been asked of the seal."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from surveys.models import Edition, LeaderRequest, Phase, RequestKind
from surveys.models.leader_request import LeaderRequestQuerySet

UNSEEN = "unseen"
"""The kind of `surveys.queries.gates.Undone` that says that nobody may see the results."""


def results_are_open(edition: Edition) -> bool:
    """Whether places and totals may be shown in the office: published, or opened by as many as the edition asks.

    What was agreed to ends when the edition is unlocked: the results of another count are another secret.
    """
    if edition.phase == Phase.PUBLISHED:
        return True
    return _looks_that_hold().filter(edition=edition).exists()


def open_editions() -> frozenset[int]:
    """The keys of the editions of which `results_are_open`. One query."""
    may_be_seen = Q(phase=Phase.PUBLISHED) | Exists(_looks_that_hold().filter(edition=OuterRef("pk")))
    return frozenset(Edition.objects.filter(may_be_seen).values_list("pk", flat=True))


def _looks_that_hold() -> LeaderRequestQuerySet:
    """The agreements to see results after which their edition has not been unlocked."""
    unlocked_since = LeaderRequest.objects.filter(
        edition=OuterRef("edition"), kind=RequestKind.UNLOCK, used_at__gte=OuterRef("agreed_at")
    )
    return LeaderRequest.objects.filter(kind=RequestKind.VIEW).agreed().exclude(Exists(unlocked_since))


def waiting_requests(edition: Edition) -> dict[str, LeaderRequest]:
    """The requests that wait for a colleague, by `RequestKind`; there is at most one of each. One query."""
    waiting = LeaderRequest.objects.filter(edition=edition).waiting().select_related("asked_by")
    return {asked.kind: asked for asked in waiting}
