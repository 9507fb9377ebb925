"""What an answer is worth as one whole number, so that a contact's answers are added up in one go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from scoring.engine.answers import NPS_RANGE, effect_of, points_scale
from scoring.engine.grouped.types import IrregularError, Numbering
from scoring.engine.types import ANSWERED_AREAS, CHANNELS, NPS, SCALE, SINGLE, Exact, Question, Rules

Sums = tuple[tuple[Exact, Exact], ...]


@dataclass(frozen=True, slots=True)
class Field:
    """Some bits of a packed number."""

    shift: int
    width: int

    @property
    def end(self) -> int:
        return self.shift + self.width

    def of(self, packed: int) -> int:
        return (packed >> self.shift) & ((1 << self.width) - 1)

    def with_number(self, number: int) -> int:
        return number << self.shift


@dataclass(frozen=True, slots=True)
class Tally:
    """How often a question was ticked, and of those that take several ticks how often as not applicable."""

    question: Question
    ticks: Field
    not_applicable: Field


@dataclass(frozen=True, slots=True)
class Gauge:
    """How often a scale got a value, and the sum of those values, each less the lowest there is."""

    question: Question
    least: int
    times: Field
    value: Field

    @property
    def reading(self) -> tuple[str, int, int, int, int]:
        """Metric, lowest value, the bit that tells of one value, and where that value is: its shift and its mask."""
        return (
            *(self.question.metric, self.least, self.times.with_number(1)),
            *(self.value.shift, (1 << self.value.width) - 1),
        )

    @property
    def twice(self) -> int:
        """The bits that tell of more than one value."""
        return self.times.with_number((1 << self.times.width) - 2)


class Packing:
    """Packed numbers with a field per sum: obtained and possible of each area, a tally per question, a gauge per scale.

    Every field is wide enough for all answers a contact can have at once, so that none runs over into the next. What a
    question with several ticks makes possible counts once, however many were ticked: it is added from the tallies.
    """

    def __init__(self, rules: Rules, numbering: Numbering) -> None:
        self._rules = rules
        self._numbering = numbering
        self._scale = points_scale(rules.questions.values())
        self._width = max(1, sum(self._highest(question) for question in rules.questions.values()).bit_length())
        self._mask = (1 << self._width) - 1
        self._sums = Field(0, 2 * len(ANSWERED_AREAS) * self._width)
        self._tallies = self._place_tallies(self._sums.end)
        counts_end = max([self._sums.end, *(tally.not_applicable.end for tally in self._tallies.values())])
        self._counts = Field(self._sums.end, counts_end - self._sums.end)
        self._gauges = self._place_gauges(counts_end)
        self._readings = [gauge.reading for gauge in self._gauges.values() if gauge.question.metric]
        self._twice = sum(gauge.twice for gauge in self._gauges.values())
        self._worth = {number: worth for number, worth in self._worths() if worth is not None}
        self._added: dict[int, int] = {}
        self._given: dict[int, Mapping[str, Exact]] = {}

    def worth_on(self, channel: str) -> Mapping[str, int]:
        """The worth by number of every answer to a question that is asked on the channel."""
        asked = {code for code, question in self._rules.questions.items() if question.fits(channel)}
        return {number: worth for number, worth in self._worth.items() if self._numbering[number][0] in asked}

    def sums_of(self, packed: int) -> Sums:
        """(obtained, possible) per area. Raises ``IrregularError`` for ticks that a question does not take together."""
        counts = self._counts.of(packed)
        added = self._added.get(counts)
        if added is None:
            added = self._added[counts] = self._added_by_tallies(packed)
        sums = (packed & ((1 << self._sums.width) - 1)) + added
        width, mask = self._width, self._mask
        return (
            (sums & mask, (sums >> width) & mask),
            ((sums >> 2 * width) & mask, (sums >> 3 * width) & mask),
            ((sums >> 4 * width) & mask, (sums >> 5 * width) & mask),
        )

    def cx_of(self, packed: int) -> Mapping[str, Exact]:
        """Values by metric. Raises ``IrregularError`` for two values on one scale."""
        key = packed >> self._counts.end
        given = self._given.get(key)
        if given is None:
            if packed & self._twice:
                raise IrregularError("two values on one scale")
            given = self._given[key] = {
                metric: least + (packed >> shift & mask)
                for metric, least, once, shift, mask in self._readings
                if packed & once
            }
        return given

    def _highest(self, question: Question) -> int:
        """At least what all options of the question can add to any field together."""
        points = sum((option.points for option in question.options.values() if option.points), start=Fraction(0))
        return int((points + question.possible * max(1, len(question.options))) * self._scale)

    def _place_tallies(self, start: int) -> dict[str, Tally]:
        tallies: dict[str, Tally] = {}
        for code, question in self._rules.questions.items():
            width = len(question.options).bit_length()
            ticks = Field(start, width)
            not_applicable = Field(ticks.end, 0 if question.kind == SINGLE else width)
            tallies[code] = Tally(question, ticks, not_applicable)
            start = not_applicable.end
        return tallies

    def _place_gauges(self, start: int) -> dict[str, Gauge]:
        values: dict[str, list[int]] = {}
        for code, answer in self._numbering.values():
            if isinstance(answer, int) and code in self._rules.questions:
                values.setdefault(code, []).append(answer)
        gauges: dict[str, Gauge] = {}
        for code, given in values.items():
            least = min(given)
            times = Field(start, len(given).bit_length())
            value = Field(times.end, sum(number - least for number in given).bit_length())
            gauges[code] = Gauge(self._rules.questions[code], least, times, value)
            start = value.end
        return gauges

    def _worths(self) -> Iterator[tuple[str, int | None]]:
        """The worth by number, the same on every channel; none for what the rules do not know or allow."""
        for number, (code, answer) in self._numbering.items():
            question = self._rules.questions.get(code)
            if question is not None:
                yield number, self._value(question, answer) if isinstance(answer, int) else self._tick(question, answer)

    def _value(self, question: Question, value: int) -> int | None:
        if question.kind != SCALE or (question.metric == NPS and not NPS_RANGE[0] <= value <= NPS_RANGE[1]):
            return None
        gauge = self._gauges[question.code]
        return gauge.times.with_number(1) + gauge.value.with_number(value - gauge.least)

    def _tick(self, question: Question, option: str) -> int | None:
        channel = next(filter(question.fits, CHANNELS), None)
        if channel is None or option not in question.options:
            return None
        tally = self._tallies[question.code]
        counts_apart = question.kind != SINGLE and question.options[option].not_applicable
        tick = (tally.not_applicable if counts_apart else tally.ticks).with_number(1)
        effect = effect_of(question, channel, frozenset((option,)), self._scale)
        if effect.left_out or effect.area < 0:
            return tick
        obtained = self._obtained(effect.area, effect.obtained)
        return tick + obtained + (self._possible(effect.area, effect.possible) if question.kind == SINGLE else 0)

    def _obtained(self, area: int, points: Exact) -> int:
        return int(points) << (2 * area * self._width)

    def _possible(self, area: int, points: Exact) -> int:
        return int(points) << ((2 * area + 1) * self._width)

    def _added_by_tallies(self, packed: int) -> int:
        added = 0
        for tally in self._tallies.values():
            question = tally.question
            ticks, not_applicable = tally.ticks.of(packed), tally.not_applicable.of(packed)
            if ticks + not_applicable > 1 and (not_applicable or question.kind == SINGLE):
                raise IrregularError(question.code)
            if ticks and question.kind != SINGLE and question.is_scored:
                added += self._possible(ANSWERED_AREAS.index(question.area), question.possible * self._scale)
        return added
