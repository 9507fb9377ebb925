"""What goes into the scoring of an edition and what comes out of it.

Every number is a ``Fraction`` (or an ``int``); scores, shares and percentages run from 0 to 100. A figure without any
basis is ``None``, never 0. All classes are frozen: scoring reads them and builds new ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from surveys.engine import words
from surveys.engine.words import (
    ANSWERED,
    ANSWERED_AREAS,
    APPROVED,
    CHANNELS,
    METRICS,
    NO_ANSWER,
    NOT_MADE,
    NOT_REVIEWED,
    NPS,
    SCALE,
    SCORED_AREAS,
    SINGLE,
)

OUTCOMES = (NOT_MADE, *words.OUTCOMES)
COUNTED_OUTCOMES = frozenset((ANSWERED, NO_ANSWER))

REVIEWS = (NOT_REVIEWED, *words.REVIEW_STATES)
COUNTED_REVIEWS = frozenset((NOT_REVIEWED, APPROVED))

CLASS_AWARD, OVERALL_AWARD = "class", "overall"

NPS_RANGE = (0, 10)

RANK_STEPS = ("total", "answered_total", "agent")
"""The figures that decide a place, the first one first."""
SCORE_FIGURES = ("total", "answered_total", *SCORED_AREAS, *CHANNELS)
FIGURES = (*SCORE_FIGURES, *METRICS)

Exact = int | Fraction
NOTHING_GIVEN: Mapping[str, Exact] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Band:
    """A wait of at most ``up_to`` (the channel's unit; ``None`` = any longer wait) is worth ``percent`` (0–100)."""

    up_to: Fraction | None
    percent: Fraction


@dataclass(frozen=True, slots=True)
class Option:
    """An answer one can tick; ``points`` is ``None`` where it gives none at all."""

    code: str
    points: Fraction | None = None
    not_applicable: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question; empty ``channels`` means every channel, ``metric`` is empty outside the CX area.

    ``scale`` is the lowest and highest value of a scale question, where it is known.
    """

    code: str
    area: str
    kind: str
    channels: frozenset[str] = frozenset()
    metric: str = ""
    options: Mapping[str, Option] = field(default_factory=dict)
    scale: tuple[int, int] | None = None

    def fits(self, channel: str) -> bool:
        return not self.channels or channel in self.channels

    def takes(self, value: Exact) -> bool:
        """Whether the value is on the scale, and for NPS from 0 to 10 whatever the scale says."""
        limits = [given for given in (self.scale, NPS_RANGE if self.metric == NPS else None) if given]
        return all(least <= value <= most for least, most in limits)

    @property
    def possible(self) -> Exact:
        """The most points an answer can bring; 0 where no option carries points."""
        points = [option.points for option in self.options.values() if option.points is not None]
        if self.kind == SINGLE:
            return max(points, default=0)
        return sum((value for value in points if value > 0), start=Fraction(0))

    @property
    def is_scored(self) -> bool:
        """Whether the question can count: a scored area and at least one option with points."""
        has_points = any(option.points is not None for option in self.options.values())
        return self.area in ANSWERED_AREAS and self.kind != SCALE and has_points


@dataclass(frozen=True, slots=True)
class Rules:
    """The frozen rules of an edition; ``weights`` by area sum to 100, ``bands`` and ``questions`` by code."""

    weights: Mapping[str, Fraction]
    min_counted: int
    min_channel_contacts: int
    bands: Mapping[str, tuple[Band, ...]]
    questions: Mapping[str, Question]


@dataclass(frozen=True, slots=True)
class Contact:
    """One planned or made enquiry with its answers: ticked options per question, values of scale questions."""

    code: str
    participant: str
    channel: str
    outcome: str
    review: str = NOT_REVIEWED
    wait: Fraction | None = None
    options: Mapping[str, frozenset[str]] = field(default_factory=dict)
    values: Mapping[str, Fraction] = field(default_factory=dict)

    @property
    def is_counted(self) -> bool:
        return self.outcome in COUNTED_OUTCOMES and self.review in COUNTED_REVIEWS


@dataclass(frozen=True, slots=True)
class Participant:
    code: str
    award_class: str


@dataclass(frozen=True, slots=True)
class Edition:
    """Everything the numbers depend on, and nothing else."""

    rules: Rules
    participants: tuple[Participant, ...]
    contacts: tuple[Contact, ...]


class ContactSums(NamedTuple):
    """A counted contact after its answers are summed: the seam between answers and scores.

    A named tuple, as are scores: a recount makes thousands of each, and they are made four times as quickly.

    ``sums`` holds (obtained, possible) per area of ``ANSWERED_AREAS``, possible 0 where the area has no score. Only
    their ratio matters, so sums in another unit (tenths, say) give the same scores. ``cx`` holds answers by metric.
    """

    code: str
    participant: str
    channel: str
    outcome: str
    wait_percent: Fraction | None
    sums: tuple[tuple[Exact, Exact], ...]
    cx: Mapping[str, Exact] = NOTHING_GIVEN


class ContactScore(NamedTuple):
    """A counted contact's score (0–100) and the area scores it has."""

    code: str
    participant: str
    channel: str
    answered: bool
    score: Fraction
    areas: Mapping[str, Fraction]
    cx: Mapping[str, Exact] = NOTHING_GIVEN


@dataclass(frozen=True, slots=True)
class Figures:
    """The means that participants, classes and the edition have in common; ``None`` where nothing was measured."""

    total: Fraction | None = None
    answered_total: Fraction | None = None
    wait: Fraction | None = None
    welcome: Fraction | None = None
    agent: Fraction | None = None
    overall: Fraction | None = None
    telephone: Fraction | None = None
    email: Fraction | None = None
    chat: Fraction | None = None
    messenger: Fraction | None = None
    ces: Fraction | None = None
    csat: Fraction | None = None
    nps: Fraction | None = None
    ves1: Fraction | None = None
    ves2: Fraction | None = None

    def figures(self) -> Iterator[tuple[str, Fraction | None]]:
        """Name and value of every figure, in the order of the results file."""
        return ((name, getattr(self, name)) for name in FIGURES)


def unanswered_share(*, contacts: int, answered: int) -> Fraction | None:
    """How much of the counted contacts got no answer, 0–1; of a class or an edition over all its contacts together."""
    return Fraction(contacts - answered, contacts) if contacts else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantResult(Figures):
    """One row of the results; ``contacts`` are counted ones, ``channel_contacts`` the same per channel."""

    participant: str
    award_class: str
    contacts: int
    answered: int
    channel_contacts: Mapping[str, int]
    ranked: bool
    rank_in_class: int | None = None
    rank_overall: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassResult(Figures):
    award_class: str
    participants: int
    contacts: int
    answered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary(Figures):
    participants: int
    contacts: int
    answered: int


@dataclass(frozen=True, slots=True)
class Award:
    """``kind`` is ``class``, ``overall`` or a channel; a shared place gives one award per participant."""

    kind: str
    award_class: str | None
    participant: str


@dataclass(frozen=True, slots=True)
class EditionResult:
    """Participants in overall rank order, by code inside a shared place, the unranked after them by code."""

    participants: tuple[ParticipantResult, ...]
    classes: tuple[ClassResult, ...]
    summary: Summary
    awards: tuple[Award, ...]
    contacts: Sequence[ContactScore]

    def participant(self, code: str) -> ParticipantResult:
        """The row of one participant. Raises ``KeyError`` for an unknown code."""
        for row in self.participants:
            if row.participant == code:
                return row
        raise KeyError(code)
