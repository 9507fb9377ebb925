"""How the settings follow from the environment, seen from outside by starting the program with one."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django import Settings

from kundeservice.core.checks import check_data_are_private
from tests.processes import ROOT, ambient_environment

PRODUCTION = {
    "SECRET_KEY": "x5Kq-9" * 10,
    "DATABASE_URL": "postgresql://kundeservice:secret@db.example.test:5432/kundeservice",
    "REDIS_URL": "redis://redis.example.test:6379/0",
    "SITE_URL": "https://pris.example.test",
    "EMAIL_URL": "smtp+tls://user:pass@mail.example.test:587",
}
SHOW = """
import json, django
django.setup()
from django.conf import settings
print(json.dumps({name: getattr(settings, name) for name in %r}, default=str))
"""


def start(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={
            **ambient_environment(),
            "DJANGO_SETTINGS_MODULE": "kundeservice.settings",
            "DATA_DIR": str(folder),
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def settings_of(folder: Path, *names: str, **environment: str) -> dict[str, object]:
    done = start(folder, "-c", SHOW % (list(names),), **environment)
    assert done.returncode == 0, done.stderr
    shown: dict[str, object] = json.loads(done.stdout)
    return shown


def test_with_nothing_set_everything_runs_from_one_folder(tmp_path: Path) -> None:
    shown = settings_of(
        tmp_path, "DEBUG", "DATABASES", "CELERY_BROKER_URL", "ALLOWED_HOSTS", "EMAIL_BACKEND", "SESSION_COOKIE_SECURE"
    )
    assert shown["DEBUG"] is False
    assert f"{tmp_path}/db.sqlite3" in json.dumps(shown["DATABASES"])
    assert shown["CELERY_BROKER_URL"] == "filesystem://"
    assert shown["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]"]
    assert shown["EMAIL_BACKEND"] == "django.core.mail.backends.console.EmailBackend"
    assert shown["SESSION_COOKIE_SECURE"] is False


def test_the_key_made_for_an_embedded_installation_is_kept_and_private(tmp_path: Path) -> None:
    first = settings_of(tmp_path, "SECRET_KEY")
    assert settings_of(tmp_path, "SECRET_KEY") == first
    assert len(str(first["SECRET_KEY"])) >= 50
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_nobody_else_on_the_machine_reads_what_is_written_whatever_the_umask(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o755)
    before = os.umask(0)
    try:
        assert start(data, "manage.py", "migrate", "--verbosity=0").returncode == 0
    finally:
        os.umask(before)

    open_to_others = [path for path in (data, *data.rglob("*")) if path.stat().st_mode & 0o077]
    assert (data / "db.sqlite3").exists()
    assert open_to_others == []


def test_a_data_folder_that_others_can_read_is_told_of(tmp_path: Path, settings: Settings) -> None:
    settings.DATA_DIR = tmp_path
    tmp_path.chmod(0o755)
    assert [problem.id for problem in check_data_are_private()] == ["core.W003"]
    tmp_path.chmod(0o700)
    assert check_data_are_private() == []


def test_production_follows_from_five_variables_and_passes_the_deployment_check(tmp_path: Path) -> None:
    names = (
        "ALLOWED_HOSTS",
        "CELERY_BROKER_URL",
        "SECURE_SSL_REDIRECT",
        "SESSION_COOKIE_SECURE",
        "EMAIL_HOST",
        "CACHES",
    )
    shown = settings_of(tmp_path, *names, **PRODUCTION)
    assert shown["ALLOWED_HOSTS"] == ["pris.example.test", "127.0.0.1", "localhost", "[::1]"]
    assert shown["CELERY_BROKER_URL"] == PRODUCTION["REDIS_URL"]
    assert shown["SECURE_SSL_REDIRECT"] is True
    assert shown["SESSION_COOKIE_SECURE"] is True
    assert shown["EMAIL_HOST"] == "mail.example.test"
    assert "DatabaseCache" in json.dumps(shown["CACHES"]), "log-in works without Redis"
    check = start(tmp_path, "-m", "django", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert check.returncode == 0, check.stderr
    assert "no issues (0 silenced)" in check.stdout


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"DEBUG": "ja"}, "DEBUG='ja' is not a switch"),
        ({"DATA_DIR": "var"}, "DATA_DIR='var' must be an absolute path"),
        ({"DATABASE_URL": "mysql://localhost/x"}, "DATABASE_URL must start with one of postgres://"),
        ({"DATABASE_URL": PRODUCTION["DATABASE_URL"]}, "SECRET_KEY must be set"),
        ({"JOB_STALE_SECONDS": "0"}, "JOB_STALE_SECONDS=0 is out of bounds"),
    ],
)
def test_nonsense_stops_the_program_with_a_plain_message(
    tmp_path: Path, environment: dict[str, str], message: str
) -> None:
    done = start(tmp_path, "-m", "django", "check", **{"DATA_DIR": str(tmp_path), **environment})
    assert done.returncode != 0
    assert message in done.stderr.strip().splitlines()[-1]
