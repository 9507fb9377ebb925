"""What a shopper tells about attempts. Every press is one service call, and a refusal keeps what was typed."""

from __future__ import annotations

from collections.abc import Callable

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from kundeservice.core import clock
from shoppers.forms.attempts import AnswerTimeForm, AttemptForm, LetterForm, ResultForm, StartForm, WaitForm
from shoppers.views.access import my_contact_again, my_contact_or_404, my_contacts, shoppers_only
from shoppers.views.shopper import errand_page
from surveys.models import Contact
from surveys.queries.questionnaire import wait_rules_for
from surveys.services import (
    ShortTry,
    SurveyRefusal,
    correct_attempt,
    record_attempt,
    record_late_answer,
    start_attempt,
    undo_attempt,
)

UNPROCESSABLE = 400


@require_POST
@shoppers_only
def start(request: HttpRequest, edition_code: str, contact_code: str) -> HttpResponse:
    """The call is placed, the message sent – just now, or at the time given."""
    contact = my_contact_or_404(request, edition_code, contact_code)
    now = clock.now()
    if "started_at" not in request.POST:
        return _after(
            request, contact, lambda: start_attempt(contact_id=contact.pk, among=my_contacts(request), at=now)
        )
    form = StartForm(request.POST)
    if not form.is_valid():
        return errand_page(request, contact, status=UNPROCESSABLE, start_form=form)
    began = form.cleaned_data["started_at"]
    return _after(
        request,
        contact,
        lambda: start_attempt(contact_id=contact.pk, among=my_contacts(request), started_at=began, at=now),
        start_form=form,
    )


@require_POST
@shoppers_only
def finish(request: HttpRequest, edition_code: str, contact_code: str) -> HttpResponse:
    """The attempt under way was answered, or not."""
    contact = my_contact_or_404(request, edition_code, contact_code)
    now = clock.now()
    form = ResultForm(request.POST)
    if not form.is_valid():
        return errand_page(request, contact, status=UNPROCESSABLE, result_form=form)
    data = form.cleaned_data
    try:
        record_attempt(
            contact_id=contact.pk,
            among=my_contacts(request),
            result=data["result"],
            wait_seconds=form.wait,
            counted_seconds=data["elapsed"],
            answered_at=data["answered_at"],
            reason=data["reason"],
            at=now,
        )
    except ShortTry as short:
        return errand_page(
            request,
            contact,
            status=UNPROCESSABLE,
            short_try=short,
            result_form=form,
        )
    except SurveyRefusal as refusal:
        contact = my_contact_again(request, contact)
        return errand_page(request, contact, status=UNPROCESSABLE, refusal=str(refusal), result_form=form)
    return _to_contact(contact)


@require_POST
@shoppers_only
def tell(request: HttpRequest, edition_code: str, contact_code: str) -> HttpResponse:
    """An attempt told afterwards."""
    contact = my_contact_or_404(request, edition_code, contact_code)
    form = AttemptForm(request.POST, rules=wait_rules_for(contact.edition, contact.channel))
    if not form.is_valid():
        return errand_page(request, contact, status=UNPROCESSABLE, attempt_form=form)
    data = form.cleaned_data
    return _after(
        request,
        contact,
        lambda: record_attempt(
            contact_id=contact.pk,
            among=my_contacts(request),
            started_at=data["started_at"],
            result=data["result"],
            wait_seconds=form.wait,
            reason=data.get("reason", ""),
            told_afterwards=True,
            at=clock.now(),
        ),
        attempt_form=form,
    )


@require_POST
@shoppers_only
def tell_letter(request: HttpRequest, edition_code: str, contact_code: str) -> HttpResponse:
    """When an e-mail was sent, told afterwards."""
    contact = my_contact_or_404(request, edition_code, contact_code)
    form = LetterForm(request.POST)
    if not form.is_valid():
        return errand_page(request, contact, status=UNPROCESSABLE, letter_form=form)
    sent = form.cleaned_data["started_at"]
    return _after(
        request,
        contact,
        lambda: start_attempt(contact_id=contact.pk, among=my_contacts(request), started_at=sent, at=clock.now()),
        letter_form=form,
    )


@require_POST
@shoppers_only
def answer_late(request: HttpRequest, edition_code: str, contact_code: str) -> HttpResponse:
    """Messenger's answer that came after the limit, before the second attempt."""
    contact = my_contact_or_404(request, edition_code, contact_code)
    form = AnswerTimeForm(request.POST)
    if not form.is_valid():
        return errand_page(request, contact, status=UNPROCESSABLE, answer_form=form)
    moment = form.cleaned_data["answered_at"]
    return _after(
        request,
        contact,
        lambda: record_late_answer(
            contact_id=contact.pk, among=my_contacts(request), answered_at=moment, at=clock.now()
        ),
        answer_form=form,
    )


@require_POST
@shoppers_only
def correct(request: HttpRequest, edition_code: str, contact_code: str) -> HttpResponse:
    """Mend the wait of the answered attempt: seconds, or the time an e-mail's answer came."""
    contact = my_contact_or_404(request, edition_code, contact_code)
    now = clock.now()
    if "answered_at" in request.POST:
        times = AnswerTimeForm(request.POST)
        if not times.is_valid():
            return errand_page(request, contact, status=UNPROCESSABLE, answer_form=times)
        moment = times.cleaned_data["answered_at"]
        return _after(
            request,
            contact,
            lambda: correct_attempt(contact_id=contact.pk, among=my_contacts(request), answered_at=moment, at=now),
            answer_form=times,
        )
    form = WaitForm(request.POST)
    if not form.is_valid():
        return errand_page(request, contact, status=UNPROCESSABLE, wait_form=form)
    return _after(
        request,
        contact,
        lambda: correct_attempt(contact_id=contact.pk, among=my_contacts(request), wait_seconds=form.wait, at=now),
        wait_form=form,
    )


@require_POST
@shoppers_only
def undo(request: HttpRequest, edition_code: str, contact_code: str) -> HttpResponse:
    """Take back the newest attempt."""
    contact = my_contact_or_404(request, edition_code, contact_code)
    return _after(request, contact, lambda: undo_attempt(contact_id=contact.pk, among=my_contacts(request)))


def _after(request: HttpRequest, contact: Contact, act: Callable[[], object], **bound: Form) -> HttpResponse:
    """Do it and go back to the contact; a refusal is told beside the form it is about."""
    try:
        act()
    except SurveyRefusal as refusal:
        contact = my_contact_again(request, contact)
        for form in bound.values():
            form.add_error(None, str(refusal))
        return errand_page(request, contact, status=UNPROCESSABLE, refusal=str(refusal), **bound)
    return _to_contact(contact)


def _to_contact(contact: Contact) -> HttpResponse:
    return redirect("shopper:errand", contact.edition.code, contact.code)
