"""Trying the lock: whether the database itself refuses a change, and by what."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DatabaseError, connection, transaction

from kundeservice.core import triggers
from surveys.models.lock_guards import REFUSAL

Door = Callable[[], object]
"""A way to change something."""


def refused(act: Door) -> bool:
    """Whether the database refused because the edition is locked; any other refusal is an error."""
    try:
        with transaction.atomic():
            act()
    except DatabaseError as error:
        if REFUSAL not in str(error):
            raise
        return True
    return False


def trigger_names() -> tuple[str, ...]:
    """Every trigger of ours that stands in the database."""
    return tuple(name for name, _table in triggers._triggers(connection))
