"""The results page: count, reports, lock, publication, the seal. What is refused comes back with what was typed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from awards.access import leader_only
from awards.forms import PublicationForm
from awards.lookup import edition_at, run_in_force
from awards.office.queries import overview as queries
from awards.publication.queries.gates import undone_before_publication
from awards.publication.services.gates import ask_to_lock, ask_to_publish
from awards.publication.services.publishing import LOCK_EDITION, PublicationRefused, cancel_scheduled_publication
from awards.report.queries.progress import report_progress
from awards.report.services import queue_reports
from awards.studies.services import STUDY_RUN
from kundeservice.core import clock
from kundeservice.core.queries.history import seen_in
from kundeservice.core.queries.jobs import latest_job
from kundeservice.core.rules import person_of
from kundeservice.core.views.orders import warn_if_order_waits
from scoring.queries import may_be_outdated
from scoring.services import COUNT_EDITION, CountRefused, order_count
from surveys.models import Edition, Phase, RequestKind
from surveys.queries.gates import undone_after_closing
from surveys.queries.progress import edition_progress
from surveys.queries.sealing import results_are_open, waiting_requests
from surveys.queries.versions import gate_version
from surveys.services import ChangedMeanwhile, SurveyRefusal, note_look

ASKED = gettext_lazy("Ønsket er sendt. En kollega må godkjenne det.")


@require_safe
@leader_only
def show_results(request: HttpRequest, edition_code: str) -> HttpResponse:
    return _results_page(request, edition_code)


def _results_page(
    request: HttpRequest,
    edition_code: str,
    *,
    status: int = 200,
    form: PublicationForm | None = None,
) -> HttpResponse:
    """The edition's results as far as they may be seen; a lock or publication (`form`) not taken keeps its words."""
    now = clock.now()
    edition = edition_at(get_object_or_404(Edition, code=edition_code), at=now)
    seen = gate_version(edition)
    run = run_in_force(edition)
    is_open = results_are_open(edition)
    requests = waiting_requests(edition)
    undone = undone_before_publication(edition) if edition.is_locked else undone_after_closing(edition)
    publication = queries.publication_of(edition, at=now)
    if run and is_open and edition.phase < Phase.PUBLISHED:
        note_look(edition_id=edition.pk, by=person_of(request), at=now, what="results")
    context = {
        "edition": edition,
        "phases": Phase,
        "progress": edition_progress(edition, at=now),
        "run": run,
        "is_open": is_open,
        "view_request": requests.get(RequestKind.VIEW),
        "unlock_request": requests.get(RequestKind.UNLOCK),
        "participants": edition.participants.count(),
        "rows": queries.result_rows(run, sort=request.GET.get("sort", "plass")) if run and is_open else (),
        "is_outdated": bool(run and may_be_outdated(run)),
        "reports": report_progress(run) if run else None,
        "count_job": latest_job(kind=COUNT_EDITION, subject=edition.code, at=now),
        "report_job": latest_job(kind="awards.render_reports", subject=edition.code, at=now),
        "lock_job": latest_job(kind=LOCK_EDITION, subject=edition.code, at=now),
        "study_job": latest_job(kind=STUDY_RUN, subject=edition.code, at=now),
        "seen": seen,
        "undone": undone,
        "lock_request": requests.get(RequestKind.LOCK),
        "publish_request": requests.get(RequestKind.PUBLISH),
        "lock": edition.locks.first() if edition.is_locked else None,
        "publication": publication,
        "form": form or PublicationForm(edition=edition, publication=publication, undone=undone),
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "awards/office/results.html", context, status=status)


def _refused(
    request: HttpRequest, edition_code: str, refusal: Exception, *, form: PublicationForm | None = None
) -> HttpResponse:
    """Why nothing was done, on the page as it stands now."""
    messages.error(request, str(refusal))
    return _results_page(request, edition_code, status=409 if isinstance(refusal, ChangedMeanwhile) else 422, form=form)


@require_POST
@leader_only
def start_count(request: HttpRequest, edition_code: str) -> HttpResponse:
    edition = get_object_or_404(Edition, code=edition_code)
    try:
        job = order_count(edition_id=edition.pk, by=person_of(request), at=clock.now())
    except CountRefused as refusal:
        return _refused(request, edition_code, refusal)
    messages.success(request, _("Beregningen er satt i gang.") if job.is_new else _("Beregningen venter alt på tur."))
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
    job = queue_reports(run_id=run.pk, by=person_of(request), at=clock.now())
    started = _("Rapportene lages. Du kan gå til andre sider imens.")
    messages.success(request, started if job.is_new else _("Rapportene lages alt. Du kan gå til andre sider imens."))
    warn_if_order_waits(request, subject=edition.code)
    return redirect("office:results", edition_code)


@require_POST
@leader_only
def start_lock(request: HttpRequest, edition_code: str) -> HttpResponse:
    """Ask to lock the edition, or lock it where one person may."""
    edition = get_object_or_404(Edition, code=edition_code)
    try:
        asked = ask_to_lock(
            edition_id=edition.pk,
            by=person_of(request),
            reason=request.POST.get("reason", ""),
            at=clock.now(),
            seen=seen_in(request.POST),
        )
    except (SurveyRefusal, PublicationRefused) as refusal:
        return _refused(request, edition_code, refusal)
    messages.success(request, _("Årgangen låses.") if asked.agreed_at else ASKED)
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
        for error in form.errors.values():  # also where the page has no such form any more
            messages.error(request, str(error[0]))
        return _results_page(request, edition_code, status=422, form=form)
    try:
        message = _carry_out_publication(form, edition, request)
    except (SurveyRefusal, PublicationRefused) as refusal:
        return _refused(request, edition_code, refusal, form=form)
    messages.success(request, message)
    warn_if_order_waits(request, subject=edition.code)
    return redirect("office:results", edition_code)


def _carry_out_publication(form: PublicationForm, edition: Edition, request: HttpRequest) -> str:
    publish_at = form.cleaned_data["publish_at"]
    asked = ask_to_publish(
        edition_id=edition.pk,
        by=person_of(request),
        reason=form.cleaned_data["reason"],
        publish_at=publish_at,
        shows_confidence=form.cleaned_data["shows_confidence"],
        at=clock.now(),
        seen=seen_in(request.POST),
    )
    if not asked.agreed_at:
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
    except (SurveyRefusal, PublicationRefused) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Den planlagte publiseringen er avlyst."))
    return redirect("office:results", edition_code)
