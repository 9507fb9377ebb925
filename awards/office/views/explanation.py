"""Why a participant has the total it has."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from awards.access import leader_only
from awards.lookup import edition_at
from awards.office.queries.explanation import explain_participant
from kundeservice.core import clock
from kundeservice.core.rules import person_of
from scoring.engine import DataError
from scoring.reports import sentence_of
from surveys.models import Participant, Phase
from surveys.queries.sealing import results_are_open
from surveys.services import note_look


@require_safe
@leader_only
def explain(request: HttpRequest, edition_code: str, participant_code: str) -> HttpResponse:
    """The total taken apart to the single answer. Sealed like the results; every look before publication is logged."""
    participant = get_object_or_404(
        Participant.objects.select_related("edition", "award_class"), edition__code=edition_code, code=participant_code
    )
    now = clock.now()
    edition = edition_at(participant.edition, at=now)
    if not results_are_open(edition):
        messages.error(request, _("Resultatene er forseglet til de er publisert eller to personer åpner dem."))
        return redirect("office:results", edition_code)
    try:
        page = explain_participant(edition, participant)
    except DataError as error:
        messages.error(request, sentence_of(error.problems[0]))
        return redirect("office:results", edition_code)
    if edition.phase < Phase.PUBLISHED:
        note_look(edition_id=edition.pk, by=person_of(request), at=now, what=f"explanation {participant.code}")
    return render(request, "awards/office/explanation.html", {"edition": edition, "page": page})
