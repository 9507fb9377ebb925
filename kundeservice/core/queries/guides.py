"""Through whose eyes a door is best seen: of everybody with a role, somebody who has something to do there.

The floor does not know what there is to do. An app that does registers a finder in its `ready`::

    @finds_guide(Role.SHOPPER)
    def busiest_shopper(at: datetime) -> User | None: ...
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from kundeservice.core.models import Role, User

Finder = Callable[[datetime], User | None]

_finders: dict[Role, Finder] = {}


def finds_guide(role: Role) -> Callable[[Finder], Finder]:
    """Register the decorated function as the one that finds the guide of `role`."""

    def register(finder: Finder) -> Finder:
        _finders[role] = finder
        return finder

    return register


def guide_of(role: Role, *, at: datetime) -> User | None:
    """Somebody active with the role who has something to show at `at`, else the first who has it; None without any."""
    people = User.objects.filter(role_grants__role=role, is_active=True).order_by("pk")
    found = _finders[role](at) if role in _finders else None
    if found is not None and people.filter(pk=found.pk).exists():
        return found
    return people.first()
