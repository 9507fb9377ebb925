"""`manage.py serve`: the web server, a worker and the clock that wakes it, as one program on one machine."""

import os
import socket
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from kundeservice.core.job_kinds import Queue
from kundeservice.core.queries.schema import why_not_migrated
from kundeservice.core.sqlite import describe_journal
from kundeservice.core.supervisor import ProgramKeepsDying, Supervisor

DEFAULT_WEB_PROCESSES = 2
WEB_THREADS = "4"
# Two for what people wait for, one for batches: nobody's short work stands behind 190 reports.
WORKERS = {"worker": (Queue.QUICK, 2), "batch": (Queue.BATCH, 1)}
# Work that is not finished by then is killed and goes on at the next start, so nobody need wait for it.
GRACE_SECONDS = 10.0


class Command(BaseCommand):
    """Start everything the product needs, and stop it together."""

    help = "Serve the site together with a worker and its scheduler. Ctrl-C stops all of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--only-web", action="store_true", help="where workers and scheduler run elsewhere")
        parser.add_argument(
            "--reload", action="store_true", help="for work on the code: a changed file shows at the next request"
        )

    def handle(self, *args: Any, host: str, port: int, only_web: bool, reload: bool, **options: Any) -> None:
        if reason := why_not_migrated():
            raise CommandError(reason)
        _refuse_taken_port(host, port)
        if connection.vendor == "sqlite":
            self._say(describe_journal(connection))
        supervisor = Supervisor(
            commands=_chosen(commands_of_programs(host, port), host, port, only_web=only_web, reload=reload),
            say=self._say,
            grace_seconds=GRACE_SECONDS,
        )
        self.stdout.write(f"Serving at {settings.SITE_URL} (listening on {host}:{port}). Ctrl-C stops.")
        try:
            supervisor.run()
        except ProgramKeepsDying as problem:
            raise CommandError(str(problem)) from problem

    def _say(self, line: str) -> None:
        self.stdout.write(f"serve: {line}")
        self.stdout.flush()


def commands_of_programs(host: str, port: int) -> dict[str, list[str]]:
    """Return the command line of each program by its name."""
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "--quiet", "-A", "kundeservice"]
    log_level = settings.LOG_LEVEL.lower()
    workers = {
        name: [
            *celery,
            "worker",
            f"--queues={queue}",
            f"--concurrency={processes}",
            f"--hostname={queue}@%h",
            # Workers need not know of each other, and asking who is there costs every start a second.
            "--without-mingle",
            "--without-gossip",
            f"--loglevel={log_level}",
        ]
        for name, (queue, processes) in WORKERS.items()
    }
    web = [*python, "kundeservice.web_server", f"--host={host}", f"--port={port}", f"--threads={WEB_THREADS}"]
    return {
        # They listen on one port; the kernel shares the connections out.
        **{("web" if number == 1 else f"web {number}"): web for number in range(1, _web_processes() + 1)},
        **workers,
        # Without a pid file: one left behind by a crash would keep beat from starting.
        "beat": [*celery, "beat", "--pidfile=", f"--loglevel={log_level}"],
    }


def _chosen(
    commands: dict[str, list[str]], host: str, port: int, *, only_web: bool, reload: bool
) -> dict[str, list[str]]:
    web = {name: line for name, line in commands.items() if name.startswith("web")}
    others = {name: line for name, line in commands.items() if name not in web}
    if reload:
        web = {"web": [sys.executable, "manage.py", "runserver", f"{host}:{port}"]}
    return web if only_web else {**web, **others}


def _web_processes() -> int:
    return int(os.environ.get("WEB_CONCURRENCY") or DEFAULT_WEB_PROCESSES)


def _refuse_taken_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise CommandError(
                f"Cannot listen on {host}:{port}: {problem.strerror}. Choose another port with --port."
            ) from problem
