"""From answers to sums: the points a contact obtained and could have obtained, and what its wait is worth.

The same answer occurs in thousands of contacts, so its effect is worked out once per edition and looked up afterwards.
Points are scaled to whole numbers by their common denominator: only the ratio obtained / possible counts, and it stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Any, Protocol, TypeVar

from scoring.engine.checks import is_exact
from scoring.engine.problems import DataProblem
from scoring.engine.types import Contact, ContactSums, Exact, Question, Rules
from surveys.engine.words import ANSWERED, ANSWERED_AREAS, SCALE, SINGLE

OTHER_CHANNEL, NO_POINTS, NOT_ANSWERED, NOT_APPLICABLE = "other_channel", "no_points", "not_answered", "not_applicable"
"""Why a question leaves both sums."""

NOTHING = ((0, 0),) * len(ANSWERED_AREAS)
"""The sums of a contact nobody answered."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What one answer to one question adds to its area; ``left_out`` says why where it adds nothing at all."""

    area: int
    obtained: Exact
    possible: Exact
    left_out: str | None = None


class AnswerError(Exception):
    """An answer that its question does not allow."""

    def __init__(self, kind: str, question: str, detail: str) -> None:
        self.kind = kind
        self.question = question
        super().__init__(detail)


def effect_of(question: Question, channel: str, ticked: frozenset[str], scale: int = 1) -> Effect:
    """The effect of ticking ``ticked`` on ``channel``, in units of 1/``scale`` points. Raises ``AnswerError``."""
    _check_ticked(question, channel, ticked)
    area = ANSWERED_AREAS.index(question.area) if question.area in ANSWERED_AREAS else -1
    left_out = _why_left_out(question, channel, ticked)
    if left_out:
        return Effect(area, 0, 0, left_out)
    points = (question.options[code].points for code in ticked)
    obtained = sum((value for value in points if value is not None), start=Fraction(0))
    return Effect(area, _scaled(obtained, scale), _scaled(question.possible, scale))


def _scaled(points: Exact, scale: int) -> Exact:
    return as_integer(points * scale)


def as_integer(value: Exact) -> Exact:
    """The same number, as an ``int`` where it is one: whole numbers are added several times quicker than fractions."""
    return value.numerator if value.denominator == 1 else value


def _why_left_out(question: Question, channel: str, ticked: frozenset[str]) -> str | None:
    if not question.fits(channel):
        return OTHER_CHANNEL
    if not question.is_scored:
        return NO_POINTS
    if not ticked:
        return NOT_ANSWERED
    if any(question.options[code].not_applicable for code in ticked):
        return NOT_APPLICABLE
    return None


def _check_ticked(question: Question, channel: str, ticked: frozenset[str]) -> None:
    if not ticked:
        return
    if not question.fits(channel):
        raise AnswerError(
            "question_of_other_channel", question.code, f"question {question.code} is not asked by {channel}"
        )
    unknown = sorted(ticked - question.options.keys())
    if unknown:
        raise AnswerError("unknown_option", question.code, f"question {question.code} has no option {unknown[0]}")
    if question.kind == SINGLE and len(ticked) > 1:
        raise AnswerError(
            "several_options", question.code, f"question {question.code} takes one option, not {_listed(ticked)}"
        )
    if len(ticked) > 1 and any(question.options[code].not_applicable for code in ticked):
        raise AnswerError(
            "not_applicable_beside_others",
            question.code,
            f"question {question.code}: not applicable beside {_listed(ticked)}",
        )


def _listed(codes: Iterable[str]) -> str:
    return ", ".join(sorted(codes))


class HasLimit(Protocol):
    """A wait band, of the engine or of the tables."""

    @property
    def up_to(self) -> Any: ...


BandT = TypeVar("BandT", bound=HasLimit)


def ordered_bands(bands: Iterable[BandT]) -> list[BandT]:
    """Bands by limit, the one without a limit last."""
    return sorted(bands, key=lambda band: (band.up_to is None, band.up_to or 0))


def band_of(bands: Sequence[BandT], wait: Exact | Decimal) -> BandT | None:
    """The first of the ordered ``bands`` that holds the wait; ``None`` beyond them all."""
    return next((band for band in bands if band.up_to is None or wait <= band.up_to), None)


