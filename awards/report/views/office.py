"""The project leader's way to a participant's report."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from awards.access import leader_only
from awards.lookup import edition_at
from awards.models import Report, ReportState
from awards.report.services import ReportMissing, read_report
from kundeservice.core import clock
from kundeservice.core.rules import person_of
from surveys.models import Edition
from surveys.queries.sealing import results_are_open


@require_safe
@leader_only
def download_report(request: HttpRequest, edition_code: str, participant_code: str) -> HttpResponse | FileResponse:
    """The newest finished report of a participant. Sealed like the numbers in it; every reading is logged."""
    now = clock.now()
    edition = edition_at(get_object_or_404(Edition, code=edition_code), at=now)
    if not results_are_open(edition):
        messages.error(request, _("Rapportene er forseglet sammen med resultatene."))
        return redirect("office:results", edition_code)
    finished = Report.objects.filter(
        participant__code=participant_code, run__edition=edition, state=ReportState.DONE
    ).order_by("-run__created_at", "-pk")
    report = finished.first()
    if report is None:
        messages.error(request, _("Rapporten er ikke laget ennå."))
        return redirect("office:results", edition_code)
    try:
        path = read_report(report=report, by=person_of(request), at=now)
    except ReportMissing as missing:
        messages.error(request, str(missing))
        return redirect("office:results", edition_code)
    name = f"{edition.code}-{participant_code}.pdf"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="application/pdf")
