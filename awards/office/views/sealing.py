"""The seal: asking to see or to unlock, agreeing, and the log of everything that was done to an edition."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from rules.contrib.views import permission_required

from awards.office.queries.log import edition_log
from awards.publication.services.gates import agree_and_carry_out
from awards.publication.services.publishing import PublicationRefused
from kundeservice.core import clock
from kundeservice.core.models import User
from kundeservice.core.queries.history import seen_in
from kundeservice.core.rules import person_of
from kundeservice.core.templatetags.formatting import moment
from kundeservice.core.views.orders import warn_if_order_waits
from kundeservice.core.views.presses import pressed
from surveys.models import Edition, LeaderRequest, RequestKind
from surveys.services import (
    SurveyRefusal,
    ask_to_unlock,
    ask_to_view_results,
    set_viewers_needed,
    withdraw_request,
)

may_open = permission_required("surveys.open_seal", raise_exception=True)


@require_POST
@may_open
def ask(request: HttpRequest, edition_code: str) -> HttpResponse:
    """Ask to see the results before they are published, or to open a locked edition for change."""
    edition = get_object_or_404(Edition, code=edition_code)
    wish = pressed(request, "kind", {RequestKind.VIEW: ask_to_view_results, RequestKind.UNLOCK: ask_to_unlock})
    try:
        asked = wish(
            edition_id=edition.pk, by=person_of(request), reason=request.POST.get("reason", ""), at=clock.now()
        )
    except SurveyRefusal as refusal:
        messages.error(request, str(refusal))
    else:
        done = _("Seglet er åpnet.") if asked.agreed_at else _("Ønsket er sendt. En kollega må godkjenne det.")
        messages.success(request, done)
    return redirect("office:results", edition_code)


@require_POST
@may_open
def answer(request: HttpRequest, edition_code: str, request_id: int) -> HttpResponse:
    """Agree to a colleague's request, or turn it down."""
    asked = get_object_or_404(LeaderRequest, pk=request_id, edition__code=edition_code)
    act: Callable[..., object] = pressed(
        request, "answer", {"agree": agree_and_carry_out, "withdraw": withdraw_request}
    )
    person = person_of(request)
    try:
        act(request_id=asked.pk, by=person, at=clock.now(), seen=seen_in(request.POST))
    except (SurveyRefusal, PublicationRefused) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _carried_out(asked) if act is agree_and_carry_out else _turned_down(asked, by=person))
        warn_if_order_waits(request, subject=edition_code)
    return redirect("office:results", edition_code)


def _carried_out(asked: LeaderRequest) -> str:
    """What has happened now that two people agree."""
    match RequestKind(asked.kind):
        case RequestKind.VIEW:
            told = _("Seglet er åpnet. Plasser og totaler vises nå for prosjektlederne.")
        case RequestKind.UNLOCK:
            told = _("Låsen er opphevet. Årgangen er tilbake i gjennomgang og kan endres.")
        case RequestKind.LOCK:
            told = _("Låsingen er godkjent og satt i gang.")
        case RequestKind.PUBLISH if asked.wanted_at:
            told = _("Publiseringen er godkjent. Resultatene blir synlige %(at)s.") % {"at": moment(asked.wanted_at)}
        case RequestKind.PUBLISH:
            told = _("Publiseringen er godkjent. Resultatene er synlige for alle.")
    return told


def _turned_down(asked: LeaderRequest, *, by: User) -> str:
    return _("Ønsket er trukket.") if asked.asked_by_id == by.pk else _("Ønsket er avslått. Det står i loggen.")


@require_POST
@may_open
def choose_viewers(request: HttpRequest, edition_code: str) -> HttpResponse:
    """One person or two: how many must agree before results are seen."""
    edition = get_object_or_404(Edition, code=edition_code)
    number = pressed(request, "viewers", {"1": 1, "2": 2})
    try:
        set_viewers_needed(edition_id=edition.pk, number=number, by=person_of(request), at=clock.now())
    except SurveyRefusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Valget er lagret, og står i loggen."))
    return redirect("office:edition", edition_code)


@require_safe
@may_open
def show_log(request: HttpRequest, edition_code: str) -> HttpResponse:
    """Everything that was done to the edition, the newest first. Lines are never changed or removed."""
    edition = get_object_or_404(Edition, code=edition_code)
    lines, page = edition_log(edition, page=request.GET.get("page", 1))
    return render(request, "awards/office/log.html", {"edition": edition, "lines": lines, "page_obj": page})
