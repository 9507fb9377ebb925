"""The project leader's pages about shoppers and the plan."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from rules.contrib.views import permission_required

from kundeservice.core import clock
from kundeservice.core.queries.jobs import latest_job
from shoppers.forms.planning import MOST_SEED, ProposalForm
from shoppers.models import Plan
from shoppers.planner import Infeasible
from shoppers.planner.certificate import FigureEntry
from shoppers.queries import office as queries
from shoppers.queries.board import classes_of, first_shown_class, read_board
from shoppers.queries.changes import change_lines, notices
from shoppers.queries.lost import lost_errands
from shoppers.queries.planning import standing_figures
from shoppers.queries.proposals import undecided_proposals
from shoppers.queries.repairs import contacts_to_repair, missing_contacts
from shoppers.queries.versions import plan_version
from shoppers.reports.certificate import certificate_json
from shoppers.reports.figures import figure_lines
from shoppers.reports.plan_files import plan_workbook, zip_of_calendars
from shoppers.services.proposing import PROPOSE_PLAN
from shoppers.services.thinking import FIRST_PLAN_PHASES, REPAIR_PHASES
from surveys.models import Edition
from surveys.queries.begun import lasting_contacts

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

planner_only = permission_required("shoppers.plan_edition", raise_exception=True)


@require_safe
@planner_only
def list_shoppers(request: HttpRequest, edition_code: str) -> HttpResponse:
    edition = get_object_or_404(Edition, code=edition_code)
    rows = queries.list_shoppers(edition, at=clock.now())
    return render(request, "shoppers/office/shoppers.html", {"edition": edition, "rows": rows})


@require_safe
@planner_only
def show_plan(request: HttpRequest, edition_code: str) -> HttpResponse:
    """The board, narrowed to a class by `klasse` in the address, with the certificate of the latest plan above it."""
    return plan_page(request, get_object_or_404(Edition, code=edition_code))


def plan_page(
    request: HttpRequest, edition: Edition, *, form: ProposalForm | None = None, status: int = 200
) -> HttpResponse:
    """The plan as it stands with what can be done about it; `form` came back with something to mend."""
    if form is not None:
        form.put_focus()
    now = clock.now()
    chosen = request.GET.get("klasse")
    if chosen is None:
        chosen = first_shown_class(edition)
    seen = plan_version(edition)
    plan = queries.latest_plan(edition)
    proposals = undecided_proposals(edition)
    next_seed = max((known.seed for known in (plan, *proposals) if known), default=0) + 1
    changes = plan.changes if plan else ()
    context = {
        "edition": edition,
        "plan": plan,
        "seen": seen,
        "figures": figure_lines(_figures_now(edition, plan)) if plan else (),
        "changes": change_lines(edition.pk, changes) if changes else (),
        "notices": notices(edition.pk, changes) if changes else (),
        "board": read_board(edition, at=now, award_class=chosen),
        "classes": classes_of(edition),
        "chosen": chosen,
        "job": latest_job(kind=PROPOSE_PLAN, subject=edition.code, at=now),
        "proposals": [(proposal, figure_lines(proposal.figures)) for proposal in proposals],
        "broken": () if edition.phase not in REPAIR_PHASES else contacts_to_repair(edition, at=now),
        "missing": () if edition.phase not in REPAIR_PHASES else missing_contacts(edition),
        "has_contacts": edition.contacts.exists(),
        "can_plan": edition.phase in FIRST_PLAN_PHASES,
        "form": form or ProposalForm(ways=ways_to_plan(edition), initial={"seed": min(next_seed, MOST_SEED)}),
    }
    return render(request, "shoppers/office/plan.html", context, status=status)


def _figures_now(edition: Edition, plan: Plan) -> list[FigureEntry]:
    """The figures of the plan as it stands; those it was made with, where it cannot be measured any more."""
    try:
        return standing_figures(edition)
    except Infeasible:
        return plan.figures


def ways_to_plan(edition: Edition) -> tuple[str, ...]:
    """What can be asked of the planner now: a repair needs a plan, a new plan that nothing is begun or annulled."""
    if edition.phase not in REPAIR_PHASES or not edition.contacts.exists():
        return (ProposalForm.ANEW,)
    if lasting_contacts(edition).exists():
        return (ProposalForm.REPAIR,)
    return (ProposalForm.REPAIR, ProposalForm.ANEW)


@require_safe
@planner_only
def download_workbook(_request: HttpRequest, edition_code: str) -> HttpResponse:
    edition = get_object_or_404(Edition, code=edition_code)
    content = plan_workbook(queries.planned_assignments(edition))
    return _attachment(content, f"{edition.code}-plan.xlsx", XLSX)


@require_safe
@planner_only
def download_calendars(_request: HttpRequest, edition_code: str) -> HttpResponse:
    edition = get_object_or_404(Edition, code=edition_code)
    content = zip_of_calendars(edition, queries.planned_assignments(edition), lost_errands(edition), at=clock.now())
    return _attachment(content, f"{edition.code}-kalendere.zip", "application/zip")


@require_safe
@planner_only
def download_certificate(_request: HttpRequest, edition_code: str) -> HttpResponse:
    """What the latest plan can prove, as JSON."""
    edition = get_object_or_404(Edition, code=edition_code)
    plan = queries.latest_plan(edition)
    if plan is None:
        raise Http404
    return _attachment(certificate_json(plan).encode(), f"{edition.code}-plan.json", "application/json")


def _attachment(content: bytes, name: str, content_type: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
