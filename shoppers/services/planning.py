"""Planning an edition: reading it, letting the planner think, and keeping what it found."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from kundeservice.core.models import User
from kundeservice.core.services.audit import record_event
from shoppers.models import Plan
from shoppers.queries.planning import PlanBasis
from shoppers.services.plan_rows import repair_rows, replace_everything
from shoppers.services.refusals import InputChanged
from shoppers.services.thinking import (
    Found,
    Progress,
    hold_for_planning,
    insist_on_the_rules,
    read_basis,
    think,
)
from surveys.models import Phase
from surveys.services.arrows import EditionMove, move_edition

OBJECTIVE_LENGTH = 80


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

    Raises: PlanImpossible, RepairNeeded, InputChanged; EditionLocked, EditionNotOpen; GoneMeanwhile.
    """
    basis = read_basis(edition_id, repair=repair, at=at)
    found = think(basis, edition_id=edition_id, repair=repair, seed=seed, seconds=seconds, progress=progress)
    return keep_plan(edition_id=edition_id, found=found, input_digest=basis.digest, by=by, at=at)


@transaction.atomic
def keep_plan(*, edition_id: int, found: Found, input_digest: str, by: User | None, at: dt.datetime) -> Plan:
    """Write what the planner found, if the edition still is what `input_digest` says it found it for.

    Raises: InputChanged, RepairNeeded; EditionLocked, EditionNotOpen; GoneMeanwhile.
    """
    edition = hold_for_planning(edition_id, repair=found.is_repair)
    basis = read_basis(edition_id, repair=found.is_repair, at=at)
    if basis.digest != input_digest:
        raise InputChanged
    insist_on_the_rules(basis.problem, found.contacts)
    plan = Plan.objects.create(
        edition=edition,
        created_at=at,
        seed=found.seed,
        input_digest=input_digest,
        objective=found.objective[:OBJECTIVE_LENGTH],
        figures=found.figures,
        is_repair=found.is_repair,
        stopped_by_clock=found.stopped_by_clock,
    )
    _write_contacts(plan, basis, found)
    action = "edition.plan_repaired" if found.is_repair else "edition.planned"
    detail = {
        "plan": plan.pk,
        "seed": plan.seed,
        "contacts": len(basis.problem.fixed) + len(found.contacts),
        "changes": len(plan.changes),
    }
    if edition.phase < Phase.PLANNED:
        move_edition(edition, EditionMove.PLAN, by=by, at=at, action=action, detail=detail)
    else:
        record_event(at=at, actor=by, action=action, subject=edition.code, detail=detail)
    return plan


def _write_contacts(plan: Plan, basis: PlanBasis, found: Found) -> None:
    if not found.is_repair:
        replace_everything(plan.edition, plan, found.contacts)
        return
    plan.changes = repair_rows(plan.edition, plan, before=basis.standing, after=found.contacts)
    plan.save(update_fields=["changes"])
