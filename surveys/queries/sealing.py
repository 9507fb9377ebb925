"""Whether results may be seen yet, and what has been asked of the seal."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from surveys.models import Edition, OpeningKind, Phase, SealOpening


def results_are_open(edition: Edition) -> bool:
    """Whether places and totals may be shown in the office: published, or opened by as many as the edition asks."""
    if edition.phase == Phase.PUBLISHED:
        return True
    return SealOpening.objects.filter(edition=edition, kind=OpeningKind.VIEW).agreed().exists()


def open_editions() -> frozenset[int]:
    """The keys of the editions of which `results_are_open`. One query."""
    may_be_seen = Q(phase=Phase.PUBLISHED) | Exists(
        SealOpening.objects.filter(edition=OuterRef("pk"), kind=OpeningKind.VIEW).agreed()
    )
    return frozenset(Edition.objects.filter(may_be_seen).values_list("pk", flat=True))


def waiting_opening(edition: Edition, kind: OpeningKind) -> SealOpening | None:
    """The request of a kind that waits for a colleague, if there is one."""
    return SealOpening.objects.filter(edition=edition, kind=kind).waiting().select_related("asked_by").first()
