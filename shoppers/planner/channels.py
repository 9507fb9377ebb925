"""How a participant's contacts are split over its channels (planning rules, "Channels of a participant")."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from shoppers.planner.types import Infeasible, Mend, MendKind, Reason, ReasonKind
from surveys.engine.words import CHANNELS, CHAT, MESSENGER


def split_contacts(
    open_channels: Iterable[str],
    weights: Mapping[str, Decimal | int],
    contacts: int,
    max_channels: int,
    overrides: Mapping[str, int] | None = None,
) -> tuple[tuple[str, int], ...]:
    """Contacts per channel, in priority order, summing to `contacts`; channels without contacts are left out.

    Messenger counts only where chat is closed. At most `max_channels` channels are used, and they share the
    contacts by weight with the largest remainder; ties go by the priority order. `overrides` replace the split.
    Raises Infeasible with the reason when the input contradicts itself; the caller knows whose input it is.
    """
    is_open = frozenset(open_channels)
    unknown = tuple(sorted((is_open | frozenset(overrides or {})) - frozenset(CHANNELS)))
    if unknown:
        raise _contradiction(ReasonKind.UNKNOWN_CHANNEL, unknown)
    if contacts < 0:
        raise _contradiction(ReasonKind.NEGATIVE_NUMBER, (), given=contacts)
    if overrides:
        return _overridden(is_open, overrides, contacts, max_channels)
    chosen = chosen_channels(is_open, max_channels)
    if not chosen:
        raise _contradiction(ReasonKind.NO_OPEN_CHANNEL, (), needed=contacts)
    shares = {channel: Fraction(weights.get(channel, 0)) for channel in chosen}
    if min(shares.values()) < 0 or sum(shares.values()) <= 0:
        raise _contradiction(ReasonKind.NO_WEIGHT, chosen, needed=contacts)
    return _largest_remainder(shares, contacts)


def chosen_channels(open_channels: Iterable[str], max_channels: int) -> tuple[str, ...]:
    """The channels in use: the first `max_channels` by priority, Messenger only where chat is closed."""
    is_open = frozenset(open_channels)
    usable = [c for c in CHANNELS if c in is_open and not (c == MESSENGER and CHAT in is_open)]
    return tuple(usable[: max(0, max_channels)])


def _largest_remainder(shares: Mapping[str, Fraction], contacts: int) -> tuple[tuple[str, int], ...]:
    whole = sum(shares.values())
    exact = {channel: share * contacts / whole for channel, share in shares.items()}
    split = {channel: int(quota) for channel, quota in exact.items()}
    missing = contacts - sum(split.values())
    by_remainder = sorted(exact, key=lambda channel: (split[channel] - exact[channel], CHANNELS.index(channel)))
    for channel in by_remainder[:missing]:
        split[channel] += 1
    return tuple((channel, number) for channel, number in split.items() if number)


def _overridden(
    is_open: frozenset[str], overrides: Mapping[str, int], contacts: int, max_channels: int
) -> tuple[tuple[str, int], ...]:
    negative = tuple(c for c in CHANNELS if overrides.get(c, 0) < 0)
    if negative:
        raise _contradiction(ReasonKind.NEGATIVE_NUMBER, negative, given=min(overrides.values()))
    used = tuple((c, overrides[c]) for c in CHANNELS if overrides.get(c, 0))
    closed = tuple(channel for channel, _ in used if channel not in is_open)
    if closed:
        raise _contradiction(ReasonKind.OVERRIDE_CLOSED, closed, given=sum(overrides[c] for c in closed))
    given = sum(number for _, number in used)
    if given != contacts:
        raise _contradiction(ReasonKind.OVERRIDE_SUM, tuple(c for c, _ in used), given=given, needed=contacts)
    if len(used) > max_channels:
        raise _contradiction(
            ReasonKind.OVERRIDE_CHANNELS, tuple(c for c, _ in used), given=len(used), allowed=max_channels
        )
    return used


def _contradiction(kind: ReasonKind, channels: tuple[str, ...], **numbers: int) -> Infeasible:
    mend = Mend(MendKind.CORRECT_INPUT, channels=channels)
    return Infeasible((Reason(kind, channels=channels, numbers=tuple(numbers.items()), mend=mend),))


def remaining_contacts(contacts: tuple[tuple[str, int], ...], done: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """What is left to plan per channel when `done` contacts stay as they are.

    A channel may have been closed, or its share lowered, after contacts were made on it. These still count
    towards the participant's total, so the surplus is taken from the channels with most left to plan
    (ties: the last by priority), one contact at a time.
    """
    left = {channel: max(0, number - done.get(channel, 0)) for channel, number in contacts}
    total = max(0, sum(number for _, number in contacts) - sum(done.values()))
    surplus = sum(left.values()) - total
    for _ in range(surplus):
        largest = max(left, key=lambda channel: (left[channel], CHANNELS.index(channel)))
        left[largest] -= 1
    return tuple((channel, number) for channel, number in left.items() if number)
