"""How sure the results are, how strict the shoppers were, what hangs on a zero, and what moved between two counts.

Sealed like the results; every look before publication is logged.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from awards.access import leader_only
from awards.lookup import edition_at
from awards.models import StudyKind
from awards.studies.charts import interval_chart, rater_chart, source_chart, week_chart
from awards.studies.queries.comparison import compare_runs, run_choices, without_contact
from awards.studies.queries.confidence import read_confidence
from awards.studies.queries.reading import RulesNotKeptError, latest_study
from awards.studies.queries.severity import read_severity
from awards.studies.queries.zeros import read_zeros
from awards.studies.services import RULES_NOT_KEPT, STUDY_RUN, order_studies
from kundeservice.core import clock
from kundeservice.core.queries.jobs import latest_job
from kundeservice.core.rules import person_of
from kundeservice.core.views.orders import warn_if_order_waits
from scoring.models import ScoreRun
from scoring.queries import latest_run
from surveys.models import Edition, Phase
from surveys.queries.sealing import open_editions, results_are_open
from surveys.services import note_look

ROWS = 50
"""Zeros on a page."""
SHOWN = 30
"""How many are shown of everybody, and of a class too large to compare; other classes are shown whole."""

Page = Callable[..., HttpResponse]


def behind_the_seal(what: str) -> Callable[[Page], Callable[..., HttpResponse]]:
    """Show a page only when the seal is open, and log the look as `what` until the results are published.

    The page gets the edition and its newest count; without a count there is nothing to show.
    """

    def guarded(page: Page) -> Callable[..., HttpResponse]:
        @require_safe
        @leader_only
        @wraps(page)
        def look(request: HttpRequest, edition_code: str, **words: Any) -> HttpResponse:
            now = clock.now()
            edition = edition_at(get_object_or_404(Edition, code=edition_code), at=now)
            if not results_are_open(edition):
                messages.error(request, _("Resultatene er forseglet til de er publisert eller to personer åpner dem."))
                return redirect("office:results", edition_code)
            run = latest_run(edition)
            if run is None:
                messages.error(request, _("Beregn resultatene først."))
                return redirect("office:results", edition_code)
            if edition.phase < Phase.PUBLISHED:
                note_look(edition_id=edition.pk, by=person_of(request), at=now, what=what)
            return page(request, edition, run, **words)

        return look

    return guarded


@behind_the_seal("confidence")
def show_confidence(request: HttpRequest, edition: Edition, run: ScoreRun) -> HttpResponse:
    """Intervals and places: every class in one line, and one field – a class or everybody – in full."""
    study = latest_study(run, StudyKind.CONFIDENCE)
    if study is None:
        return _not_made(request, edition, StudyKind.CONFIDENCE)
    page = read_confidence(study)
    field = page.field(request.GET.get("klasse", "")) or page.overall or next(iter(page.classes), None)
    is_whole = field is not None and field.code and not field.is_too_large
    context = {
        "edition": edition,
        "page": page,
        "field": field,
        "shown": field.rows[: None if is_whole else SHOWN] if field else (),
        "chart": interval_chart(field) if field and field.rows and field.knows_spread else None,
    }
    return render(request, "awards/studies/confidence.html", context)


@behind_the_seal("severity")
def show_severity(request: HttpRequest, edition: Edition, run: ScoreRun) -> HttpResponse:
    """Diagnostics of the shoppers and the field period; no result is ever corrected by them."""
    study = latest_study(run, StudyKind.SEVERITY)
    if study is None:
        return _not_made(request, edition, StudyKind.SEVERITY)
    page = read_severity(study)
    context = {
        "edition": edition,
        "page": page,
        "sources": source_chart(page),
        "raters": rater_chart(page),
        "weeks": week_chart(page),
    }
    return render(request, "awards/studies/severity.html", context)


@behind_the_seal("zeros")
def show_zeros(request: HttpRequest, edition: Edition, run: ScoreRun) -> HttpResponse:
    """The unanswered contacts on which a place or a prize hangs."""
    study = latest_study(run, StudyKind.ZEROS)
    if study is None:
        return _not_made(request, edition, StudyKind.ZEROS)
    page = read_zeros(study)
    shown = Paginator(page.rows, ROWS).get_page(request.GET.get("page", 1))
    context = {"edition": edition, "page": page, "page_obj": shown}
    return render(request, "awards/studies/zeros.html", context)


@behind_the_seal("comparison")
def show_comparison(request: HttpRequest, edition: Edition, run: ScoreRun) -> HttpResponse:
    """Two counts side by side: by default the newest one and the one before it.

    A count of an edition whose seal is closed is not among the choices, and asking for it gives the default.
    """
    choices = run_choices(edition, others=open_editions())
    allowed = {choice.pk for choice in choices}
    own = [choice.pk for choice in choices if choice.is_own]
    after = _chosen(request, "til", allowed) or run.pk
    before = _chosen(request, "fra", allowed) or next((pk for pk in own if pk != after), None)
    runs = ScoreRun.objects.select_related("edition").in_bulk([pk for pk in (before, after) if pk])
    for other in {seen.edition_id for seen in runs.values()} - {edition.pk}:
        note_look(edition_id=other, by=person_of(request), at=clock.now(), what="comparison")
    context = {
        "edition": edition,
        "choices": choices,
        "before": runs.get(before) if before else None,
        "after": runs[after],
        "page": compare_runs(runs[before], runs[after]) if before in runs else None,
    }
    return render(request, "awards/studies/comparison.html", context)


@behind_the_seal("what if")
def show_what_if(request: HttpRequest, edition: Edition, run: ScoreRun, *, contact_code: str) -> HttpResponse:
    """What would move if one contact did not count."""
    try:
        page = without_contact(run, contact_code)
    except KeyError as error:
        raise Http404 from error
    except RulesNotKeptError:
        messages.error(request, RULES_NOT_KEPT)
        return redirect("office:results", edition.code)
    context = {"edition": edition, "page": page, "contact_code": contact_code}
    return render(request, "awards/studies/what_if.html", context)


@require_POST
@leader_only
def start_studies(request: HttpRequest, edition_code: str) -> HttpResponse:
    """Have the studies of the newest count made. Nothing is shown by it, so the seal may be closed."""
    edition = get_object_or_404(Edition, code=edition_code)
    run = latest_run(edition)
    if run is None:
        messages.error(request, _("Beregn resultatene først."))
        return redirect("office:results", edition_code)
    kind = request.POST.get("kind", "")
    order_studies(run_id=run.pk, by=person_of(request), at=clock.now())
    messages.success(request, _("Undersøkelsene er satt i gang."))
    warn_if_order_waits(request, subject=edition.code)
    # Whoever asked from the page of a study waits for it there.
    return redirect(f"office:{kind}" if kind in StudyKind.values else "office:results", edition_code)


def _not_made(request: HttpRequest, edition: Edition, kind: StudyKind) -> HttpResponse:
    context = {
        "edition": edition,
        "kind": kind,
        "job": latest_job(kind=STUDY_RUN, subject=edition.code, at=clock.now()),
    }
    return render(request, "awards/studies/not_made.html", context)


def _chosen(request: HttpRequest, name: str, allowed: set[int]) -> int | None:
    given = request.GET.get(name, "")
    return int(given) if given.isdecimal() and int(given) in allowed else None
