"""The state of the parts the installation consists of."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.utils.dateparse import parse_datetime

from kundeservice.celery import BROKER_PROBLEMS, app
from kundeservice.core.job_kinds import Queue
from kundeservice.core.models import Job, JobState
from kundeservice.core.sqlite import journal_in_force, loaded_version, right_journal

CHECK_DATA = "core.check_data"
WORKER_HEARTBEAT_LIFETIME = 24 * 3600
WORKER_IS_ALIVE_FOR = timedelta(seconds=45)


@dataclass(frozen=True)
class SqliteHealth:
    """Which SQLite is loaded, how the file keeps its journal, and whether that is safe together."""

    version: str
    journal: str
    safe: bool


@dataclass(frozen=True)
class Health:
    """What works: each part is True or False.

    `worker` is that every queue has a worker, `workers` tells of each; `worker_last_seen` is when the queue that has
    waited longest was last heard to have one, None when one never had. `data` is what the last check of the data found,
    None before the first; `sqlite` is None on PostgreSQL.
    """

    database: bool
    broker: bool
    worker: bool
    workers: dict[str, bool]
    worker_last_seen: datetime | None
    data: bool | None = None
    data_checked_at: datetime | None = None
    sqlite: SqliteHealth | None = None

    @property
    def serves_people(self) -> bool:
        """People can read and save as long as the database answers; work in the background can wait."""
        return self.database

    @property
    def status(self) -> str:
        """`ok`, `degraded` (people are served, background work waits) or `down`."""
        if not self.serves_people:
            return "down"
        return "degraded" if self.away else "ok"

    @property
    def away(self) -> list[str]:
        """Name what does not work."""
        parts = {"database": self.database, "broker": self.broker}
        workers = {f"worker:{queue}": is_there for queue, is_there in self.workers.items()}
        data = {"data": self.data is not False, "journal": self.sqlite is None or self.sqlite.safe}
        return [name for name, is_well in (parts | workers | data).items() if not is_well]

    def as_dict(self) -> dict[str, Any]:
        """Return the parts by name, ready for JSON."""
        return {"status": self.status, "away": self.away, **asdict(self)}


def read_health(*, at: datetime) -> Health:
    """Ask every part at the moment `at`."""
    database = _database_answers()
    seen = {queue: _worker_last_seen(queue) if database else None for queue in Queue}
    workers = {queue.value: _is_recent(last_seen, at=at) for queue, last_seen in seen.items()}
    times = list(seen.values())
    data, data_checked_at = _last_data_check() if database else (None, None)
    return Health(
        database=database,
        broker=_broker_answers(),
        worker=all(workers.values()),
        workers=workers,
        worker_last_seen=None if None in times else min(filter(None, times)),
        data=data,
        data_checked_at=data_checked_at,
        sqlite=_sqlite() if database else None,
    )


def worker_heartbeat_key(queue: str) -> str:
    """Return under which key a worker leaves the time for a queue it serves."""
    return f"worker-heartbeat:{queue}"


def worker_is_alive(queue: Queue, *, at: datetime) -> bool:
    """Tell whether a worker that serves `queue` has been heard lately, busy or not."""
    return _is_recent(_worker_last_seen(queue), at=at)


def _is_recent(last_seen: datetime | None, *, at: datetime) -> bool:
    return last_seen is not None and at - last_seen < WORKER_IS_ALIVE_FOR


def _worker_last_seen(queue: Queue) -> datetime | None:
    try:
        stamp = cache.get(worker_heartbeat_key(queue))
    except DatabaseError:
        return None
    return parse_datetime(stamp) if stamp else None


def _last_data_check() -> tuple[bool | None, datetime | None]:
    try:
        last = Job.objects.filter(kind=CHECK_DATA).order_by("-pk").values("state", "finished_at").first()
    except DatabaseError:
        return None, None
    return (last["state"] == JobState.DONE, last["finished_at"]) if last else (None, None)


def _sqlite() -> SqliteHealth | None:
    if connection.vendor != "sqlite":
        return None
    journal = journal_in_force(connection)
    return SqliteHealth(
        version=".".join(map(str, loaded_version())), journal=journal, safe=journal in {right_journal(), "delete"}
    )


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
    except BROKER_PROBLEMS:
        return False
    return True
