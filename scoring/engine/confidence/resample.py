"""The stratified bootstrap: how far could each total have come out from where it did?

A stratum is a participant on a channel. A resample draws as many contacts as the stratum has; a draw takes one of the
stratum's own residuals with probability ``own_share`` and else one from the pool of its channel over the whole edition.
25 contacts, most of which hold no unanswered one, say little about how rare zeros are; the pool says it for them.

Strata of one size share a matrix of drawn counts, turned into sums by one matrix product; every stratum then gets the
resamples in an order of its own, so that no two strata move together. That is what makes it quick and still right.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.engine.types import ContactScore

POOL_CONTACTS = 10
"""The pool weighs as much as this many contacts, held against those of the edition's average participant.

One share for all: strata of one size can then share a matrix of drawn counts.
"""
MIN_POOL = 30
"""A channel with fewer residuals than this borrows from all channels."""
NOTHING = 1e-9
"""Residuals closer to 0 than this come from scores that are all alike, but for the last bit."""
BATCH = 500
"""Strata whose sums are held at once, so that a crowd does not need its resamples twice over."""
BLOCK = 200_000
"""Multiplications per block."""

Floats = NDArray[np.float64]
Counts = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Stratum:
    """``weight`` is the share of the participant's contacts.

    Residuals have mean 0 and the variance of single contacts.
    """

    participant: int
    channel: str
    weight: float
    residuals: Floats

    @property
    def size(self) -> int:
        return len(self.residuals)


def strata_of(participants: Sequence[str], contacts: Iterable[ContactScore]) -> list[Stratum]:
    """The strata of the participants, numbered as given."""
    number = {code: position for position, code in enumerate(participants)}
    scores: defaultdict[tuple[int, str], list[float]] = defaultdict(list)
    made: defaultdict[int, int] = defaultdict(int)
    for contact in contacts:
        position = number[contact.participant]
        scores[position, contact.channel].append(float(contact.score))
        made[position] += 1
    return [
        Stratum(position, channel, len(values) / made[position], _residuals(values))
        for (position, channel), values in sorted(scores.items())
    ]


def _residuals(values: Sequence[float]) -> Floats:
    size = len(values)
    residuals = np.array(values) - np.mean(values)
    # n residuals around their own mean are too narrow by (n - 1) / n; in strata of 5 that would be a fifth.
    return residuals * np.sqrt(size / (size - 1)) if size > 1 else residuals


def deviations(strata: Sequence[Stratum], participants: int, resamples: int, rng: np.random.Generator) -> Floats | None:
    """Deviations of the resampled totals from the measured ones: participants × resamples.

    ``None`` when no stratum has two contacts that differ, so that nothing is known about the spread.
    """
    pools = _pools(strata)
    if pools is None:
        return None
    contacts = sum(stratum.size for stratum in strata)
    measured = len({stratum.participant for stratum in strata})
    own_share = contacts / (contacts + POOL_CONTACTS * measured)
    found = np.zeros((participants, resamples))
    by_size: defaultdict[int, defaultdict[str, list[Stratum]]] = defaultdict(lambda: defaultdict(list))
    for stratum in strata:
        by_size[stratum.size][stratum.channel].append(stratum)
    for size, channels in sorted(by_size.items()):
        counts = _drawn_counts(size, own_share if size > 1 else 0.0, resamples, rng)
        own = np.ascontiguousarray(counts[:, :size].T, dtype=np.float64)
        for channel, members in sorted(channels.items()):
            pooled = _pooled_sums(pools[channel], counts[:, size], rng)
            for member, row in zip(members, _sums_of_own(members, own), strict=True):
                found[member.participant] += (row + pooled)[rng.permutation(resamples)] * (member.weight / size)
    return found


def _sums_of_own(members: Sequence[Stratum], own: Floats) -> Iterator[Floats]:
    """The sums of what each stratum drew of its own, one stratum after the other."""
    for start in range(0, len(members), BATCH):
        yield from _products(np.stack([member.residuals for member in members[start : start + BATCH]]), own)


def _pools(strata: Iterable[Stratum]) -> Mapping[str, Floats] | None:
    residuals: defaultdict[str, list[Floats]] = defaultdict(list)
    channels = set()
    for stratum in strata:
        channels.add(stratum.channel)
        if stratum.size > 1:
            residuals[stratum.channel].append(stratum.residuals)
    by_channel = {channel: np.concatenate(found) for channel, found in sorted(residuals.items())}
    if not any(_differs(pool) for pool in by_channel.values()):
        return None
    everything = np.concatenate(list(by_channel.values()))
    nothing = np.zeros(0)
    own = {channel: by_channel.get(channel, nothing) for channel in channels}
    return {channel: pool if _says_enough(pool) else everything for channel, pool in own.items()}


def _says_enough(pool: Floats) -> bool:
    """Whether a channel's residuals tell how contacts on it differ; if they are all alike, they do not."""
    return len(pool) >= MIN_POOL and _differs(pool)


def _differs(pool: Floats) -> bool:
    return bool(np.abs(pool).max(initial=0.0) > NOTHING)


def _drawn_counts(size: int, own_share: float, resamples: int, rng: np.random.Generator) -> Counts:
    """How often each of ``size`` residuals, and in the last column the pool, is drawn: resamples × (size + 1)."""
    if own_share:
        cells = np.minimum((rng.random((resamples, size)) * (size / own_share)).astype(np.intp), size)
    else:
        cells = np.full((resamples, size), size)
    cells += np.arange(resamples)[:, None] * (size + 1)
    return np.bincount(cells.ravel(), minlength=resamples * (size + 1)).reshape(resamples, size + 1)


def _products(residuals: Floats, counts: Floats) -> Floats:
    """The matrix product, in blocks too small for the linear algebra library to start threads over.

    Starting them costs three times what the sums do, and the last bits would depend on the number of cores.
    """
    found = np.empty((len(residuals), counts.shape[1]))
    width = max(1, BLOCK // residuals.size)
    for start in range(0, counts.shape[1], width):
        np.matmul(residuals, counts[:, start : start + width], out=found[:, start : start + width])
    return found


def _pooled_sums(pool: Floats, draws: Counts, rng: np.random.Generator) -> Floats:
    """The sum of ``draws[b]`` values from the pool for every resample b."""
    ends = np.cumsum(draws)
    running = np.zeros(int(ends[-1]) + 1)
    np.cumsum(pool[rng.integers(len(pool), size=len(running) - 1)], out=running[1:])
    return np.asarray(running[ends] - running[ends - draws])
