"""Opening and closing the field period."""

from __future__ import annotations

from typing import Any

import pytest

from kundeservice.core.models import AuditEvent, User
from surveys.models import Channel, Contact, Edition, Phase, Question, WaitBand
from surveys.queries.versions import gate_version
from surveys.services import (
    ChangedMeanwhile,
    EditionLocked,
    EditionNotOpen,
    EditionNotReady,
    ReasonNeeded,
    WorkBegun,
    close_field,
    open_field,
    reopen_field,
    start_attempt,
    take_back_opening,
)
from tests.surveys.conftest import ContactFactory, annul, oslo

AT = oslo("2022-01-10 08:00")


@pytest.fixture
def planned_edition(edition: Edition, planned: ContactFactory) -> Edition:
    planned()
    Edition.objects.update(phase=Phase.PLANNED)
    return edition


def test_the_field_period_opens_closes_and_reopens(planned_edition: Edition, leader: User) -> None:
    assert open_field(edition_id=planned_edition.pk, by=leader, at=AT).phase == Phase.FIELD
    pk = planned_edition.pk
    assert close_field(edition_id=pk, by=leader, at=AT, reason="Alle er ferdige.").phase == Phase.REVIEW
    assert reopen_field(edition_id=pk, by=leader, at=AT, reason="En var ikke det.").phase == Phase.FIELD
    moves = AuditEvent.objects.filter(action="edition.phase_changed").order_by("pk").values_list("detail", flat=True)
    assert moves[0] == {"from": "planned", "to": "field"}
    assert len(moves) == 3
    assert [move.get("reason") for move in moves] == [None, "Alle er ferdige.", "En var ikke det."]


def test_a_field_period_with_work_undone_closes_only_with_a_reason(planned_edition: Edition, leader: User) -> None:
    Edition.objects.update(phase=Phase.FIELD)

    with pytest.raises(ReasonNeeded, match="1 henvendelse er ikke gjort"):
        close_field(edition_id=planned_edition.pk, by=leader, at=AT, reason=" ")

    Contact.objects.update(contacted_at=AT)
    with pytest.raises(ReasonNeeded, match="1 henvendelse er begynt"):
        close_field(edition_id=planned_edition.pk, by=leader, at=AT)
    planned_edition.refresh_from_db()
    assert planned_edition.phase == Phase.FIELD

    Contact.objects.update(outcome="no_answer")
    assert close_field(edition_id=planned_edition.pk, by=leader, at=AT).phase == Phase.REVIEW
    assert AuditEvent.objects.latest("pk").actor == leader


def test_a_closing_is_taken_back_with_a_reason_and_until_the_lock(planned_edition: Edition, leader: User) -> None:
    Edition.objects.update(phase=Phase.REVIEW)
    with pytest.raises(ReasonNeeded, match=r"^Skriv hvorfor"):
        reopen_field(edition_id=planned_edition.pk, by=leader, at=AT, reason="")

    Edition.objects.update(phase=Phase.LOCKED)
    with pytest.raises(EditionLocked):
        reopen_field(edition_id=planned_edition.pk, by=leader, at=AT, reason="For sent.")


def test_an_opening_is_taken_back_with_a_reason_while_nobody_has_begun(planned_edition: Edition, leader: User) -> None:
    open_field(edition_id=planned_edition.pk, by=leader, at=AT)
    with pytest.raises(ReasonNeeded):
        take_back_opening(edition_id=planned_edition.pk, by=leader, at=AT, reason=" ")

    back = take_back_opening(edition_id=planned_edition.pk, by=leader, at=AT, reason="Feil skjema.")
    assert back.phase == Phase.PLANNED
    line = AuditEvent.objects.latest("pk")
    assert (line.actor, line.detail) == (leader, {"from": "field", "to": "planned", "reason": "Feil skjema."})

    open_field(edition_id=planned_edition.pk, by=leader, at=AT)
    start_attempt(contact_id=Contact.objects.get().pk, at=AT)
    with pytest.raises(WorkBegun, match="1 henvendelse er begynt"):
        take_back_opening(edition_id=planned_edition.pk, by=leader, at=AT, reason="Feil skjema.")


def test_an_opening_is_taken_back_though_a_contact_nobody_had_begun_is_annulled(
    planned_edition: Edition, leader: User
) -> None:
    open_field(edition_id=planned_edition.pk, by=leader, at=AT)
    annul(Contact.objects.get(), note="Feil deltaker.", at=AT)
    back = take_back_opening(edition_id=planned_edition.pk, by=leader, at=AT, reason="Feil skjema.")
    assert back.phase == Phase.PLANNED


def test_a_step_from_an_older_page_is_told_and_not_taken(planned_edition: Edition, leader: User) -> None:
    seen = gate_version(planned_edition)
    open_field(edition_id=planned_edition.pk, by=leader, at=AT, seen=seen)

    with pytest.raises(ChangedMeanwhile, match="Liv Leder"):
        close_field(edition_id=planned_edition.pk, by=leader, at=AT, reason="Ferdig.", seen=seen)


def test_it_opens_only_from_a_plan(planned_edition: Edition, leader: User) -> None:
    open_field(edition_id=planned_edition.pk, by=leader, at=AT)
    with pytest.raises(EditionNotOpen, match="Feltperiode"):
        open_field(edition_id=planned_edition.pk, by=leader, at=AT)
    Edition.objects.update(phase=Phase.LOCKED)
    with pytest.raises(EditionLocked):
        close_field(edition_id=planned_edition.pk, by=leader, at=AT)


def test_what_somebody_did_to_the_plan_is_seen_before_it_opens(planned_edition: Edition, leader: User) -> None:
    seen = gate_version(planned_edition)
    open_field(edition_id=planned_edition.pk, by=leader, at=AT)
    take_back_opening(edition_id=planned_edition.pk, by=leader, at=AT, reason="Feil skjema.")
    with pytest.raises(ChangedMeanwhile, match="Liv Leder"):
        open_field(edition_id=planned_edition.pk, by=leader, at=AT, seen=seen)


def test_a_step_back_is_taken_from_the_phase_it_leads_back_from(planned_edition: Edition, leader: User) -> None:
    facts: dict[str, Any] = {"edition_id": planned_edition.pk, "by": leader, "at": AT, "reason": "Feil skjema."}
    for step_back in (take_back_opening, reopen_field):
        with pytest.raises(EditionNotOpen, match="Planlagt"):
            step_back(**facts)


def test_everything_that_is_lacking_is_named_at_once(planned_edition: Edition, leader: User) -> None:
    Edition.objects.update(weight_wait=6)
    WaitBand.objects.filter(channel=Channel.TELEPHONE).delete()
    Question.objects.update(channels="email")
    with pytest.raises(EditionNotReady) as refusal:
        open_field(edition_id=planned_edition.pk, by=leader, at=AT)
    assert len(refusal.value.problems) == 3


def test_an_edition_without_contacts_does_not_open(edition: Edition, leader: User) -> None:
    Edition.objects.update(phase=Phase.PLANNED)
    with pytest.raises(EditionNotReady, match="Lag planen"):
        open_field(edition_id=edition.pk, by=leader, at=AT)
