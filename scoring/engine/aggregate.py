"""From contact scores to the figures of participants, classes and the edition.

A mean adds whole numerators over the common denominator and reduces once, which is several times quicker than adding
fractions one by one and gives the same fraction.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from operator import mul
from typing import Any

from scoring.engine.types import (
    SCORE_FIGURES,
    ClassResult,
    ContactScore,
    Exact,
    Participant,
    ParticipantResult,
    Rules,
    Summary,
)
from surveys.engine.words import CHANNELS, METRICS, NPS, SCORED_AREAS

PROMOTER_FROM = 9
DETRACTOR_UP_TO = 6

FigureValues = dict[str, Any]
"""Keyword arguments of a result, ``Fraction | None`` by figure; which keywords are in it is beyond a type checker."""


@dataclass(slots=True)
class Ratios:
    """Exact numbers as numerators over denominators, which are added up without making a fraction of each."""

    above: list[int] = field(default_factory=list)
    below: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.above)

    def append(self, value: Exact) -> None:
        above, below = value.as_integer_ratio()
        self.above.append(above)
        self.below.append(below)

    def added(self) -> tuple[int, int]:
        """The sum as numerator and denominator, not reduced; 0/1 of nothing."""
        common = lcm(*set(self.below))
        return sum(map(mul, self.above, map(common.__floordiv__, self.below))), common

    def mean(self) -> Fraction | None:
        """Σ values / number of values, exactly; ``None`` of nothing."""
        if not self.above:
            return None
        above, below = self.added()
        return Fraction(above, below * len(self.above))


def exact_mean(values: Iterable[Exact]) -> Fraction | None:
    """Σ values / number of values, exactly; ``None`` of nothing."""
    ratios = Ratios()
    for value in values:
        ratios.append(value)
    return ratios.mean()


def answer_mean(values: Sequence[Exact]) -> Fraction | None:
    """The same of answers on a scale, which are whole numbers as a rule."""
    return Fraction(sum(values), len(values)) if values else None


def net_promoter_score(values: Sequence[Exact]) -> Fraction | None:
    """100 · (number of 9–10 − number of 0–6) / number of answers, −100 to 100."""
    if not values:
        return None
    times = Counter(values)
    promoters = sum(times[value] for value in times if value >= PROMOTER_FROM)
    detractors = sum(times[value] for value in times if value <= DETRACTOR_UP_TO)
    return Fraction(100 * (promoters - detractors), len(values))


@dataclass(slots=True)
class Basis:
    """The values behind the means of one participant: every counted contact's score by channel, and what it is made of.

    ``answered`` counts those that got an answer; the others score 0 and add nothing to any sum.
    """

    answered: int = 0
    areas: Mapping[str, Ratios] = field(default_factory=lambda: {area: Ratios() for area in SCORED_AREAS})
    channels: Mapping[str, Ratios] = field(default_factory=lambda: {channel: Ratios() for channel in CHANNELS})
    cx: Mapping[str, list[Exact]] = field(default_factory=lambda: {metric: [] for metric in METRICS})

    @property
    def contacts(self) -> int:
        return sum(map(len, self.channels.values()))

    def add(self, contact: ContactScore) -> None:
        self.channels[contact.channel].append(contact.score)
        if not contact.answered:
            return
        self.answered += 1
        for area, score in contact.areas.items():
            self.areas[area].append(score)
        for metric, value in contact.cx.items():
            self.cx[metric].append(value)


def bases(contacts: Iterable[ContactScore]) -> Mapping[str, Basis]:
    """The basis of every participant that has a counted contact."""
    found: defaultdict[str, Basis] = defaultdict(Basis)
    for contact in contacts:
        found[contact.participant].add(contact)
    return found


def participant_results(
    rules: Rules, participants: Iterable[Participant], found: Mapping[str, Basis]
) -> tuple[ParticipantResult, ...]:
    """Every participant's figures, in the order given, without places yet."""
    return tuple(
        _participant_result(rules, participant, found.get(participant.code, Basis())) for participant in participants
    )


def _participant_result(rules: Rules, participant: Participant, basis: Basis) -> ParticipantResult:
    figures: FigureValues = {
        **_totals(basis),
        **{area: scores.mean() for area, scores in basis.areas.items()},
        **cx_figures([basis]),
    }
    return ParticipantResult(
        participant=participant.code,
        award_class=participant.award_class,
        contacts=basis.contacts,
        answered=basis.answered,
        channel_contacts={channel: len(scores) for channel, scores in basis.channels.items()},
        ranked=basis.contacts >= rules.min_counted,
        **figures,
    )


def _totals(basis: Basis) -> FigureValues:
    """The means on each channel, of all contacts and of the answered ones, from one adding up of every score."""
    sums = {channel: scores.added() for channel, scores in basis.channels.items() if len(scores)}
    common = lcm(*[denominator for _, denominator in sums.values()])
    total = sum([numerator * (common // denominator) for numerator, denominator in sums.values()])
    figures: FigureValues = dict.fromkeys(CHANNELS)
    for channel, (numerator, denominator) in sums.items():
        figures[channel] = Fraction(numerator, denominator * len(basis.channels[channel]))
    figures["total"] = Fraction(total, common * basis.contacts) if basis.contacts else None
    figures["answered_total"] = Fraction(total, common * basis.answered) if basis.answered else None
    return figures


def cx_figures(pooled: Sequence[Basis]) -> FigureValues:
    """The CX figures of all answers of these bases together."""
    figures: FigureValues = {}
    for metric in METRICS:
        mean: Callable[[Sequence[Exact]], Fraction | None] = net_promoter_score if metric == NPS else answer_mean
        figures[metric] = mean([value for basis in pooled for value in basis.cx[metric]])
    return figures


def class_results(rows: Iterable[ParticipantResult], found: Mapping[str, Basis]) -> tuple[ClassResult, ...]:
    """The classes by code."""
    members: defaultdict[str, list[ParticipantResult]] = defaultdict(list)
    for row in rows:
        members[row.award_class].append(row)
    return tuple(
        ClassResult(award_class=award_class, **_counts(members[award_class]), **_means(members[award_class], found))
        for award_class in sorted(members)
    )


def summary_of(rows: Sequence[ParticipantResult], found: Mapping[str, Basis]) -> Summary:
    return Summary(**_counts(rows), **_means(rows, found))


def _counts(rows: Sequence[ParticipantResult]) -> dict[str, Any]:
    return {
        "participants": len(rows),
        "contacts": sum(row.contacts for row in rows),
        "answered": sum(row.answered for row in rows),
    }


def _means(rows: Sequence[ParticipantResult], found: Mapping[str, Basis]) -> FigureValues:
    """Means of the participants' own values; CX from the pooled answers."""
    means: FigureValues = {name: exact_mean(_present(getattr(row, name) for row in rows)) for name in SCORE_FIGURES}
    pooled = [found[row.participant] for row in rows if row.participant in found]
    return means | cx_figures(pooled)


def _present(values: Iterable[Fraction | None]) -> list[Fraction]:
    return [value for value in values if value is not None]
