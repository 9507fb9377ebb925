"""The fingerprint of an edition whose answers come grouped: the same as ``digest.input_digest`` gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    options, values = _Texts(_option_texts(rules, numbering)), _Texts(_value_texts(rules, numbering))
    joints = _joints(rules)
    body = ",".join(
        f"{_head(contact)},[{_joined(options.of(contact.options), joints)}],[{values.of(contact.values)}]]"
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

    key: tuple[str, ...]
    owner: str
    text: str


class _Texts:
    """The JSON of every answer by its number, in the order of the canonical form."""

    def __init__(self, written: Mapping[str, _Written]) -> None:
        in_order = sorted(written, key=lambda number: written[number].key)
        self._places = {number: place for place, number in enumerate(in_order)}
        self._texts = [written[number].text for number in in_order]
        self._owners = [written[number].owner for number in in_order]

    def of(self, numbers: str) -> str:
        if not numbers:
            return ""
        try:
            places = sorted(map(self._places.__getitem__, numbers.split(",")))
        except KeyError as error:
            raise IrregularError(numbers) from error
        if len(set(map(self._owners.__getitem__, places))) < len(places):
            raise IrregularError(numbers)
        return ",".join(map(self._texts.__getitem__, places))


def _option_texts(rules: Rules, numbering: Numbering) -> dict[str, _Written]:
    """By number: the JSON of the answer with this option alone, marked where it may meet another of its question."""
    marks = _marks(rules)
    return {
        number: _Written(
            key=(code, option),
            owner=number if code in marks else code,
            text=f"[{as_json(code)},[{as_json(option)}{marks.get(code, '')}]]",
        )
        for number, (code, option) in numbering.options.items()
        if code in rules.questions
    }


def _value_texts(rules: Rules, numbering: Numbering) -> dict[str, _Written]:
    return {
        number: _Written(key=(code,), owner=code, text=as_json([code, str(value)]))
        for number, (code, value) in numbering.values.items()
        if code in rules.questions
    }


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
        text = text.replace(meeting, ",").replace(mark, "")
    return text
