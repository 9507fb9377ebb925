"""The results as a file, for the project leader: a workbook to read, and the forms that programs take."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from awards.access import leader_only
from awards.publication.files.results import FORMATS
from awards.publication.services.results import export_results
from kundeservice.core import clock
from kundeservice.core.rules import person_of
from scoring.queries.counts import NotScored, RunOutdated
from surveys.models import Edition
from surveys.queries.sealing import results_are_open

MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}


@require_safe
@leader_only
def download_results(request: HttpRequest, edition_code: str, file_format: str) -> HttpResponse:
    """The last count as a file. Sealed like the page of results; before publication every use is logged."""
    edition = get_object_or_404(Edition, code=edition_code)
    if file_format not in FORMATS:
        raise Http404
    if not results_are_open(edition):
        messages.error(request, _("Resultatene er forseglet til de er publisert eller to personer åpner dem."))
        return redirect("office:results", edition_code)
    try:
        content = export_results(edition_id=edition.pk, file_format=file_format, by=person_of(request), at=clock.now())
    except NotScored:
        messages.error(request, _("Resultatene er ikke beregnet ennå."))
        return redirect("office:results", edition_code)
    except RunOutdated:
        messages.error(request, _("Svarene er endret siden resultatene ble beregnet. Beregn på nytt først."))
        return redirect("office:results", edition_code)
    name = f"{edition.code}-results.{file_format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=MEDIA_TYPES[file_format], headers=headers)
