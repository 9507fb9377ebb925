"""The project leader's pages about a whole edition: where it stands, its numbers, its reports, its publication."""

from __future__ import annotations

import datetime as dt
from typing import TypedDict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from rules.contrib.views import permission_required

from awards.forms import PublicationForm
from awards.queries import office as queries
from awards.queries.counts import run_in_force
from awards.queries.editions import edition_at
from awards.queries.gates import undone_before_publication
from awards.services.gates import ask_to_lock, ask_to_publish
from awards.services.publication import LOCK_EDITION, PublicationRefused, cancel_scheduled_publication
from awards.services.reports import queue_reports
from awards.services.studies import STUDY_RUN
from kundeservice.core import clock
from kundeservice.core.jobs import enqueue_job
from kundeservice.core.models import User
from kundeservice.core.queries.history import seen_in
from kundeservice.core.queries.jobs import latest_job
from kundeservice.core.rules import person_of
from kundeservice.core.views.orders import warn_if_order_waits
from scoring.queries import latest_run
from surveys.models import Edition, OpeningKind, Phase
from surveys.queries.gates import undone_after_closing, undone_before_closing
from surveys.queries.progress import edition_progress, progress_by_channel, progress_by_week
from surveys.queries.sealing import results_are_open, waiting_openings
from surveys.queries.versions import gate_version
from surveys.services import (
    ChangedMeanwhile,
    SurveyRefusal,
    close_field,
    note_look,
    open_field,
    reopen_field,
)


class _Step(TypedDict):
    """What every step of an edition's life is told."""

    edition_id: int
    by: User
    at: dt.datetime
    seen: str


ASKED = gettext_lazy("Ønsket er sendt. En kollega må godkjenne det.")
leader_only = permission_required("awards.lead_edition", raise_exception=True)


@require_GET
@permission_required("awards.list_editions", raise_exception=True)
def list_editions(request: HttpRequest) -> HttpResponse:
    """Every edition; a reviewer, who leads none, goes from here straight to the review."""
    return render(request, "awards/office/edition_list.html", {"editions": queries.list_editions(at=clock.now())})


@require_GET
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
        "undone": undone_before_closing(edition) if edition.phase == Phase.FIELD else (),
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
    """Open, close or reopen the field period: the steps a leader takes by hand before the count."""
    edition = get_object_or_404(Edition, code=edition_code)
    step, reason = request.POST.get("step", ""), request.POST.get("reason", "")
    about: _Step = {
        "edition_id": edition.pk,
        "by": person_of(request),
        "at": clock.now(),
        "seen": seen_in(request.POST),
    }
    try:
        if step == "open":
            open_field(**about)
            messages.success(request, _("Feltperioden er åpnet."))
        elif step == "close":
            close_field(**about, reason=reason)
            messages.success(request, _("Feltperioden er avsluttet. Den kan gjenåpnes til årgangen låses."))
        elif step == "reopen":
            reopen_field(**about, reason=reason)
            messages.success(request, _("Feltperioden er gjenåpnet."))
    except SurveyRefusal as refused:
        messages.error(request, str(refused))
        return _edition_page(request, edition_code, status=409 if isinstance(refused, ChangedMeanwhile) else 422)
    return redirect("office:edition", edition_code)


@require_GET
@leader_only
def show_results(request: HttpRequest, edition_code: str) -> HttpResponse:
    now = clock.now()
    edition = edition_at(get_object_or_404(Edition, code=edition_code), at=now)
    seen = gate_version(edition)
    run = run_in_force(edition)
    is_open = results_are_open(edition)
    requests = waiting_openings(edition)
    undone = undone_before_publication(edition) if edition.is_sealed else undone_after_closing(edition)
    publication = queries.publication_of(edition, at=now)
    if run and is_open and edition.phase < Phase.PUBLISHED:
        note_look(edition_id=edition.pk, by=person_of(request), at=now, what="results")
    context = {
        "edition": edition,
        "phases": Phase,
        "progress": edition_progress(edition, at=now),
        "run": run,
        "is_open": is_open,
        "view_request": requests.get(OpeningKind.VIEW),
        "unlock_request": requests.get(OpeningKind.UNLOCK),
        "participants": edition.participants.count(),
        "rows": queries.result_rows(run, sort=request.GET.get("sort", "plass")) if run and is_open else (),
        "is_outdated": bool(run and queries.changed_since(run)),
        "reports": queries.report_progress(run) if run else None,
        "count_job": latest_job(kind="scoring.count_edition", subject=edition.code, at=now),
        "report_job": latest_job(kind="awards.render_reports", subject=edition.code, at=now),
        "lock_job": latest_job(kind=LOCK_EDITION, subject=edition.code, at=now),
        "study_job": latest_job(kind=STUDY_RUN, subject=edition.code, at=now),
        "seen": seen,
        "undone": undone,
        "lock_request": requests.get(OpeningKind.LOCK),
        "publish_request": requests.get(OpeningKind.PUBLISH),
        "lock": edition.locks.first() if edition.is_sealed else None,
        "publication": publication,
        "form": PublicationForm(edition=edition, publication=publication, undone=undone),
    }
    return render(request, "awards/office/results.html", context)


