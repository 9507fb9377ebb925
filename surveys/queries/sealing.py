"""Whether results may be seen yet, and what has been asked of the seal."""

from __future__ import annotations

from surveys.models import Edition, OpeningKind, Phase, SealOpening


def results_are_open(edition: Edition) -> bool:
    """Whether places and totals may be shown in the office: published, or opened by as many as the edition asks."""
    if edition.phase == Phase.PUBLISHED:
        return True
    return SealOpening.objects.filter(edition=edition, kind=OpeningKind.VIEW).agreed().exists()


def waiting_opening(edition: Edition, kind: OpeningKind) -> SealOpening | None:
    """The request of a kind that waits for a colleague, if there is one."""
    return SealOpening.objects.filter(edition=edition, kind=kind).waiting().select_related("asked_by").first()
