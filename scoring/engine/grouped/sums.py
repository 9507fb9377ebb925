"""The sums of contacts whose answers come grouped.

What an answer's number is worth is worked out once by the same rules as everywhere (``answers.effect_of``) and packed
into one whole number with a field for each sum; adding up a contact's packed numbers gives all its sums side by side,
and how often each question was answered as well. Nothing is rounded, and no field can run over into the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from scoring.engine.answers import (
    NOTHING,
    NPS_RANGE,
    effect_of,
    ordered_bands,
    points_scale,
    whole,
)
from scoring.engine.checks import check_rules
from scoring.engine.grouped.types import GroupedContact, IrregularError, Numbering
from scoring.engine.types import (
    ANSWERED,
    ANSWERED_AREAS,
    CHANNELS,
    COUNTED_OUTCOMES,
    COUNTED_REVIEWS,
    NPS,
    OUTCOMES,
    REVIEWS,
    SCALE,
    SINGLE,
    ContactSums,
    Exact,
    Participant,
    Question,
    Rules,
)

Sums = tuple[tuple[Exact, Exact], ...]
CHANNEL_SET = frozenset(CHANNELS)


def sum_grouped(
    rules: Rules, participants: Iterable[Participant], numbering: Numbering, contacts: Sequence[GroupedContact]
) -> tuple[ContactSums, ...]:
    """The sums of the counted contacts, in the order given, equal to those of ``Method.sum_answers``.

    Raises ``IrregularError`` wherever that would raise ``DataError``.
    """
    _check(rules, participants, contacts)
    used = {contact.channel for contact in contacts}
    packing = _Packing(rules, numbering.options)
    readers = {channel: _ChannelReader(rules, numbering, packing, channel) for channel in used}
    counted = {state for state in {(contact.outcome, contact.review) for contact in contacts} if _is_counted(*state)}
    return tuple(
        readers[contact.channel].read(contact) for contact in contacts if (contact.outcome, contact.review) in counted
    )


def _check(rules: Rules, participants: Iterable[Participant], contacts: Sequence[GroupedContact]) -> None:
    """What must hold before answers are read, of contacts that do not count as well."""
    problem = next(check_rules(rules), None)
    if problem is not None:
        raise IrregularError(str(problem))
    known = {participant.code for participant in participants}
    unknown = {contact.participant for contact in contacts} - known | {
        contact.channel for contact in contacts
    } - CHANNEL_SET
    if unknown or len({contact.code for contact in contacts}) < len(contacts):
        raise IrregularError("contacts")


def _is_counted(outcome: str, review: str) -> bool:
    if outcome not in OUTCOMES or review not in REVIEWS:
        raise IrregularError(f"{outcome} {review}")
    return outcome in COUNTED_OUTCOMES and review in COUNTED_REVIEWS


class _ChannelReader:
    """Reads the contacts of one channel; remembers what every number is worth there."""

    def __init__(self, rules: Rules, numbering: Numbering, packing: _Packing, channel: str) -> None:
        self._unpack = packing.unpack
        self._worth = packing.worth_on(channel).__getitem__
        self._limits = [(_whole(band.up_to), band.percent) for band in ordered_bands(rules.bands.get(channel, ()))]
        self._percents: dict[tuple[int, int], Fraction] = {}
        self._metric = _metrics_of(rules, numbering.values, channel).__getitem__

    def read(self, contact: GroupedContact) -> ContactSums:
        code, participant, channel, outcome, _review, wait, options, values = contact
        if outcome != ANSWERED:
            if options or values:
                raise IrregularError(code)
            return ContactSums(code, participant, channel, outcome, None, NOTHING)
        try:
            packed = sum(map(self._worth, options.split(","))) if options else 0
            given = dict(map(self._metric, values.split(","))) if values else {}
        except KeyError as error:
            raise IrregularError(code) from error
        if "" in given:
            del given[""]
        percent = None if wait is None else self._percent(wait)
        return ContactSums(code, participant, channel, outcome, percent, self._unpack(packed), given)

    def _percent(self, wait: Fraction) -> Fraction:
        key = wait.as_integer_ratio()  # quicker to look up than the fraction itself
        percent = self._percents.get(key)
        if percent is None:
            percent = self._percents[key] = self._percent_of(whole(wait))
        return percent

    def _percent_of(self, wait: Exact) -> Fraction:
        if wait >= 0:
            for up_to, percent in self._limits:
                if up_to is None or wait <= up_to:
                    return percent
        raise IrregularError(f"wait {wait}")


def _whole(value: Fraction | None) -> Exact | None:
    return None if value is None else whole(value)


def _metrics_of(rules: Rules, values: Mapping[str, tuple[str, int]], channel: str) -> Mapping[str, tuple[str, Exact]]:
    """Metric and value by number; an empty metric where a scale feeds none. What the rules refuse is left out."""
    found: dict[str, tuple[str, Exact]] = {}
    for number, (code, value) in values.items():
        question = rules.questions.get(code)
        if question is None or question.kind != SCALE or not question.fits(channel):
            continue
        if question.metric == NPS and not NPS_RANGE[0] <= value <= NPS_RANGE[1]:
            continue
        found[number] = (question.metric, value)
    return found


@dataclass(frozen=True, slots=True)
class _Tally:
    """Where a packed number counts one question: how often it was ticked and, above that, how often as N/A.

    A question that takes one option has only the first count, for all that matters there is that it is answered once.
    """

    question: Question
    shift: int
    width: int

    def ticks(self, counts: int) -> tuple[int, int]:
        mask = (1 << self.width) - 1
        field = counts >> self.shift
        return field & mask, 0 if self.question.kind == SINGLE else (field >> self.width) & mask


class _Packing:
    """Whole numbers with a field per sum: obtained and possible of each area, then a tally of every question.

    What a question with several ticks makes possible counts once, however many were ticked, so that it is added from
    the tallies and not with the ticks.
    """

    def __init__(self, rules: Rules, options: Mapping[str, tuple[str, str]]) -> None:
        self._rules = rules
        self._options = options
        self._scale = points_scale(rules.questions.values())
        highest = sum(self._highest(question) for question in rules.questions.values())
        self._width = max(1, highest.bit_length())
        self._sums_width = 2 * len(ANSWERED_AREAS) * self._width
        self._mask = (1 << self._width) - 1
        self._low = (1 << self._sums_width) - 1
        self._tallies = self._place_tallies()
        self._worth = {number: worth for number, worth in self._worths() if worth is not None}
        self._added: dict[int, int] = {}

    def _highest(self, question: Question) -> int:
        """More than all answers to the question can add to any field."""
        points = sum((option.points for option in question.options.values() if option.points), start=Fraction(0))
        each = int(question.possible * self._scale) * max(1, len(question.options))
        return int(points * self._scale) + each

    def _place_tallies(self) -> dict[str, _Tally]:
        tallies: dict[str, _Tally] = {}
        shift = 0
        for code, question in self._rules.questions.items():
            width = max(1, len(question.options).bit_length())
            tallies[code] = _Tally(question, shift, width)
            shift += width if question.kind == SINGLE else 2 * width
        return tallies

    def worth_on(self, channel: str) -> Mapping[str, int]:
        """The packed worth by number, of the questions that are asked on the channel."""
        asked = {code for code, question in self._rules.questions.items() if question.fits(channel)}
        return {number: worth for number, worth in self._worth.items() if self._options[number][0] in asked}

    def _worths(self) -> Iterator[tuple[str, int | None]]:
        """The packed worth by number, the same on every channel; none for an option its question does not have."""
        for number, (code, option) in self._options.items():
            question = self._rules.questions.get(code)
            if question is not None and option in question.options:
                yield number, self._worth_of(question, option)

    def _worth_of(self, question: Question, option: str) -> int | None:
        channel = next(filter(question.fits, CHANNELS), None)
        if channel is None:
            return None
        effect = effect_of(question, channel, frozenset((option,)), self._scale)
        tally = self._tallies[question.code]
        is_not_applicable = question.kind != SINGLE and question.options[option].not_applicable
        tick = 1 << (self._sums_width + tally.shift + (tally.width if is_not_applicable else 0))
        if effect.left_out or effect.area < 0:
            return tick
        packed = self._obtained(effect.area, effect.obtained)
        if question.kind == SINGLE:
            packed += self._possible(effect.area, effect.possible)
        return packed + tick

    def _obtained(self, area: int, points: Exact) -> int:
        return int(points) << (2 * area * self._width)

    def _possible(self, area: int, points: Exact) -> int:
        return int(points) << ((2 * area + 1) * self._width)

    def unpack(self, packed: int) -> Sums:
        """(obtained, possible) per area. Raises `IrregularError` for ticks that a question does not take together."""
        counts = packed >> self._sums_width
        added = self._added.get(counts)
        if added is None:
            added = self._added[counts] = self._added_by_tallies(counts)
        sums = (packed & self._low) + added
        width, mask = self._width, self._mask
        return (
            (sums & mask, (sums >> width) & mask),
            ((sums >> 2 * width) & mask, (sums >> 3 * width) & mask),
            ((sums >> 4 * width) & mask, (sums >> 5 * width) & mask),
        )

    def _added_by_tallies(self, counts: int) -> int:
        added = 0
        for tally in self._tallies.values():
            ticks, not_applicable = tally.ticks(counts)
            question = tally.question
            if not_applicable and ticks + not_applicable > 1:
                raise IrregularError(question.code)
            if question.kind == SINGLE:
                if ticks > 1:
                    raise IrregularError(question.code)
            elif ticks and question.is_scored:
                area = ANSWERED_AREAS.index(question.area)
                added += self._possible(area, whole(question.possible * self._scale))
        return added
