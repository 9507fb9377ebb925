"""The review: every response is read, and approved or returned; those that need no reading are approved together."""

from __future__ import annotations

import datetime as dt
from typing import TypedDict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from rules.contrib.views import permission_required

from kundeservice.core import clock
from kundeservice.core.models import User
from kundeservice.core.queries.history import seen_in
from kundeservice.core.queries.jobs import latest_job
from kundeservice.core.rules import person_of
from kundeservice.core.views.orders import warn_if_order_waits
from kundeservice.core.views.presses import pressed
from surveys.models import Channel, CommentArea, Contact, Edition, Outcome, ReviewState
from surveys.queries.clean import queue_version, sort_queue
from surveys.queries.review import next_in_queue, review_queue, review_sheet, with_typed
from surveys.queries.versions import review_version
from surveys.services import ChangedMeanwhile, SurveyRefusal, approve_response, return_response, take_over_response
from surveys.services.approving import APPROVE_CLEAN, MOST_UNCONFIRMED, order_approval
from surveys.services.guard import OPEN_PHASES

reviewers_only = permission_required("surveys.review_response", raise_exception=True)


@require_safe
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


@require_http_methods(["GET", "HEAD", "POST"])
@reviewers_only
def approve_clean(request: HttpRequest, edition_code: str) -> HttpResponse:
    """The responses that need no reading, and the one press that approves them; `kontaktmate` narrows the list."""
    edition = get_object_or_404(Edition, code=edition_code)
    if request.method != "POST":
        return _clean_page(request, edition)
    try:
        done = order_approval(
            edition_id=edition.pk,
            without=request.POST.getlist("without"),
            confirmed="confirmed" in request.POST,
            by=person_of(request),
            at=clock.now(),
            seen=seen_in(request.POST),
            channel=pressed(request, "kontaktmate", {channel: channel for channel in ("", *Channel.values)}),
        )
    except SurveyRefusal as refusal:
        messages.error(request, str(refusal))
        status = 409 if isinstance(refusal, ChangedMeanwhile) else 422
        return _clean_page(request, edition, status=status)
    if done.job is None:
        messages.success(request, done.in_words)
    else:
        warn_if_order_waits(request, subject=edition.code)
    return redirect("surveys_office:approve_clean", edition_code)


def _clean_page(request: HttpRequest, edition: Edition, *, status: int = 200) -> HttpResponse:
    given = request.POST or request.GET
    channel = given.get("kontaktmate", "")
    context = {
        "edition": edition,
        # Read before the list: what happens between the two is left rather than approved.
        "seen": queue_version(edition),
        "queue": sort_queue(edition, channel=channel),
        "most_unconfirmed": MOST_UNCONFIRMED,
        "is_open": edition.phase in OPEN_PHASES,
        "channel": channel if channel in Channel.values else "",
        "channels": Channel.choices,
        "without": given.getlist("without"),
        "job": latest_job(kind=APPROVE_CLEAN, subject=edition.code, at=clock.now()),
    }
    return render(request, "surveys/office/approve_clean.html", context, status=status)


@require_safe
@reviewers_only
def show_sheet(request: HttpRequest, edition_code: str, contact_code: str) -> HttpResponse:
    return _sheet_page(request, _find_contact(edition_code, contact_code))


@require_POST
@reviewers_only
def decide(request: HttpRequest, edition_code: str, contact_code: str) -> HttpResponse:
    """Approve with the comments as edited, or return with a note; then on to the next one waiting.

    One that is taken over from its shopper stays on the screen: it is to be read next.
    """
    contact = _find_contact(edition_code, contact_code)
    following = next_in_queue(contact.edition, after=contact)
    act = pressed(request, "decision", {"approve": _approve, "return": _return, "take_over": _take_over})
    try:
        message = act(request, contact)
    except SurveyRefusal as refusal:
        messages.error(request, str(refusal))
        status = 409 if isinstance(refusal, ChangedMeanwhile) else 422
        return _sheet_page(request, _find_contact(edition_code, contact_code), status=status)
    messages.success(request, message)
    if act is _take_over:
        return redirect("surveys_office:review_sheet", edition_code, contact_code)
    if following is None:
        return redirect("surveys_office:review_queue", edition_code)
    return redirect("surveys_office:review_sheet", edition_code, following.code)


def _sheet_page(request: HttpRequest, contact: Contact, *, status: int = 200) -> HttpResponse:
    """The sheet as it stands now; a note and edits that were not taken are still there to be sent or kept."""
    context = {
        "edition": contact.edition,
        # Read before the sheet: what happens between the two is told rather than missed.
        "seen": review_version(contact),
        "sheet": with_typed(review_sheet(contact), _typed_comments(request)),
        "states": ReviewState,
        "outcomes": Outcome,
        "next": next_in_queue(contact.edition, after=contact),
        "note": request.POST.get("note", ""),
    }
    return render(request, "surveys/office/review_sheet.html", context, status=status)


def _take_over(request: HttpRequest, contact: Contact) -> str:
    take_over_response(**_about(request, contact), note=request.POST.get("note", ""))
    return _("%(code)s er tatt over, og venter på gjennomgang.") % {"code": contact.code}


def _return(request: HttpRequest, contact: Contact) -> str:
    note, comments = request.POST.get("note", ""), _typed_comments(request)
    return_response(**_about(request, contact), note=note, comments=comments)
    return _("%(code)s er sendt tilbake.") % {"code": contact.code}


def _approve(request: HttpRequest, contact: Contact) -> str:
    approve_response(**_about(request, contact), comments=_typed_comments(request))
    return _("%(code)s er godkjent.") % {"code": contact.code}


class _Decision(TypedDict):
    """What every decision about a response is told."""

    contact_id: int
    by: User
    at: dt.datetime
    seen: str


def _about(request: HttpRequest, contact: Contact) -> _Decision:
    return {"contact_id": contact.pk, "by": person_of(request), "at": clock.now(), "seen": seen_in(request.POST)}


def _typed_comments(request: HttpRequest) -> dict[str, str]:
    """Area → the comment as the reviewer left it on the page."""
    return {area: request.POST[f"comment-{area}"] for area in CommentArea.values if f"comment-{area}" in request.POST}


def _find_contact(edition_code: str, contact_code: str) -> Contact:
    contacts = Contact.objects.select_related("edition", "participant__award_class")
    return get_object_or_404(contacts, edition__code=edition_code, code=contact_code)
