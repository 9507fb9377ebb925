"""Annulling: a reason, a line in the log, a second leader where a result may move – and the way back."""

from __future__ import annotations

import pytest

from kundeservice.core.models import AuditEvent, Role, User
from surveys.models import (
    Channel,
    Comment,
    Contact,
    Edition,
    Outcome,
    Participant,
    Phase,
    Question,
    ReviewState,
    Voiding,
)
from surveys.queries.content import handed_in_content
from surveys.queries.gates import undone_after_closing
from surveys.queries.versions import review_version
from surveys.queries.voiding import list_void, void_consequences
from surveys.services import (
    ChangedMeanwhile,
    EditionLocked,
    EditionNotOpen,
    RequestRefused,
    ReviewRefused,
    agree_to_void,
    approve_response,
    ask_to_void,
    return_response,
    start_attempt,
    withdraw_voiding,
)
from surveys.services.voiding import lift_voiding
from tests import factories
from tests.conftest import PersonFactory
from tests.surveys.conftest import ContactFactory, annul, oslo

AT = oslo("2022-01-20 09:00")
LATER = oslo("2022-01-20 10:00")
WHY = "Han er kunde der, viste det seg."


@pytest.fixture
def leader(leader: User) -> User:
    leader.role_grants.update(granted_at=oslo("2022-01-01 09:00"))
    return leader


@pytest.fixture
def colleague(person: PersonFactory) -> User:
    someone = person(Role.LEADER, email="kollega@example.test", display_name="Kari Kollega")
    someone.role_grants.update(granted_at=oslo("2022-01-01 09:00"))
    return someone


def ask(contact: Contact, by: User, **facts: str) -> Voiding:
    return ask_to_void(contact_id=contact.pk, by=by, at=AT, **{"reason": "customer", "note": WHY, **facts})


# Two people ----------------------------------------------------------------------------------------------------------


def test_what_is_made_is_annulled_when_a_second_leader_agrees(
    handed_in: Contact, leader: User, colleague: User
) -> None:
    asked = ask(handed_in, leader)
    handed_in.refresh_from_db()
    assert (handed_in.outcome, handed_in.review) == (Outcome.ANSWERED, ReviewState.SUBMITTED), "nothing is done yet"

    agree_to_void(voiding_id=asked.pk, by=colleague, at=LATER)

    handed_in.refresh_from_db()
    assert (handed_in.outcome, handed_in.review, handed_in.wait) == (Outcome.VOID, "", None)
    assert not handed_in.answers.exists()
    told = list(AuditEvent.objects.filter(action__startswith="contact.void").order_by("pk"))
    assert [(line.action, line.actor) for line in told] == [
        ("contact.void_asked", leader),
        ("contact.voided", colleague),
    ]
    assert told[1].detail == {"note": WHY, "kind": "customer", "outcome": "answered", "review": "submitted"}


def test_nobody_agrees_with_themselves(handed_in: Contact, leader: User) -> None:
    asked = ask(handed_in, leader)
    with pytest.raises(ReviewRefused, match="Be en kollega"):
        agree_to_void(voiding_id=asked.pk, by=leader, at=LATER)


def test_a_leader_made_after_the_request_does_not_answer_it(handed_in: Contact, leader: User, colleague: User) -> None:
    asked = ask(handed_in, leader)
    colleague.role_grants.update(granted_at=LATER)
    with pytest.raises(RequestRefused, match="Du ble prosjektleder"):
        agree_to_void(voiding_id=asked.pk, by=colleague, at=LATER)


def test_only_leaders_annul(handed_in: Contact, reviewer: User) -> None:
    with pytest.raises(RequestRefused, match="Bare prosjektledere"):
        ask(handed_in, reviewer)


def test_one_is_enough_where_the_edition_asks_for_one(handed_in: Contact, leader: User) -> None:
    Edition.objects.update(viewers_needed=1)
    assert ask(handed_in, leader).agreed_by == leader
    handed_in.refresh_from_db()
    assert handed_in.outcome == Outcome.VOID


def test_what_nobody_has_begun_moves_no_result_and_takes_one(planned: ContactFactory, leader: User) -> None:
    untouched, begun = planned(code="c1"), planned(code="c2")
    start_attempt(contact_id=begun.pk, at=AT)

    assert ask(untouched, leader).agreed_at == AT
    assert ask(begun, leader).agreed_at is None


