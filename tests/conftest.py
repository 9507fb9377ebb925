"""What every test may ask for."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import translation

from awards.package.format import parse_package
from awards.package.services import import_package
from kundeservice.core.models import Role, User
from kundeservice.core.services.people import ensure_person
from kundeservice.core.triggers import remove_triggers
from surveys.models import Edition
from tests.processes import ROOT, Installation

CATALOGUE = ROOT / "locale/en/LC_MESSAGES/django.po"
OSLO = ZoneInfo("Europe/Oslo")
TINY_EDITION = Path(__file__).parent / "examples" / "tiny-edition"
DATABASE_FIXTURES = frozenset({"db", "transactional_db", "django_db_reset_sequences", "live_server"})

PersonFactory = Callable[..., User]
ClientFactory = Callable[[User], Client]
InstallationFactory = Callable[..., Installation]


def pytest_configure(config: pytest.Config) -> None:
    """Compile the English texts when they have changed, once for all processes of the run."""
    if hasattr(config, "workerinput"):
        return
    compiled = CATALOGUE.with_suffix(".mo")
    if not compiled.exists() or compiled.stat().st_mtime < CATALOGUE.stat().st_mtime:
        subprocess.run(["msgfmt", "-o", compiled, CATALOGUE], check=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that touch the database, so that they can be run again on PostgreSQL, and those with a browser."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & DATABASE_FIXTURES:
            item.add_marker(pytest.mark.database)
        if "page" in fixtures or "browser" in fixtures:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(autouse=True)
def _read_in_bokmal() -> None:
    """A test that reads a page in English must not leave its language to the next one."""
    translation.activate("nb")


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Forget rate limits and used links between tests."""
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _guarded_tables_can_be_swept_away(request: pytest.FixtureRequest) -> Iterator[None]:
    """A transactional test empties its tables, which the guards of locked editions and the audit trail would refuse.

    The flush that follows sends `post_migrate`, which puts the guards back.
    """
    marker = request.node.get_closest_marker("django_db")
    is_transactional = bool(marker and marker.kwargs.get("transaction")) or bool(
        {"transactional_db", "live_server"} & set(request.fixturenames)
    )
    if not is_transactional:
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    remove_triggers(connection)


@pytest.fixture
def at() -> dt.datetime:
    """A Tuesday noon in the field period."""
    return dt.datetime(2027, 2, 2, 12, 0, tzinfo=OSLO)


@pytest.fixture
def person(db: None) -> PersonFactory:
    """Make people: `person(Role.SHOPPER, email="kari@example.test")`."""
    numbers = count(1)

    def make(*roles: Role, email: str = "", **facts: Any) -> User:
        address = email or f"person{next(numbers)}@example.test"
        return ensure_person(email=address, roles=roles, **{"display_name": address.split("@")[0], **facts})

    return make


@pytest.fixture
def tiny_edition(db: None) -> Edition:
    """The worked example of the scoring rules: two classes, five participants, every rule at work."""
    return import_package(package=parse_package(TINY_EDITION), at=dt.datetime(2022, 2, 4, 12, 0, tzinfo=OSLO))


@pytest.fixture
def leader(person: PersonFactory) -> User:
    """A project leader."""
    return person(Role.LEADER, email="leder@example.test", display_name="Liv Leder")


@pytest.fixture
def reviewer(person: PersonFactory) -> User:
    """Somebody who reviews responses."""
    return person(Role.REVIEWER, email="kontroll@example.test", display_name="Knut Kontroll")


@pytest.fixture
def shopper_person(person: PersonFactory) -> User:
    """Somebody with the shopper's role (but no shopper's card yet)."""
    return person(Role.SHOPPER, email="observator@example.test", display_name="Olga Oppdrag")


@pytest.fixture
def participant_person(person: PersonFactory) -> User:
    """Somebody with the participant's role (but no company yet)."""
    return person(Role.PARTICIPANT, email="deltaker@example.test", display_name="Dag Deltaker")


@pytest.fixture
def client_for() -> ClientFactory:
    """Open a browser without a screen in which somebody is logged in."""

    def log_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return log_in


@pytest.fixture(scope="session")
def migrated_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file, made once and copied."""
    installation = Installation(tmp_path_factory.mktemp("migrated"))
    installation.manage("migrate", "--verbosity=0")
    return installation.folder / "db.sqlite3"


@pytest.fixture
def new_installation(tmp_path: Path, migrated_database: Path) -> InstallationFactory:
    """Lay down an installation of its own on the embedded database, with the given variables, for real processes."""

    def lay_down(**variables: str) -> Installation:
        shutil.copy(migrated_database, tmp_path / "db.sqlite3")
        return Installation(tmp_path, variables)

    return lay_down


@pytest.fixture(params=["delete", "wal"])
def new_installation_on_journal(
    request: pytest.FixtureRequest, new_installation: InstallationFactory
) -> Iterator[InstallationFactory]:
    """The same once on each journal the embedded database may keep, whatever SQLite is loaded here."""
    laid_down: list[Installation] = []

    def lay_down(**variables: str) -> Installation:
        journal = {"DJANGO_SETTINGS_MODULE": "tests.journal_settings", "JOURNAL_IN_TESTS": request.param}
        laid_down.append(new_installation(**variables, **journal))
        return laid_down[-1]

    yield lay_down
    for installation in laid_down:
        with closing(sqlite3.connect(installation.folder / "db.sqlite3")) as database:
            assert database.execute("PRAGMA journal_mode").fetchone() == (request.param,)
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Drive the system's Chromium; as root it runs without its sandbox, and it must not phone home."""
    return {
        **browser_type_launch_args,
        "executable_path": "/usr/bin/chromium",
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }
