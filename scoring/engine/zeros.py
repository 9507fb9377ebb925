"""What if one unanswered contact had not been a zero? Exact, one contact at a time; nothing is ever changed by it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from scoring.engine.contact_score import FULL
from scoring.engine.ranking import RankKey, rank_key
from scoring.engine.types import ContactScore, EditionResult, ParticipantResult, Rules


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Where the participant would stand, and who would win."""

    total: Fraction
    rank_in_class: int
    rank_overall: int
    class_winners: tuple[str, ...]
    overall_winners: tuple[str, ...]
    channel_winners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ZeroEffect:
    """What hangs on one unanswered contact of a ranked participant.

    ``usual_score``: the mean of the participant's answered contacts on the channel, or on all channels where it has
    none; ``if_answered``: the contact with that score. ``if_left_out``: the contact struck out; ``None`` where the
    participant would then have too few contacts for a place. ``needed_to_climb`` and ``needed_to_win``: the contact
    score that would draw level with the place above and with the first place in class, ``None`` where 100 would not
    do or the participant is first already.
    """

    contact: str
    participant: str
    award_class: str
    channel: str
    usual_score: Fraction | None
    if_answered: WhatIf | None
    if_left_out: WhatIf | None
    needed_to_climb: Fraction | None
    needed_to_win: Fraction | None
    now: WhatIf

    @property
    def changes_place(self) -> bool:
        """Whether an answer as usual, or striking the contact out, would give another place in class."""
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
        if_answered=None if usual is None else field.what_if(_answered(row, zero.channel, usual), zero.channel),
        if_left_out=field.what_if(_left_out(row, zero.channel), zero.channel),
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


class _Order:
    """Rank keys of some participants in order, to place one changed key among them."""

    def __init__(self, keys: Sequence[tuple[RankKey, str]]) -> None:
        self._best_first = sorted(keys, reverse=True)
        self._ascending = sorted(key for key, _ in keys)

    def place(self, key: RankKey, *, instead_of: RankKey) -> int:
        """The place of the changed ``key`` of the participant that now has ``instead_of``."""
        above = len(self._ascending) - bisect_right(self._ascending, key)
        return 1 + above - (instead_of > key)

    def winners(self, key: RankKey, participant: str) -> tuple[str, ...]:
        """Who would be first if the participant had ``key``."""
        rivals = ((found, code) for found, code in self._best_first if code != participant)
        best: RankKey | None = None
        winners: list[str] = []
        for found, code in rivals:
            if best is not None and found != best:
                break
            best = found
            winners.append(code)
        if best is None or key > best:
            return (participant,)
        return tuple(sorted((*winners, participant) if key == best else winners))


class _Field:
    """The ranked participants, against whom a changed row is placed without ranking everybody anew."""

    def __init__(self, rules: Rules, rows: Sequence[ParticipantResult]) -> None:
        self.rows = rows
        self._rules = rules
        self._keys: Mapping[str, RankKey] = {row.participant: rank_key(row) for row in rows}
        self._everybody = _Order([(self._keys[row.participant], row.participant) for row in rows])
        members: defaultdict[str, list[tuple[RankKey, str]]] = defaultdict(list)
        for row in rows:
            members[row.award_class].append((self._keys[row.participant], row.participant))
        self._classes = {code: _Order(found) for code, found in members.items()}

    def what_if(self, changed: ParticipantResult, channel: str) -> WhatIf | None:
        """Where the changed row would stand; ``None`` where it would have too few contacts for a place."""
        return None if changed.contacts < self._rules.min_counted else self.standing(changed, channel)

    def standing(self, row: ParticipantResult, channel: str) -> WhatIf:
        key, own = rank_key(row), self._keys[row.participant]
        in_class = self._classes[row.award_class]
        return WhatIf(
            total=row.total or Fraction(0),
            rank_in_class=in_class.place(key, instead_of=own),
            rank_overall=self._everybody.place(key, instead_of=own),
            class_winners=in_class.winners(key, row.participant),
            overall_winners=self._everybody.winners(key, row.participant),
            channel_winners=self._channel_winners(row, channel),
        )

    def _channel_winners(self, row: ParticipantResult, channel: str) -> tuple[str, ...]:
        rivals = (other for other in self.rows if other.participant != row.participant)
        scores = {
            other.participant: getattr(other, channel) for other in (*rivals, row) if self._is_able(other, channel)
        }
        best = max(scores.values(), default=None)
        return tuple(sorted(code for code, score in scores.items() if score == best))

    def _is_able(self, row: ParticipantResult, channel: str) -> bool:
        enough = row.channel_contacts[channel] >= self._rules.min_channel_contacts
        return enough and getattr(row, channel) is not None

    def needed(self, row: ParticipantResult, *, to_win: bool) -> Fraction | None:
        """The contact score in place of a zero that would draw level in total with the next, or first, in class."""
        key = self._keys[row.participant]
        above = [
            other.total or Fraction(0)
            for other in self.rows
            if other.award_class == row.award_class and self._keys[other.participant] > key
        ]
        if not above:
            return None
        score = ((max(above) if to_win else min(above)) - (row.total or Fraction(0))) * row.contacts
        return score if score <= FULL else None
