"""A fingerprint of everything the numbers depend on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256

from scoring.engine.answers import ordered_bands
from scoring.engine.types import Band, Contact, Edition, Exact, Option, Participant, Question, Rules

FORM = "scoring-input-1"

Answer = tuple[str, frozenset[str] | Exact]


def input_digest(edition: Edition) -> str:
    """SHA-256 (hex) of the canonical form: sorted by code, numbers as reduced fractions; order does not matter."""
    written: dict[Answer, str] = {}
    contacts = sorted(edition.contacts, key=lambda contact: contact.code)
    body = ",".join(_contact(contact, written) for contact in contacts)
    return digest_of(edition.rules, edition.participants, body)


def digest_of(rules: Rules, participants: Iterable[Participant], contacts: str) -> str:
    """SHA-256 (hex) of the canonical form around ``contacts``, which are written and parted by commas already."""
    head = [
        FORM,
        [[area, _number(weight)] for area, weight in sorted(rules.weights.items())],
        [rules.min_counted, rules.min_channel_contacts],
        [[channel, _bands(bands)] for channel, bands in sorted(rules.bands.items())],
        [_question(question) for _, question in sorted(rules.questions.items())],
        sorted([participant.code, participant.award_class] for participant in participants),
    ]
    parts = [as_json(part) for part in head] + [f"[{contacts}]"]
    return sha256(f"[{','.join(parts)}]".encode()).hexdigest()


def as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _number(value: Exact | None) -> str | None:
    return None if value is None else str(value)


def _bands(bands: Iterable[Band]) -> list[object]:
    return [[_number(band.up_to), _number(band.percent)] for band in ordered_bands(bands)]


def _question(question: Question) -> list[object]:
    options = [_option(option) for _, option in sorted(question.options.items())]
    return [question.code, question.area, question.kind, sorted(question.channels), question.metric, options]


def _option(option: Option) -> list[object]:
    return [option.code, _number(option.points), option.not_applicable]


def _contact(contact: Contact, written: dict[Answer, str]) -> str:
    """The contact as JSON; ``written`` remembers answers, for the same ones come thousands of times."""
    where = [contact.code, contact.participant, contact.channel, contact.outcome, contact.review, _number(contact.wait)]
    ticked = ",".join(
        [_answer((code, contact.options[code]), written) for code in sorted(contact.options) if contact.options[code]]
    )
    values = ",".join([_answer((code, contact.values[code]), written) for code in sorted(contact.values)])
    return f"{as_json(where)[:-1]},[{ticked}],[{values}]]"


def _answer(answer: Answer, written: dict[Answer, str]) -> str:
    text = written.get(answer)
    if text is None:
        code, given = answer
        text = as_json([code, sorted(given) if isinstance(given, frozenset) else _number(given)])
        written[answer] = text
    return text
