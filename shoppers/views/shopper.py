"""The shopper's list and the page of one contact."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kundeservice.core import clock
from kundeservice.core.rules import person_of
from shoppers.forms.attempts import AnswerTimeForm, AttemptForm, LetterForm, StartForm, WaitForm, as_local, reasons_on
from shoppers.forms.page import PageForm
from shoppers.models import Shopper
from shoppers.queries.briefing import Briefing, read_briefing
from shoppers.queries.errands import SHOWN_PHASES, Step, has_finished, my_errands, visible_assignments
from shoppers.queries.filling_in import overview
from shoppers.queries.lost import lost_errands, my_lost_errands
from shoppers.reports.plan_files import shopper_calendar
from shoppers.views.access import my_contact_or_404, shoppers_only
from surveys.models import Contact
from surveys.queries.drafts import read_draft
from surveys.queries.questionnaire import questionnaire_for


@require_safe
@shoppers_only
def home(request: HttpRequest) -> HttpResponse:
    """My contacts: what came back, what is late, this week, what comes, what is done, and what is mine no more."""
    now = clock.now()
    person = person_of(request)
    errands = my_errands(person, at=now)
    lost = my_lost_errands(person, at=now)
    calendars = dict.fromkeys((*errands.planned_editions, *(errand.edition_code for errand in lost)))
    context = {
        "errands": errands,
        "lost": lost,
        "calendars": tuple(calendars),
        "is_over": errands.is_empty and not lost and has_finished(person),
        "now": now,
    }
    return render(request, "shoppers/home.html", context)


@require_safe
@shoppers_only
def show_errand(request: HttpRequest, edition_code: str, contact_code: str) -> HttpResponse:
    """Whom to reach and how, which part to play, and the next step."""
    return errand_page(request, my_contact_or_404(request, edition_code, contact_code))


@require_safe
@shoppers_only
def download_calendar(request: HttpRequest, edition_code: str) -> HttpResponse:
    """My own planned contacts in an edition as an iCalendar file, and those I have lost as cancelled. Where I never had
    any, there is none.
    """
    person = person_of(request)
    places = Shopper.objects.visible_to(person).filter(edition__code=edition_code, edition__phase__in=SHOWN_PHASES)
    place = get_object_or_404(places.select_related("edition"))
    mine = visible_assignments(person).filter(contact__edition=place.edition)
    assignments = list(mine.order_by("contact__planned_on", "contact__code"))
    lost = lost_errands(place.edition, shoppers={place.code}).get(place.code, ())
    if not assignments and not lost:
        raise Http404
    edition = place.edition
    return HttpResponse(
        shopper_calendar(edition, assignments, lost, at=clock.now()),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{edition.code}.ics"'},
    )


def errand_page(
    request: HttpRequest, contact: Contact, *, status: int = 200, refusal: str = "", **bound: Any
) -> HttpResponse:
    """The page of one contact; `bound` are forms that came back with something to mend, `refusal` says what.

    What is refused is told on top, and a form lower down has the focus; else the page looks as if nothing happened.
    """
    now = clock.now()
    for form in bound.values():
        if isinstance(form, PageForm):
            form.put_focus()
            refusal = refusal or form.first_problem
    briefing = read_briefing(contact, at=now)
    local = as_local(now.astimezone(contact.edition.tzinfo))
    wait = briefing.tries.wait if briefing.is_stopwatch else None
    forms: dict[str, Any] = {
        "start_form": StartForm(initial={"started_at": local}),
        "letter_form": LetterForm(initial={"started_at": local}),
        "attempt_form": AttemptForm(rules=briefing.rules, initial={"started_at": local}),
        "answer_form": AnswerTimeForm(initial={"answered_at": _answered_at(briefing) or local}),
        "wait_form": WaitForm(initial={} if wait is None else {"minutes": int(wait) // 60, "seconds": int(wait) % 60}),
    }
    running = briefing.tries.running_since
    elapsed = int((now - running).total_seconds()) if running else 0
    context = {
        "briefing": briefing,
        "local_now": local,
        "elapsed": max(0, elapsed),
        "refusal": refusal,
        "reasons": reasons_on(contact.channel),
        **(_way_on(contact) if briefing.step == Step.FILL_IN else {}),
        **forms,
        **bound,
    }
    return render(request, "shoppers/errand.html", context, status=status)


def _way_on(contact: Contact) -> dict[str, Any]:
    """Where the questionnaire goes on: the first area with something missing, else the last look."""
    draft = read_draft(contact)
    steps = overview(questionnaire_for(contact.edition, contact.channel), draft.content)
    begun = draft.revision > 0
    following = next((step for step in steps if step.missing), None) if begun else next(iter(steps), None)
    codes = contact.edition.code, contact.code
    url = reverse("shopper:hand_in", args=codes)
    if following is not None:
        url = reverse("shopper:fill_in", args=(*codes, following.path))
    return {"next_step_url": url, "has_begun": begun}


def _answered_at(briefing: Briefing) -> str:
    answered = briefing.contact.answered_at
    return as_local(answered.astimezone(briefing.edition.tzinfo)) if answered else ""
