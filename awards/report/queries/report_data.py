"""What a report is written from: one participant's figures beside the class and everybody, exact, and without names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from awards.studies.queries.confidence import CouldBeBest
from scoring.engine.confidence import Interval


@dataclass(frozen=True, slots=True)
class ComparedFigure:
    """A figure beside the class and everybody.

    Class and overall values are those of the count: means of the participants' values, and what customers' experience
    is measured by (and the share without an answer) over all the class's contacts together.
    """

    key: str
    label: str
    own: Fraction | None
    class_mean: Fraction | None
    class_best: Fraction | None
    all_mean: Fraction | None
    everyone: tuple[Fraction, ...]
    classmates: tuple[Fraction, ...]
    weight: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """A channel the participant was contacted on.

    `effect` is what the channel adds to (or takes from) the total compared with the class on the same channel – or with
    everybody, unless `against_class` –: the share of contacts times the difference. `bands` counts answers by wait
    band, best first.
    """

    comparison: ComparedFigure
    contacts: int
    answered: int
    in_working_days: bool
    bands: tuple[tuple[Decimal | None, Decimal, int], ...]
    effect: Fraction | None
    against_class: bool = True


@dataclass(frozen=True, slots=True)
class Loss:
    """Points lost to one cause, own and in the mean of the class. `area` is empty for unanswered contacts."""

    key: str
    label: str
    area: str
    own: Fraction
    class_mean: Fraction


def losses_by_area(losses: Iterable[Loss], areas: Iterable[ComparedFigure]) -> tuple[Loss, ...]:
    """The losses of each area together, unanswered contacts first: the lines that add up to 100 less the total."""
    labels = {"": "Ikke svar", **{row.key: row.label for row in areas}}
    nothing = Fraction(0)
    found = {area: Loss(area, label, area, own=nothing, class_mean=nothing) for area, label in labels.items()}
    for loss in losses:
        before = found[loss.area]
        found[loss.area] = replace(before, own=before.own + loss.own, class_mean=before.class_mean + loss.class_mean)
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer and how often it was given. `is_best` = full points; `counts` = it carries points at all."""

    label: str
    count: int
    points: Decimal | None
    not_applicable: bool


@dataclass(frozen=True, slots=True)
class ReportQuestion:
    """One question: own score beside class and everybody (all None where it is not scored), and how it was answered."""

    code: str
    area: str
    text: str
    own: Fraction | None
    class_mean: Fraction | None
    all_mean: Fraction | None
    asked: int
    choices: tuple[Choice, ...]
    is_scale: bool
    takes_several: bool = False
    """Whether one answer may tick several choices: their counts are then no parts of a whole."""

    @property
    def gives_points(self) -> bool:
        """Whether any answer to it carries points."""
        return any(choice.points is not None for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Quotation:
    """What a shopper wrote, with the channel and the month; who and exactly when is not told."""

    area: str
    text: str
    channel: str
    month: int


@dataclass(frozen=True, slots=True)
class ReportContact:
    """A counted contact: week, channel, part of the day, score 0–100. `window` is empty where it is not known."""

    week: str
    channel: str
    window: str
    answered: bool
    score: Fraction


@dataclass(frozen=True, slots=True)
class ReportData:
    """Everything in one participant's report."""

    award: str
    edition: str
    year: int
    starts_on: dt.date
    ends_on: dt.date
    contacts_per_participant: int
    min_counted: int
    digest: str
    participant: str
    name: str
    class_name: str
    class_size: int
    class_ranked: int
    everyone: int
    everyone_ranked: int
    ranked: bool
    rank_in_class: int | None
    rank_overall: int | None
    shares_first_place: bool
    runner_up: Fraction | None
    contacts: int
    answered: int
    total: ComparedFigure
    answered_total: ComparedFigure
    areas: tuple[ComparedFigure, ...]
    channels: tuple[ChannelFacts, ...]
    metrics: tuple[ComparedFigure, ...]
    unanswered: ComparedFigure
    losses: tuple[Loss, ...]
    questions: tuple[ReportQuestion, ...]
    quotations: tuple[Quotation, ...]
    contact_rows: tuple[ReportContact, ...]
    awards: tuple[str, ...]
    interval: Interval | None
    verdict: CouldBeBest | None

    @property
    def is_alone(self) -> bool:
        """Whether there is nobody else in the class to be compared with."""
        return self.class_size == 1
