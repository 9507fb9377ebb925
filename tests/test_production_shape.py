"""The production shape as `docker-compose.yml` describes it.

No Docker engine is needed: the file is read and held to its promises, and the very commands it names are run by hand
against PostgreSQL and Redis on loopback.
"""

from __future__ import annotations

import json
import re
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
import yaml
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT

from tests.processes import ROOT, Installation, free_port, own_redis, wait_until
from tests.servers import postgresql

RUN_ONCE = {"migrate"}
EXPECTED_SERVICES = {"web", "worker", "batch", "beat", "db", "redis", "migrate"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    described: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return described


def test_every_service_is_there_and_tells_whether_it_is_well(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert set(services) == EXPECTED_SERVICES
    assert {name for name, service in services.items() if "healthcheck" not in service} == RUN_ONCE
    for service in services.values():
        assert {"test", "interval", "timeout", "retries"} <= set(service.get("healthcheck", {})) or "command" in service
        assert "image" in service


def test_nothing_is_reachable_from_other_machines(compose: dict[str, Any]) -> None:
    published = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_what_must_last_lies_on_named_volumes(compose: dict[str, Any]) -> None:
    mounted = {
        name: {volume.partition(":")[0] for volume in service.get("volumes", [])}
        for name, service in compose["services"].items()
    }
    assert mounted["db"] == {"database"}
    assert mounted["redis"] == {"queue"}
    assert mounted["web"] == mounted["worker"] == mounted["batch"] == {"files"}
    assert set().union(*mounted.values()) == set(compose["volumes"])


def test_our_own_containers_hold_no_rights_they_do_not_need(compose: dict[str, Any]) -> None:
    for name in ("web", "worker", "batch", "beat", "migrate"):
        service = compose["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
    assert re.search(r"^USER kundeservice$", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)


def test_every_secret_is_asked_for_in_the_example(compose: dict[str, Any]) -> None:
    asked = set(re.findall(r"\$\{(\w+):\?", (ROOT / "docker-compose.yml").read_text()))
    offered = set(re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(), flags=re.MULTILINE))
    assert asked | {"SECRET_KEY", "SITE_URL"} <= offered
    assert "SECRET_KEY=\n" in (ROOT / ".env.example").read_text(), "a secret in the example would be used by somebody"


def test_the_image_installs_what_the_product_needs_to_run_and_no_more() -> None:
    awk = re.search(r"awk '([^']+)' apt\.txt", (ROOT / "Dockerfile").read_text())
    assert awk
    chosen = subprocess.run(["awk", awk[1], "apt.txt"], cwd=ROOT, check=True, capture_output=True, text=True)
    assert chosen.stdout.split() == ["gettext", "libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"]


@pytest.fixture
def production(tmp_path: Path) -> Iterator[Installation]:
    """An installation on PostgreSQL and Redis, migrated, with its static files in place."""
    with ExitStack() as servers:
        server = servers.enter_context(postgresql())
        database = f"shape_{free_port()}"
        _in_server(server, f'CREATE DATABASE "{database}"')
        servers.callback(_in_server, server, f'DROP DATABASE "{database}" WITH (FORCE)')
        installation = Installation(
            tmp_path,
            {
                "DATABASE_URL": urlunsplit(urlsplit(server)._replace(path=f"/{database}")),
                "REDIS_URL": servers.enter_context(own_redis(tmp_path)),
                "SECRET_KEY": "x5Kq-9" * 10,
                "WEB_CONCURRENCY": "1",
            },
        )
        installation.manage("migrate", "--verbosity=0")
        yield installation


def test_the_commands_of_the_file_run_the_product(production: Installation, compose: dict[str, Any]) -> None:
    port = free_port()
    web = [argument.replace("0.0.0.0", "127.0.0.1") for argument in _command_of_image()] + [f"--port={port}"]
    commands = {"web": web, **{name: compose["services"][name]["command"] for name in ("worker", "batch", "beat")}}
    commands["beat"] = [argument.replace("/tmp/", f"{production.folder}/") for argument in commands["beat"]]
    with ExitStack() as running:
        processes = [
            running.enter_context(production.started(*command, log=name)) for name, command in commands.items()
        ]
        wait_until(lambda: _health(port).get("status") == "ok", what="web and worker to be well")
        assert _health(port)["broker"] is True
        wait_until(lambda: "beat: Starting" in (production.folder / "beat.log").read_text(), what="beat")
        assert [process.poll() for process in processes] == [None] * len(commands)
    assert _health(port) == {}, "nothing is left running"


def _command_of_image() -> list[str]:
    command = re.search(r"^CMD (\[.+?\])$", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE | re.DOTALL)
    assert command
    interpreter, script, *words = json.loads(command[1].replace("\\\n", ""))
    assert (interpreter, script) == ("python", "manage.py")
    return ["django", *words]


def _health(port: int) -> dict[str, Any]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz/", timeout=5) as answer:
            health: dict[str, Any] = json.load(answer)
    except OSError:  # nobody listens yet, or it was cut off
        return {}
    return health


def _in_server(url: str, statement: str) -> None:
    connection = psycopg2.connect(urlunsplit(urlsplit(url)._replace(path="/postgres")))
    connection.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
    connection.cursor().execute(statement)
    connection.close()
