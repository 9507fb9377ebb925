"""Annulling a contact: what it would do, the request, the colleague's answer. The way back knows the plan as well
(`shoppers.views.putting_back`).
"""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from rules.contrib.views import permission_required

from kundeservice.core import clock
from kundeservice.core.gone import still_there
from kundeservice.core.queries.history import seen_in
from kundeservice.core.rules import person_of
from kundeservice.core.views.presses import pressed
from surveys.forms import LiftForm, VoidForm
from surveys.models import Contact, Edition, Outcome, Phase, Voiding
from surveys.queries.versions import review_version
from surveys.queries.voiding import list_void, void_consequences, voiding_of
from surveys.services import (
    ChangedMeanwhile,
    SurveyRefusal,
    agree_to_void,
    ask_to_void,
    withdraw_voiding,
)

voiders_only = permission_required("surveys.void_contact", raise_exception=True)


@require_safe
@voiders_only
def list_contacts(request: HttpRequest, edition_code: str) -> HttpResponse:
    """What is annulled, and what waits for a colleague."""
    edition = get_object_or_404(Edition, code=edition_code)
    context = {"edition": edition, "void": list_void(edition), "is_open": edition.phase < Phase.LOCKED}
    return render(request, "surveys/office/void_contacts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@voiders_only
def void(request: HttpRequest, edition_code: str, contact_code: str) -> HttpResponse:
    """What annulling the contact would leave, and the request for it; of an annulled one, the way back."""
    contact = find_contact(edition_code, contact_code)
    if request.method != "POST":
        return void_page(request, contact)
    form = VoidForm(request.POST)
    if not form.is_valid():
        return void_page(request, contact, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        asked = ask_to_void(
            contact_id=contact.pk,
            reason=form.cleaned_data["reason"],
            note=form.cleaned_data["note"],
            by=person_of(request),
            at=clock.now(),
            seen=seen_in(request.POST),
        )
    except SurveyRefusal as refusal:
        messages.error(request, str(refusal))
        return void_page(request, contact, form=form, status=_status(refusal))
    names = {"code": contact.code}
    if asked.agreed_at:
        messages.success(request, _("%(code)s er annullert.") % names)
    else:
        messages.success(request, _("Ønsket om å annullere %(code)s venter på en kollega.") % names)
    return redirect("surveys_office:void", edition_code, contact_code)


@require_POST
@voiders_only
def answer(request: HttpRequest, edition_code: str, voiding_id: int) -> HttpResponse:
    """A colleague agrees to a request or turns it down, or whoever asked takes it back."""
    voidings = Voiding.objects.select_related("contact__edition", "contact__participant__award_class")
    asked = get_object_or_404(voidings, pk=voiding_id, contact__edition__code=edition_code)
    decide = pressed(request, "answer", {"agree": agree_to_void, "withdraw": withdraw_voiding})
    try:
        answered = decide(voiding_id=asked.pk, by=person_of(request), at=clock.now(), seen=seen_in(request.POST))
    except SurveyRefusal as refusal:
        messages.error(request, str(refusal))
        return void_page(request, asked.contact, status=_status(refusal))
    names = {"code": asked.contact.code}
    if answered.agreed_at:
        messages.success(request, _("%(code)s er annullert.") % names)
    else:
        messages.success(request, _("%(code)s blir stående som den er.") % names)
    return redirect("surveys_office:void", edition_code, asked.contact.code)


def void_page(
    request: HttpRequest,
    contact: Contact,
    *,
    form: VoidForm | None = None,
    lift_form: LiftForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """The contact as it stands now, with what was typed."""
    # Read before the rest: what happens between the two is told rather than missed.
    seen = review_version(contact)
    contact = still_there(_contacts().filter(pk=contact.pk))
    context = {
        "edition": contact.edition,
        "contact": contact,
        "seen": seen,
        "is_void": contact.outcome == Outcome.VOID,
        "is_open": contact.edition.phase < Phase.LOCKED,
        "voiding": voiding_of(contact),
        "consequences": void_consequences(contact),
        "form": form or VoidForm(),
        "lift_form": lift_form or LiftForm(),
    }
    return render(request, "surveys/office/void.html", context, status=status)


def _status(refusal: SurveyRefusal) -> int:
    return HTTPStatus.CONFLICT if isinstance(refusal, ChangedMeanwhile) else HTTPStatus.UNPROCESSABLE_ENTITY


def find_contact(edition_code: str, contact_code: str) -> Contact:
    return get_object_or_404(_contacts(), edition__code=edition_code, code=contact_code)


def _contacts() -> QuerySet[Contact]:
    return Contact.objects.select_related("edition", "participant__award_class")
