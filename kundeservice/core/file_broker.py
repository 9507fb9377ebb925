"""The broker of plain files, such that no message is ever read half.

Kombu's transport writes a message under the name readers look for, so that a reader may find it empty or cut off, and
the error ends the worker. Here a message gets its name when it is whole, is taken by one rename, and what cannot be
read is set aside and told. The same goes for the tables of who listens to what.
"""

from __future__ import annotations

import fcntl
import logging
import os
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from typing import Any

from amqp.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps, loads

logger = logging.getLogger(__name__)

Binding = filesystem.exchange_queue_t
MESSAGE = ".msg"
DRAFT = ".part"
UNREADABLE = ".unreadable"
BROKEN_CONTENT = (ValueError, LookupError, TypeError)


class Channel(filesystem.Channel):
    """Files that are whole or not there."""

    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:  # type: ignore[override]  # as filesystem
        """Put a message into `queue`. Names sort by the time they were put, across restarts of the machine."""
        name = f"{time.time_ns():020}_{uuid.uuid4()}.{queue}{MESSAGE}"
        try:
            _write_whole(Path(self.data_folder_out) / name, dumps(payload))
        except OSError as problem:
            raise ChannelError(f"Cannot add a message to {self.data_folder_out}: {problem}") from problem

    def _get(self, queue: str, _timeout: float | None = None) -> Any:
        """Take the oldest message of `queue`; of several readers one gets it. Raises `queue.Empty`."""
        folder = Path(self.data_folder_in)
        for name in sorted(file.name for file in folder.iterdir()):
            if name.partition(".")[2] != f"{queue}{MESSAGE}":
                continue
            taken = folder / f"{name}.{os.getpid()}.taken"
            try:
                # Within one folder, so that it is one step: of two readers one finds nothing.
                (folder / name).rename(taken)
            except OSError:
                continue
            message = _read_message(taken)
            if message is not None:
                return message
        raise Empty

    def get_table(self, exchange: str) -> list[Any]:
        """Return who listens to `exchange`; an unreadable table counts as empty, for whoever listens signs on anew."""
        file = self._exchange_file(exchange)  # type: ignore[attr-defined]  # the stubs do not know it
        try:
            return [Binding(*binding) for binding in loads(file.read_text(encoding="utf-8"))]
        except FileNotFoundError:
            return []
        except BROKEN_CONTENT:
            logger.warning("The broker's file %s could not be read and counts as empty.", file.name)
            return []

    def _queue_bind(self, exchange: str, routing_key: str | None, pattern: str | None, queue: str | None) -> None:
        binding = Binding(routing_key or "", pattern or "", queue or "")

        def add(bindings: list[Binding]) -> list[Binding]:
            return bindings if binding in bindings else [binding, *bindings]

        self._change_table(exchange, add)

    def _delete(
        self, queue: str, exchange: str, routing_key: str | None, pattern: str | None, *args: Any, **kwargs: Any
    ) -> None:
        self._purge(queue)
        binding = Binding(routing_key or "", pattern or "", queue or "")
        self._change_table(exchange, lambda bindings: [known for known in bindings if known != binding])

    def _change_table(self, exchange: str, change: Callable[[list[Binding]], list[Binding]]) -> None:
        file = self._exchange_file(exchange)  # type: ignore[attr-defined]  # the stubs do not know it
        file.parent.mkdir(exist_ok=True)
        with _alone(file.with_suffix(".lock")):
            before = self.get_table(exchange)
            after = change(before)
            if after != before or not file.exists():
                _write_whole(file, dumps(after))


class Transport(filesystem.Transport):
    """Kombu's transport with our channel."""

    Channel = Channel


def _read_message(taken: Path) -> dict[str, Any] | None:
    """Read and remove a message that is ours; None, and the file set aside, when it makes no sense."""
    try:
        message = loads(taken.read_text(encoding="utf-8"))
        # What kombu takes for granted, outside of where it expects anything to go wrong.
        message["body"], message["properties"]["delivery_tag"], message["properties"]["delivery_info"]["exchange"]
    except BROKEN_CONTENT as problem:
        aside = taken.with_name(taken.name.partition(".")[0] + UNREADABLE)
        taken.rename(aside)
        logger.error("A message could not be read (%s) and is set aside as %s.", problem, aside.name)
        return None
    except OSError as problem:
        # It stays where it is: the job's row stands, and the sweep sends another.
        logger.error("A message could not be read: %s.", problem)
        return None
    taken.unlink(missing_ok=True)
    return message


def _write_whole(path: Path, content: str) -> None:
    """Let `path` hold `content` in one step: a reader sees all of it or none."""
    draft = path.with_name(f"{uuid.uuid4()}{DRAFT}")
    try:
        draft.write_text(content, encoding="utf-8")
        draft.rename(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
