"""From an edition to a plan of who contacts whom, and from a plan to a mended one."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from kundeservice.core.jobs import enqueue_job
from kundeservice.core.models import AuditEvent, Job, JobState, User
from shoppers.models import Assignment, Plan, PlanProposal, Relation, Shopper
from shoppers.planner import check_plan
from shoppers.queries.planning import plan_basis, planning_problem
from shoppers.services import PlanImpossible, RepairNeeded, plan_edition
from shoppers.services.proposing import PROPOSE_PLAN
from surveys.models import Channel, Contact, ContactPoint, Edition, Participant, Phase
from surveys.services import EditionLocked, EditionNotOpen, start_attempt
from tests.shoppers.conftest import ShopperFactory, oslo
from tests.surveys.conftest import annul

BEFORE, MIDWAY = oslo("2022-01-03 09:00"), oslo("2022-01-19 09:00")


def planned(edition: Edition, **facts: object) -> Plan:
    return plan_edition(edition_id=edition.pk, **{"at": BEFORE, "seconds": 5.0, **facts})  # type: ignore[arg-type]


@pytest.fixture
def draft(edition: Edition, participants: list[Participant], pool: list[Shopper]) -> Edition:
    edition.phase = Phase.DRAFT
    edition.save()
    return edition


def test_a_plan_keeps_every_rule_and_is_certified(draft: Edition, leader: User) -> None:
    plan = planned(draft, by=leader, seed=3)
    draft.refresh_from_db()
    assert draft.phase == Phase.PLANNED
    contacts = Contact.objects.filter(edition=draft).order_by("code")
    assert [contact.code for contact in contacts] == [f"c{number:04d}" for number in range(1, 9)]
    assert Counter(contacts.values_list("participant__code", "channel")) == Counter(
        {(code, channel): count for code in ("fjell", "fjord") for channel, count in
         (("telephone", 2), ("email", 1), ("chat", 1))}
    )  # fmt: skip
    assert all(contact.planned_on and contact.week == f"{contact.planned_on:%G-W%V}" for contact in contacts)
    Edition.objects.update(phase=Phase.FIELD)
    standing = plan_basis(draft, repair=True, at=BEFORE).standing
    assert check_plan(planning_problem(draft), standing) == ()
    assert (plan.seed, plan.is_repair, len(plan.input_digest)) == (3, False, 64)
    assert all(set(figure) == {"name", "value", "bound", "gap"} for figure in plan.figures)
    assert AuditEvent.objects.get(action="edition.planned").actor == leader


def test_the_same_input_and_seed_give_the_same_plan(draft: Edition) -> None:
    def rows() -> list[tuple[object, ...]]:
        return list(
            Assignment.objects.order_by("contact__code").values_list(
                "contact__code", "contact__participant__code", "shopper__code", "contact__planned_on", "contact__window"
            )
        )

    first = planned(draft)
    before = rows()
    second = planned(draft)
    assert rows() == before
    assert (first.input_digest, first.objective) == (second.input_digest, second.objective)
    assert Contact.objects.count() == len(before)  # a new plan replaces the old one


def test_relations_channels_and_availability_are_kept(draft: Edition, pool: list[Shopper]) -> None:
    Relation.objects.create(shopper=pool[0], participant=Participant.objects.get(code="fjell"))
    Shopper.objects.filter(pk=pool[1].pk).update(channels="email")
    Shopper.objects.filter(pk=pool[2].pk).update(available_from=dt.date(2022, 1, 31))
    planned(draft)
    assert not Assignment.objects.filter(shopper=pool[0], contact__participant__code="fjell").exists()
    assert not Assignment.objects.filter(shopper=pool[1]).exclude(contact__channel="email").exists()
    assert not Assignment.objects.filter(shopper=pool[2], contact__planned_on__lt=dt.date(2022, 1, 31)).exists()


def test_the_first_plan_covers_the_period_whatever_today_is(draft: Edition) -> None:
    planned(draft, at=oslo("2025-06-01 12:00"))
    assert Contact.objects.filter(edition=draft).count() == 8


def test_why_there_is_no_plan_is_told_with_names_and_numbers(draft: Edition, pool: list[Shopper]) -> None:
    Shopper.objects.exclude(pk=pool[0].pk).update(channels="email")
    with pytest.raises(PlanImpossible) as refusal:
        planned(draft)
    text = str(refusal.value)
    assert "Fjellbanken" in text
    assert "telefon" in text
    assert "?" not in text
    draft.refresh_from_db()
    assert (draft.phase, Contact.objects.count()) == (Phase.DRAFT, 0)


def test_a_participant_nobody_can_reach_is_named(draft: Edition) -> None:
    ContactPoint.objects.filter(participant__code="fjord").delete()
    Participant.objects.filter(code="fjell").update(telephone_contacts=1, email_contacts=1)
    with pytest.raises(PlanImpossible) as refusal:
        planned(draft)
    assert len(refusal.value.reasons) == 2
    assert "Fjordbanken har ingen åpen kontaktmåte" in str(refusal.value)
    assert "Fjellbanken har egne antall for telefon og e-post som blir 2 til sammen, men skal ha 4" in str(
        refusal.value
    )


@pytest.mark.parametrize(("phase", "reason"), [(Phase.REVIEW, EditionNotOpen), (Phase.LOCKED, EditionLocked)])
def test_an_edition_past_its_field_period_is_not_planned(draft: Edition, phase: Phase, reason: type[Exception]) -> None:
    Edition.objects.update(phase=phase)
    for repair in (False, True):
        with pytest.raises(reason):
            planned(draft, repair=repair)


# Repair ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def under_way(draft: Edition) -> Edition:
    """Planned, the field period open, and one contact of the first week made."""
    planned(draft)
    Edition.objects.update(phase=Phase.FIELD)
    draft.refresh_from_db()
    first = Contact.objects.filter(edition=draft, channel=Channel.TELEPHONE).earliest("planned_on")
    began = dt.datetime.combine(first.planned_on, dt.time(10), tzinfo=draft.tzinfo)  # type: ignore[arg-type]
    start_attempt(contact_id=first.pk, started_at=began, at=began)
    return draft


def test_once_something_is_begun_a_plan_is_only_mended(under_way: Edition) -> None:
    with pytest.raises(RepairNeeded, match="repareres"):
        planned(under_way, at=MIDWAY)


def test_what_is_annulled_is_not_swept_away_by_a_new_plan(draft: Edition) -> None:
    planned(draft)
    annulled = Contact.objects.filter(edition=draft).earliest("code")
    annul(annulled, note="Feil deltaker.", at=MIDWAY)
    with pytest.raises(RepairNeeded, match="annullert"):
        planned(draft)
    assert Contact.objects.filter(pk=annulled.pk).exists()


def test_a_repair_with_nothing_to_mend_changes_nothing(under_way: Edition) -> None:
    def rows() -> set[tuple[object, ...]]:
        return set(Assignment.objects.values_list("contact__code", "shopper", "contact__planned_on", "contact__window"))

    before = rows()
    plan = planned(under_way, at=MIDWAY, repair=True)
    assert (plan.is_repair, plan.changes, plan.objective) == (True, [], "0/0")
    assert rows() == before


def test_a_shopper_who_drops_out_is_replaced_and_the_changes_are_listed(under_way: Edition) -> None:
    busy = Assignment.objects.filter(contact__week__gt="2022-W03", contact__contacted_at=None).latest("contact__week")
    gone = busy.shopper
    Shopper.objects.filter(pk=gone.pk).update(max_contacts=0)
    standing = {
        row.contact.code: (row.shopper_id, row.contact.planned_on)
        for row in Assignment.objects.filter(contact__week__lte="2022-W03").select_related("contact")
    }
    lost = set(
        Assignment.objects.filter(shopper=gone, contact__week__gt="2022-W03").values_list("contact__code", flat=True)
    )
    plan = planned(under_way, at=MIDWAY, repair=True)
    changed = {change["contact"] for change in plan.changes}
    assert busy.contact.code in lost
    assert changed == lost  # the fewest possible
    assert not Assignment.objects.filter(shopper=gone, contact__week__gt="2022-W03").exists()
    assert not changed & standing.keys()
    for row in Assignment.objects.filter(contact__code__in=standing).select_related("contact"):
        assert standing[row.contact.code] == (row.shopper_id, row.contact.planned_on)
    basis = plan_basis(under_way, repair=True, at=MIDWAY)
    assert check_plan(basis.problem, basis.contacts) == ()


def test_an_annulled_contact_gets_a_new_one_with_somebody_else(under_way: Edition) -> None:
    lost = Contact.objects.filter(contacted_at=None).earliest("planned_on")
    shopper = Assignment.objects.get(contact=lost).shopper
    annul(lost, note="Mystery shopperen er kunde der.", at=BEFORE)
    plan = planned(under_way, at=oslo("2022-01-14 09:00"), repair=True)
    added = [change for change in plan.changes if change["kind"] == "added"]
    assert [change["contact"] for change in added] == ["c0009"]
    new = Assignment.objects.get(contact__code="c0009")
    assert (new.contact.participant, new.contact.channel) == (lost.participant, lost.channel)
    assert new.shopper != shopper


# Job and command ----------------------------------------------------------------------------------------------------


def test_the_job_plans_and_tells_how_it_went(
    draft: Edition, leader: User, django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        job = enqueue_job(PROPOSE_PLAN, subject=draft.code, payload={"edition": draft.pk}, at=BEFORE)
    assert Job.objects.get(pk=job.pk).state == JobState.DONE
    assert len(PlanProposal.objects.get().contacts) == 8
    Shopper.objects.update(channels="messenger")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        failed = enqueue_job(PROPOSE_PLAN, subject=draft.code, payload={"edition": draft.pk}, at=BEFORE)
    failed.refresh_from_db()
    assert failed.state == JobState.FAILED
    assert "telefon" in failed.error


def test_the_command_plans_and_says_why_not(draft: Edition, shopper_of: ShopperFactory) -> None:
    out = StringIO()
    call_command("plan_contacts", draft.code, "--json", stdout=out)
    certificate = json.loads(out.getvalue())
    assert (certificate["edition"], certificate["contacts"]) == (draft.code, 8)
    Shopper.objects.update(max_contacts=1)
    with pytest.raises(CommandError, match="mangler"):
        call_command("plan_contacts", draft.code)
    with pytest.raises(CommandError, match="ingen årgang"):
        call_command("plan_contacts", "ukjent")
