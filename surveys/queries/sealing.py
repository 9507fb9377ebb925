"""Whether results may be seen yet, and what has been asked of the seal."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from surveys.models import Edition, OpeningKind, Phase, SealOpening
from surveys.models.sealing import SealOpeningQuerySet


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


def _looks_that_hold() -> SealOpeningQuerySet:
    """The agreements to see results after which their edition has not been unlocked."""
    unlocked_since = SealOpening.objects.filter(
        edition=OuterRef("edition"), kind=OpeningKind.UNLOCK, used_at__gte=OuterRef("agreed_at")
    )
    return SealOpening.objects.filter(kind=OpeningKind.VIEW).agreed().exclude(Exists(unlocked_since))


def waiting_opening(edition: Edition, kind: OpeningKind) -> SealOpening | None:
    """The request of a kind that waits for a colleague, if there is one."""
    return SealOpening.objects.filter(edition=edition, kind=kind).waiting().select_related("asked_by").first()
