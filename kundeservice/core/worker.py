"""What a worker does besides tasks: it says that it lives, sweeps when it starts, and leaves no process behind."""

import os
import threading
import time
from typing import Any

from celery.signals import heartbeat_sent, worker_init, worker_process_init, worker_ready
from django.core.cache import cache
from django.db import DatabaseError, connection

from kundeservice.celery import app
from kundeservice.core import clock
from kundeservice.core.queries.health import WORKER_HEARTBEAT_KEY, WORKER_HEARTBEAT_LIFETIME

SECONDS_BETWEEN_SIGNS = 10.0
SECONDS_BETWEEN_LOOKS_AT_PARENT = 1.0
_last_sign = {"at": float("-inf")}
_worker = {"pid": 0}


@worker_ready.connect
def sweep_on_start(**kwargs: Any) -> None:
    """Let the pool look for work that a dead worker left behind."""
    show_sign_of_life()
    app.send_task("core.sweep_jobs")


@heartbeat_sent.connect
def show_sign_of_life(**kwargs: Any) -> None:
    """Leave the time where the health page reads it. Celery beats every other second; one sign in ten is enough."""
    if time.monotonic() - _last_sign["at"] < SECONDS_BETWEEN_SIGNS:
        return
    try:
        cache.set(WORKER_HEARTBEAT_KEY, clock.now().isoformat(), WORKER_HEARTBEAT_LIFETIME)
    except (DatabaseError, ConnectionError):
        return  # the health page will tell that the worker is silent, which is as good as true
    finally:
        # The pool forks from this process, and a child must not inherit an open connection.
        connection.close()
    _last_sign["at"] = time.monotonic()


@worker_init.connect
def remember_the_worker(**kwargs: Any) -> None:
    """Note who the worker is before the pool forks: a process that starts late must not take another for its parent."""
    _worker["pid"] = os.getpid()


@worker_process_init.connect
def end_with_the_worker(**kwargs: Any) -> None:
    """Let a process of the pool end soon after the worker is killed; it would otherwise wait for work for ever."""
    threading.Thread(target=_watch_parent, args=(_worker["pid"],), name="watch-parent", daemon=True).start()


def _watch_parent(worker: int) -> None:
    while os.getppid() == worker:
        time.sleep(SECONDS_BETWEEN_LOOKS_AT_PARENT)
    os._exit(1)
