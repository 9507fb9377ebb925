"""Comparing two plans before one of them is taken into use."""

from __future__ import annotations

import datetime as dt

import pytest

from kundeservice.core.models import AuditEvent, Job, JobState, User
from shoppers.models import Assignment, Plan, PlanProposal, Shopper
from shoppers.planner import check_plan, figure_entries, measure
from shoppers.queries.planning import all_contacts, plan_basis, planning_problem
from shoppers.queries.proposals import compare_proposal, undecided_proposals
from shoppers.services import (
    InputChanged,
    PlanImpossible,
    PlanningUnderWay,
    ProposalDecided,
    RepairNeeded,
    plan_edition,
)
from shoppers.services.proposing import accept_proposal, discard_proposal, order_proposal, propose_plan
from surveys.models import Channel, Contact, Edition, Participant, Phase
from surveys.services import EditionLocked, start_attempt
from tests.shoppers.conftest import oslo

BEFORE, MIDWAY = oslo("2022-01-03 09:00"), oslo("2022-01-19 09:00")
Row = tuple[object, ...]


@pytest.fixture
def draft(edition: Edition, participants: list[Participant], pool: list[Shopper]) -> Edition:
    edition.phase = Phase.DRAFT
    edition.save()
    return edition


@pytest.fixture
def under_way(draft: Edition) -> Edition:
    """Planned, the field period open, and one contact of the first week made."""
    plan_edition(edition_id=draft.pk, at=BEFORE, seconds=5.0)
    Edition.objects.update(phase=Phase.FIELD)
    draft.refresh_from_db()
    first = Contact.objects.filter(edition=draft, channel=Channel.TELEPHONE).earliest("planned_on")
    began = dt.datetime.combine(first.planned_on, dt.time(10), tzinfo=draft.tzinfo)  # type: ignore[arg-type]
    start_attempt(contact_id=first.pk, started_at=began, at=began)
    return draft


def proposed(edition: Edition, **facts: object) -> PlanProposal:
    return propose_plan(edition_id=edition.pk, **{"at": BEFORE, "seconds": 5.0, **facts})  # type: ignore[arg-type]


def rows() -> set[Row]:
    return set(
        Assignment.objects.values_list(
            "contact__code", "contact__participant__code", "shopper__code", "contact__planned_on", "contact__window"
        )
    )


def test_a_proposal_touches_nothing_until_it_is_taken_into_use(draft: Edition, leader: User) -> None:
    proposal = proposed(draft, by=leader, seed=4)

    draft.refresh_from_db()
    assert (draft.phase, Contact.objects.count(), Plan.objects.count()) == (Phase.DRAFT, 0, 0)
    assert (proposal.created_by, proposal.seed, len(proposal.contacts)) == (leader, 4, 8)


def test_an_accepted_proposal_is_the_plan_that_planning_at_once_would_have_written(
    draft: Edition, leader: User
) -> None:
    written = plan_edition(edition_id=draft.pk, at=BEFORE, seconds=5.0, seed=2)
    at_once = rows()
    plan_edition(edition_id=draft.pk, at=BEFORE, seconds=5.0, seed=3)

    plan = accept_proposal(proposal_id=proposed(draft, seed=2).pk, by=leader, at=BEFORE)

    assert rows() == at_once
    assert (plan.figures, plan.objective, plan.input_digest) == (
        written.figures,
        written.objective,
        written.input_digest,
    )
    draft.refresh_from_db()
    assert draft.phase == Phase.PLANNED
    assert AuditEvent.objects.filter(action="edition.planned", actor=leader).count() == 1


def test_accepting_discards_the_other_proposals_and_nothing_is_decided_twice(draft: Edition, leader: User) -> None:
    first, second = proposed(draft, seed=1), proposed(draft, seed=2)
    assert [proposal.seed for proposal in undecided_proposals(draft)] == [2, 1]

    plan = accept_proposal(proposal_id=second.pk, by=leader, at=BEFORE)

    assert undecided_proposals(draft) == ()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.discarded_at, second.accepted_at, second.plan) == (BEFORE, BEFORE, plan)
    assert (first.contacts, second.contacts) == ([], [])
    for proposal in (first, second):
        with pytest.raises(ProposalDecided):
            accept_proposal(proposal_id=proposal.pk, by=leader, at=BEFORE)
        with pytest.raises(ProposalDecided):
            discard_proposal(proposal_id=proposal.pk, by=leader, at=BEFORE)


def test_the_same_seed_again_takes_the_place_of_the_former_proposal(draft: Edition) -> None:
    proposed(draft, seed=1)
    again = proposed(draft, seed=1)
    assert undecided_proposals(draft) == (again,)


def test_a_discarded_proposal_leaves_the_plan_alone_and_the_log_tells(draft: Edition, leader: User) -> None:
    plan_edition(edition_id=draft.pk, at=BEFORE, seconds=5.0)
    before = rows()

    discard_proposal(proposal_id=proposed(draft, seed=2).pk, by=leader, at=BEFORE)

    assert rows() == before
    assert undecided_proposals(draft) == ()
    assert AuditEvent.objects.get(action="edition.proposal_discarded").detail == {"seed": 2, "repair": False}


def test_a_proposal_for_an_edition_that_has_changed_is_refused(draft: Edition, pool: list[Shopper]) -> None:
    proposal = proposed(draft)
    Shopper.objects.filter(pk=pool[0].pk).update(max_contacts=9)

    assert not compare_proposal(proposal, at=BEFORE).is_current
    with pytest.raises(InputChanged):
        accept_proposal(proposal_id=proposal.pk, by=None, at=BEFORE)
    assert Contact.objects.count() == 0


