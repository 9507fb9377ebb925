"""Where each invented company and shopper stands before anybody has contacted anybody."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from awards.demo.world.chance import stream
from awards.demo.world.content import Row
from awards.demo.world.profiles import (
    CHANNEL_SHARES,
    CLASS_PROFILES,
    NO_ANSWER_BY_CHANNEL,
    NO_ANSWER_BY_WEEKDAY,
    NO_ANSWER_BY_WINDOW,
    UNKNOWN_CLASS,
    WINTER_MONTHS,
    ClassProfile,
)

CURVE = 0.85
"""Below 1, good companies stand closer together than bad ones."""
TOP_TOTAL, TOP_ANSWERED = 93.4, 93.7
LOWEST_TOTAL = 12.0
MANNERS_SPREAD = 0.05
CHANNEL_SKILL_SPREAD = 0.22
CHANNEL_SILENCE_SPREAD = 0.25
MOST_SILENT, LEAST_SILENT = 0.9, 0.003
MORE_SILENT = 1.08
"""Uneven days and channels let a few more through than their average says; measured over many seeds."""
WEEK_BITS = 4
WEEKS = 2**WEEK_BITS

SKILL_BY_SCORE: tuple[tuple[float, float], ...] = (
    (27.8, -1.6),
    (51.8, -0.8),
    (64.3, -0.4),
    (75.7, 0.0),
    (84.9, 0.4),
    (91.4, 0.8),
    (95.5, 1.2),
    (97.8, 1.6),
)
"""What answered contacts scored on average when every company had the same skill; measured with this questionnaire."""


@dataclass(frozen=True, slots=True)
class Company:
    """One participant's nature. `no_answer` (0–1) and `skill` (about −1 to 2,5) are per channel."""

    award_class: str
    profile: ClassProfile
    no_answer: Mapping[str, float]
    skill: Mapping[str, float]
    has_chatbot: bool
    weeks_shift: int

    def silence(self, channel: str, day: date, window: str) -> float:
        """The chance (0–1) that nobody answers a contact planned for that day and window."""
        chance = self.no_answer[channel] * NO_ANSWER_BY_WEEKDAY[min(day.weekday(), 4)]
        chance *= NO_ANSWER_BY_WINDOW.get(window, 1.0)
        rush = self.profile.winter_rush
        chance *= (2 * rush if day.month in WINTER_MONTHS else 2) / (1 + rush)
        return min(chance, MOST_SILENT)

    def luck(self, day: date, chance: float) -> float:
        """How lucky (0–1, 1 = most) a contact on `day` is; `chance` (0–1) is what is left to chance.

        Weeks are good or bad for a company as a whole, each rank of week once in sixteen and in changing order. So the
        contacts of a field period, which are spread over its weeks, meet about as many bad ones as they should.
        """
        week = (day.toordinal() // 7 + self.weeks_shift) % WEEKS
        rank = sum(1 << place for place in range(WEEK_BITS) if week >> (WEEK_BITS - 1 - place) & 1)
        return (rank + chance) / WEEKS


@dataclass(frozen=True, slots=True)
class Person:
    """One shopper's ways. `severity` is taken off what others would have felt; `words` (0–1) is how much they write."""

    severity: float
    words: float
    carelessness: float


def companies(seed: int, participants: Sequence[Row]) -> dict[str, Company]:
    """Participant → its nature. A class is filled evenly from its best place down, in random order."""
    by_class: dict[str, list[str]] = {}
    for code, award_class in sorted((row["participant"], row["class"]) for row in participants):
        by_class.setdefault(award_class, []).append(code)
    found = {}
    for award_class, codes in by_class.items():
        rng = stream(seed, "class", award_class)
        rng.shuffle(codes)
        profile = CLASS_PROFILES.get(award_class, UNKNOWN_CLASS)
        for place, code in enumerate(codes):
            total = expected_total(profile, (place + rng.uniform(0.2, 0.6)) / len(codes))
            found[code] = _company(rng, award_class, profile, total)
    return found


def people(seed: int, shoppers: Sequence[Row]) -> dict[str, Person]:
    """Shopper → their ways: most are alike, a few are strict or kind."""
    found = {}
    for code in (row["shopper"] for row in shoppers):
        rng = stream(seed, "shopper", code)
        found[code] = Person(
            severity=rng.gauss(0, 0.16), words=rng.betavariate(2.2, 2.0), carelessness=rng.betavariate(1.2, 9)
        )
    return found


def expected_total(profile: ClassProfile, depth: float) -> float:
    """The total to expect at `depth` of a class (0 = best, 1 = last), so that all its companies average `mean`."""
    fall = (profile.best - profile.mean) * (1 + CURVE)
    return max(profile.best - fall * depth**CURVE, LOWEST_TOTAL)


def skill_for(score: float) -> float:
    """The skill that brings answered contacts about `score` on average, read off a table by straight lines."""
    place = min(max(bisect_left(SKILL_BY_SCORE, (score,)), 1), len(SKILL_BY_SCORE) - 1)
    (low, low_skill), (high, high_skill) = SKILL_BY_SCORE[place - 1 : place + 1]
    return low_skill + (high_skill - low_skill) * (score - low) / (high - low)


def _company(rng: Random, award_class: str, profile: ClassProfile, total: float) -> Company:
    manners = max(rng.gauss(profile.manners, MANNERS_SPREAD), 0.05)
    answered = TOP_ANSWERED * min(total / TOP_TOTAL, 1.0) ** manners
    silent = max(MORE_SILENT * (1 - total / answered), LEAST_SILENT)
    skill = skill_for(answered)
    return Company(
        award_class=award_class,
        profile=profile,
        no_answer=_around(rng, silent, NO_ANSWER_BY_CHANNEL),
        skill={channel: skill + offset for channel, offset in _offsets(rng).items()},
        has_chatbot=rng.choice((True, True, False)),
        weeks_shift=rng.randrange(WEEKS),
    )


def _around(rng: Random, mean: float, factors: Mapping[str, float]) -> dict[str, float]:
    """A chance per channel, whose average over the usual mix of channels is `mean`."""
    drawn = {channel: factor * max(rng.gauss(1, CHANNEL_SILENCE_SPREAD), 0.2) for channel, factor in factors.items()}
    average = _average(drawn)
    return {channel: min(mean * factor / average, MOST_SILENT) for channel, factor in drawn.items()}


def _offsets(rng: Random) -> dict[str, float]:
    drawn = {channel: rng.gauss(0, CHANNEL_SKILL_SPREAD) for channel in CHANNEL_SHARES}
    average = _average(drawn)
    return {channel: offset - average for channel, offset in drawn.items()}


def _average(values: Mapping[str, float]) -> float:
    return sum(CHANNEL_SHARES[channel] * value for channel, value in values.items()) / sum(CHANNEL_SHARES.values())
