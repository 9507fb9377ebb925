"""The project leader's pages about a whole edition: which there are, where one stands, its field period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypedDict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from rules.contrib.views import permission_required

from awards.access import leader_only
from awards.lookup import edition_at
from awards.office.queries import overview as queries
from kundeservice.core import clock
from kundeservice.core.models import User
from kundeservice.core.queries.history import seen_in
from kundeservice.core.rules import person_of
from kundeservice.core.views.presses import pressed
from scoring.queries import latest_run
from surveys.models import Edition, Phase
from surveys.queries.begun import begun_contacts
from surveys.queries.gates import undone_before_closing
from surveys.queries.progress import edition_progress, progress_by_channel, progress_by_week
from surveys.queries.versions import gate_version
from surveys.queries.wishes import wishes_for
from surveys.services import (
    ChangedMeanwhile,
    SurveyRefusal,
    close_field,
    open_field,
    reopen_field,
    take_back_opening,
)


class _About(TypedDict):
    """What every step of an edition's life is told."""

    edition_id: int
    by: User
    at: dt.datetime
    seen: str


@dataclass(frozen=True)
class Step:
    """One step by hand, given the reason, and what is said when it is taken."""

    walk: Callable[[_About, str], object]
    done: Promise


STEPS: Mapping[str, Step] = {
    "open": Step(lambda about, _reason: open_field(**about), gettext_lazy("Feltperioden er åpnet.")),
    "close": Step(
        lambda about, reason: close_field(**about, reason=reason),
        gettext_lazy("Feltperioden er avsluttet. Den kan gjenåpnes til årgangen låses."),
    ),
    "reopen": Step(
        lambda about, reason: reopen_field(**about, reason=reason), gettext_lazy("Feltperioden er gjenåpnet.")
    ),
    "unopen": Step(
        lambda about, reason: take_back_opening(**about, reason=reason),
        gettext_lazy("Åpningen er tatt tilbake. Ingen kan begynne før du åpner igjen."),
    ),
}


@require_safe
@permission_required("awards.list_editions", raise_exception=True)
def list_editions(request: HttpRequest) -> HttpResponse:
    """Every edition; a reviewer, who leads none, goes from here straight to the review."""
    person = person_of(request)
    context = {
        "editions": queries.list_editions(at=clock.now()),
        "wishes": wishes_for(person) if person.has_perm("surveys.open_seal") else (),
    }
    return render(request, "awards/office/edition_list.html", context)


@require_safe
@leader_only
def show_edition(request: HttpRequest, edition_code: str) -> HttpResponse:
    return _edition_page(request, edition_code)


def _edition_page(request: HttpRequest, edition_code: str, *, status: int = 200) -> HttpResponse:
    """The edition as it stands now; a reason that was not taken is still there to be sent."""
    now = clock.now()
    edition = edition_at(get_object_or_404(Edition, code=edition_code), at=now)
    context = {
        # Read before the rest: what happens between the two is told rather than missed.
        "seen": gate_version(edition),
        "edition": edition,
        "wishes": wishes_for(person_of(request), edition=edition),
        "undone": undone_before_closing(edition) if edition.phase == Phase.FIELD else (),
        "nobody_has_begun": edition.phase == Phase.FIELD and not begun_contacts(edition).exists(),
        "step": request.POST.get("step", ""),
        "reason": request.POST.get("reason", ""),
        "phases": Phase,
        "progress": edition_progress(edition, at=now),
        "channels": progress_by_channel(edition, at=now),
        "weeks": progress_by_week(edition, at=now),
        "run": latest_run(edition),
        "publication": queries.publication_of(edition, at=now),
    }
    return render(request, "awards/office/edition.html", context, status=status)


@require_POST
@leader_only
def move_phase(request: HttpRequest, edition_code: str) -> HttpResponse:
    """The steps a leader takes by hand before the count: open the field period, close it, take either back."""
    edition = get_object_or_404(Edition, code=edition_code)
    step = pressed(request, "step", STEPS)
    about: _About = {
        "edition_id": edition.pk,
        "by": person_of(request),
        "at": clock.now(),
        "seen": seen_in(request.POST),
    }
    try:
        step.walk(about, request.POST.get("reason", ""))
    except SurveyRefusal as refused:
        messages.error(request, str(refused))
        return _edition_page(request, edition_code, status=409 if isinstance(refused, ChangedMeanwhile) else 422)
    messages.success(request, str(step.done))
    return redirect("office:edition", edition_code)
