"""The fingerprint follows the facts, not their spelling or order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from scoring.engine import Edition, Participant, input_digest
from tests.scoring.engine.package import tiny_edition

Change = Callable[[Edition], Edition]


def _reversed(edition: Edition) -> Edition:
    bands = {channel: tuple(reversed(found)) for channel, found in reversed(list(edition.rules.bands.items()))}
    questions = dict(reversed(list(edition.rules.questions.items())))
    return Edition(
        replace(edition.rules, bands=bands, questions=questions), edition.participants[::-1], edition.contacts[::-1]
    )


def test_order_does_not_matter() -> None:
    assert input_digest(_reversed(tiny_edition())) == input_digest(tiny_edition())


def test_the_form_is_fixed() -> None:
    """An edition locked today has this fingerprint for ever; a new form needs a new name."""
    assert input_digest(tiny_edition()) == "952e07f8f12328b69bce87118ad8bee62fb77388e3a1e0aaf8c1766ba91d67b9"


def _without_first_answer(edition: Edition) -> Edition:
    first = edition.contacts[0]
    options = dict(list(first.options.items())[1:])
    return replace(edition, contacts=(replace(first, options=options), *edition.contacts[1:]))


@pytest.mark.parametrize(
    "change",
    [
        _without_first_answer,
        lambda edition: replace(edition, rules=replace(edition.rules, min_counted=4)),
        lambda edition: replace(
            edition, rules=replace(edition.rules, weights={**edition.rules.weights, "wait": Fraction(4)})
        ),
        lambda edition: replace(edition, participants=(*edition.participants, Participant("ny", "bank"))),
        lambda edition: replace(edition, contacts=edition.contacts[1:]),
        lambda edition: replace(
            edition, contacts=(replace(edition.contacts[0], wait=Fraction(46)), *edition.contacts[1:])
        ),
    ],
)
def test_every_change_shows(change: Change) -> None:
    assert input_digest(change(tiny_edition())) != input_digest(tiny_edition())