def test_a_new_plan_cannot_take_the_place_of_one_that_is_begun(draft: Edition) -> None:
    plan_edition(edition_id=draft.pk, at=BEFORE, seconds=5.0)
    proposal = proposed(draft, seed=2)
    Edition.objects.update(phase=Phase.FIELD)
    first = Contact.objects.filter(channel=Channel.TELEPHONE).earliest("planned_on")
    start_attempt(contact_id=first.pk, started_at=MIDWAY, at=MIDWAY)

    assert not compare_proposal(proposal, at=MIDWAY).is_current
    with pytest.raises(RepairNeeded):
        accept_proposal(proposal_id=proposal.pk, by=None, at=MIDWAY)


def test_a_locked_edition_takes_no_proposal(draft: Edition) -> None:
    proposal = proposed(draft)
    Edition.objects.update(phase=Phase.LOCKED)
    with pytest.raises(EditionLocked):
        accept_proposal(proposal_id=proposal.pk, by=None, at=BEFORE)
    with pytest.raises(EditionLocked):
        proposed(draft)


# What the leader compares ------------------------------------------------------------------------------------------


def test_the_first_plan_has_nothing_to_be_compared_with(draft: Edition) -> None:
    comparison = compare_proposal(proposed(draft), at=BEFORE)
    assert (comparison.is_first, comparison.is_current, comparison.standing) == (True, True, [])
    assert (comparison.total, comparison.changed) == (8, 8)


def test_the_standing_plan_is_measured_as_it_is_now(draft: Edition) -> None:
    plan_edition(edition_id=draft.pk, at=BEFORE, seconds=5.0)
    moved = Contact.objects.order_by("code")[0]
    Contact.objects.filter(pk=moved.pk).update(planned_on=dt.date(2022, 2, 4), week="2022-W05")

    comparison = compare_proposal(proposed(draft, seed=1), at=BEFORE)

    assert comparison.standing == figure_entries(measure(planning_problem(draft), all_contacts(draft)))
    assert (comparison.total, comparison.changed, comparison.moved, comparison.handed_over) == (8, 1, 1, 0)


def test_the_same_plan_again_changes_nothing(draft: Edition) -> None:
    plan_edition(edition_id=draft.pk, at=BEFORE, seconds=5.0, seed=7)
    assert compare_proposal(proposed(draft, seed=7), at=BEFORE).changed == 0


# Repair ------------------------------------------------------------------------------------------------------------


def test_a_repair_is_proposed_with_its_changes_and_then_carried_out(under_way: Edition, leader: User) -> None:
    busy = Assignment.objects.filter(contact__week__gt="2022-W03", contact__contacted_at=None).latest("contact__week")
    Shopper.objects.filter(pk=busy.shopper_id).update(max_contacts=0)
    lost = set(
        Assignment.objects.filter(shopper=busy.shopper, contact__week__gt="2022-W03").values_list(
            "contact__code", flat=True
        )
    )
    before = rows()

    proposal = proposed(under_way, at=MIDWAY, repair=True)

    assert rows() == before
    assert {change["contact"] for change in proposal.changes} == lost
    comparison = compare_proposal(proposal, at=MIDWAY)
    assert (comparison.changed, comparison.total) == (len(lost), 8)

    plan = accept_proposal(proposal_id=proposal.pk, by=leader, at=MIDWAY)

    assert (plan.is_repair, plan.changes) == (True, proposal.changes)
    assert not Assignment.objects.filter(shopper=busy.shopper, contact__week__gt="2022-W03").exists()
    assert check_plan(plan_basis(under_way, repair=True, at=MIDWAY).problem, all_contacts(under_way)) == ()


def test_a_repair_of_yesterday_is_out_of_date(under_way: Edition) -> None:
    proposal = proposed(under_way, at=MIDWAY, repair=True)
    tomorrow = MIDWAY + dt.timedelta(days=1)
    assert not compare_proposal(proposal, at=tomorrow).is_current
    with pytest.raises(InputChanged):
        accept_proposal(proposal_id=proposal.pk, by=None, at=tomorrow)


# The job -----------------------------------------------------------------------------------------------------------


def test_one_job_at_a_time_makes_a_proposal(
    draft: Edition, leader: User, django_capture_on_commit_callbacks: object
) -> None:
    order = {"edition_id": draft.pk, "seed": 5, "seconds": 10, "repair": False, "by": leader, "at": BEFORE}
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        job = order_proposal(**order)  # type: ignore[arg-type]
        with pytest.raises(PlanningUnderWay):
            order_proposal(**order)  # type: ignore[arg-type]
    assert Job.objects.get(pk=job.pk).state == JobState.DONE
    assert [(proposal.seed, proposal.created_by) for proposal in undecided_proposals(draft)] == [(5, leader)]


def test_a_job_that_finds_no_plan_says_why_line_by_line(
    draft: Edition, django_capture_on_commit_callbacks: object
) -> None:
    Shopper.objects.update(channels="email")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        job = order_proposal(edition_id=draft.pk, seed=1, seconds=10, repair=False, by=None, at=BEFORE)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    with pytest.raises(PlanImpossible) as refusal:
        proposed(draft)
    assert tuple(job.error.splitlines()) == refusal.value.reasons
    assert undecided_proposals(draft) == ()


def test_what_can_only_be_mended_is_refused_before_a_job_is_ordered(under_way: Edition) -> None:
    with pytest.raises(RepairNeeded):
        order_proposal(edition_id=under_way.pk, seed=1, seconds=10, repair=False, by=None, at=MIDWAY)
    assert not Job.objects.exists()
