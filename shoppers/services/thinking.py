"""Letting the planner think about an edition, without holding the database while it does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction

from shoppers import planner
from shoppers.models import Shopper
from shoppers.planner.certificate import FigureEntry
from shoppers.queries.planning import PlanBasis, plan_basis
from shoppers.reports.reasons import reasons_in_words
from shoppers.services.refusals import PlanImpossible, RepairNeeded
from surveys.models import Edition, Participant, Phase
from surveys.queries.begun import lasting_contacts
from surveys.services import hold_edition

Progress = Callable[[str, int, int], None]
"""Called with the stage, the steps done and the steps in all."""

FIRST_PLAN_PHASES = (Phase.DRAFT, Phase.PLANNED, Phase.FIELD)
REPAIR_PHASES = (Phase.PLANNED, Phase.FIELD)


@dataclass(frozen=True, slots=True)
class Found:
    """What the planner came to: the contacts that are not fixed, and what is certified of the whole plan.

    `objective` is the gaps of the figures; of a repair «changes/fewest possible».
    """

    contacts: tuple[planner.PlannedContact, ...]
    figures: list[FigureEntry]
    objective: str
    seed: int
    is_repair: bool
    stopped_by_clock: bool


def think(
    basis: PlanBasis, *, edition_id: int, repair: bool, seed: int, seconds: float, progress: Progress | None
) -> Found:
    """The plan the planner finds, checked against every hard rule.

    Raises: PlanImpossible.
    """
    try:
        found = _repaired(basis, seed, seconds) if repair else _planned(basis, seed, seconds, progress)
    except planner.Infeasible as contradiction:
        raise impossible(edition_id, contradiction) from contradiction
    insist_on_the_rules(basis.problem, found.contacts)
    return found


@transaction.atomic
def read_basis(edition_id: int, *, repair: bool, at: dt.datetime) -> PlanBasis:
    """What there is to plan from, of an edition that may be planned now. Its row is held as long as the transaction.

    Raises: PlanImpossible, RepairNeeded; EditionLocked, EditionNotOpen; GoneMeanwhile.
    """
    edition = hold_for_planning(edition_id, repair=repair)
    try:
        return plan_basis(edition, repair=repair, at=at)
    except planner.Infeasible as contradiction:
        raise impossible(edition_id, contradiction) from contradiction


def hold_for_planning(edition_id: int, *, repair: bool) -> Edition:
    """Hold the edition and refuse where a plan, or with `repair` a mended one, may not be written.

    Raises: RepairNeeded; EditionLocked, EditionNotOpen; GoneMeanwhile.
    """
    edition = hold_edition(edition_id, phases=REPAIR_PHASES if repair else FIRST_PLAN_PHASES)
    if not repair and lasting_contacts(edition).exists():
        raise RepairNeeded
    return edition


def insist_on_the_rules(problem: planner.PlanningProblem, contacts: Sequence[planner.PlannedContact]) -> None:
    """A plan that breaks a hard rule is never kept, whoever made it. `contacts` are those that are not fixed."""
    broken = planner.check_plan(problem, (*problem.fixed, *contacts))
    if broken:
        raise AssertionError(f"the planner broke {len(broken)} hard rules, first {broken[0]}")


def impossible(edition_id: int, contradiction: planner.Infeasible) -> PlanImpossible:
    """The planner's reasons with the names of the edition."""
    participants = dict(Participant.objects.filter(edition=edition_id).values_list("code", "name"))
    shoppers = dict(Shopper.objects.filter(edition=edition_id).values_list("code", "name"))
    return PlanImpossible(reasons_in_words(contradiction.reasons, participants=participants, shoppers=shoppers))


def _planned(basis: PlanBasis, seed: int, seconds: float, progress: Progress | None) -> Found:
    plan = planner.solve(basis.problem, seed=seed, seconds=seconds, progress=progress)
    return Found(
        contacts=plan.contacts,
        figures=planner.figure_entries(plan.figures),
        objective=planner.objective_text(plan),
        seed=seed,
        is_repair=False,
        stopped_by_clock=plan.stopped_by_clock,
    )


def _repaired(basis: PlanBasis, seed: int, seconds: float) -> Found:
    repaired = planner.repair(basis.problem, basis.standing, seed=seed, seconds=seconds)
    fixed = {contact.key for contact in basis.problem.fixed}
    return Found(
        contacts=tuple(contact for contact in repaired.contacts if contact.key not in fixed),
        figures=basis.figures_of(repaired.contacts),
        objective=f"{len(repaired.changes)}/{repaired.lower_bound}",
        seed=seed,
        is_repair=True,
        stopped_by_clock=repaired.stopped_by_clock,
    )
