"""How often each place comes up when totals are resampled."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scoring.engine.confidence.resample import Floats

STEP = 1e-9
"""Totals closer than this are a shared place: equal fractions may differ in the last bit as floating point."""
_HIGHEST = 10**12


def place_shares(totals: Floats) -> Floats:
    """The share of resamples in which participant i has place j + 1, from totals as participants × resamples."""
    participants, resamples = totals.shape
    order, places = _order_and_places(totals)
    cells = order * participants + places
    counts = np.bincount(cells.ravel(), minlength=participants**2).reshape(participants, participants)
    return np.asarray(counts / resamples)


def _order_and_places(totals: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Participants from best to worst in every resample, and the places (0 is first) they share or hold."""
    participants = len(totals)
    bits = participants.bit_length()
    # Value and participant are packed into one whole number: sorting those is several times quicker than an argsort.
    keys = (_HIGHEST - np.rint(totals.T / STEP).astype(np.int64)) << bits
    keys |= np.arange(participants)
    keys.sort(axis=1)
    order = keys & ((1 << bits) - 1)
    keys >>= bits
    differs = keys[:, 1:] != keys[:, :-1]
    places = np.broadcast_to(np.arange(participants), order.shape)
    if not differs.all():
        starts = np.ones(order.shape, dtype=bool)
        starts[:, 1:] = differs
        places = np.maximum.accumulate(np.where(starts, places, 0), axis=1)
    return order, places
