"""`manage.py serve`: the web server, a worker and the clock that wakes it, as one program on one machine."""

import os
import socket
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kundeservice.core.supervisor import ProgramKeepsDying, Supervisor

DEFAULT_WEB_PROCESSES = "2"
WEB_THREADS = "4"
WORKER_PROCESSES = "2"
# Work that is not finished by then is killed and goes on at the next start, so nobody need wait for it.
GRACE_SECONDS = 10.0


class Command(BaseCommand):
    """Start everything the product needs, and stop it together."""

    help = "Serve the site together with a worker and its scheduler. Ctrl-C stops all of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        _refuse_taken_port(host, port)
        supervisor = Supervisor(commands=_commands(host, port), say=self._say, grace_seconds=GRACE_SECONDS)
        self.stdout.write(f"Serving at {settings.SITE_URL} (listening on {host}:{port}). Ctrl-C stops.")
        try:
            supervisor.run()
        except ProgramKeepsDying as problem:
            raise CommandError(str(problem)) from problem

    def _say(self, line: str) -> None:
        self.stdout.write(f"serve: {line}")
        self.stdout.flush()


def _commands(host: str, port: int) -> dict[str, list[str]]:
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "--quiet", "-A", "kundeservice"]
    log_level = settings.LOG_LEVEL.lower()
    return {
        "web": [
            *python,
            "gunicorn",
            "kundeservice.wsgi",
            f"--bind={host}:{port}",
            f"--workers={os.environ.get('WEB_CONCURRENCY', DEFAULT_WEB_PROCESSES)}",
            f"--threads={WEB_THREADS}",
            "--no-control-socket",
        ],
        "worker": [*celery, "worker", f"--concurrency={WORKER_PROCESSES}", f"--loglevel={log_level}"],
        # Without a pid file: one left behind by a crash would keep beat from starting.
        "beat": [*celery, "beat", "--pidfile=", f"--loglevel={log_level}"],
    }


def _refuse_taken_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise CommandError(
                f"Cannot listen on {host}:{port}: {problem.strerror}. Choose another port with --port."
            ) from problem
