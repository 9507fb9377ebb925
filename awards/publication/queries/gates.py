"""What is undone when results are about to be published."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from awards.lookup import run_in_force
from awards.report.queries.progress import report_progress
from surveys.models import Edition, Phase, RequestKind
from surveys.queries.gates import Undone, undone_after_closing
from surveys.queries.sealing import UNSEEN, results_are_open

REPORTS = "reports"


def undone_before(kind: RequestKind, edition: Edition) -> tuple[Undone, ...]:
    """What a lock or a publication leaves undone; nothing for what passes no gate. At most six queries."""
    if kind == RequestKind.LOCK:
        return undone_after_closing(edition)
    if kind == RequestKind.PUBLISH:
        return undone_before_publication(edition)
    return ()


def undone_before_publication(edition: Edition) -> tuple[Undone, ...]:
    """Also reports not made, and that nobody may see the results to check them. Nothing once they are published."""
    if edition.phase == Phase.PUBLISHED:
        return ()
    run = run_in_force(edition)
    lacking = edition.participants.count() - report_progress(run).done if run else 0
    undone = list(undone_after_closing(edition))
    if lacking > 0:
        text = ngettext("%(number)d rapport er ikke laget", "%(number)d rapporter er ikke laget", lacking)
        undone.append(Undone(REPORTS, lacking, text % {"number": lacking}))
    if not results_are_open(edition):
        undone.append(Undone(UNSEEN, 1, _("Ingen kan kontrollere resultatene, for seglet er ikke åpnet")))
    return tuple(undone)
