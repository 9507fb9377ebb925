"""The check of the data finds what is wrong, keeps it for the health page, and tells the operators."""

from __future__ import annotations

import datetime as dt
import logging
from io import StringIO
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from pytest_django import Settings

from kundeservice.core.models import Job, JobState, User
from kundeservice.core.queries.data_check import check_database
from kundeservice.core.tasks import check_data
from kundeservice.core.triggers import broken_guards, install_refusals, wanted_refusals
from tests.conftest import InstallationFactory
from tests.locked import trigger_names

pytestmark = pytest.mark.django_db
GUARD = "core_auditevent_refuse_delete"


def take_guard_away(name: str, table: str = "core_auditevent") -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))


def test_a_sound_database_is_in_order() -> None:
    out = StringIO()
    call_command("check_data", stdout=out)
    assert out.getvalue() == "In order: pages and indexes, references between rows, guards.\n"


def test_the_guards_it_looks_for_are_those_that_stand() -> None:
    """Nobody has to remember to add a guard to the check."""
    standing = set(trigger_names())
    assert standing
    assert {refusal.name for refusal in wanted_refusals(connection) if refusal.act != "TRUNCATE"} <= standing
    assert standing <= {refusal.name for refusal in wanted_refusals(connection)}
    assert broken_guards(connection) == []


@pytest.mark.parametrize("name", [GUARD, "surveys_answer_sealed_update", "surveys_contact_sealed_delete"])
def test_a_guard_that_was_taken_away_is_named(name: str) -> None:
    take_guard_away(name, table=name.partition("_sealed")[0].partition("_refuse")[0])
    with pytest.raises(CommandError, match=f"The guard {name} is missing or changed"):
        call_command("check_data")


def test_a_guard_that_lets_everything_pass_is_named() -> None:
    (guard,) = (refusal for refusal in wanted_refusals(connection) if refusal.name == GUARD)
    harmless = guard.__class__(guard.name, guard.table, guard.act, guard.message, conditions=("1 = 0",))
    install_refusals(connection, [harmless])
    assert broken_guards(connection) == [GUARD]


def test_a_guard_that_is_switched_off_is_named() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite cannot switch a trigger off.")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE core_auditevent DISABLE TRIGGER {GUARD}")
    assert broken_guards(connection) == [GUARD]


def test_the_operators_are_told_in_the_log_by_mail_and_on_the_health_page(
    client: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.OPERATOR_EMAILS = ["drift@example.test"]
    take_guard_away(GUARD)

    with caplog.at_level(logging.ERROR):
        check_data()

    assert f"Check of the data: The guard {GUARD} is missing" in caplog.text
    (told,) = mail.outbox
    assert told.to == ["drift@example.test"]
    assert GUARD in told.body
    health = client.get("/healthz/").json()
    assert (health["status"], health["data"]) == ("degraded", False)
    assert "data" in health["away"]


def test_the_health_page_follows_the_last_check(client: Client, at: dt.datetime) -> None:
    Job.objects.create(kind="core.check_data", state=JobState.FAILED, created_at=at, finished_at=at, error="x")
    assert client.get("/healthz/").json()["data"] is False
    check_data()
    assert mail.outbox == []
    assert client.get("/healthz/").json()["data"] is True


def test_a_row_that_points_to_nothing_is_named(shopper_person: User) -> None:
    """As damage leaves it: put there behind the back of the constraint."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET session_replication_role = replica")
        # On SQLite constraints are looked at when the transaction ends, and this one is rolled back.
        cursor.execute("DELETE FROM core_user WHERE id = %s", [shopper_person.pk])
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = DEFAULT")

    problems = check_database(connection).problems

    assert any("core_user" in problem for problem in problems), problems
    shopper_person.save(force_insert=True)


def test_beat_orders_it_every_night(settings: Settings) -> None:
    entry = settings.CELERY_BEAT_SCHEDULE["check-data"]
    assert (entry["task"], entry["schedule"].hour) == (check_data.name, {3})


def test_a_damaged_file_is_found(new_installation: InstallationFactory) -> None:
    installation = new_installation()
    file = installation.folder / "db.sqlite3"
    content = bytearray(file.read_bytes())
    page = int.from_bytes(content[16:18], "big")
    last = len(content) - page
    content[last : last + 200] = b"\xff" * 200
    file.write_bytes(content)
    with pytest.raises(AssertionError, match=r"integrity check|could not be read"):
        _expect_in_order(installation.folder)


def _expect_in_order(folder: Path) -> None:
    from django.db import connections  # noqa: PLC0415
    from django.db.backends.sqlite3.base import DatabaseWrapper  # noqa: PLC0415

    described = {
        **connections.settings["default"],
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(folder / "db.sqlite3"),
        "OPTIONS": {},
    }
    damaged = DatabaseWrapper(described, alias="default")
    try:
        assert check_database(damaged).problems == ()
    finally:
        damaged.close()
