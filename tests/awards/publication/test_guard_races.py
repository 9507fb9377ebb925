"""Writing past the services while the edition is locked: what comes first is in the hash, what comes second is refused.

Two connections to PostgreSQL, where rows are held. On SQLite writers stand in line anyway.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction

from awards.models import Lock
from awards.publication.services.publishing import lock_edition
from scoring.models import Award
from scoring.services import count_edition
from shoppers.models import Shopper
from surveys.models import Comment, Edition
from surveys.models.lock_guards import REFUSAL
from tests.awards.publication.test_lock_races import Thread, root_now
from tests.factories import AT, believable_edition

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def edition() -> Edition:
    if connection.vendor != "postgresql":
        pytest.skip("On SQLite one writes at a time.")
    edition = believable_edition(classes=1, participants=2)
    Shopper.objects.create(edition=edition, code="s1", name="Siri", email="siri@example.test", max_contacts=9)
    count_edition(edition_id=edition.pk, at=AT)
    return edition


WRITES: dict[str, Callable[[Edition], object]] = {
    "a comment": lambda edition: Comment.objects.filter(contact__edition=edition).update(text="Noe annet"),
    "a comment removed": lambda edition: Comment.objects.filter(contact__edition=edition)[0].delete(),
    "a new comment": lambda edition: Comment.objects.create(
        contact=edition.contacts.filter(comments=None)[0], area="agent", text="Ny"
    ),
    "a shopper's name": lambda edition: Shopper.objects.filter(edition=edition).update(name="En annen"),
}


def or_refusal(write: Callable[[], object]) -> Callable[[], object]:
    def try_it() -> object:
        try:
            return write()
        except IntegrityError as error:
            return str(error)

    return try_it


@pytest.mark.parametrize("write", WRITES)
def test_a_lock_waits_for_what_was_written_before_it(edition: Edition, write: str) -> None:
    with transaction.atomic():
        WRITES[write](edition)
        lock = Thread(lambda: lock_edition(edition_id=edition.pk, by=None, at=AT)).start()
        assert lock.is_held_up()

    made = lock.outcome()
    assert isinstance(made, Lock)
    assert made.root_hash == root_now(edition)


@pytest.mark.parametrize("write", WRITES)
def test_what_is_written_during_a_lock_waits_and_is_refused(edition: Edition, write: str) -> None:
    with transaction.atomic():
        lock = lock_edition(edition_id=edition.pk, by=None, at=AT)
        change = Thread(or_refusal(lambda: WRITES[write](edition))).start()
        assert change.is_held_up()

    assert REFUSAL in str(change.outcome())
    assert lock.root_hash == root_now(edition)


def test_a_prize_added_to_the_count_while_a_lock_comes_to_rest_on_it_is_refused(edition: Edition) -> None:
    participant = edition.participants.all()[0]

    with transaction.atomic():
        lock = lock_edition(edition_id=edition.pk, by=None, at=AT)
        addition = Thread(
            or_refusal(lambda: Award.objects.create(run=lock.run, kind="added", participant=participant, position=99))
        ).start()
        assert addition.is_held_up()

    assert REFUSAL in str(addition.outcome())
