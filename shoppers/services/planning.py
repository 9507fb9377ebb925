"""Planning an edition: reading it, letting the planner think, and keeping what it found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

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
    problem = _read(edition_id, repair=repair, at=at)
    try:
        solved = planner.solve(problem, seed=seed, seconds=seconds, progress=progress)
    except planner.Infeasible as contradiction:
        raise _impossible(edition_id, contradiction) from contradiction
    _insist_on_the_rules(problem, solved.contacts)
    return _keep(edition_id, solved, repair=repair, by=by, at=at)


@transaction.atomic
def _read(edition_id: int, *, repair: bool, at: dt.datetime) -> planner.PlanningProblem:
    edition = _hold(edition_id, repair=repair)
    try:
        return repair_problem(edition, at=at) if repair else planning_problem(edition)
    except planner.Infeasible as contradiction:
        raise _impossible(edition_id, contradiction) from contradiction


def _hold(edition_id: int, *, repair: bool) -> Edition:
    edition = hold_edition(edition_id, phases=REPAIR_PHASES if repair else FIRST_PLAN_PHASES)
    if not repair and has_begun_contacts(edition):
        raise RepairNeeded
    return edition


@transaction.atomic
def _keep(edition_id: int, solved: planner.Plan, *, repair: bool, by: User | None, at: dt.datetime) -> Plan:
    edition = _hold(edition_id, repair=repair)
    if planner.input_digest(_read(edition_id, repair=repair, at=at)) != solved.input_digest:
        raise InputChanged
    plan = _certificate(edition, solved, is_repair=repair, at=at)
    if repair:
        new = [contact for contact in solved.contacts if not contact.key]
        plan.changes = mend_rows(edition, plan, before=open_contacts(edition, at=at), after=new)
        plan.save(update_fields=["changes"])
    else:
        replace_everything(edition, plan, solved.contacts)
    if edition.phase < Phase.PLANNED:
        edition.phase = Phase.PLANNED
        edition.save(update_fields=["phase"])
    record_event(
        at=at,
        actor=by,
        action="edition.plan_repaired" if repair else "edition.planned",
        subject=edition.code,
        detail={
            "plan": plan.pk,
            "seed": plan.seed,
            "contacts": len(solved.contacts),
            "changes": len(plan.changes),
        },
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


def _certificate(edition: Edition, solved: planner.Plan, *, is_repair: bool, at: dt.datetime) -> Plan:
    longest = Plan._meta.get_field("objective").max_length  # noqa: SLF001 - Django's documented way to a field
    return Plan.objects.create(
        edition=edition,
        created_at=at,
        seed=solved.seed,
        input_digest=solved.input_digest,
        objective=" ".join(str(gap) for gap in solved.objective)[:longest],
        figures=[
            {"name": figure.name, "value": str(figure.value), "bound": str(figure.bound), "gap": str(figure.gap)}
            for figure in solved.figures
        ],
        is_repair=is_repair,
    )
