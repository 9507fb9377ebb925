"""One contact of the board: where it could be, who could take it, the move itself, and taking it out of the plan."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kundeservice.core import clock
from kundeservice.core.local_time import is_of_our_time
from kundeservice.core.queries.history import seen_in
from kundeservice.core.rules import person_of
from shoppers.models import Assignment
from shoppers.planner import Infeasible
from shoppers.queries.gone import gone_contact
from shoppers.queries.placing import ContactStands, has_week_begun, read_placing
from shoppers.services import PlanningRefused
from shoppers.services.moving import Moved, move_contact, move_contact_to_week, take_back_contact, why_it_stands
from shoppers.services.thinking import REPAIR_PHASES, impossible
from shoppers.views.office import planner_only
from surveys.models import Contact, Edition, Window
from surveys.queries.versions import placing_version
from surveys.services import ChangedMeanwhile, SurveyRefusal


@require_safe
@planner_only
def show_contact(request: HttpRequest, edition_code: str, contact_code: str) -> HttpResponse:
    """Where a contact could be and who could make it; `dag` in the address chooses the day of whoever takes over.

    Of one that was taken out of the plan, what happened and the way on.
    """
    edition = get_object_or_404(Edition, code=edition_code)
    if not Contact.objects.filter(edition=edition, code=contact_code).exists():
        gone = gone_contact(edition, contact_code)
        if gone is not None:
            context = {"edition": edition, "gone": gone}
            return render(request, "shoppers/office/contact_gone.html", context, status=HTTPStatus.GONE)
    return contact_page(request, _find(edition_code, contact_code))


@require_POST
@planner_only
def move(request: HttpRequest, edition_code: str, contact_code: str) -> HttpResponse:
    """Move by day, window and shopper from the contact's page, or by week from the board."""
    contact = _find(edition_code, contact_code)
    week, seen = request.POST.get("week", ""), seen_in(request.POST)
    if request.POST.get("day") and _day(request.POST["day"]) is None:
        messages.error(request, _("Velg en av dagene på listen."))
        return contact_page(request, contact, status=HTTPStatus.UNPROCESSABLE_ENTITY)
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
                reason=request.POST.get("reason", ""),
                seen=seen,
            )
    except (PlanningRefused, SurveyRefusal) as refusal:
        messages.error(request, str(refusal))
        if not week:
            return contact_page(request, _find(edition_code, contact_code), status=_status(refusal))
    else:
        messages.success(request, _told(moved))
    if week:
        return redirect(_place_on_board(edition_code, contact_code, request.POST.get("klasse", "")))
    return redirect("shoppers_office:contact", edition_code, contact_code)


@require_POST
@planner_only
def take_back(request: HttpRequest, edition_code: str, contact_code: str) -> HttpResponse:
    """Take a contact out of the plan; from there a repair plans the participant's missing contact anew."""
    contact = _find(edition_code, contact_code)
    try:
        loser = take_back_contact(
            contact_id=contact.pk,
            by=person_of(request),
            at=clock.now(),
            reason=request.POST.get("reason", ""),
            seen=seen_in(request.POST),
        )
    except (PlanningRefused, SurveyRefusal) as refusal:
        messages.error(request, str(refusal))
        return contact_page(request, _find(edition_code, contact_code), status=_status(refusal))
    facts = {"code": contact_code, "name": loser.name, "email": loser.email}
    messages.success(request, _("%(code)s er tatt ut av planen. Si fra til %(name)s, %(email)s.") % facts)
    return redirect("shoppers_office:plan", edition_code)


def contact_page(request: HttpRequest, contact: Contact, *, status: int = 200) -> HttpResponse:
    """The contact as it stands now; what was typed and not taken is still there."""
    chosen = _day(request.POST.get("day", "") if request.POST.get("shopper") else request.GET.get("dag", ""))
    # Read before the rest: what happens between the two is told rather than missed.
    seen = placing_version(contact)
    placing, why_not, can_take_back = None, "", False
    if contact.edition.phase in REPAIR_PHASES:
        try:
            placing = read_placing(contact, at=clock.now(), day=chosen)
            can_take_back = True
        except ContactStands:
            why_not = why_it_stands(contact)
        except Infeasible as contradiction:
            why_not = str(impossible(contact.edition_id, contradiction))
            can_take_back = True
    else:
        why_not = _("Planen kan bare endres fram til feltperioden er avsluttet.")
    context = {
        "edition": contact.edition,
        "board_url": _place_on_board(contact.edition.code, contact.code, contact.participant.award_class.code),
        "contact": contact,
        "seen": seen,
        "assignment": Assignment.objects.filter(contact=contact).select_related("shopper").first(),
        "placing": placing,
        "why_not": why_not,
        "can_take_back": can_take_back,
        "week_has_begun": has_week_begun(contact, at=clock.now()),
        "windows": [(window, Window(window).label) for window in placing.windows] if placing else [],
        "given": request.POST,
        "is_refused": status != HTTPStatus.OK,
    }
    return render(request, "shoppers/office/contact.html", context, status=status)


def _status(refusal: Exception) -> int:
    return HTTPStatus.CONFLICT if isinstance(refusal, ChangedMeanwhile) else HTTPStatus.UNPROCESSABLE_ENTITY


def _told(moved: Moved) -> str:
    """What was done. Mails are written by people: whoever gets or loses a contact is named with their address."""
    if moved.gets is None or moved.loses is None:
        return _("%(code)s er flyttet.") % {"code": moved.contact.code}
    return _("%(code)s er gitt til %(gets)s. Si fra til begge: %(gets_mail)s og %(loses_mail)s.") % {
        "code": moved.contact.code,
        "gets": moved.gets.name,
        "gets_mail": moved.gets.email,
        "loses_mail": moved.loses.email,
    }


def _place_on_board(edition_code: str, contact_code: str, award_class: str) -> str:
    """The board as it was narrowed, at the contact's mark."""
    address = reverse("shoppers_office:plan", args=[edition_code])
    return f"{address}?{urlencode({'klasse': award_class})}#{contact_code}"


def _day(text: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if is_of_our_time(day) else None


def _find(edition_code: str, contact_code: str) -> Contact:
    contacts = Contact.objects.select_related("edition", "participant__award_class")
    return get_object_or_404(contacts, edition__code=edition_code, code=contact_code)
