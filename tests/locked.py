"""Trying the lock: whether the database itself refuses a change."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DatabaseError, transaction

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
