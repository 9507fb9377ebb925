"""Shoppers, whom they know and whom they asked are part of a locked edition; whose account a shopper has is not."""

from __future__ import annotations

import pytest
from django.db import connection

from kundeservice.core.triggers import remove_triggers
from shoppers.models import Assignment, Relation, Shopper
from shoppers.models.lock_guards import SHOPPER_COLUMNS
from surveys.models import Edition, Phase
from tests.factories import believable_edition, make_person
from tests.locked import Door, refused

pytestmark = pytest.mark.django_db


def edition_with_shoppers(code: str) -> Edition:
    """Two shoppers: one has made every contact, the other knows a participant and has made none."""
    edition = believable_edition(code=code, classes=1, participants=2, contacts=4)
    busy, idle = (
        Shopper.objects.create(edition=edition, code=shopper, name=shopper, email="s@example.test", max_contacts=9)
        for shopper in ("busy", "idle")
    )
    Assignment.objects.bulk_create(Assignment(contact=contact, shopper=busy) for contact in edition.contacts.all())
    Relation.objects.create(shopper=idle, participant=edition.participants.all()[0], kind="customer")
    return edition


@pytest.fixture
def locked() -> Edition:
    edition = edition_with_shoppers("ksp-2022")
    Edition.objects.filter(pk=edition.pk).update(phase=Phase.LOCKED)
    edition.refresh_from_db()
    return edition


def _remove_all(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")


CHANGES: dict[str, Door] = {
    "a shopper's name": lambda: Shopper.objects.update(name="En annen"),
    "a shopper's limit": lambda: Shopper.objects.update(max_contacts=1),
    "a shopper's last day": lambda: Shopper.objects.update(available_to="2022-01-01"),
    "a relation": lambda: Relation.objects.update(kind="family"),
    "a relation removed": lambda: Relation.objects.all().delete(),
    "a relation removed behind the ORM": lambda: _remove_all("shoppers_relation"),
    "who asked": lambda: Assignment.objects.update(shopper=Shopper.objects.get(code="idle")),
    "who asked, removed": lambda: Assignment.objects.all().delete(),
    "a shopper who asked nobody": lambda: Shopper.objects.filter(code="idle").delete(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_no_door_leads_to_the_shoppers_of_a_locked_edition(locked: Edition, change: str) -> None:
    assert refused(CHANGES[change])


@pytest.mark.parametrize("change", CHANGES)
def test_without_the_guard_every_one_of_them_would_have_gone_through(locked: Edition, change: str) -> None:
    remove_triggers(connection)

    assert not refused(CHANGES[change])


def test_nothing_new_comes_into_a_locked_edition(locked: Edition) -> None:
    shopper = Shopper.objects.get(edition=locked, code="busy")
    edition_with_shoppers("ksp-2023")

    assert refused(
        lambda: Shopper.objects.create(edition=locked, code="ny", name="Ny", email="ny@example.test", max_contacts=1)
    )
    assert refused(lambda: Relation.objects.create(shopper=shopper, participant=locked.participants.all()[1]))
    assert refused(lambda: Shopper.objects.exclude(edition=locked).update(edition=locked))


@pytest.mark.parametrize("column", sorted(SHOPPER_COLUMNS))
def test_each_column_of_the_package_is_closed(locked: Edition, column: str) -> None:
    other = edition_with_shoppers("ksp-2023")
    values = {"edition_id": str(other.pk), "available_from": "'2022-01-03'", "available_to": "'2022-01-03'"}
    number = values.get(column, "7" if column in {"birth_year", "max_contacts", "max_per_week"} else "'x'")

    def change() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE shoppers_shopper SET {column} = {number} WHERE edition_id = {locked.pk}")

    assert refused(change)


def test_an_account_is_linked_and_unlinked_after_the_lock(locked: Edition) -> None:
    shopper = Shopper.objects.filter(edition=locked)[0]
    shopper.user = make_person()
    shopper.save()
    shopper.user.delete()

    shopper.refresh_from_db()
    assert shopper.user is None


def test_an_open_edition_is_not_disturbed(locked: Edition) -> None:
    other = edition_with_shoppers("ksp-2023")

    Assignment.objects.filter(contact__edition=other).delete()
    Shopper.objects.filter(edition=other).delete()

    assert not Shopper.objects.filter(edition=other).exists()


def test_what_the_columns_leave_open_is_only_the_key_and_the_account() -> None:
    columns = {field.column for field in Shopper._meta.concrete_fields}

    assert columns - set(SHOPPER_COLUMNS) == {"id", "user_id"}
