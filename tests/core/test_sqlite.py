"""The embedded database is opened in the one way that loses no answers, and no other is accepted."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection, connections
from django.db.backends.sqlite3.base import DatabaseWrapper
from pytest_django import DjangoDbBlocker

from kundeservice.core.checks import check_sqlite_is_durable, problems_of_open_file, problems_of_options
from kundeservice.core.sqlite import SQLITE_OPTIONS

Problems = Callable[[dict[str, object]], list[str | None]]


@pytest.fixture
def problems(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Problems]:
    """Check a database of its own that is opened with the given options."""
    opened: list[DatabaseWrapper] = []

    def check(options: dict[str, object]) -> list[str | None]:
        described = copy.deepcopy(connections.settings["default"])
        described.update(ENGINE="django.db.backends.sqlite3", NAME=str(tmp_path / "db.sqlite3"), OPTIONS=options)
        opened.append(DatabaseWrapper(described, alias="scratch"))
        found = [*problems_of_options(opened[0]), *problems_of_open_file(opened[0])]
        return [problem.id for problem in found]

    with django_db_blocker.unblock():
        yield check
        for database in opened:
            database.close()


@pytest.mark.django_db
def test_the_product_opens_it_durably() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("This is about the embedded database.")
    assert check_sqlite_is_durable(databases=["default"]) == []


def test_the_right_options_pass(problems: Problems) -> None:
    assert problems(SQLITE_OPTIONS) == []


def test_djangos_own_defaults_are_refused(problems: Problems) -> None:
    assert problems({}) == ["core.E001", "core.E001", "core.E001", "core.E002"]


def test_a_weaker_promise_is_refused(problems: Problems) -> None:
    weaker = SQLITE_OPTIONS["init_command"].replace("synchronous=FULL", "synchronous=NORMAL")
    assert problems({**SQLITE_OPTIONS, "init_command": weaker}) == ["core.E001", "core.E003"]
