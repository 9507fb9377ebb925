"""Proposals: a plan to look at beside the one that stands, before anybody takes it into use."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from kundeservice.core.gone import still_there
from kundeservice.core.jobs import enqueue_job
from kundeservice.core.models import Job, User
from kundeservice.core.services.audit import record_event
from shoppers.models import Plan, PlanProposal
from shoppers.queries.proposals import contacts_from_rows, rows_of_contacts
from shoppers.queries.versions import plan_lines
from shoppers.services.plan_rows import changes_between
from shoppers.services.planning import OBJECTIVE_LENGTH, keep_plan
from shoppers.services.refusals import InputChanged, PlanningUnderWay, ProposalDecided
from shoppers.services.thinking import Found, Progress, hold_for_planning, read_basis, think
from surveys.services import check_seen, hold_edition

PROPOSE_PLAN = "shoppers.propose_plan"
"""The kind of job that makes a proposal."""


@transaction.atomic
def order_proposal(*, edition_id: int, seed: int, seconds: int, repair: bool, by: User | None, at: dt.datetime) -> Job:
    """Set the planner to work on a proposal in the background; one at a time for an edition.

    Raises: PlanningUnderWay, RepairNeeded; EditionLocked, EditionNotOpen, GoneMeanwhile.
    """
    edition = hold_for_planning(edition_id, repair=repair)
    if Job.objects.filter(kind=PROPOSE_PLAN, subject=edition.code).unfinished().exists():
        raise PlanningUnderWay
    payload = {"edition": edition.pk, "seed": seed, "seconds": seconds, "repair": repair}
    return enqueue_job(PROPOSE_PLAN, subject=edition.code, payload=payload, created_by=by, at=at)


def propose_plan(
    *,
    edition_id: int,
    at: dt.datetime,
    seed: int = 1,
    seconds: float = 20.0,
    by: User | None = None,
    repair: bool = False,
    progress: Progress | None = None,
) -> PlanProposal:
    """Find a plan as `plan_edition` does, and keep it aside. It takes the place of an undecided one of the same seed.

    Raises: PlanImpossible, RepairNeeded, InputChanged; EditionLocked, EditionNotOpen, GoneMeanwhile.
    """
    basis = read_basis(edition_id, repair=repair, at=at)
    found = think(basis, edition_id=edition_id, repair=repair, seed=seed, seconds=seconds, progress=progress)
    with transaction.atomic():
        edition = hold_for_planning(edition_id, repair=repair)
        if read_basis(edition_id, repair=repair, at=at).digest != basis.digest:
            raise InputChanged
        PlanProposal.objects.undecided().filter(edition=edition, seed=seed, is_repair=repair).delete()
        return PlanProposal.objects.create(
            edition=edition,
            created_at=at,
            created_by=by,
            seed=seed,
            is_repair=repair,
            input_digest=basis.digest,
            objective=found.objective[:OBJECTIVE_LENGTH],
            figures=found.figures,
            stopped_by_clock=found.stopped_by_clock,
            contacts=rows_of_contacts(found.contacts),
            changes=changes_between(basis.standing, found.contacts) if repair else [],
        )


@transaction.atomic
def accept_proposal(*, proposal_id: int, by: User | None, at: dt.datetime, seen: str | None = None) -> Plan:
    """Take a proposal into use: the same writing as `plan_edition`. The other proposals of the edition are discarded.

    Raises: ChangedMeanwhile, ProposalDecided, InputChanged, RepairNeeded; EditionLocked, EditionNotOpen;
    GoneMeanwhile.
    """
    proposal = _hold(proposal_id, seen=seen)
    found = Found(
        contacts=contacts_from_rows(proposal.contacts),
        figures=proposal.figures,
        objective=proposal.objective,
        seed=proposal.seed,
        is_repair=proposal.is_repair,
        stopped_by_clock=proposal.stopped_by_clock,
    )
    proposal.plan = keep_plan(
        edition_id=proposal.edition_id, found=found, input_digest=proposal.input_digest, by=by, at=at
    )
    proposal.accepted_at = at
    proposal.contacts = proposal.changes = []
    proposal.save(update_fields=["plan", "accepted_at", "contacts", "changes"])
    others = PlanProposal.objects.undecided().filter(edition=proposal.edition_id)
    others.update(discarded_at=at, contacts=[], changes=[])
    return proposal.plan


@transaction.atomic
def discard_proposal(*, proposal_id: int, by: User | None, at: dt.datetime, seen: str | None = None) -> None:
    """Put a proposal away for good.

    Raises: ChangedMeanwhile, ProposalDecided; EditionLocked, GoneMeanwhile.
    """
    proposal = _hold(proposal_id, seen=seen)
    proposal.discarded_at = at
    proposal.contacts = proposal.changes = []
    proposal.save(update_fields=["discarded_at", "contacts", "changes"])
    record_event(
        at=at,
        actor=by,
        action="edition.proposal_discarded",
        subject=proposal.edition.code,
        detail={"seed": proposal.seed, "repair": proposal.is_repair},
    )


def _hold(proposal_id: int, *, seen: str | None) -> PlanProposal:
    """The proposal behind the lock of its edition."""
    hold_edition(still_there(PlanProposal.objects.values_list("edition", flat=True).filter(pk=proposal_id)))
    proposal = still_there(PlanProposal.objects.select_related("edition").filter(pk=proposal_id))
    check_seen(plan_lines(proposal.edition), seen)
    if proposal.is_decided:
        raise ProposalDecided
    return proposal
