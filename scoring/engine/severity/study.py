"""Severity, drift and what a correction would change. Diagnostics only: no result is ever corrected."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import NormalDist

import numpy as np

from scoring.engine.severity.model import Design, Fit, Floats, design_of, fit
from scoring.engine.severity.types import (
    RATER,
    RESIDUAL,
    WEEK,
    ChannelEffect,
    Component,
    CorrectedPlace,
    Effect,
    RaterEffect,
    Rating,
    Severity,
    WeekEffect,
    WinnerChange,
)
from scoring.engine.types import EditionResult, ParticipantResult

LEVEL = 0.95
_DECIMALS = 6
_CARRIED = 2
"""Decimals of a corrected total that mean something: the fit of the variances stops at about the third."""
_Key = tuple[float, int]


def study_severity(
    result: EditionResult, *, raters: Mapping[str, int], weeks: Mapping[str, int], level: float = LEVEL
) -> Severity:
    """Fit the crossed model to the answered contacts; ``raters`` and ``weeks`` are by contact code.

    An unanswered contact tells nothing about its rater and is left out of the fit; in corrected totals it stays 0.
    Raises ``TooLittleToFitError``, and ``KeyError`` for an answered contact without rater or week.
    """
    ratings = [
        Rating(
            contact.code,
            contact.participant,
            raters[contact.code],
            contact.channel,
            weeks[contact.code],
            float(contact.score),
        )
        for contact in result.contacts
        if contact.answered
    ]
    design = design_of(ratings)
    found = fit(design)
    effects = dict(zip(design.levels[RATER], found.estimates[found.places[RATER]], strict=True))
    places = _corrected_places(result, ratings, {rater: float(effect) for rater, effect in effects.items()})
    return Severity(
        contacts=len(ratings),
        level=level,
        converged=found.converged,
        components=_components(found),
        raters=_raters(design, found, ratings, level),
        channels=_channels(design, found, ratings, level),
        weeks=_weeks(design, found, ratings, level),
        drift=_drift(design, found, level),
        places=places,
        winner_changes=_winner_changes(places),
    )


def _components(found: Fit) -> tuple[Component, ...]:
    variances = {**found.variances, RESIDUAL: found.residual}
    total = sum(variances.values())
    return tuple(
        Component(source, round(variance, _DECIMALS), round(variance / total, _DECIMALS) if total else 0.0)
        for source, variance in variances.items()
    )


def _effect(estimate: float, error: float, level: float) -> Effect:
    half = NormalDist().inv_cdf(0.5 + level / 2) * error
    return Effect(round(estimate, _DECIMALS), round(estimate - half, _DECIMALS), round(estimate + half, _DECIMALS))


def _effects(found: Fit, place: slice, level: float) -> list[Effect]:
    errors = np.sqrt(np.diag(found.covariance)[place])
    return [
        _effect(float(estimate), float(error), level)
        for estimate, error in zip(found.estimates[place], errors, strict=True)
    ]


def _raters(design: Design, found: Fit, ratings: Sequence[Rating], level: float) -> tuple[RaterEffect, ...]:
    made = Counter(rating.rater for rating in ratings)
    raters = design.levels[RATER]
    joint_level = 1 - (1 - level) / len(raters)
    alone = _effects(found, found.places[RATER], level)
    joint = _effects(found, found.places[RATER], joint_level)
    return tuple(
        RaterEffect(rater, made[rater], effect, stands_out=wide.low > 0 or wide.high < 0)
        for rater, effect, wide in zip(raters, alone, joint, strict=True)
    )


def _channels(design: Design, found: Fit, ratings: Sequence[Rating], level: float) -> tuple[ChannelEffect, ...]:
    """The last channel is minus the sum of the others, as the contrasts have it."""
    made = Counter(rating.channel for rating in ratings)
    others = len(design.channels) - 1
    return tuple(
        ChannelEffect(channel, made[channel], _combined(found, 1, _contrast(position, others), level))
        for position, channel in enumerate(design.channels)
    )


def _contrast(position: int, others: int) -> Floats:
    if position == others:
        return -np.ones(others)
    contrast = np.zeros(others)
    contrast[position] = 1
    return contrast


def _combined(found: Fit, start: int, contrast: Floats, level: float) -> Effect:
    place = slice(start, start + len(contrast))
    variance = float(contrast @ found.covariance[place, place] @ contrast)
    return _effect(float(contrast @ found.estimates[place]), variance**0.5, level)


def _weeks(design: Design, found: Fit, ratings: Sequence[Rating], level: float) -> tuple[WeekEffect, ...]:
    if WEEK not in found.places:
        return ()
    made = Counter(rating.week for rating in ratings)
    weeks = design.levels[WEEK]
    effects = _effects(found, found.places[WEEK], level)
    return tuple(WeekEffect(week, made[week], effect) for week, effect in zip(weeks, effects, strict=True))


def _drift(design: Design, found: Fit, level: float) -> Effect | None:
    if not design.has_drift:
        return None
    return _combined(found, design.fixed.shape[1] - 1, np.ones(1), level)


def _corrected_places(
    result: EditionResult, ratings: Sequence[Rating], effects: Mapping[int, float]
) -> tuple[CorrectedPlace, ...]:
    removed: defaultdict[str, float] = defaultdict(float)
    for rating in ratings:
        removed[rating.participant] += effects[rating.rater]
    ranked = [row for row in result.participants if row.ranked]
    totals = {row.participant: float(row.total or 0) for row in ranked}
    corrected = {row.participant: totals[row.participant] - removed[row.participant] / row.contacts for row in ranked}
    keys = {row.participant: _corrected_key(row, corrected[row.participant]) for row in ranked}
    members: defaultdict[str, list[_Key]] = defaultdict(list)
    for row in ranked:
        members[row.award_class].append(keys[row.participant])
    in_class = {code: _places(found) for code, found in members.items()}
    overall = _places(keys.values())
    return tuple(
        CorrectedPlace(
            participant=row.participant,
            award_class=row.award_class,
            total=round(totals[row.participant], _DECIMALS),
            corrected_total=round(corrected[row.participant], _DECIMALS),
            rank_in_class=row.rank_in_class or 0,
            corrected_rank_in_class=in_class[row.award_class][keys[row.participant]],
            rank_overall=row.rank_overall or 0,
            corrected_rank_overall=overall[keys[row.participant]],
        )
        for row in ranked
    )


def _corrected_key(row: ParticipantResult, corrected: float) -> _Key:
    """Smaller is better; totals that the estimate cannot tell apart keep their order."""
    return -round(corrected, _CARRIED), row.rank_overall or 0


def _places(keys: Iterable[_Key]) -> dict[_Key, int]:
    """Competition places (1, 1, 3) by key."""
    places: dict[_Key, int] = {}
    for place, key in enumerate(sorted(keys), start=1):
        places.setdefault(key, place)
    return places


def _winner_changes(places: Sequence[CorrectedPlace]) -> tuple[WinnerChange, ...]:
    changes = []
    for award_class in sorted({place.award_class for place in places}):
        members = [place for place in places if place.award_class == award_class]
        winners = _codes(place for place in members if place.rank_in_class == 1)
        corrected = _codes(place for place in members if place.corrected_rank_in_class == 1)
        changes.append(WinnerChange(award_class, winners, corrected))
    overall = _codes(place for place in places if place.rank_overall == 1)
    changes.append(WinnerChange(None, overall, _codes(p for p in places if p.corrected_rank_overall == 1)))
    return tuple(change for change in changes if change.winners != change.corrected_winners)


def _codes(places: Iterable[CorrectedPlace]) -> tuple[str, ...]:
    return tuple(sorted(place.participant for place in places))
