"""Proposals: ordering one, comparing it with the plan that stands, taking it into use or putting it away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kundeservice.core import clock
from kundeservice.core.queries.history import seen_in
from kundeservice.core.rules import person_of
from kundeservice.core.views.orders import warn_if_order_waits
from shoppers.forms.planning import ProposalForm
from shoppers.models import PlanProposal
from shoppers.queries.changes import change_lines, notices
from shoppers.queries.proposals import compare_proposal
from shoppers.queries.versions import plan_version
from shoppers.reports.figures import compared_figures
from shoppers.services import PlanningRefused
from shoppers.services.proposing import accept_proposal, discard_proposal, order_proposal
from shoppers.views.office import plan_page, planner_only, ways_to_plan
from surveys.models import Edition
from surveys.services import SurveyRefusal

MOST_NAMED = 5
"""So many people are named in a sentence; more stand in the list of changes."""


@require_POST
@planner_only
def start(request: HttpRequest, edition_code: str) -> HttpResponse:
    """Set the planner to work on a proposal."""
    edition = get_object_or_404(Edition, code=edition_code)
    form = ProposalForm(request.POST, ways=ways_to_plan(edition))
    if not form.is_valid():
        return plan_page(request, edition, form=form, status=422)
    try:
        order_proposal(
            edition_id=edition.pk,
            seed=form.cleaned_data["seed"],
            seconds=form.cleaned_data["seconds"],
            repair=form.is_repair,
            by=person_of(request),
            at=clock.now(),
        )
    except (PlanningRefused, SurveyRefusal) as refusal:
        messages.error(request, str(refusal))
        return plan_page(request, edition, form=form, status=422)
    warn_if_order_waits(request, subject=edition.code)
    return redirect("shoppers_office:plan", edition_code)


@require_safe
@planner_only
def show(request: HttpRequest, edition_code: str, proposal_id: int) -> HttpResponse:
    """The figures of the proposal beside those of the plan that stands, and what would change."""
    proposal = _find(edition_code, proposal_id)
    comparison = compare_proposal(proposal, at=clock.now()) if not proposal.is_decided else None
    context = {
        "edition": proposal.edition,
        "proposal": proposal,
        "seen": plan_version(proposal.edition),
        "comparison": comparison,
        "figures": compared_figures(comparison.standing if comparison else [], proposal.figures),
        "changes": change_lines(proposal.edition_id, proposal.changes),
        "notices": notices(proposal.edition_id, proposal.changes),
    }
    return render(request, "shoppers/office/proposal.html", context)


@require_POST
@planner_only
def accept(request: HttpRequest, edition_code: str, proposal_id: int) -> HttpResponse:
    proposal = _find(edition_code, proposal_id)
    try:
        accept_proposal(proposal_id=proposal.pk, by=person_of(request), at=clock.now(), seen=seen_in(request.POST))
    except (PlanningRefused, SurveyRefusal) as refusal:
        messages.error(request, str(refusal))
        return redirect("shoppers_office:proposal", edition_code, proposal_id)
    messages.success(request, _taken_into_use(proposal))
    return redirect("shoppers_office:plan", edition_code)


def _taken_into_use(proposal: PlanProposal) -> str:
    """That it is done, and who must be told: mails are written by people."""
    people = notices(proposal.edition_id, proposal.changes)
    done = _("Planen er tatt i bruk.")
    if not people:
        return done
    if len(people) > MOST_NAMED:
        told = _("%(number)s personer må få beskjed; de står under endringene i siste reparasjon.")
        return f"{done} {told % {'number': len(people)}}"
    told = _("Si fra til %(people)s.")
    named = ", ".join(f"{person.name} ({person.email})" for person in people)
    return f"{done} {told % {'people': named}}"


@require_POST
@planner_only
def discard(request: HttpRequest, edition_code: str, proposal_id: int) -> HttpResponse:
    proposal = _find(edition_code, proposal_id)
    try:
        discard_proposal(proposal_id=proposal.pk, by=person_of(request), at=clock.now(), seen=seen_in(request.POST))
    except (PlanningRefused, SurveyRefusal) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Forslaget er forkastet."))
    return redirect("shoppers_office:plan", edition_code)


def _find(edition_code: str, proposal_id: int) -> PlanProposal:
    proposals = PlanProposal.objects.select_related("edition", "created_by")
    return get_object_or_404(proposals, edition__code=edition_code, pk=proposal_id)
