"""The participant's pages: own results over the years, and the reports."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from rules.contrib.views import permission_required

from awards.report.queries.portal import own_results, report_of_own
from awards.report.services import ReportMissing, read_report
from kundeservice.core import clock
from kundeservice.core.rules import person_of

PDF = "application/pdf"


@require_safe
@permission_required("awards.visit_portal", raise_exception=True)
def show_home(request: HttpRequest) -> HttpResponse:
    """My participants, edition by edition; empty for a participant's person whom nobody has tied to one yet."""
    return render(request, "awards/report/home.html", {"results": own_results(person_of(request), at=clock.now())})


@require_safe
@cache_control(private=True, no_store=True)
def download_report(request: HttpRequest, edition_code: str, participant_code: str) -> FileResponse:
    """The report as a file, for the participant's own people after publication. Anything else is not found."""
    person, now = person_of(request), clock.now()
    report = report_of_own(person, edition_code=edition_code, participant_code=participant_code, at=now)
    if report is None:
        raise Http404
    try:
        path = read_report(report=report, by=person, at=now)
    except ReportMissing as error:
        raise Http404 from error
    name = f"{edition_code}-{participant_code}.pdf"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=PDF)
