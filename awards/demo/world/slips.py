"""Small slips of the thumb, as in anything people write on a phone."""

from __future__ import annotations

import re
from random import Random

_LONG_WORD = re.compile(r"[a-zæøå]{6,}")
_DOUBLE = re.compile(r"(?<=[a-zæøå])(ll|mm|nn|tt|pp|kk|ss|rr)(?=[a-zæøå])")

NO_FULL_STOP, LOWER_CASE = 0.8, 0.25
"""How often a shopper forgets these, times how careless the shopper is (0–1)."""
SLIP = 0.5


def with_slips(rng: Random, text: str, carelessness: float) -> str:
    """The same text, or now and then one with a full stop, a capital or a letter out of place."""
    if rng.random() < NO_FULL_STOP * carelessness:
        text = text.removesuffix(".")
    if rng.random() < LOWER_CASE * carelessness:
        text = text[0].lower() + text[1:]
    if rng.random() < SLIP * carelessness:
        text = rng.choice((_swapped, _single, _glued))(rng, text)
    return text


def _swapped(rng: Random, text: str) -> str:
    """Two neighbouring letters inside a long word change places."""
    words = list(_LONG_WORD.finditer(text))
    if not words:
        return text
    word = rng.choice(words)
    place = rng.randrange(word.start() + 1, word.end() - 2)
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def _single(rng: Random, text: str) -> str:
    """A double consonant loses one of its two."""
    found = list(_DOUBLE.finditer(text))
    if not found:
        return text
    place = rng.choice(found).start()
    return text[:place] + text[place + 1 :]


def _glued(rng: Random, text: str) -> str:
    """The space after a comma is missing."""
    return text.replace(", ", ",", 1) if rng.random() < SLIP else text.replace(", ", " ,", 1)
