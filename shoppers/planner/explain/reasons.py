"""How a reason is put together."""

from __future__ import annotations

from collections.abc import Sequence

from shoppers.planner.indexed import Indexed
from shoppers.planner.types import Mend, Reason, ReasonKind

DEFAULT_PER_WEEK = 6
"""Contacts a week that a new shopper is asked to manage unless more are needed."""


def reason_of(
    kind: ReasonKind,
    mend: Mend,
    *,
    participants: Sequence[str] = (),
    channels: Sequence[str] = (),
    shoppers: Sequence[str] = (),
    **numbers: int,
) -> Reason:
    return Reason(kind, tuple(participants), tuple(channels), tuple(shoppers), tuple(numbers.items()), mend)


def free_codes(indexed: Indexed, count: int) -> tuple[str, ...]:
    """Names for `count` new shoppers that nobody has."""
    taken = set(indexed.shoppers)
    names = (f"new-{number}" for number in range(1, len(taken) + count + 1))
    return tuple(name for name in names if name not in taken)[:count]


def standing(indexed: Indexed, p: int, s: int, channels: Sequence[int]) -> str:
    """Why a shopper cannot make a contact with the participant on the channels – or "usable"."""
    if (indexed.shoppers[s], indexed.participants[p]) in indexed.problem.excluded:
        return "related"
    if not any(indexed.able[c][s] for c in channels):
        return "without_channel"
    if indexed.barred[p][s]:
        return "met"
    return "usable" if indexed.takes_part(s) else "unavailable"
