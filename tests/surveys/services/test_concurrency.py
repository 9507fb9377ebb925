"""Two presses at the same moment: real threads, real transactions, one hand-in."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from kundeservice.core.gone import GoneMeanwhile
from surveys.models import (
    AttemptResult,
    Channel,
    Contact,
    Edition,
    Participant,
    Phase,
    Response,
    ReviewEvent,
    ReviewState,
)
from surveys.queries.content import Content
from surveys.services import (
    AlreadyHandedIn,
    EditionLocked,
    Receipt,
    SavedDraft,
    StaleRevision,
    SurveyRefusal,
    hold_edition,
    open_draft,
    record_attempt,
    save_draft,
    submit_response,
)
from tests.surveys.conftest import FULL_OPTIONS, FULL_VALUES, oslo

MONDAY = oslo("2022-01-10 10:00")
PRESSES = 6


@pytest.fixture
def contact(transactional_db: None, edition: Edition, participant: Participant) -> Contact:
    contact = Contact.objects.create(
        edition=edition, participant=participant, channel=Channel.TELEPHONE, code="c0001", week="2022-W02"
    )
    record_attempt(contact_id=contact.pk, started_at=MONDAY, wait_seconds=45, result=AttemptResult.ANSWERED, at=MONDAY)
    return contact


def all_at_once(
    act: Callable[[int], object], *, refusals: tuple[type[Exception], ...] = (StaleRevision,)
) -> list[object]:
    """What each of several threads came to: a result, or the exception it met."""
    gate = threading.Barrier(PRESSES)
    came: list[object] = []

    def press(number: int) -> None:
        gate.wait()
        try:
            came.append(act(number))
        except refusals as refusal:
            came.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(number,)) for number in range(PRESSES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return came


def test_pressing_many_times_at_once_hands_in_once(contact: Contact) -> None:
    saved = save_draft(contact_id=contact.pk, revision=0, options=FULL_OPTIONS, values=FULL_VALUES, at=MONDAY)
    came = all_at_once(
        lambda _number: submit_response(
            contact_id=contact.pk, submission_key=saved.submission_key, revision=saved.revision, at=MONDAY
        )
    )
    receipts = [receipt for receipt in came if isinstance(receipt, Receipt)]
    assert len(receipts) == PRESSES
    assert [receipt.was_repeated for receipt in receipts].count(False) == 1
    assert len({receipt.digest for receipt in receipts}) == 1
    assert contact.answers.count() == len(FULL_OPTIONS) + len(FULL_VALUES)
    assert ReviewEvent.objects.count() == 1


def test_of_many_saves_from_the_same_revision_one_stands(contact: Contact) -> None:
    open_draft(contact_id=contact.pk)
    came = all_at_once(
        lambda number: save_draft(contact_id=contact.pk, revision=0, values={"nps": number}, at=MONDAY).conflicts
    )
    assert sorted(came, key=len) == [(), *[("q-nps",)] * (PRESSES - 1)]  # type: ignore[arg-type]


def test_saves_of_different_fields_at_once_all_stand(contact: Contact) -> None:
    opened = open_draft(contact_id=contact.pk).content
    fields = [*list(FULL_OPTIONS)[:3], *list(FULL_VALUES)[:3]]

    def save(number: int) -> object:
        code = fields[number]
        options = {code: FULL_OPTIONS[code]} if code in FULL_OPTIONS else {}
        values = {code: FULL_VALUES[code]} if code in FULL_VALUES else {}
        seen = {f"q-{code}": [opened.mark(f"q-{code}")]}
        return save_draft(contact_id=contact.pk, options=options, values=values, seen=seen, at=MONDAY).conflicts

    assert all_at_once(save) == [()] * PRESSES
    kept = open_draft(contact_id=contact.pk)
    assert (set(kept.content.options) | set(kept.content.values), kept.revision) == (set(fields), PRESSES)


def while_the_edition_is_held(contact: Contact, meanwhile: Callable[[], object], act: Callable[[], object]) -> object:
    """What `act` comes to, result or refusal, when it must wait for somebody who does `meanwhile` behind the lock."""
    came: list[object] = []

    def wait_and_act() -> None:
        try:
            came.append(act())
        except (SurveyRefusal, GoneMeanwhile) as refusal:
            came.append(refusal)
        finally:
            connection.close()

    waiting = threading.Thread(target=wait_and_act)
    with transaction.atomic():
        hold_edition(contact.edition_id)
        waiting.start()
        waiting.join(timeout=0.5)
        assert waiting.is_alive(), "the lock let somebody past"
        meanwhile()
    waiting.join(timeout=60)
    return came[0]


@pytest.mark.parametrize("has_response", [True, False])
def test_a_save_that_waited_meets_what_was_handed_in_meanwhile(contact: Contact, has_response: bool) -> None:
    if has_response:
        open_draft(contact_id=contact.pk)
    came = while_the_edition_is_held(
        contact,
        lambda: Contact.objects.filter(pk=contact.pk).update(review=ReviewState.SUBMITTED),
        lambda: save_draft(contact_id=contact.pk, values={"nps": 3}, at=MONDAY),
    )
    assert isinstance(came, AlreadyHandedIn)


@pytest.mark.parametrize("has_response", [True, False])
def test_a_save_that_waited_meets_the_lock_of_the_edition(contact: Contact, has_response: bool) -> None:
    if has_response:
        open_draft(contact_id=contact.pk)
    came = while_the_edition_is_held(
        contact,
        lambda: Edition.objects.filter(pk=contact.edition_id).update(phase=Phase.LOCKED),
        lambda: save_draft(contact_id=contact.pk, values={"nps": 3}, at=MONDAY),
    )
    assert isinstance(came, EditionLocked)


@pytest.mark.parametrize("has_response", [True, False])
def test_a_save_that_waited_builds_on_what_was_saved_meanwhile(contact: Contact, has_response: bool) -> None:
    if has_response:
        open_draft(contact_id=contact.pk)
    empty = Content().mark("q-nps")
    came = while_the_edition_is_held(
        contact,
        lambda: save_draft(contact_id=contact.pk, values={"nps": 9, "ces": 2}, at=MONDAY),
        lambda: save_draft(
            contact_id=contact.pk, values={"nps": 3, "csat": 4}, seen={"q-nps": [empty], "q-csat": [empty]}, at=MONDAY
        ),
    )
    assert isinstance(came, SavedDraft)
    assert (came.conflicts, came.content.values) == (("q-nps",), {"nps": 9, "ces": 2, "csat": 4})


@pytest.mark.parametrize("has_response", [True, False])
@pytest.mark.parametrize(
    ("review", "save"),
    [
        ("", {"values": {"nps": 3}}),
        ("", {"values": {"nps": 9}}),
        ("", {"values": {"nps": 3}, "seen": {"q-nps": ["another mark"]}}),
        ("", {"values": {"nps": 99}}),
        (ReviewState.SUBMITTED, {"values": {"nps": 3}}),
    ],
    ids=["new", "repeated", "conflict", "refused", "handed in"],
)
def test_a_save_that_waited_is_not_made_when_the_contact_became_somebody_elses(
    contact: Contact, has_response: bool, review: str, save: dict[str, Any]
) -> None:
    if has_response:
        save_draft(contact_id=contact.pk, values={"nps": 9}, at=MONDAY)
    mine = Contact.objects.filter(week=contact.week)
    before = list(Response.objects.values())
    came = while_the_edition_is_held(
        contact,
        lambda: Contact.objects.filter(pk=contact.pk).update(week="2022-W05", review=review),
        lambda: save_draft(contact_id=contact.pk, at=MONDAY, among=mine, **save),
    )
    assert isinstance(came, GoneMeanwhile)
    assert list(Response.objects.values()) == before


def test_pages_opened_before_anything_was_saved_hand_in_once_between_them(contact: Contact) -> None:
    """Each page made its own key; the first one in adopts the response, the others are told to look again."""
    Contact.objects.filter(pk=contact.pk).update(channel=Channel.EMAIL, contacted_at=None)
    contact.attempts.all().delete()
    record_attempt(
        contact_id=contact.pk, started_at=MONDAY, result=AttemptResult.NO_ANSWER, at=oslo("2022-01-13 09:00")
    )
    came = all_at_once(
        lambda _number: submit_response(
            contact_id=contact.pk, submission_key=uuid.uuid4(), revision=0, at=oslo("2022-01-13 09:00")
        )
    )
    assert sum(isinstance(result, Receipt) for result in came) == 1
    assert sum(isinstance(result, StaleRevision) for result in came) == PRESSES - 1
    assert ReviewEvent.objects.count() == 1
