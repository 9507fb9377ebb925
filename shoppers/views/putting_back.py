"""The way back of an annulled contact: the page belongs to `surveys`, the press here, where the plan is known."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kundeservice.core import clock
from kundeservice.core.queries.history import seen_in
from kundeservice.core.rules import person_of
from shoppers.services import PlanningRefused
from shoppers.services.putting_back import put_back_contact
from surveys.forms import LiftForm
from surveys.services import ChangedMeanwhile, SurveyRefusal
from surveys.views.voiding import find_contact, void_page, voiders_only


@require_POST
@voiders_only
def put_back(request: HttpRequest, edition_code: str, contact_code: str) -> HttpResponse:
    """Take an annulment back."""
    contact = find_contact(edition_code, contact_code)
    form = LiftForm(request.POST)
    if not form.is_valid():
        return void_page(request, contact, lift_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        put_back_contact(
            contact_id=contact.pk,
            note=form.cleaned_data["note"],
            by=person_of(request),
            at=clock.now(),
            seen=seen_in(request.POST),
        )
    except (PlanningRefused, SurveyRefusal) as refusal:
        messages.error(request, str(refusal))
        is_late = isinstance(refusal, ChangedMeanwhile)
        status = HTTPStatus.CONFLICT if is_late else HTTPStatus.UNPROCESSABLE_ENTITY
        return void_page(request, contact, lift_form=form, status=status)
    messages.success(request, _("%(code)s er tilbake.") % {"code": contact.code})
    return redirect("surveys_office:review_sheet", edition_code, contact_code)