class AnswerReader:
    """Reads the counted contacts of one edition and gathers every problem it meets."""

    def __init__(self, rules: Rules) -> None:
        self.problems: list[DataProblem] = []
        self._questions = rules.questions
        self._bands = {channel: ordered_bands(bands) for channel, bands in rules.bands.items()}
        self._scale = points_scale(rules.questions.values())
        self._effects: dict[tuple[str, str, frozenset[str]], Effect] = {}

    def read(self, contact: Contact) -> ContactSums | None:
        """The sums of a counted contact; ``None`` when it has problems, which are then in ``problems``."""
        before = len(self.problems)
        if contact.outcome == ANSWERED:
            sums = ContactSums(
                contact.code,
                contact.participant,
                contact.channel,
                contact.outcome,
                self._wait_percent(contact),
                self._sums(contact),
                self._cx(contact),
            )
        else:
            self._check_unanswered(contact)
            sums = ContactSums(contact.code, contact.participant, contact.channel, contact.outcome, None, NOTHING)
        return sums if len(self.problems) == before else None

    def _sums(self, contact: Contact) -> tuple[tuple[Exact, Exact], ...]:
        obtained: list[Exact] = [0, 0, 0]
        possible: list[Exact] = [0, 0, 0]
        channel, effects = contact.channel, self._effects
        for code, ticked in contact.options.items():
            effect = effects.get((channel, code, ticked)) or self._new_effect(contact, code, ticked)
            if effect is not None and effect.possible:
                obtained[effect.area] += effect.obtained
                possible[effect.area] += effect.possible
        return tuple(zip(obtained, possible, strict=True))

    def _new_effect(self, contact: Contact, code: str, ticked: frozenset[str]) -> Effect | None:
        question = self._questions.get(code)
        if question is None:
            self._report(contact, "unknown_question", code, f"no such question: {code}")
            return None
        try:
            effect = effect_of(question, contact.channel, ticked, self._scale)
        except AnswerError as error:
            self._report(contact, error.kind, error.question, str(error))
            return None
        self._effects[contact.channel, code, ticked] = effect
        return effect

    def _wait_percent(self, contact: Contact) -> Fraction | None:
        wait = contact.wait
        if wait is None:
            return None
        if not is_exact(wait):
            self._report(contact, "not_exact", str(wait), f"the wait {wait!r} is not an exact number")
            return None
        if wait < 0:
            self._report(contact, "negative_wait", str(wait), f"the wait {wait} is negative")
            return None
        band = band_of(self._bands.get(contact.channel, ()), wait)
        if band is None:
            self._report(
                contact, "wait_beyond_bands", str(wait), f"the wait {wait} is beyond every band of {contact.channel}"
            )
            return None
        return band.percent

    def _cx(self, contact: Contact) -> Mapping[str, Exact]:
        cx: dict[str, Exact] = {}
        for code, value in contact.values.items():
            question = self._questions.get(code)
            if question is None:
                self._report(contact, "unknown_question", code, f"no such question: {code}")
            elif question.kind != SCALE:
                self._report(
                    contact, "value_without_scale", code, f"question {code} takes options, not the value {value}"
                )
            elif not question.fits(contact.channel):
                self._report(
                    contact, "question_of_other_channel", code, f"question {code} is not asked by {contact.channel}"
                )
            elif not is_exact(value):
                self._report(contact, "not_exact", code, f"question {code}: {value!r} is not an exact number")
            elif not question.takes(value):
                self._report(contact, "value_range", code, f"question {code}: {value} is not on its scale")
            elif question.metric:
                cx[question.metric] = as_integer(value)
        return cx

    def _check_unanswered(self, contact: Contact) -> None:
        if any(contact.options.values()) or contact.values:
            self._report(contact, "answers_without_answer", "", "got no answer and has answers all the same")

    def _report(self, contact: Contact, kind: str, about: str, detail: str) -> None:
        self.problems.append(DataProblem(kind, "contact", contact.code, detail, about))


def points_scale(questions: Iterable[Question]) -> int:
    """The smallest unit that makes all points whole: 1/``scale`` points."""
    points = (option.points for question in questions for option in question.options.values())
    return lcm(*(value.denominator for value in points if value is not None))
