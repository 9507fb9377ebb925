"""The embedded database is opened in the one way that loses no answers, and no other is accepted."""

from __future__ import annotations

import copy
import fcntl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import dbapi2

import pytest
from django.db import connection, connections
from django.db.backends.sqlite3.base import DatabaseWrapper
from pytest_django import DjangoDbBlocker

from kundeservice.core import sqlite
from kundeservice.core.checks import check_sqlite_is_durable, problems_of_open_file, problems_of_options
from kundeservice.core.sqlite import SQLITE_OPTIONS, Version, right_journal, wal_is_safe
from tests.conftest import InstallationFactory
from tests.processes import ROOT, ambient_environment

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
    assert problems({})[:3] == ["core.E001", "core.E001", "core.E001"]


def test_a_weaker_promise_is_refused(problems: Problems) -> None:
    weaker = SQLITE_OPTIONS["init_command"].replace("synchronous=FULL", "synchronous=NORMAL")
    assert problems({**SQLITE_OPTIONS, "init_command": weaker}) == ["core.E001", "core.E003"]


def test_memory_is_not_mapped_for_it_widens_what_a_fault_can_damage() -> None:
    assert "mmap" not in SQLITE_OPTIONS["init_command"]


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 7, 0), False),
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 46, 1), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 0), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
        ((4, 0, 0), True),
    ],
)
def test_a_write_ahead_log_only_where_it_is_without_the_reset_fault(version: Version, safe: bool) -> None:
    assert wal_is_safe(version) is safe


@pytest.fixture
def of_version(monkeypatch: pytest.MonkeyPatch) -> Callable[[Version], None]:
    """Pretend that a SQLite of this version is loaded."""

    def pretend(version: Version) -> None:
        monkeypatch.setattr(sqlite, "loaded_version", lambda: version)

    return pretend


UNSAFE, SAFE = (3, 51, 2), (3, 51, 3)


@pytest.fixture
def open_file(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Callable[[], DatabaseWrapper]]:
    """Open one and the same file, as a process that has just started would."""
    opened: list[DatabaseWrapper] = []

    def connect() -> DatabaseWrapper:
        described = copy.deepcopy(connections.settings["default"])
        path = str(tmp_path / "db.sqlite3")
        described.update(ENGINE="django.db.backends.sqlite3", NAME=path, OPTIONS=dict(SQLITE_OPTIONS))
        opened.append(DatabaseWrapper(described, alias=f"scratch{len(opened)}"))
        opened[-1].ensure_connection()
        return opened[-1]

    with django_db_blocker.unblock():
        yield connect
        for database in opened:
            database.close()


def forget_the_file() -> None:
    """Let go of our mark on every file, as the end of the process does."""
    for key in [key for key in sqlite._in_use if "pytest" in key[1]]:
        sqlite._in_use.pop(key).close()


@pytest.mark.parametrize(("version", "journal"), [(UNSAFE, "delete"), (SAFE, "wal")])
def test_a_new_file_gets_the_journal_of_the_loaded_version(
    open_file: Callable[[], DatabaseWrapper], of_version: Callable[[Version], None], version: Version, journal: str
) -> None:
    of_version(version)
    database = open_file()
    assert sqlite.journal_in_force(database) == journal
    assert problems_of_open_file(database) == []


@pytest.mark.parametrize(("before", "after"), [(SAFE, UNSAFE), (UNSAFE, SAFE)])
def test_the_first_to_open_it_after_a_change_of_version_switches(
    open_file: Callable[[], DatabaseWrapper], of_version: Callable[[Version], None], before: Version, after: Version
) -> None:
    of_version(before)
    open_file().close()
    forget_the_file()
    of_version(after)
    assert sqlite.journal_in_force(open_file()) == right_journal()


@pytest.mark.parametrize(("before", "after", "told"), [(SAFE, UNSAFE, "core.E002"), (UNSAFE, SAFE, "core.W002")])
def test_a_file_that_others_have_open_stays_as_it_is_and_that_is_told(
    open_file: Callable[[], DatabaseWrapper],
    of_version: Callable[[Version], None],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    before: Version,
    after: Version,
    told: str,
) -> None:
    of_version(before)
    open_file().close()
    forget_the_file()
    of_version(after)
    with (tmp_path / "db.sqlite3.in-use").open("a") as another_process:
        fcntl.flock(another_process, fcntl.LOCK_SH)
        database = open_file()
        in_force = sqlite.journal_in_force(database)

    assert in_force != right_journal()
    assert "stays as it is while others have it open" in caplog.text
    assert [problem.id for problem in problems_of_open_file(database)] == [told]
    forget_the_file()


def test_a_program_that_knows_nothing_of_our_mark_is_not_switched_under_either(
    open_file: Callable[[], DatabaseWrapper],
    of_version: Callable[[Version], None],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    of_version(SAFE)
    open_file().close()
    forget_the_file()
    of_version(UNSAFE)
    with closing(dbapi2.connect(tmp_path / "db.sqlite3")) as shell:
        shell.execute("SELECT * FROM sqlite_master").fetchall()
        database = open_file()
        assert sqlite.journal_in_force(database) == "wal"
    assert "could not be switched to DELETE" in caplog.text
    forget_the_file()


def test_real_processes_agree_on_the_file(new_installation: InstallationFactory) -> None:
    """The file of one version, opened by another: the test's own way to have both is its settings for each journal."""
    installation = new_installation()
    ask = (
        "from kundeservice.core.sqlite import *; from django.db import connection; print(journal_in_force(connection))"
    )
    for journal in ("wal", "delete", "wal"):
        installation.extra |= {"DJANGO_SETTINGS_MODULE": "tests.journal_settings", "JOURNAL_IN_TESTS": journal}
        assert installation.manage("shell", "--no-imports", "-c", ask).strip() == journal


def test_a_long_write_keeps_no_reader_out(open_file: Callable[[], DatabaseWrapper], tmp_path: Path) -> None:
    """With a rollback journal a writer whose changes outgrow the cache would need the file for itself."""
    writer = open_file()
    with writer.cursor() as cursor:
        cursor.execute("CREATE TABLE many (text)")
        cursor.execute("BEGIN IMMEDIATE")
        for _ in range(60):
            cursor.execute("INSERT INTO many VALUES (randomblob(300000))")  # 18 MB; the cache holds 8
        with closing(dbapi2.connect(tmp_path / "db.sqlite3", timeout=0)) as reader:
            assert reader.execute("SELECT count(*) FROM many").fetchone() == (0,)
        cursor.execute("COMMIT")


@pytest.mark.parametrize(("version", "taken"), [((99, 0, 0), True), ((3, 0, 0), False)])
def test_a_newer_sqlite_in_a_wheel_is_taken_and_an_older_one_left(
    tmp_path: Path, version: Version, taken: bool
) -> None:
    package = tmp_path / "pysqlite3"
    package.mkdir()
    for name in ("__init__", "dbapi2"):
        (package / f"{name}.py").write_text(f"sqlite_version_info = {version}\nfrom pysqlite3 import dbapi2\n")
    ask = "import kundeservice, sqlite3; from sqlite3 import dbapi2; print(sqlite3.__name__, dbapi2.__name__)"

    done = subprocess.run(
        [sys.executable, "-c", ask],
        cwd=ROOT,
        env={**ambient_environment(), "PYTHONPATH": str(tmp_path)},
        check=True,
        capture_output=True,
        text=True,
    )

    assert done.stdout.split() == (["pysqlite3", "pysqlite3.dbapi2"] if taken else ["sqlite3", "sqlite3.dbapi2"])