@require_POST
@leader_only
def start_count(request: HttpRequest, edition_code: str) -> HttpResponse:
    edition = get_object_or_404(Edition, code=edition_code)
    enqueue_job(
        "scoring.count_edition",
        subject=edition.code,
        payload={"edition": edition.pk},
        created_by=person_of(request),
        at=clock.now(),
    )
    messages.success(request, _("Beregningen er satt i gang."))
    warn_if_order_waits(request, subject=edition.code)
    return redirect("office:results", edition_code)


@require_POST
@leader_only
def start_reports(request: HttpRequest, edition_code: str) -> HttpResponse:
    edition = get_object_or_404(Edition, code=edition_code)
    run = run_in_force(edition)
    if run is None:
        messages.error(request, _("Beregn resultatene før du lager rapporter."))
        return redirect("office:results", edition_code)
    queue_reports(run_id=run.pk, by=person_of(request), at=clock.now())
    messages.success(request, _("Rapportene lages. Du kan gå til andre sider imens."))
    warn_if_order_waits(request, subject=edition.code)
    return redirect("office:results", edition_code)


@require_POST
@leader_only
def start_lock(request: HttpRequest, edition_code: str) -> HttpResponse:
    """Ask to lock the edition, or lock it where one person may."""
    edition = get_object_or_404(Edition, code=edition_code)
    try:
        opening = ask_to_lock(
            edition_id=edition.pk,
            by=person_of(request),
            reason=request.POST.get("reason", ""),
            at=clock.now(),
            seen=seen_in(request.POST),
        )
    except (SurveyRefusal, PublicationRefused) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Årgangen låses.") if opening.agreed_at else ASKED)
        warn_if_order_waits(request, subject=edition.code)
    return redirect("office:results", edition_code)


@require_POST
@leader_only
def publish(request: HttpRequest, edition_code: str) -> HttpResponse:
    """Ask to publish now, or at the time given; where one person may, it is done."""
    now = clock.now()
    edition = edition_at(get_object_or_404(Edition, code=edition_code), at=now)
    publication = queries.publication_of(edition, at=now)
    form = PublicationForm(
        request.POST, edition=edition, publication=publication, undone=undone_before_publication(edition)
    )
    if not form.is_valid():
        for error in form.errors.values():
            messages.error(request, str(error[0]))
        return redirect("office:results", edition_code)
    try:
        message = _carry_out_publication(form, edition, request)
    except (SurveyRefusal, PublicationRefused) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, message)
        warn_if_order_waits(request, subject=edition.code)
    return redirect("office:results", edition_code)


def _carry_out_publication(form: PublicationForm, edition: Edition, request: HttpRequest) -> str:
    publish_at = form.cleaned_data["publish_at"]
    opening = ask_to_publish(
        edition_id=edition.pk,
        by=person_of(request),
        reason=form.cleaned_data["reason"],
        publish_at=publish_at,
        shows_confidence=form.cleaned_data["shows_confidence"],
        at=clock.now(),
        seen=seen_in(request.POST),
    )
    if not opening.agreed_at:
        return str(ASKED)
    if publish_at is None:
        return _("Resultatene er publisert.")
    return _("Tidspunktet er lagret. Resultatene og rapportene blir synlige da, i samme sekund.")


@require_POST
@leader_only
def cancel_publication(request: HttpRequest, edition_code: str) -> HttpResponse:
    edition = get_object_or_404(Edition, code=edition_code)
    try:
        cancel_scheduled_publication(
            edition_id=edition.pk, by=person_of(request), at=clock.now(), seen=seen_in(request.POST)
        )
    except (SurveyRefusal, PublicationRefused) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Den planlagte publiseringen er avlyst."))
    return redirect("office:results", edition_code)
