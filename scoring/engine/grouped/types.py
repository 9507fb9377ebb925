"""Answers grouped by contact, as a database hands them over: columns of contacts, and numbers in a text for answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from scoring.engine.types import Participant, Rules

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

Numbering = Mapping[int, tuple[str, str | int]]
"""What each number stands for: the code of a question with that of an option, or with a value given on its scale."""


class IrregularError(Exception):
    """Something in the edition is not as the rules have it; reading it answer by answer tells what."""


@dataclass(frozen=True, slots=True)
class GroupedContacts:
    """Contacts in columns of equal length, in any order.

    ``answers`` are each contact's numbers parted by commas, ``"8104,8211,-70007"``; empty where there are none.
    ``wait`` is each contact's position among the different ``waits`` there are, −1 for none.
    """

    code: Sequence[str]
    participant: Sequence[str]
    channel: Sequence[str]
    outcome: Sequence[str]
    review: Sequence[str]
    wait: Sequence[int]
    answers: Sequence[str]
    waits: Sequence[Fraction] = ()

    def __len__(self) -> int:
        return len(self.code)


@dataclass(frozen=True, slots=True)
class Answers:
    """All answers in one row, those of a contact side by side.

    ``place`` is an answer's position among the known numbers, ``contact`` that of the contact it was given in, and
    ``bounds`` is where each contact's answers begin, with one bound more that closes the last.
    """

    place: Ints
    contact: Ints
    bounds: Ints


@dataclass(frozen=True)
class GroupedEdition:
    """Everything the numbers depend on, with the answers grouped by contact."""

    rules: Rules
    participants: tuple[Participant, ...]
    numbering: Numbering
    contacts: GroupedContacts

    @cached_property
    def known(self) -> tuple[tuple[str, str | int], ...]:
        """What the known numbers stand for, by number: what ``Answers.place`` points into."""
        return tuple(answer for _number, answer in sorted(self.numbering.items()))

    @cached_property
    def answers(self) -> Answers:
        """Read once, for the sums and for the fingerprint. Raises ``IrregularError`` for a number nobody knows."""
        texts = self.contacts.answers
        counts = np.array([text.count(",") + 1 if text else 0 for text in texts], dtype=np.int64)
        try:
            numbers = np.fromstring(",".join(filter(None, texts)), dtype=np.int64, sep=",")
            known = np.array(sorted(self.numbering), dtype=np.int64)
        except (OverflowError, ValueError) as error:
            raise IrregularError("a number too large") from error
        place = np.searchsorted(known, numbers)
        if len(numbers) and not (len(known) and (known[np.minimum(place, len(known) - 1)] == numbers).all()):
            raise IrregularError("a number nobody knows")
        return Answers(
            place=place.astype(np.int64),
            contact=np.repeat(np.arange(len(texts)), counts),
            bounds=np.concatenate(([0], np.cumsum(counts))),
        )
