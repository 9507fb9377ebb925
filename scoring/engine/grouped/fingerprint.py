"""The fingerprint of an edition whose answers come grouped: the same as ``digest.input_digest`` gives."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from json.encoder import encode_basestring

from scoring.engine.digest import as_json, digest_of
from scoring.engine.grouped.types import GroupedContact, IrregularError, Numbering
from scoring.engine.types import SINGLE, Participant, Rules

_MARK = "\x01"
"""Stands in no JSON text, so that it can mark where two options of one question meet."""


def grouped_digest(
    rules: Rules, participants: Iterable[Participant], numbering: Numbering, contacts: Iterable[GroupedContact]
) -> str:
    """SHA-256 (hex) of the canonical form. Raises ``IrregularError`` for an answer nobody knows the number of."""
    texts = _Texts(rules, numbering)
    body = ",".join(
        f"{_head(contact)},{texts.of(contact.answers)}]"
        for contact in sorted(contacts, key=lambda contact: contact.code)
    )
    return digest_of(rules, participants, body)


def _head(contact: GroupedContact) -> str:
    words = (contact.code, contact.participant, contact.channel, contact.outcome, contact.review)
    wait = "null" if contact.wait is None else f'"{contact.wait}"'
    return f"[{','.join(map(encode_basestring, words))},{wait}"


@dataclass(frozen=True, slots=True)
class _Written:
    """An answer as JSON, with what it is sorted by. Of two answers with one ``owner`` only one may be given."""

    key: tuple[bool, str, str]
    owner: str
    text: str


class _Texts:
    """The JSON of every answer by its number, in the order of the canonical form: ticks by code, then values."""

    def __init__(self, rules: Rules, numbering: Numbering) -> None:
        written = _written(rules, numbering)
        in_order = sorted(written, key=lambda number: written[number].key)
        self._places = {number: place for place, number in enumerate(in_order)}
        self._texts = [written[number].text for number in in_order]
        self._owners = [written[number].owner for number in in_order]
        self._first_value = sum(not written[number].key[0] for number in in_order)
        self._joints = _joints(rules)

    def of(self, answers: str) -> str:
        """``[…],[…]``, the ticks and the values."""
        if not answers:
            return "[],[]"
        try:
            places = sorted(map(self._places.__getitem__, answers.split(",")))
        except KeyError as error:
            raise IrregularError(answers) from error
        if len(set(map(self._owners.__getitem__, places))) < len(places):
            raise IrregularError(answers)
        values = bisect_left(places, self._first_value)
        ticked, given = (",".join(map(self._texts.__getitem__, part)) for part in (places[:values], places[values:]))
        return f"[{_joined(ticked, self._joints)}],[{given}]"


def _written(rules: Rules, numbering: Numbering) -> dict[str, _Written]:
    """By number: the JSON of the answer alone, marked where it may meet another tick of its question."""
    marks = _marks(rules)
    found: dict[str, _Written] = {}
    for number, (code, answer) in numbering.items():
        if code not in rules.questions:
            continue
        if isinstance(answer, int):
            found[number] = _Written((True, code, ""), f"{_MARK}{code}", as_json([code, str(answer)]))
        else:
            text = f"[{as_json(code)},[{as_json(answer)}{marks.get(code, '')}]]"
            found[number] = _Written((False, code, answer), number if code in marks else code, text)
    return found


def _marks(rules: Rules) -> dict[str, str]:
    """A mark for each question that takes several options."""
    several = (code for code, question in rules.questions.items() if question.kind != SINGLE)
    return {code: f"{_MARK}{place}{_MARK}" for place, code in enumerate(several)}


def _joints(rules: Rules) -> tuple[tuple[str, str], ...]:
    """For each question that takes several options: what stands where two of them meet, and its mark alone."""
    return tuple((f"{mark}]],[{as_json(code)},[", mark) for code, mark in _marks(rules).items())


def _joined(text: str, joints: Iterable[tuple[str, str]]) -> str:
    """Make one answer of several ticks: ``["q",["a"]],["q",["b"]]`` becomes ``["q",["a","b"]]``."""
    for meeting, mark in joints:
        if mark in text:
            text = text.replace(meeting, ",").replace(mark, "")
    return text
