"""What if one unanswered contact had not been a zero? Exact, one contact at a time; nothing is ever changed by it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby
from typing import Any, Generic, TypeVar

from scoring.engine.contact_score import FULL
from scoring.engine.ranking import RankKey, rank_key
from scoring.engine.types import ContactScore, EditionResult, ParticipantResult, Rules
from surveys.engine.words import CHANNELS


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Where the participant would stand, and who would win.

    Both places are ``None`` where it would have too few contacts to be ranked: the prizes then go to the others.
    ``total`` is ``None`` where it would have no contact left.
    """

    total: Fraction | None
    rank_in_class: int | None
    rank_overall: int | None
    class_winners: tuple[str, ...]
    overall_winners: tuple[str, ...]
    channel_winners: tuple[str, ...]

    @property
    def is_ranked(self) -> bool:
        return self.rank_overall is not None


@dataclass(frozen=True, slots=True)
class ZeroEffect:
    """What hangs on one unanswered contact of a ranked participant.

    ``usual_score``: the mean of the participant's answered contacts on the channel, or on all channels where it has
    none; ``if_answered``: the contact with that score. ``if_left_out``: the contact struck out. ``needed_to_climb``
    and ``needed_to_win``: the contact score that would draw level with the place above and with the first place in
    class, ``None`` where 100 would not do or the participant is first already.
    """

    contact: str
    participant: str
    award_class: str
    channel: str
    usual_score: Fraction | None
    if_answered: WhatIf | None
    if_left_out: WhatIf
    needed_to_climb: Fraction | None
    needed_to_win: Fraction | None
    now: WhatIf

    @property
    def changes_place(self) -> bool:
        """Whether an answer as usual, or striking the contact out, would give another place in class, or none."""
        return any(found.rank_in_class != self.now.rank_in_class for found in self._found)

    @property
    def changes_winner(self) -> bool:
        """Whether either would give a class, the edition or the channel another winner."""
        return any(self._winners(found) != self._winners(self.now) for found in self._found)

    @property
    def _found(self) -> tuple[WhatIf, ...]:
        return tuple(found for found in (self.if_answered, self.if_left_out) if found is not None)

    @staticmethod
    def _winners(found: WhatIf) -> tuple[tuple[str, ...], ...]:
        return found.class_winners, found.overall_winners, found.channel_winners


def study_zeros(rules: Rules, result: EditionResult) -> tuple[ZeroEffect, ...]:
    """Every unanswered contact of the ranked participants, in rank order, then by contact."""
    own: defaultdict[str, list[ContactScore]] = defaultdict(list)
    for contact in result.contacts:
        own[contact.participant].append(contact)
    field = _Field(rules, [row for row in result.participants if row.ranked])
    return tuple(
        _zero_effect(field, row, contact, own[row.participant])
        for row in field.rows
        for contact in sorted(own[row.participant], key=lambda contact: contact.code)
        if not contact.answered
    )


def _zero_effect(
    field: _Field, row: ParticipantResult, zero: ContactScore, contacts: Sequence[ContactScore]
) -> ZeroEffect:
    usual = _usual_score(contacts, zero.channel)
    return ZeroEffect(
        contact=zero.code,
        participant=row.participant,
        award_class=row.award_class,
        channel=zero.channel,
        usual_score=usual,
        if_answered=None if usual is None else field.standing(_answered(row, zero.channel, usual), zero.channel),
        if_left_out=field.standing(_left_out(row, zero.channel), zero.channel),
        needed_to_climb=field.needed(row, to_win=False),
        needed_to_win=field.needed(row, to_win=True),
        now=field.standing(row, zero.channel),
    )


def _usual_score(contacts: Sequence[ContactScore], channel: str) -> Fraction | None:
    answered = [contact for contact in contacts if contact.answered]
    alike = [contact for contact in answered if contact.channel == channel] or answered
    return sum((contact.score for contact in alike), start=Fraction(0)) / len(alike) if alike else None


def _answered(row: ParticipantResult, channel: str, score: Fraction) -> ParticipantResult:
    """The row with one more answer of this score where there was none."""
    on_channel: dict[str, Any] = {channel: _moved(getattr(row, channel), score, row.channel_contacts[channel])}
    answered_sum = (row.answered_total or 0) * row.answered + score
    return replace(
        row,
        total=_moved(row.total, score, row.contacts),
        answered=row.answered + 1,
        answered_total=Fraction(answered_sum, row.answered + 1),
        **on_channel,
    )


def _moved(mean: Fraction | None, score: Fraction, contacts: int) -> Fraction:
    return (mean or Fraction(0)) + score / contacts


