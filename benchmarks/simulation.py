"""Editions drawn from a known truth, to find out whether the studies of certainty and severity tell it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from scoring.engine.recount import score_sums
from scoring.engine.types import ContactSums, EditionResult, Participant, Rules
from surveys.engine.words import AGENT, ANSWERED, CHANNELS, NO_ANSWER, OVERALL, WAIT, WELCOME

Floats = NDArray[np.float64]

SPLITS = ((25,), (13, 12), (16, 9), (13, 7, 5), (12, 8, 5), (20, 5), (13, 8, 4), (18, 7))
"""How 25 contacts may be divided on up to three channels; other numbers are divided in proportion."""
LOWEST, HIGHEST = 2.0, 98.0
"""Expected scores stay inside, so that there is room to vary on both sides."""
_WIDEST = 0.9
_UNITS = 10_000


@dataclass(frozen=True, slots=True)
class Scenario:
    """What the truth is drawn from; scores and standard deviations in points, ``unanswered`` a share of the contacts.

    ``unanswered_spread``: how alike participants are in leaving contacts unanswered (the sum of a beta's parameters).
    ``drift``: points per week, the same for everybody.
    """

    participants: int = 190
    classes: int = 24
    contacts: int = 25
    raters: int = 88
    weeks: int = 16
    mean: float = 80.0
    participant_sd: float = 5.0
    contact_sd: float = 14.0
    rater_sd: float = 4.0
    channel_spread: float = 6.0
    unanswered: float = 0.08
    unanswered_spread: float = 20.0
    drift: float = 0.0


@dataclass(frozen=True, slots=True)
class Simulated:
    """A scored edition with the truth behind it; ``raters`` and ``weeks`` by contact."""

    result: EditionResult
    true_totals: Mapping[str, float]
    severities: Mapping[int, float]
    raters: Mapping[str, int]
    weeks: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Stratum:
    participant: str
    channel: str
    contacts: int
    expected: float
    unanswered: float


RULES = Rules(
    weights={WAIT: Fraction(0), WELCOME: Fraction(0), AGENT: Fraction(100), OVERALL: Fraction(0)},
    min_counted=1,
    min_channel_contacts=1,
    bands={},
    questions={},
)


def simulate(scenario: Scenario, *, seed: int) -> Simulated:
    """Draw an edition; every contact of a participant has another rater. The same seed gives the same edition."""
    rng = np.random.Generator(np.random.PCG64(seed))
    severities = rng.normal(0, scenario.rater_sd, scenario.raters)
    participants = [Participant(f"p{n:05}", f"k{n % scenario.classes:03}") for n in range(scenario.participants)]
    sums: list[ContactSums] = []
    raters: dict[str, int] = {}
    weeks: dict[str, int] = {}
    truth: dict[str, float] = {}
    for participant in participants:
        strata = _draw_strata(participant.code, scenario, rng)
        truth[participant.code] = sum(_true_share(stratum, severities, scenario) for stratum in strata)
        codes = [f"{participant.code}-{number:02}" for number in range(scenario.contacts)]
        visits = rng.permutation(scenario.raters)[: scenario.contacts]
        when = rng.integers(scenario.weeks, size=scenario.contacts)
        raters.update(zip(codes, visits.tolist(), strict=True))
        weeks.update(zip(codes, when.tolist(), strict=True))
        shifts = severities[visits] + _drifts(scenario, when)
        start = 0
        for stratum in strata:
            stop = start + stratum.contacts
            sums += _draw_contacts(stratum, codes[start:stop], shifts[start:stop], scenario, rng)
            start = stop
    result = score_sums(RULES, participants, sums)
    return Simulated(result, truth, dict(enumerate(severities.tolist())), raters, weeks)


def _drifts(scenario: Scenario, weeks: NDArray[np.int64]) -> Floats:
    return np.asarray(scenario.drift * (weeks - (scenario.weeks - 1) / 2))


def _draw_strata(participant: str, scenario: Scenario, rng: np.random.Generator) -> list[_Stratum]:
    split = SPLITS[rng.integers(len(SPLITS))]
    made = [count * scenario.contacts // sum(split) for count in split]
    made[0] += scenario.contacts - sum(made)
    level = rng.normal(scenario.mean, scenario.participant_sd)
    half = scenario.channel_spread / 2
    return [
        _Stratum(participant, channel, count, level + rng.uniform(-half, half), _draw_unanswered(scenario, rng))
        for channel, count in zip(CHANNELS, made, strict=False)
        if count
    ]


def _draw_unanswered(scenario: Scenario, rng: np.random.Generator) -> float:
    if not scenario.unanswered:
        return 0.0
    spread = scenario.unanswered_spread
    return float(rng.beta(scenario.unanswered * spread, (1 - scenario.unanswered) * spread))


def _expected(level: float | Floats) -> Floats:
    return np.clip(level, LOWEST, HIGHEST)


def _true_share(stratum: _Stratum, severities: Floats, scenario: Scenario) -> float:
    """What the stratum adds to the true total: the mean over all raters and weeks, unanswered contacts being 0."""
    drifts = _drifts(scenario, np.arange(scenario.weeks))
    scores = _expected(stratum.expected + severities[:, None] + drifts[None, :])
    return stratum.contacts / scenario.contacts * (1 - stratum.unanswered) * float(scores.mean())


def _draw_contacts(
    stratum: _Stratum, codes: list[str], shifts: Floats, scenario: Scenario, rng: np.random.Generator
) -> list[ContactSums]:
    """Scores follow a beta distribution around what is expected of participant, channel, rater and week."""
    expected = _expected(stratum.expected + shifts)
    room = expected * (100 - expected)
    variance = np.minimum(scenario.contact_sd**2, _WIDEST**2 * room)
    size = room / variance - 1
    scores = rng.beta(expected / 100 * size, (1 - expected / 100) * size)
    answered = rng.random(len(codes)) >= stratum.unanswered
    return [
        _contact(stratum, code, round(float(score) * _UNITS) if reached else None)
        for code, score, reached in zip(codes, scores, answered, strict=True)
    ]


def _contact(stratum: _Stratum, code: str, obtained: int | None) -> ContactSums:
    nothing = (0, 0)
    if obtained is None:
        return ContactSums(code, stratum.participant, stratum.channel, NO_ANSWER, None, (nothing, nothing, nothing))
    sums = (nothing, (obtained, _UNITS), nothing)
    return ContactSums(code, stratum.participant, stratum.channel, ANSWERED, None, sums)
