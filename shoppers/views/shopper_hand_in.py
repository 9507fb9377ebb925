"""The last look, handing in once, and the receipt."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from kundeservice.core import clock
from kundeservice.core.rules import person_of
from shoppers.forms.attempts import HandInForm
from shoppers.queries.briefing import Briefing, read_briefing
from shoppers.queries.errands import Step, my_errands
from shoppers.queries.filling_in import StepOverview, overview
from shoppers.views.access import my_contact_again, my_contact_or_404, my_contacts, shoppers_only
from surveys.models import Contact
from surveys.queries.drafts import DraftState, read_draft
from surveys.queries.questionnaire import questionnaire_for
from surveys.services import AlreadyHandedIn, StaleRevision, SurveyRefusal, submit_response

READY = (Step.FILL_IN, Step.HAND_IN)
BAD_REQUEST = 400


@require_http_methods(["GET", "HEAD", "POST"])
@shoppers_only
def hand_in(request: HttpRequest, edition_code: str, contact_code: str) -> HttpResponse:
    """What will be handed in and what is missing; pressing twice hands in once."""
    contact = my_contact_or_404(request, edition_code, contact_code)
    if request.method == "POST":
        return _submit(request, contact)
    briefing = read_briefing(contact, at=clock.now())
    if not briefing.is_open or briefing.step not in READY:
        return redirect("shopper:errand", edition_code, contact_code)
    draft = read_draft(contact)
    form = HandInForm(initial={"submission_key": draft.submission_key, "revision": draft.revision})
    return _summary(request, briefing, draft, form)


def _submit(request: HttpRequest, contact: Contact) -> HttpResponse:
    form = HandInForm(request.POST)
    if form.is_valid():
        try:
            submit_response(contact_id=contact.pk, among=my_contacts(request), at=clock.now(), **form.cleaned_data)
        except AlreadyHandedIn:
            return redirect("shopper:receipt", contact.edition.code, contact.code)
        except SurveyRefusal as refusal:
            contact.refresh_from_db()
            form = _renewed(form, contact) if isinstance(refusal, StaleRevision) else form
            return _look_again(request, contact, form, refusal=str(refusal))
        return redirect("shopper:receipt", contact.edition.code, contact.code)
    return _look_again(request, contact, form)


def _renewed(form: HandInForm, contact: Contact) -> HandInForm:
    """The same message with the key and revision that stand now, so that the next press is about what is shown now."""
    draft = read_draft(contact)
    facts = {"submission_key": draft.submission_key, "revision": draft.revision}
    return HandInForm(initial={**facts, "message": form.cleaned_data["message"]})


def _look_again(request: HttpRequest, contact: Contact, form: HandInForm, *, refusal: str = "") -> HttpResponse:
    contact = my_contact_again(request, contact)
    briefing = read_briefing(contact, at=clock.now())
    if briefing.step not in READY:
        return redirect("shopper:errand", contact.edition.code, contact.code)
    return _summary(request, briefing, read_draft(contact), form, refusal=refusal, status=BAD_REQUEST)


@require_safe
@shoppers_only
def receipt(request: HttpRequest, edition_code: str, contact_code: str) -> HttpResponse:
    """Proof that it is handed in, and what to do next."""
    contact = my_contact_or_404(request, edition_code, contact_code)
    now = clock.now()
    briefing = read_briefing(contact, at=now)
    if briefing.step not in (Step.WAIT_FOR_REVIEW, Step.NOTHING):
        return redirect("shopper:errand", edition_code, contact_code)
    context = {"briefing": briefing, "next_one": my_errands(person_of(request), at=now).next_one}
    return render(request, "shoppers/receipt.html", context)


def _summary(
    request: HttpRequest,
    briefing: Briefing,
    draft: DraftState,
    form: HandInForm,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    steps: tuple[StepOverview, ...] = ()
    if briefing.step == Step.FILL_IN:
        steps = overview(questionnaire_for(briefing.edition, briefing.channel), draft.content)
    form.put_focus()
    context = {
        "briefing": briefing,
        "contact": briefing.contact,
        "edition": briefing.edition,
        "steps": steps,
        "first_missing": next((step for step in steps if step.missing), None),
        "has_doubts": any(step.doubts for step in steps),
        "form": form,
        "refusal": refusal or form.first_problem,
    }
    return render(request, "shoppers/hand_in.html", context, status=status)
