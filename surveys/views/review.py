"""The review: every single response is read, and approved or returned."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from rules.contrib.views import permission_required

from kundeservice.core import clock
from kundeservice.core.queries.history import seen_in
from kundeservice.core.rules import person_of
from surveys.models import Channel, CommentArea, Contact, Edition, Outcome, ReviewState
from surveys.queries.review import next_in_queue, review_queue, review_sheet
from surveys.queries.versions import review_version
from surveys.services import ChangedMeanwhile, SurveyRefusal, approve_response, return_response

reviewers_only = permission_required("surveys.review_response", raise_exception=True)


@require_GET
@reviewers_only
def show_queue(request: HttpRequest, edition_code: str) -> HttpResponse:
    """The responses in one review state; `tilstand` and `kontaktmate` in the address narrow the list."""
    edition = get_object_or_404(Edition, code=edition_code)
    state = request.GET.get("tilstand", ReviewState.SUBMITTED)
    if state not in ReviewState.values:
        state = ReviewState.SUBMITTED
    channel = request.GET.get("kontaktmate", "")
    rows, page = review_queue(edition, state=state, channel=channel, page=request.GET.get("page", 1))
    context = {
        "edition": edition,
        "rows": rows,
        "page_obj": page,
        "state": state,
        "states": ReviewState.choices,
        "channel": channel,
        "channels": Channel.choices,
    }
    return render(request, "surveys/office/review_queue.html", context)


@require_GET
@reviewers_only
def show_sheet(request: HttpRequest, edition_code: str, contact_code: str) -> HttpResponse:
    return _sheet_page(request, _find_contact(edition_code, contact_code))


@require_POST
@reviewers_only
def decide(request: HttpRequest, edition_code: str, contact_code: str) -> HttpResponse:
    """Approve with the comments as edited, or return with a note; then on to the next one waiting."""
    contact = _find_contact(edition_code, contact_code)
    following = next_in_queue(contact.edition, after=contact)
    try:
        message = _carry_out(request, contact)
    except SurveyRefusal as refusal:
        messages.error(request, str(refusal))
        status = 409 if isinstance(refusal, ChangedMeanwhile) else 422
        return _sheet_page(request, _find_contact(edition_code, contact_code), status=status)
    messages.success(request, message)
    if following is None:
        return redirect("surveys_office:review_queue", edition_code)
    return redirect("surveys_office:review_sheet", edition_code, following.code)


def _sheet_page(request: HttpRequest, contact: Contact, *, status: int = 200) -> HttpResponse:
    """The sheet as it stands now; a note that was not taken is still there to be sent or kept."""
    context = {
        "edition": contact.edition,
        # Read before the sheet: what happens between the two is told rather than missed.
        "seen": review_version(contact),
        "sheet": review_sheet(contact),
        "states": ReviewState,
        "outcomes": Outcome,
        "next": next_in_queue(contact.edition, after=contact),
        "note": request.POST.get("note", ""),
    }
    return render(request, "surveys/office/review_sheet.html", context, status=status)


def _carry_out(request: HttpRequest, contact: Contact) -> str:
    now = clock.now()
    seen = seen_in(request.POST)
    names = {"code": contact.code}
    if request.POST.get("decision") == "return":
        note = request.POST.get("note", "")
        return_response(contact_id=contact.pk, by=person_of(request), note=note, at=now, seen=seen)
        return _("%(code)s er sendt tilbake.") % names
    comments = {
        area: request.POST[f"comment-{area}"] for area in CommentArea.values if f"comment-{area}" in request.POST
    }
    approve_response(contact_id=contact.pk, by=person_of(request), at=now, comments=comments, seen=seen)
    return _("%(code)s er godkjent.") % names


def _find_contact(edition_code: str, contact_code: str) -> Contact:
    contacts = Contact.objects.select_related("edition", "participant__award_class")
    return get_object_or_404(contacts, edition__code=edition_code, code=contact_code)
