"""The fingerprint of an edition whose answers come grouped: the same as ``digest.input_digest`` gives.

The canonical form is put together from pieces of text. What comes before and after an answer depends only on whether it
is the first of its list and the first and last of its question, so that each answer has a few pieces, made once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring

import numpy as np
from numpy.typing import NDArray

from scoring.engine.digest import as_json, digest_of
from scoring.engine.grouped.types import Flags, GroupedContacts, GroupedEdition, Ints, IrregularError
from surveys.engine.words import MULTI

_OPENS_LIST, _OPENS_QUESTION, _CLOSES_QUESTION = 1, 2, 4
_PIECES = 8
"""Pieces of an answer: one for every combination of the three."""
_BETWEEN, _AFTER = "],[", "]]"
"""What stands between a contact's ticks and its values, and after them."""


@dataclass(frozen=True, slots=True)
class _Sorted:
    """The known answers in the order of the canonical form: ticks by code, then values.

    ``rank`` is a known answer's place in that order; the other columns are in it. Of answers with one ``question`` only
    one may be given, unless it ``takes_several``.
    """

    rank: Ints
    question: Ints
    is_value: Flags
    takes_several: Flags
    pieces: NDArray[np.object_]


def grouped_digest(edition: GroupedEdition) -> str:
    """SHA-256 (hex) of the canonical form. Raises ``IrregularError`` for answers that are not in order."""
    return digest_of(edition.rules, edition.participants, "".join(_parts(edition)))


def _parts(edition: GroupedEdition) -> list[str]:
    """The contacts as JSON parted by commas, in parts: each contact's head, ticks, a bracket, values and brackets."""
    contacts = edition.contacts
    in_order = sorted(range(len(contacts)), key=contacts.code.__getitem__)
    turn = np.empty(len(in_order), dtype=np.int64)
    turn[in_order] = np.arange(len(in_order))
    known = _sort(edition)
    keys = turn[edition.answers.contact] * len(known.rank) + known.rank[edition.answers.place]
    keys.sort()
    contact, place = np.divmod(keys, max(1, len(known.rank)))
    if (keys[1:] == keys[:-1]).any():
        raise IrregularError("the same answer twice")
    is_value = known.is_value[place]
    # Before answer i stand i answers, three parts of each contact before and the head of its own.
    parts = np.empty(len(keys) + 3 * len(contacts), dtype=np.object_)
    parts[np.arange(len(keys)) + 3 * contact + 1 + is_value] = known.pieces[place, _forms(known, contact, place)]
    answers = np.diff(edition.answers.bounds)[in_order]
    ends = np.cumsum(answers + 3)
    parts[ends - answers - 3] = list(_heads(contacts, in_order))
    ticks = np.bincount(contact[~is_value], minlength=len(contacts))
    parts[ends - answers - 2 + ticks] = _BETWEEN
    parts[ends - 1] = _AFTER
    return list(parts)


def _forms(known: _Sorted, contact: Ints, place: Ints) -> Ints:
    """Which of its pieces each answer takes. Raises ``IrregularError`` for two answers where one is asked for."""
    list_of = 2 * contact + known.is_value[place]
    question = known.question[place]
    new_list = np.diff(list_of, prepend=-1) != 0
    new_question = new_list | (np.diff(question, prepend=-1) != 0)
    if not (new_question | known.takes_several[place]).all():
        raise IrregularError("several answers where one is asked for")
    last_of_question = np.append(new_question[1:], True)
    return new_list * _OPENS_LIST + new_question * _OPENS_QUESTION + last_of_question * _CLOSES_QUESTION


def _heads(contacts: GroupedContacts, in_order: Sequence[int]) -> Iterator[str]:
    """The beginning of each contact: a comma after the one before, its columns, and the bracket of its ticks."""
    waits = [f'"{wait}"' for wait in contacts.waits] + ["null"]
    columns = (contacts.code, contacts.participant, contacts.channel, contacts.outcome, contacts.review)
    before = ""
    for place in in_order:
        words = ",".join([encode_basestring(column[place]) for column in columns])
        yield f"{before}[{words},{waits[contacts.wait[place]]},["
        before = ","


def _sort(edition: GroupedEdition) -> _Sorted:
    known = edition.known
    order = sorted(range(len(known)), key=lambda place: _sort_key(*known[place]))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    answers = [known[place] for place in order]
    questions = {code: place for place, code in enumerate(dict.fromkeys(code for code, _ in answers))}
    several = {code for code, question in edition.rules.questions.items() if question.kind == MULTI}
    pieces = np.empty((len(answers), _PIECES), dtype=np.object_)
    for place, answer in enumerate(answers):
        pieces[place] = [_piece(*answer, form) for form in range(_PIECES)]
    return _Sorted(
        rank=rank,
        question=np.array([questions[code] for code, _ in answers], dtype=np.int64),
        is_value=np.array([isinstance(given, int) for _, given in answers], dtype=np.bool_),
        takes_several=np.array([code in several and isinstance(given, str) for code, given in answers], dtype=np.bool_),
        pieces=pieces,
    )


def _sort_key(code: str, given: str | int) -> tuple[bool, str, str]:
    return (True, code, "") if isinstance(given, int) else (False, code, given)


def _piece(code: str, given: str | int, form: int) -> str:
    """An answer with what stands before and after it: ``["q",["a"``, ``,"b"]]`` or ``["q","7"]``."""
    comma = "" if form & _OPENS_LIST else ","
    if isinstance(given, int):
        return f"{comma}{as_json([code, str(given)])}"
    opening = f"{comma}[{as_json(code)},[" if form & _OPENS_QUESTION else ","
    closing = "]]" if form & _CLOSES_QUESTION else ""
    return f"{opening}{as_json(given)}{closing}"
