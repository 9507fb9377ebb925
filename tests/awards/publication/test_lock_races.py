"""Locking and counting while others are at work: real threads, real transactions, one consistent state.

Everything here runs on PostgreSQL, where rows are held, and on SQLite, where the whole file is.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from django.db import connection, transaction

from awards.models import Lock
from awards.package.format.digest import package_sums, root_of
from awards.package.services import load_package
from awards.publication.services.publishing import AlreadyLocked, PublicationRefused, lock_edition, publish_edition
from kundeservice.core.models import AuditEvent, Job, Role
from scoring.models import ContactScores, ScoreRun
from scoring.queries import input_digest_of, result_of
from scoring.services import count_edition, order_count
from surveys.models import AttemptResult, Channel, Contact, Edition, Participant, Phase, ReviewState
from surveys.services import (
    EditionLocked,
    RequestRefused,
    agree_to_request,
    ask_to_view_results,
    hold_edition,
    record_attempt,
    save_draft,
    submit_response,
    withdraw_request,
)
from tests.factories import AT, believable_edition, make_edition, make_person
from tests.surveys.conftest import FULL_OPTIONS, FULL_VALUES, edition, oslo, participant

__all__ = ["edition", "participant"]  # fixtures are found by being here

pytestmark = pytest.mark.django_db(transaction=True)

MONDAY = oslo("2022-01-10 10:00")
BLOCKED = 0.5
"""Seconds a thread is given to come past somebody who holds the edition; it must not."""
PATIENCE = 60


@dataclass
class Thread:
    """Something done at the same time, on a database connection of its own."""

    act: Callable[[], object]
    came: list[object] = field(default_factory=list)

    def start(self) -> Thread:
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        return self

    def _run(self) -> None:
        try:
            self.came.append(self.act())
        except (PublicationRefused, EditionLocked, RequestRefused) as refusal:
            self.came.append(refusal)
        finally:
            connection.close()

    def is_held_up(self) -> bool:
        self._thread.join(timeout=BLOCKED)
        return self._thread.is_alive()

    def outcome(self) -> object:
        self._thread.join(timeout=PATIENCE)
        (outcome,) = self.came
        return outcome


def all_at_once(acts: list[Callable[[], object]]) -> list[object]:
    gate = threading.Barrier(len(acts))

    def behind_the_gate(act: Callable[[], object]) -> Callable[[], object]:
        def wait_and_act() -> object:
            gate.wait()
            return act()

        return wait_and_act

    threads = [Thread(behind_the_gate(act)).start() for act in acts]
    return [thread.outcome() for thread in threads]


def root_now(edition: Edition) -> str:
    return root_of(package_sums(load_package(Edition.objects.get(pk=edition.pk))))


def test_two_lock_requests_at_once_make_one_lock() -> None:
    award = believable_edition(participants=2)
    count_edition(edition_id=award.pk, at=AT)

    came = all_at_once([lambda: lock_edition(edition_id=award.pk, by=None, at=AT)] * 3)

    lock = Lock.objects.get()
    assert [type(outcome) for outcome in came if outcome != lock] == [AlreadyLocked, AlreadyLocked]
    assert AuditEvent.objects.filter(action="edition.locked").count() == 1
    assert lock.root_hash == root_now(award)


def test_three_who_order_a_count_at_once_order_one(monkeypatch: pytest.MonkeyPatch) -> None:
    award = believable_edition(participants=2)
    monkeypatch.setattr("kundeservice.core.jobs._wake_worker", lambda *about: None)  # Every worker is busy.

    all_at_once([lambda: order_count(edition_id=award.pk, by=None, at=AT)] * 3)

    assert Job.objects.count() == 1


def test_locking_and_publishing_at_once_is_one_lock_and_one_publication() -> None:
    award = believable_edition(participants=2)
    count_edition(edition_id=award.pk, at=AT)

    all_at_once(
        [
            lambda: lock_edition(edition_id=award.pk, by=None, at=AT),
            lambda: publish_edition(edition_id=award.pk, at=AT),
        ]
    )

    award.refresh_from_db()
    assert (Lock.objects.count(), award.phase) == (1, Phase.PUBLISHED)


def test_a_recount_during_an_edit_sees_all_of_it() -> None:
    """Two contacts change hands in one edit; a count that came in between would know only one of them."""
    award = believable_edition(participants=2)
    first, second = award.contacts.filter(outcome="answered").order_by("code")[:2]

    with transaction.atomic():
        hold_edition(award.pk)
        Contact.objects.filter(pk=first.pk).update(review=ReviewState.RETURNED)
        count = Thread(lambda: count_edition(edition_id=award.pk, at=AT)).start()
        assert count.is_held_up()
        Contact.objects.filter(pk=second.pk).update(review=ReviewState.RETURNED)

    run = count.outcome()
    assert isinstance(run, ScoreRun)
    counted = {contact.code for contact in result_of(run).contacts}
    assert not counted & {first.code, second.code}
    assert run.input_digest == input_digest_of(award)


def test_an_edit_during_a_lock_waits_and_is_refused() -> None:
    award = believable_edition(participants=2)
    count_edition(edition_id=award.pk, at=AT)

    def edit() -> None:
        with transaction.atomic():
            hold_edition(award.pk)
            Contact.objects.filter(edition=award).update(review=ReviewState.RETURNED)

    with transaction.atomic():
        lock = lock_edition(edition_id=award.pk, by=None, at=AT)
        change = Thread(edit).start()
        assert change.is_held_up()

    assert isinstance(change.outcome(), EditionLocked)
    assert lock.root_hash == root_now(award)


def test_a_request_taken_back_while_a_colleague_agrees_is_not_agreed_to() -> None:
    one, other = make_person(Role.LEADER), make_person(Role.LEADER)
    asked = ask_to_view_results(edition_id=make_edition().pk, by=one, reason="Manus", at=AT)

    with transaction.atomic():
        withdraw_request(request_id=asked.pk, by=one, at=AT)
        agreement = Thread(lambda: agree_to_request(request_id=asked.pk, by=other, at=AT)).start()
        assert agreement.is_held_up()

    assert isinstance(agreement.outcome(), RequestRefused)
    asked.refresh_from_db()
    assert (asked.withdrawn_at, asked.agreed_at) == (AT, None)


@pytest.fixture
def waiting(edition: Edition, participant: Participant) -> list[tuple[Contact, UUID]]:
    """Contacts that are filled in to the last question, after the field period, one press from being handed in."""
    ready = []
    for number in range(6):
        contact = Contact.objects.create(
            edition=edition, participant=participant, channel=Channel.TELEPHONE, code=f"c{number:04}", week="2022-W02"
        )
        record_attempt(
            contact_id=contact.pk, started_at=MONDAY, wait_seconds=45, result=AttemptResult.ANSWERED, at=MONDAY
        )
        saved = save_draft(contact_id=contact.pk, revision=0, options=FULL_OPTIONS, values=FULL_VALUES, at=MONDAY)
        ready.append((contact, saved.submission_key))
    Edition.objects.filter(pk=edition.pk).update(phase=Phase.REVIEW)
    return ready


def test_answers_handed_in_while_locking_are_in_the_hash_or_refused(
    edition: Edition, waiting: list[tuple[Contact, UUID]]
) -> None:
    def count_and_lock() -> Lock:
        """Again until nobody came in between the count and the lock."""
        while True:
            count_edition(edition_id=edition.pk, at=AT)
            try:
                return lock_edition(edition_id=edition.pk, by=None, at=AT)
            except AlreadyLocked:
                raise
            except PublicationRefused:
                continue

    def hand_in(contact: Contact, key: UUID) -> Callable[[], object]:
        return lambda: submit_response(contact_id=contact.pk, submission_key=key, at=MONDAY)

    came = all_at_once([count_and_lock, *(hand_in(contact, key) for contact, key in waiting)])

    lock, *handed_in = came
    assert isinstance(lock, Lock)
    in_time = [contact for (contact, _key), outcome in zip(waiting, handed_in, strict=True) if not _refused(outcome)]
    assert {contact.pk for contact in in_time} == set(
        Contact.objects.filter(review=ReviewState.SUBMITTED).values_list("pk", flat=True)
    )
    assert lock.root_hash == root_now(edition)
    assert lock.run.input_digest == input_digest_of(edition)


def _refused(outcome: object) -> bool:
    return isinstance(outcome, EditionLocked)


class Crash(BaseException):
    """The process dies here: no handler of the product catches it."""


@pytest.fixture(params=["awards.publication.services.publishing.root_of", "surveys.services.arrows.record_event"])
def _crash(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Die while the sum is made, or when everything is written and nothing committed."""

    def die(*args: object, **words: object) -> None:
        raise Crash

    monkeypatch.setattr(request.param, die)


@pytest.mark.usefixtures("_crash")
def test_a_crash_between_lock_and_hash_leaves_neither() -> None:
    award = believable_edition(participants=2)
    count_edition(edition_id=award.pk, at=AT)

    with pytest.raises(Crash):
        lock_edition(edition_id=award.pk, by=None, at=AT)

    award.refresh_from_db()
    assert (Lock.objects.count(), award.phase) == (0, Phase.REVIEW)
    assert not AuditEvent.objects.filter(action="edition.locked").exists()
    Contact.objects.filter(edition=award).update(review=ReviewState.RETURNED)


def test_a_count_that_dies_half_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    award = believable_edition(participants=2)

    def die(*args: object, **words: object) -> None:
        raise Crash

    monkeypatch.setattr("scoring.services.ContactScores.objects.create", die)
    with pytest.raises(Crash):
        count_edition(edition_id=award.pk, at=AT)

    assert (ScoreRun.objects.count(), ContactScores.objects.count()) == (0, 0)
