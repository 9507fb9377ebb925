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
from shoppers.reports.plan_files import plan_workbook, zip_of_calendars
from surveys.models import Edition

PLANNING_SEED = 1
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

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


@require_GET
@planner_only
def download_workbook(request: HttpRequest, edition_code: str) -> HttpResponse:
    edition = get_object_or_404(Edition, code=edition_code)
    content = plan_workbook(edition, queries.planned_assignments(edition))
    return _attachment(content, f"{edition.code}-plan.xlsx", XLSX)


@require_GET
@planner_only
def download_calendars(request: HttpRequest, edition_code: str) -> HttpResponse:
    edition = get_object_or_404(Edition, code=edition_code)
    content = zip_of_calendars(edition, queries.planned_assignments(edition), at=clock.now())
    return _attachment(content, f"{edition.code}-kalendere.zip", "application/zip")


def _attachment(content: bytes, name: str, content_type: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
