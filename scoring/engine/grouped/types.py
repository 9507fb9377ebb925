"""Answers grouped by contact, as a database hands them over: numbers in a text instead of a row per answer."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

Numbering = Mapping[str, tuple[str, str | int]]
"""What each number stands for: the code of a question with that of an option, or with a value given on its scale."""


class IrregularError(Exception):
    """Something in the edition is not as the rules have it; reading it answer by answer tells what."""


class GroupedContact(NamedTuple):
    """A contact with its answers as numbers parted by commas, ``"8104,8211,-70007"``; empty where there are none.

    A named tuple, because thousands are made and looked at once.
    """

    code: str
    participant: str
    channel: str
    outcome: str
    review: str
    wait: Fraction | None
    answers: str = ""
