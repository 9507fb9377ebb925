"""What somebody else does between the moment a page is looked up and the moment it holds what it changes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

LOCKS = ("BEGIN IMMEDIATE", "FOR NO KEY UPDATE", "FOR UPDATE")
"""How a transaction that is to write begins: on SQLite by itself, on PostgreSQL when it holds its first row."""


@contextmanager
def meanwhile(act: Callable[[], object]) -> Iterator[None]:
    """Let somebody else do `act`, whole, just before the first lock is taken. For tests with real transactions."""
    waiting = [act]

    def look_out(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if waiting and any(lock in sql for lock in LOCKS):
            _elsewhere(waiting.pop())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look_out):
        yield
    assert not waiting, "nothing was held"


def _elsewhere(act: Callable[[], object]) -> None:
    """On a connection of its own."""

    def run() -> None:
        try:
            act()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(timeout=60)