def test_a_request_is_turned_down_and_can_be_asked_again(handed_in: Contact, leader: User, colleague: User) -> None:
    asked = ask(handed_in, leader)
    with pytest.raises(ReviewRefused, match="venter på en kollega"):
        ask(handed_in, colleague)

    withdraw_voiding(voiding_id=asked.pk, by=colleague, at=LATER)

    for answer in (agree_to_void, withdraw_voiding):
        with pytest.raises(ReviewRefused, match="allerede behandlet"):
            answer(voiding_id=asked.pk, by=colleague, at=LATER)
    assert ask(handed_in, colleague).agreed_at is None
    assert AuditEvent.objects.filter(action="contact.void_withdrawn", actor=colleague).count() == 1


def test_an_answer_to_a_request_carries_what_was_seen(handed_in: Contact, leader: User, colleague: User) -> None:
    asked = ask(handed_in, leader)
    seen = review_version(handed_in)
    approve_response(contact_id=handed_in.pk, by=leader, at=AT)
    with pytest.raises(ChangedMeanwhile, match="Liv Leder: Godkjente en besvarelse"):
        agree_to_void(voiding_id=asked.pk, by=colleague, at=LATER, seen=seen)
    with pytest.raises(ChangedMeanwhile):
        ask_to_void(contact_id=handed_in.pk, by=colleague, at=LATER, reason="other", note=WHY, seen=seen)


def test_a_request_that_waits_is_told_before_the_lock(handed_in: Contact, leader: User) -> None:
    ask(handed_in, leader)
    assert "1 annullering venter på en kollega" in [part.text for part in undone_after_closing(handed_in.edition)]


@pytest.mark.parametrize(("reason", "note"), [("customer", " "), ("nonsense", WHY)])
def test_a_reason_is_chosen_and_told(handed_in: Contact, leader: User, reason: str, note: str) -> None:
    with pytest.raises(ReviewRefused):
        ask(handed_in, leader, reason=reason, note=note)
    assert not Voiding.objects.exists()


def test_a_locked_edition_is_neither_annulled_nor_put_back(handed_in: Contact, leader: User, colleague: User) -> None:
    asked = ask(handed_in, leader)
    Edition.objects.update(phase=Phase.LOCKED)
    for act in (
        lambda: agree_to_void(voiding_id=asked.pk, by=colleague, at=LATER),
        lambda: withdraw_voiding(voiding_id=asked.pk, by=colleague, at=LATER),
        lambda: lift_voiding(contact_id=handed_in.pk, by=leader, note=WHY, at=LATER),
    ):
        with pytest.raises(EditionLocked):
            act()


# A returned one ------------------------------------------------------------------------------------------------------


def test_a_returned_response_is_annulled_too(handed_in: Contact, leader: User, colleague: User) -> None:
    return_response(contact_id=handed_in.pk, by=leader, note="Se på ventetiden.", at=AT)
    agree_to_void(voiding_id=ask(handed_in, leader).pk, by=colleague, at=LATER)
    handed_in.refresh_from_db()
    assert (handed_in.outcome, handed_in.review) == (Outcome.VOID, "")


# The way back --------------------------------------------------------------------------------------------------------


def test_putting_back_restores_every_answer_and_asks_for_a_new_review(
    handed_in: Contact, leader: User, colleague: User
) -> None:
    Question.objects.filter(code="met").update(channels="telephone")  # asked on this contact's channel alone
    approve_response(contact_id=handed_in.pk, by=leader, at=AT, comments={"agent": "Hun var flink."})
    before = handed_in_content(handed_in)
    agree_to_void(voiding_id=ask(handed_in, leader).pk, by=colleague, at=LATER)

    lift_voiding(contact_id=handed_in.pk, by=leader, note="Det var en annen mystery shopper.", at=LATER)

    wait = handed_in.wait
    handed_in.refresh_from_db()
    assert (handed_in.outcome, handed_in.review, handed_in.wait) == (Outcome.ANSWERED, ReviewState.SUBMITTED, wait)
    assert handed_in_content(handed_in) == before
    comment = Comment.objects.get(contact=handed_in)
    assert (comment.text, comment.original_text) == ("Hun var flink.", "Kari var flink."), "the name stays out"
    event = handed_in.review_events.latest("pk")
    assert (event.state, event.by, event.note) == (ReviewState.SUBMITTED, leader, "Det var en annen mystery shopper.")
    line = AuditEvent.objects.get(action="contact.void_lifted")
    assert (line.actor, line.detail["note"]) == (leader, "Det var en annen mystery shopper.")
    assert ask(handed_in, leader).agreed_at is None, "and it can be annulled again"


