"""What a worker does besides tasks: it says that it lives, sweeps when it starts, and leaves no process behind."""

import logging
import os
import threading
import time
from typing import Any

from celery.bootsteps import StartStopStep
from celery.signals import heartbeat_sent, worker_init, worker_process_init
from django.core.cache import cache
from django.db import DatabaseError, connection

from kundeservice.celery import app
from kundeservice.core import clock
from kundeservice.core.jobs import sweep_jobs
from kundeservice.core.queries.health import WORKER_HEARTBEAT_LIFETIME, worker_heartbeat_key
from kundeservice.core.sqlite import describe_journal

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_SIGNS = 10.0
SECONDS_BETWEEN_LOOKS_AT_PARENT = 1.0
_last_sign = {"at": float("-inf")}
_worker = {"pid": 0}


class SweepWhenConnected(StartStopStep):
    """Looks for waiting work as soon as the worker can be told of it: at its start, and whenever a broker is back.

    Done here and now instead of by a message, which would wait behind whatever the pool is doing.
    """

    requires = ("celery.worker.consumer.tasks:Tasks",)  # as Celery declares it

    def start(self, _parent: Any) -> None:
        _last_sign["at"] = float("-inf")
        show_sign_of_life()
        try:
            if connection.vendor == "sqlite":
                logger.info(describe_journal(connection))
            result = sweep_jobs(at=clock.now(), everything_that_waits=True)
        except DatabaseError as problem:
            logger.warning("The worker could not look for waiting work (%s); the next sweep does.", problem)
        else:
            logger.info(
                "Sweep at start: %s queued again, %s announced, %s given up.",
                result.requeued, result.announced, result.given_up,
            )  # fmt: skip
        finally:
            # The pool forks from this process, and a child must not inherit an open connection.
            connection.close()


app.steps["consumer"].add(SweepWhenConnected)


@heartbeat_sent.connect
def show_sign_of_life(**kwargs: Any) -> None:
    """Leave the time where the health page reads it, for each queue that is served.

    Celery beats every other second; one sign in ten is enough.
    """
    if time.monotonic() - _last_sign["at"] < SECONDS_BETWEEN_SIGNS:
        return
    now = clock.now().isoformat()
    try:
        for queue in app.amqp.queues.consume_from:
            cache.set(worker_heartbeat_key(queue), now, WORKER_HEARTBEAT_LIFETIME)
    except DatabaseError:
        return  # the health page will tell that the worker is silent, which is as good as true
    finally:
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
