"""How a published edition was measured, read from its own frozen rules."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from awards.publication.queries.public import EditionFacts
from surveys.models import SCORED_AREAS, Area, Channel, Edition, Question, WaitBand, WaitUnit


@dataclass(frozen=True, slots=True)
class WeightedArea:
    """A performance area, its weight in percent of the total, and what is asked in it."""

    area: str
    label: str
    weight: Decimal
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChannelRule:
    """A channel: its weight when contacts are split, and the longest wait that still counts as an answer.

    `longest_wait` is in the unit (seconds or working days); None where no band has a limit. `late_answers_count` says
    that an answer beyond it is worth something too.
    """

    label: str
    key: Decimal
    in_working_days: bool
    longest_wait: Decimal | None
    late_answers_count: bool

    @property
    def longest_days(self) -> int:
        """The longest wait in whole working days, to be spelt in words."""
        return int(self.longest_wait or 0)


@dataclass(frozen=True, slots=True)
class Method:
    """Everything the method page needs. `experience` are the questions outside the total."""

    edition: EditionFacts
    max_channels: int
    areas: tuple[WeightedArea, ...]
    channels: tuple[ChannelRule, ...]
    experience: tuple[str, ...]
    participants: int
    classes: int


def method_of(facts: EditionFacts) -> Method:
    """The method of a published edition. Five queries, whatever its size."""
    edition = Edition.objects.get(pk=facts.pk)
    questions: dict[str, list[str]] = defaultdict(list)
    for question in Question.objects.filter(edition=edition):
        questions[question.area].append(question.text)
    bands: dict[str, list[WaitBand]] = defaultdict(list)
    for band in WaitBand.objects.filter(edition=edition):
        bands[band.channel].append(band)
    return Method(
        edition=facts,
        max_channels=edition.max_channels,
        areas=tuple(
            WeightedArea(
                area=area,
                label=str(Area(area).label),
                weight=edition.weights[area],
                questions=tuple(questions[area]),
            )
            for area in (area.value for area in SCORED_AREAS)
        ),
        channels=tuple(
            _channel(channel, edition.distribution_key[channel], bands[channel])
            for channel in Channel.values
            if bands[channel]
        ),
        experience=tuple(questions[Area.CX]),
        participants=edition.participants.count(),
        classes=edition.classes.count(),
    )


def _channel(channel: str, key: Decimal, bands: list[WaitBand]) -> ChannelRule:
    limits = [band.up_to for band in bands if band.up_to is not None]
    return ChannelRule(
        label=str(Channel(channel).label),
        key=key,
        in_working_days=bands[0].unit == WaitUnit.WORKING_DAYS,
        longest_wait=max(limits, default=None),
        late_answers_count=len(limits) < len(bands),
    )
