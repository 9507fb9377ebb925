"""The state of the parts the installation consists of."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.utils.dateparse import parse_datetime
from kombu.exceptions import OperationalError

from kundeservice.celery import app

WORKER_HEARTBEAT_KEY = "worker-heartbeat"
WORKER_HEARTBEAT_LIFETIME = 24 * 3600
WORKER_IS_ALIVE_FOR = timedelta(seconds=45)


@dataclass(frozen=True)
class Health:
    """What works: each part is True or False. `worker_last_seen` is None when no worker has ever been heard."""

    database: bool
    broker: bool
    worker: bool
    worker_last_seen: datetime | None

    @property
    def serves_people(self) -> bool:
        """People can read and save as long as the database answers; work in the background can wait."""
        return self.database

    @property
    def status(self) -> str:
        """`ok`, `degraded` (people are served, background work waits) or `down`."""
        if not self.serves_people:
            return "down"
        return "ok" if self.broker and self.worker else "degraded"

    def as_dict(self) -> dict[str, Any]:
        """Return the parts by name, ready for JSON."""
        return {"status": self.status, **asdict(self)}


def read_health(*, at: datetime) -> Health:
    """Ask every part at the moment `at`."""
    database = _database_answers()
    last_seen = worker_last_seen() if database else None
    return Health(
        database=database,
        broker=_broker_answers(),
        worker=last_seen is not None and at - last_seen < WORKER_IS_ALIVE_FOR,
        worker_last_seen=last_seen,
    )


def worker_last_seen() -> datetime | None:
    """Return when any worker last said that it lives."""
    try:
        stamp = cache.get(WORKER_HEARTBEAT_KEY)
    except (DatabaseError, ConnectionError):
        return None
    return parse_datetime(stamp) if stamp else None


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _broker_answers() -> bool:
    try:
        with app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=2)
    except (OperationalError, OSError):
        return False
    return True
