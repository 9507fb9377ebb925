"""From contact scores to the figures of participants, classes and the edition.

A mean adds whole numerators over the common denominator and reduces once, which is several times quicker than adding
fractions one by one and gives the same fraction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Any

from scoring.engine.types import (
    AREAS,
    CHANNELS,
    METRICS,
    NPS,
    SCORE_FIGURES,
    ClassResult,
    ContactScore,
    Exact,
    Participant,
    ParticipantResult,
    Rules,
    Summary,
)

PROMOTER_FROM = 9
DETRACTOR_UP_TO = 6

FigureValues = dict[str, Any]
"""Keyword arguments of a result, ``Fraction | None`` by figure; which keywords are in it is beyond a type checker."""


def exact_mean(values: Sequence[Exact]) -> Fraction | None:
    """Σ values / number of values, exactly; ``None`` of nothing."""
    if not values:
        return None
    ratios = [value.as_integer_ratio() for value in values]
    common = lcm(*[denominator for _, denominator in ratios])
    total = sum([numerator * (common // denominator) for numerator, denominator in ratios])
    return Fraction(total, common * len(values))


def net_promoter_score(values: Sequence[Exact]) -> Fraction | None:
    """100 · (number of 9–10 − number of 0–6) / number of answers, −100 to 100."""
    if not values:
        return None
    promoters = sum(1 for value in values if value >= PROMOTER_FROM)
    detractors = sum(1 for value in values if value <= DETRACTOR_UP_TO)
    return Fraction(100 * (promoters - detractors), len(values))


@dataclass(slots=True)
class Basis:
    """The values behind the means of one participant or of a pool of them."""

    scores: list[Fraction] = field(default_factory=list)
    answered: list[Fraction] = field(default_factory=list)
    areas: Mapping[str, list[Fraction]] = field(default_factory=lambda: {area: [] for area in AREAS})
    channels: Mapping[str, list[Fraction]] = field(default_factory=lambda: {channel: [] for channel in CHANNELS})
    cx: Mapping[str, list[Exact]] = field(default_factory=lambda: {metric: [] for metric in METRICS})

    def add(self, contact: ContactScore) -> None:
        self.scores.append(contact.score)
        self.channels[contact.channel].append(contact.score)
        if not contact.answered:
            return
        self.answered.append(contact.score)
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
    means: dict[str, list[Fraction]] = {
        "total": basis.scores,
        "answered_total": basis.answered,
        **basis.areas,
        **basis.channels,
    }
    figures: FigureValues = {name: exact_mean(values) for name, values in means.items()} | cx_figures([basis])
    return ParticipantResult(
        participant=participant.code,
        award_class=participant.award_class,
        contacts=len(basis.scores),
        answered=len(basis.answered),
        channel_contacts={channel: len(scores) for channel, scores in basis.channels.items()},
        ranked=len(basis.scores) >= rules.min_counted,
        **figures,
    )


def cx_figures(pooled: Sequence[Basis]) -> FigureValues:
    """The CX figures of all answers of these bases together."""
    figures: FigureValues = {}
    for metric in METRICS:
        mean: Callable[[Sequence[Exact]], Fraction | None] = net_promoter_score if metric == NPS else exact_mean
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
