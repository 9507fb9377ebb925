"""One contact of the board: where it could be, who could take it, and the move itself."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kundeservice.core import clock
from kundeservice.core.queries.history import seen_in
from kundeservice.core.rules import person_of
from shoppers.models import Assignment
from shoppers.planner import Infeasible
from shoppers.queries.placing import ContactStands, read_placing
from shoppers.services import PlanningRefused
from shoppers.services.moving import move_contact, move_contact_to_week
from shoppers.views.office import planner_only
from surveys.models import Contact, Window
from surveys.queries.versions import placing_version
from surveys.services import SurveyRefusal


@require_GET
@planner_only
def show_contact(request: HttpRequest, edition_code: str, contact_code: str) -> HttpResponse:
    contact = _find(edition_code, contact_code)
    seen = placing_version(contact)
    try:
        placing = read_placing(contact, at=clock.now())
    except (ContactStands, Infeasible):
        placing = None
    award_class = contact.participant.award_class.code
    context = {
        "edition": contact.edition,
        "board_url": _place_on_board(edition_code, contact_code, award_class),
        "contact": contact,
        "seen": seen,
        "assignment": Assignment.objects.filter(contact=contact).select_related("shopper").first(),
        "placing": placing,
        "windows": [(window, Window(window).label) for window in placing.windows] if placing else [],
    }
    return render(request, "shoppers/office/contact.html", context)


@require_POST
@planner_only
def move(request: HttpRequest, edition_code: str, contact_code: str) -> HttpResponse:
    """Move by day, window and shopper from the contact's page, or by week from the board."""
    contact = _find(edition_code, contact_code)
    week, seen = request.POST.get("week", ""), seen_in(request.POST)
    try:
        if week:
            moved = move_contact_to_week(
                contact_id=contact.pk, week=week, by=person_of(request), at=clock.now(), seen=seen
            )
        else:
            moved = move_contact(
                contact_id=contact.pk,
                by=person_of(request),
                at=clock.now(),
                day=_day(request.POST.get("day", "")),
                window=request.POST.get("window", ""),
                shopper=request.POST.get("shopper", ""),
                seen=seen,
            )
    except (PlanningRefused, SurveyRefusal) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(code)s er flyttet.") % {"code": moved.code})
    if week:
        return redirect(_place_on_board(edition_code, contact_code, request.POST.get("klasse", "")))
    return redirect("shoppers_office:contact", edition_code, contact_code)


def _place_on_board(edition_code: str, contact_code: str, award_class: str) -> str:
    """The board as it was narrowed, at the contact's mark."""
    address = reverse("shoppers_office:plan", args=[edition_code])
    return f"{address}?{urlencode({'klasse': award_class})}#{contact_code}"


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _find(edition_code: str, contact_code: str) -> Contact:
    contacts = Contact.objects.select_related("edition", "participant__award_class")
    return get_object_or_404(contacts, edition__code=edition_code, code=contact_code)
