"""Planning an edition: reading it, letting the planner think, and keeping what it found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from kundeservice.core.models import User
from kundeservice.core.services.audit import record_event
from shoppers import planner
from shoppers.models import Plan, Shopper
from shoppers.queries.planning import has_begun_contacts, open_contacts, planning_problem, repair_problem
from shoppers.reports.reasons import reasons_in_words
from shoppers.services.plan_rows import mend_rows, replace_everything
from surveys.models import Edition, Participant, Phase
from surveys.services import hold_edition

Progress = Callable[[str, int, int], None]
"""Called with the stage, the steps done and the steps in all."""

FIRST_PLAN_PHASES = (Phase.DRAFT, Phase.PLANNED, Phase.FIELD)
REPAIR_PHASES = (Phase.PLANNED, Phase.FIELD)
OBJECTIVE_LENGTH = 80


class PlanningRefused(Exception):
    """Nothing was planned. `str()` of it is a sentence in the reader's language."""


class RepairNeeded(PlanningRefused):
    """Contacts are made or begun, so a plan can only be mended."""

    def __init__(self) -> None:
        super().__init__(_("Noen av henvendelsene er begynt, så planen kan bare repareres, ikke lages på nytt."))


class InputChanged(PlanningRefused):
    """Participants, shoppers or contacts changed while the planner was thinking."""

    def __init__(self) -> None:
        super().__init__(_("Grunnlaget ble endret mens planen ble laget. Planlegg en gang til."))


class PlanImpossible(PlanningRefused):
    """No plan keeps every rule. `reasons` say why and what would help, a sentence or two each."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("\n".join(self.reasons))


def plan_edition(
    *,
    edition_id: int,
    at: dt.datetime,
    seed: int = 1,
    seconds: float = 20.0,
    by: User | None = None,
    repair: bool = False,
    progress: Progress | None = None,
) -> Plan:
    """Plan the whole field period anew, or with `repair` mend the plan that stands.

    A new plan replaces every contact, and needs that none is begun; it covers the whole period whatever day it is. A
    repair keeps what is made, begun, or in a week that has begun. The planner thinks for about `seconds` without
    holding the database; what changes meanwhile is noticed. The edition becomes planned unless it was further on.

    Raises: PlanImpossible, RepairNeeded, InputChanged; EditionSealed, EditionNotOpen; Edition.DoesNotExist.
    """
    given = _read(edition_id, repair=repair, at=at)
    try:
        found = _repaired(given, seed, seconds) if repair else _planned(given, seed, seconds, progress)
    except planner.Infeasible as contradiction:
        raise _impossible(edition_id, contradiction) from contradiction
    _insist_on_the_rules(given.problem, found.contacts)
    return _keep(edition_id, given, found, repair=repair, by=by, at=at)


@dataclass(frozen=True, slots=True)
class _Given:
    """What the planner starts from; `standing` are the open contacts of the plan to mend."""

    problem: planner.PlanningProblem
    standing: tuple[planner.PlannedContact, ...] = ()

    @property
    def digest(self) -> str:
        """Sum of everything, so that any change is noticed."""
        return planner.input_digest(replace(self.problem, fixed=self.problem.fixed + self.standing))


@dataclass(frozen=True, slots=True)
class _Found:
    """What the planner came to. `objective` is the gaps of the figures; of a repair «changes/fewest possible»."""

    contacts: tuple[planner.PlannedContact, ...]
    figures: tuple[planner.Figure, ...]
    objective: str
    seed: int


def _planned(given: _Given, seed: int, seconds: float, progress: Progress | None) -> _Found:
    plan = planner.solve(given.problem, seed=seed, seconds=seconds, progress=progress)
    return _Found(plan.contacts, plan.figures, planner.objective_text(plan), seed)


def _repaired(given: _Given, seed: int, seconds: float) -> _Found:
    repaired = planner.repair(given.problem, given.standing, seed=seed, seconds=seconds)
    objective = f"{len(repaired.changes)}/{repaired.lower_bound}"
    return _Found(repaired.contacts, repaired.figures, objective, seed)


@transaction.atomic
def _read(edition_id: int, *, repair: bool, at: dt.datetime) -> _Given:
    edition = _hold(edition_id, repair=repair)
    try:
        if not repair:
            return _Given(planning_problem(edition))
        return _Given(repair_problem(edition, at=at), open_contacts(edition, at=at))
    except planner.Infeasible as contradiction:
        raise _impossible(edition_id, contradiction) from contradiction


def _hold(edition_id: int, *, repair: bool) -> Edition:
    edition = hold_edition(edition_id, phases=REPAIR_PHASES if repair else FIRST_PLAN_PHASES)
    if not repair and has_begun_contacts(edition):
        raise RepairNeeded
    return edition


@transaction.atomic
def _keep(edition_id: int, given: _Given, found: _Found, *, repair: bool, by: User | None, at: dt.datetime) -> Plan:
    edition = _hold(edition_id, repair=repair)
    if _read(edition_id, repair=repair, at=at).digest != given.digest:
        raise InputChanged
    plan = Plan.objects.create(
        edition=edition,
        created_at=at,
        seed=found.seed,
        input_digest=given.digest,
        objective=found.objective[:OBJECTIVE_LENGTH],
        figures=planner.figure_entries(found.figures),
        is_repair=repair,
    )
    if repair:
        fixed = {contact.key for contact in given.problem.fixed}
        after = [contact for contact in found.contacts if contact.key not in fixed]
        plan.changes = mend_rows(edition, plan, before=given.standing, after=after)
        plan.save(update_fields=["changes"])
    else:
        replace_everything(edition, plan, found.contacts)
    if edition.phase < Phase.PLANNED:
        edition.phase = Phase.PLANNED
        edition.save(update_fields=["phase"])
    record_event(
        at=at,
        actor=by,
        action="edition.plan_repaired" if repair else "edition.planned",
        subject=edition.code,
        detail={"plan": plan.pk, "seed": plan.seed, "contacts": len(found.contacts), "changes": len(plan.changes)},
    )
    return plan


def _impossible(edition_id: int, contradiction: planner.Infeasible) -> PlanImpossible:
    participants = dict(Participant.objects.filter(edition=edition_id).values_list("code", "name"))
    shoppers = dict(Shopper.objects.filter(edition=edition_id).values_list("code", "name"))
    return PlanImpossible(reasons_in_words(contradiction.reasons, participants=participants, shoppers=shoppers))


def _insist_on_the_rules(problem: planner.PlanningProblem, contacts: Sequence[planner.PlannedContact]) -> None:
    """A plan that breaks a hard rule is never written, whoever made it."""
    broken = planner.check_plan(problem, contacts)
    if broken:
        raise AssertionError(f"the planner broke {len(broken)} hard rules, first {broken[0]}")
