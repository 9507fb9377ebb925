"""Places and awards, from exact figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from scoring.engine.types import CLASS_AWARD, OVERALL_AWARD, RANK_STEPS, Award, Figures, ParticipantResult, Rules
from surveys.engine.words import CHANNELS

RankKey = tuple[tuple[bool, Fraction], ...]


def rank_key(row: Figures) -> RankKey:
    """What decides a place, larger is better: each step's value, no value below any value."""
    values = [getattr(row, step) for step in RANK_STEPS]
    return tuple((value is not None, value if value is not None else Fraction(0)) for value in values)


def rank_participants(rows: Sequence[ParticipantResult]) -> tuple[ParticipantResult, ...]:
    """The rows with their places, in overall rank order, by code inside a shared place; the unranked last, by code."""
    by_code = sorted(rows, key=lambda row: row.participant)
    keys = {row.participant: rank_key(row) for row in by_code}
    ranked = sorted((row for row in by_code if row.ranked), key=lambda row: keys[row.participant], reverse=True)
    members: defaultdict[str, list[ParticipantResult]] = defaultdict(list)
    for row in ranked:
        members[row.award_class].append(row)
    in_class = {code: place for group in members.values() for code, place in _places(group, keys).items()}
    overall = _places(ranked, keys)
    placed = [
        replace(row, rank_in_class=in_class[row.participant], rank_overall=overall[row.participant]) for row in ranked
    ]
    return (*placed, *(row for row in by_code if not row.ranked))


def _places(ranked: Sequence[ParticipantResult], keys: dict[str, RankKey]) -> dict[str, int]:
    """Competition places (1, 1, 3) of rows that are already in order."""
    places: dict[str, int] = {}
    previous: RankKey | None = None
    place = 0
    for position, row in enumerate(ranked, start=1):
        key = keys[row.participant]
        if key != previous:
            place, previous = position, key
        places[row.participant] = place
    return places


def decide_awards(rules: Rules, rows: Sequence[ParticipantResult]) -> tuple[Award, ...]:
    """Class awards by class code, then the overall award, then *Best på* each channel; winners of one award by code."""
    class_winners = sorted((row.award_class, row.participant) for row in rows if row.rank_in_class == 1)
    overall_winners = sorted(row.participant for row in rows if row.rank_overall == 1)
    return (
        *(Award(CLASS_AWARD, award_class, code) for award_class, code in class_winners),
        *(Award(OVERALL_AWARD, None, code) for code in overall_winners),
        *(Award(channel, None, code) for channel in CHANNELS for code in _best_by_channel(rules, rows, channel)),
    )


def _best_by_channel(rules: Rules, rows: Iterable[ParticipantResult], channel: str) -> list[str]:
    scores: dict[str, Fraction] = {}
    for row in rows:
        score = getattr(row, channel)
        if row.ranked and score is not None and row.channel_contacts[channel] >= rules.min_channel_contacts:
            scores[row.participant] = score
    best = max(scores.values(), default=None)
    return sorted(code for code, score in scores.items() if score == best)
