"""A fingerprint of everything the numbers depend on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256

from scoring.engine.answers import ordered_bands
from scoring.engine.types import Band, Contact, Edition, Exact, Option, Question

FORM = "scoring-input-1"


def input_digest(edition: Edition) -> str:
    """SHA-256 (hex) of the canonical form: sorted by code, numbers as reduced fractions; order does not matter."""
    canonical = json.dumps(_canonical(edition), ensure_ascii=False, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()


def _canonical(edition: Edition) -> list[object]:
    rules = edition.rules
    return [
        FORM,
        [[area, _number(weight)] for area, weight in sorted(rules.weights.items())],
        [rules.min_counted, rules.min_channel_contacts],
        [[channel, _bands(bands)] for channel, bands in sorted(rules.bands.items())],
        [_question(question) for _, question in sorted(rules.questions.items())],
        sorted([participant.code, participant.award_class] for participant in edition.participants),
        [_contact(contact) for contact in sorted(edition.contacts, key=lambda contact: contact.code)],
    ]


def _number(value: Exact | None) -> str | None:
    return None if value is None else str(value)


def _bands(bands: Iterable[Band]) -> list[object]:
    return [[_number(band.up_to), _number(band.percent)] for band in ordered_bands(bands)]


def _question(question: Question) -> list[object]:
    options = [_option(option) for _, option in sorted(question.options.items())]
    return [question.code, question.area, question.kind, sorted(question.channels), question.metric, options]


def _option(option: Option) -> list[object]:
    return [option.code, _number(option.points), option.not_applicable]


def _contact(contact: Contact) -> list[object]:
    ticked = [[code, sorted(options)] for code, options in sorted(contact.options.items()) if options]
    values = [[code, _number(value)] for code, value in sorted(contact.values.items())]
    where = [contact.code, contact.participant, contact.channel, contact.outcome, contact.review]
    return [*where, _number(contact.wait), ticked, values]
