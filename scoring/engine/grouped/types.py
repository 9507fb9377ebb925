"""Answers grouped by contact, as a database hands them over: numbers in a text instead of a row per answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple


class IrregularError(Exception):
    """Something in the edition is not as the rules have it; reading it answer by answer tells what."""


class GroupedContact(NamedTuple):
    """A contact with its answers as numbers parted by commas, ``"8104,8211"``; empty where there are none.

    Every ticked option is a number of ``options``, every value given on a scale one of ``values``. A named tuple,
    because thousands are made and looked at once.
    """

    code: str
    participant: str
    channel: str
    outcome: str
    review: str
    wait: Fraction | None
    options: str = ""
    values: str = ""


@dataclass(frozen=True, slots=True)
class Numbering:
    """What the numbers stand for: a question's code with an option's code, or with a value."""

    options: Mapping[str, tuple[str, str]]
    values: Mapping[str, tuple[str, int]]
