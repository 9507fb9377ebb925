"""Which window of the day: even per participant and channel, and even over the weekdays.

Nothing else depends on the window, so dealing the open windows round in date order is always within one of
even: the bound is reached by construction. The round starts at another window for every participant, so that
no window is favoured over all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from shoppers.planner.calendar import open_windows


def deal_windows(
    channel: str, days: Sequence[int], windows: Sequence[str], taken: Iterable[str], start: int
) -> list[str]:
    """A window for each of a participant's contacts on one channel, in the order of `days`.

    `taken` are the windows of contacts that stay as they are: the fewest so far goes first.
    """
    choice = open_windows(channel, windows)
    turned = [choice[(start + step) % len(choice)] for step in range(len(choice))]
    used = Counter(window for window in taken if window in choice)
    dealt = [""] * len(days)
    for position in sorted(range(len(days)), key=lambda position: days[position]):
        window = min(turned, key=lambda name: used[name])
        used[window] += 1
        dealt[position] = window
    return dealt
