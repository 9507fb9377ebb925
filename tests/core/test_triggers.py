"""Guards stand in the database itself, are put back after every migration, and do not stand in a migration's way."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Model
from django.db.models.signals import pre_migrate

from kundeservice.core.models import AuditEvent, User
from kundeservice.core.models.audit import AUDIT_REFUSAL
from kundeservice.core.services.audit import record_event
from kundeservice.core.triggers import remove_triggers
from surveys.models import Contact
from tests.factories import AT
from tests.locked import trigger_names

pytestmark = pytest.mark.django_db


def test_every_guard_is_back_after_the_next_migration() -> None:
    guards = set(trigger_names())
    remove_triggers(connection)
    assert not set(trigger_names())

    call_command("migrate", verbosity=0)

    assert set(trigger_names()) == guards


def test_a_second_migration_finds_every_guard_in_place_and_changes_none() -> None:
    guards = sorted(trigger_names())

    call_command("migrate", verbosity=0)

    assert sorted(trigger_names()) == guards


@pytest.mark.django_db(transaction=True)  # SQLite rebuilds no table inside another transaction
def test_a_table_that_guards_of_others_look_into_can_be_rebuilt() -> None:
    """SQLite rebuilds a table to change it, and refuses while a guard elsewhere names the table it is replacing."""
    if connection.vendor != "sqlite":
        pytest.skip("Only SQLite rebuilds tables.")

    with pytest.raises(OperationalError, match="error in trigger"):
        _rebuild(Contact)
    announce_migration(plan=[object()])

    _rebuild(Contact)


def test_a_migration_with_nothing_to_do_leaves_every_guard_where_it_is() -> None:
    guards = set(trigger_names())

    announce_migration(plan=[])

    assert set(trigger_names()) == guards


def announce_migration(*, plan: list[object]) -> None:
    """What `migrate` says before it begins."""
    pre_migrate.send(sender=apps.get_app_config("core"), using=connection.alias, plan=plan)


def _rebuild(model: type[Model]) -> None:
    with connection.schema_editor() as editor:
        editor._remake_table(model)  # type: ignore[attr-defined]  # SQLite's own


@pytest.fixture
def event(leader: User) -> AuditEvent:
    return record_event(at=AT, actor=leader, action="edition.locked", subject="ks2027")


AUDIT_CHANGES = (
    "UPDATE core_auditevent SET action = 'x'",
    "UPDATE core_auditevent SET detail = '{}'",
    "DELETE FROM core_auditevent",
)


@pytest.mark.parametrize("statement", AUDIT_CHANGES)
def test_the_database_itself_refuses_to_change_the_audit_trail(event: AuditEvent, statement: str) -> None:
    with pytest.raises(IntegrityError, match=AUDIT_REFUSAL), transaction.atomic():
        _execute(statement)

    assert AuditEvent.objects.filter(pk=event.pk, action="edition.locked").exists()


@pytest.mark.parametrize("statement", AUDIT_CHANGES)
def test_without_the_guard_it_would_have_been_changed(event: AuditEvent, statement: str) -> None:
    remove_triggers(connection)

    _execute(statement)


def test_the_audit_trail_is_not_emptied_at_one_stroke(event: AuditEvent) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("Only PostgreSQL empties a table without looking at its rows.")

    _execute("SET CONSTRAINTS ALL IMMEDIATE")  # foreign keys still to be checked would stand in the way

    with pytest.raises(IntegrityError, match=AUDIT_REFUSAL), transaction.atomic():
        _execute("TRUNCATE core_auditevent")


def test_the_audit_trail_takes_new_lines(event: AuditEvent) -> None:
    record_event(at=AT, actor=None, action="edition.published", subject="ks2027")

    assert AuditEvent.objects.filter(subject="ks2027").count() == 2


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
