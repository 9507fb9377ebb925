"""The later of two decisions is told, never silent."""

from __future__ import annotations

from django.db.models import Q

from kundeservice.core.queries.history import acts_since
from surveys.services.refusals import ChangedMeanwhile


def check_seen(lines: Q, seen: str | None) -> None:
    """Refuse when something was done after the version that the deciding person saw. One query.

    Must be called behind the lock of the edition. None asks for nothing: a command, a job or a service of several
    steps has read what it changes behind the same lock.

    Raises: ChangedMeanwhile, which says who did what, and when.
    """
    if seen is None:
        return
    acts = acts_since(lines, seen)
    if acts:
        raise ChangedMeanwhile(acts)
