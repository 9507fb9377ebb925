"""The project leader's pages about shoppers and the plan."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from rules.contrib.views import permission_required

from kundeservice.core import clock
from kundeservice.core.jobs import enqueue_job
from kundeservice.core.queries.jobs import latest_job
from kundeservice.core.rules import person_of
from shoppers.queries import office as queries
from shoppers.reports.figures import figure_lines
from surveys.models import Edition

PLANNING_SEED = 1

planner_only = permission_required("shoppers.plan_edition", raise_exception=True)


@require_GET
@planner_only
def list_shoppers(request: HttpRequest, edition_code: str) -> HttpResponse:
    edition = get_object_or_404(Edition, code=edition_code)
    rows = queries.list_shoppers(edition, at=clock.now())
    return render(request, "shoppers/office/shoppers.html", {"edition": edition, "rows": rows})


@require_GET
@planner_only
def show_plan(request: HttpRequest, edition_code: str) -> HttpResponse:
    """The board, narrowed to a class by `klasse` in the address, with the certificate of the latest plan above it."""
    edition = get_object_or_404(Edition, code=edition_code)
    chosen = request.GET.get("klasse", "")
    board = queries.read_board(edition, award_class=chosen)
    plan = queries.latest_plan(edition)
    context = {
        "edition": edition,
        "plan": plan,
        "figures": figure_lines(plan.figures) if plan else (),
        "changes": queries.plan_changes(plan) if plan and plan.changes else (),
        "board": board,
        "classes": edition.classes.all(),
        "chosen": chosen,
        "job": latest_job(kind="shoppers.plan_edition", subject=edition.code, at=clock.now()),
        "has_made_contacts": edition.contacts.made().exists(),
    }
    return render(request, "shoppers/office/plan.html", context)


@require_POST
@planner_only
def start_planning(request: HttpRequest, edition_code: str) -> HttpResponse:
    """Set the planner to work. Once contacts are made it repairs instead of planning anew."""
    edition = get_object_or_404(Edition, code=edition_code)
    enqueue_job(
        "shoppers.plan_edition",
        subject=edition.code,
        payload={"edition": edition.pk, "seed": PLANNING_SEED, "repair": edition.contacts.made().exists()},
        created_by=person_of(request),
        at=clock.now(),
    )
    messages.success(request, _("Planleggingen er satt i gang."))
    return redirect("shoppers_office:plan", edition_code)
