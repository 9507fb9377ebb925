"""The project leader's pages about whom the edition asks and what."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from rules.contrib.views import permission_required

from kundeservice.core import clock
from kundeservice.core.text import in_alphabet
from surveys.models import Area, Edition, Option
from surveys.queries.progress import progress_by_participant


@require_safe
@permission_required("surveys.follow_edition", raise_exception=True)
def list_participants(request: HttpRequest, edition_code: str) -> HttpResponse:
    """Every participant with how far its contacts have come; `klasse` in the address narrows the list."""
    edition = get_object_or_404(Edition, code=edition_code)
    rows = progress_by_participant(edition, at=clock.now())
    chosen = request.GET.get("klasse", "")
    context = {
        "edition": edition,
        "classes": sorted({row.group for row in rows}, key=in_alphabet),
        "chosen": chosen,
        "rows": [row for row in rows if not chosen or row.group == chosen],
    }
    return render(request, "surveys/office/participants.html", context)


@require_safe
@permission_required("surveys.follow_edition", raise_exception=True)
def show_questionnaire(request: HttpRequest, edition_code: str) -> HttpResponse:
    """The whole questionnaire with points and channels, as the leader set it up."""
    edition = get_object_or_404(Edition, code=edition_code)
    questions = edition.questions.prefetch_related(
        Prefetch("options", queryset=Option.objects.order_by("order", "code"))
    )
    by_area = {area: [question for question in questions if question.area == area] for area in Area}
    context = {
        "edition": edition,
        "areas": [(area.label, edition.weights.get(area.value), rows) for area, rows in by_area.items() if rows],
        "bands": edition.wait_bands.all(),
    }
    return render(request, "surveys/office/questionnaire.html", context)