def test_a_returned_one_goes_back_to_its_shopper(handed_in: Contact, leader: User, colleague: User) -> None:
    return_response(contact_id=handed_in.pk, by=leader, note="Se på ventetiden.", at=AT)
    agree_to_void(voiding_id=ask(handed_in, leader).pk, by=colleague, at=LATER)
    lift_voiding(contact_id=handed_in.pk, by=leader, note=WHY, at=LATER)
    handed_in.refresh_from_db()
    assert (handed_in.outcome, handed_in.review) == (Outcome.ANSWERED, ReviewState.RETURNED)


def test_a_planned_one_is_planned_again(planned: ContactFactory, leader: User) -> None:
    contact = planned()
    ask(contact, leader)
    lift_voiding(contact_id=contact.pk, by=leader, note=WHY, at=LATER)
    contact.refresh_from_db()
    assert (contact.outcome, contact.review) == ("", "")


def test_before_there_is_a_plan_there_is_nothing_to_annul(planned: ContactFactory, leader: User) -> None:
    contact = planned()
    Edition.objects.update(phase=Phase.DRAFT)
    with pytest.raises(EditionNotOpen):
        ask(contact, leader)


def test_before_the_field_period_too_it_is_annulled_and_put_back(planned: ContactFactory, leader: User) -> None:
    contact = planned()
    Edition.objects.update(phase=Phase.PLANNED)
    ask(contact, leader)
    assert lift_voiding(contact_id=contact.pk, by=leader, note=WHY, at=LATER).outcome == ""


def test_one_that_a_new_contact_has_taken_the_place_of_is_not_put_back(planned: ContactFactory, leader: User) -> None:
    contact = planned()
    Edition.objects.update(contacts_per_participant=1)
    ask(contact, leader)
    planned(code="c9")
    with pytest.raises(ReviewRefused, match="en ny er planlagt i stedet"):
        lift_voiding(contact_id=contact.pk, by=leader, note=WHY, at=LATER)


def test_what_a_package_annulled_has_nothing_to_put_back(planned: ContactFactory, leader: User) -> None:
    contact = planned()
    Contact.objects.filter(pk=contact.pk).update(outcome=Outcome.VOID)
    with pytest.raises(ReviewRefused, match="kom kanskje med en pakke"):
        lift_voiding(contact_id=contact.pk, by=leader, note=WHY, at=LATER)


def test_what_an_import_put_back_can_be_annulled_again(planned: ContactFactory, leader: User) -> None:
    contact = planned()
    ask(contact, leader)
    Contact.objects.filter(pk=contact.pk).update(outcome="")
    assert ask(contact, leader).agreed_at == AT


# What is told before -------------------------------------------------------------------------------------------------


def test_what_is_left_is_told_in_numbers(participant: Participant, leader: User) -> None:
    Edition.objects.update(min_counted=3, min_channel_contacts=2)
    participant.edition.refresh_from_db()
    contact, *_others = [factories.make_contact(participant) for _turn in range(3)]
    factories.make_contact(participant, Channel.EMAIL, review=ReviewState.SUBMITTED)
    annul(factories.make_contact(participant), note=WHY, at=AT)
    contact = Contact.objects.select_related("edition").get(pk=contact.pk)

    told = void_consequences(contact)

    assert (told.in_all.left, told.in_all.counted, told.in_all.needed) == (3, 2, 3)
    assert (told.in_all.falls_short, told.in_all.hangs_on_the_rest) == (False, True)
    assert (told.on_channel.left, told.on_channel.counted, told.on_channel.falls_short) == (2, 2, False)
    assert (told.counts_now, told.takes_two) == (True, True)


def test_what_is_annulled_is_listed(participant: Participant) -> None:
    for _turn in range(2):
        annul(factories.make_contact(participant), note=WHY, at=AT)
    listed = list_void(participant.edition)
    assert ([row.note for row in listed.done], listed.waiting) == ([WHY, WHY], ())