def _left_out(row: ParticipantResult, channel: str) -> ParticipantResult:
    """The row with one contact less, a zero."""
    made = row.channel_contacts[channel]
    on_channel: dict[str, Any] = {channel: _without_zero(getattr(row, channel), made)}
    return replace(
        row,
        contacts=row.contacts - 1,
        total=_without_zero(row.total, row.contacts),
        channel_contacts={**row.channel_contacts, channel: made - 1},
        **on_channel,
    )


def _without_zero(mean: Fraction | None, contacts: int) -> Fraction | None:
    return None if mean is None or contacts == 1 else mean * contacts / (contacts - 1)


Key = TypeVar("Key", RankKey, Fraction)


class _Order(Generic[Key]):
    """What decides a prize, by participant, put in order once: a question then looks at a few of them, not at all."""

    def __init__(self, keys: Mapping[str, Key]) -> None:
        self._keys: Mapping[str, Key] = keys
        self._ascending: list[Key] = sorted(keys.values())
        best_first = sorted(keys, key=keys.__getitem__, reverse=True)
        ties = (tuple(sorted(tied)) for _, tied in groupby(best_first, key=keys.__getitem__))
        self._first, self._second = next(ties, ()), next(ties, ())
        self._are_first = frozenset(self._first)

    def place(self, key: Key, participant: str) -> int:
        """The place of the participant if it had ``key``."""
        above = len(self._ascending) - bisect_right(self._ascending, key)
        return 1 + above - (self._keys[participant] > key)

    def next_above(self, participant: str) -> Key | None:
        position = bisect_right(self._ascending, self._keys[participant])
        return self._ascending[position] if position < len(self._ascending) else None

    def best(self) -> Key:
        return self._ascending[-1]

    def winners(self, key: Key | None, participant: str) -> tuple[str, ...]:
        """Who would be first if the participant had ``key``, or had no part in it."""
        rivals: tuple[str, ...] = self._rivals(participant)
        best = self._keys[rivals[0]] if rivals else None
        if key is None or (best is not None and best > key):
            return rivals
        return tuple(sorted((*rivals, participant))) if best == key else (participant,)

    def _rivals(self, participant: str) -> tuple[str, ...]:
        """Those who share the first place among the others."""
        if participant not in self._are_first:
            return self._first
        return tuple(code for code in self._first if code != participant) or self._second


class _Field:
    """The ranked participants, against whom a changed row is placed without ranking everybody anew."""

    def __init__(self, rules: Rules, rows: Sequence[ParticipantResult]) -> None:
        self.rows = rows
        self._rules = rules
        keys = {row.participant: rank_key(row) for row in rows}
        members: defaultdict[str, dict[str, RankKey]] = defaultdict(dict)
        for row in rows:
            members[row.award_class][row.participant] = keys[row.participant]
        self._everybody = _Order(keys)
        self._classes = {code: _Order(found) for code, found in members.items()}
        self._channels = {channel: _Order(self._scores(channel)) for channel in CHANNELS}

    def _scores(self, channel: str) -> dict[str, Fraction]:
        scores = ((row.participant, self._channel_score(row, channel)) for row in self.rows)
        return {participant: score for participant, score in scores if score is not None}

    def _channel_score(self, row: ParticipantResult, channel: str) -> Fraction | None:
        """What the row competes with for *Best på* the channel; ``None`` where it has too few contacts to compete."""
        enough = row.channel_contacts[channel] >= self._rules.min_channel_contacts
        score: Fraction | None = getattr(row, channel)
        return score if enough and self._is_ranked(row) else None

    def _is_ranked(self, row: ParticipantResult) -> bool:
        return row.contacts >= self._rules.min_counted

    def standing(self, row: ParticipantResult, channel: str) -> WhatIf:
        """Where the row would stand instead of the participant's own, and who would win."""
        key = rank_key(row) if self._is_ranked(row) else None
        in_class = self._classes[row.award_class]
        return WhatIf(
            total=row.total,
            rank_in_class=None if key is None else in_class.place(key, row.participant),
            rank_overall=None if key is None else self._everybody.place(key, row.participant),
            class_winners=in_class.winners(key, row.participant),
            overall_winners=self._everybody.winners(key, row.participant),
            channel_winners=self._channels[channel].winners(self._channel_score(row, channel), row.participant),
        )

    def needed(self, row: ParticipantResult, *, to_win: bool) -> Fraction | None:
        """The contact score in place of a zero that would draw level in total with the next, or first, in class."""
        in_class = self._classes[row.award_class]
        above = in_class.next_above(row.participant)
        if above is None:
            return None
        (_, total), *_ = in_class.best() if to_win else above
        score = (total - (row.total or Fraction(0))) * row.contacts
        return score if score <= FULL else None
