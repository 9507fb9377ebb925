"""The crossed model: score = mean + channel + drift · week + participant + rater + week + residual.

Channel and drift are fixed; participants, raters and weeks are random, because those of this edition stand for many.
The variances are fitted by statsmodels (REML); effects and their errors then follow from Henderson's mixed model
equations.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.engine.severity.types import PARTICIPANT, RATER, WEEK, Rating, TooLittleToFitError

Floats = NDArray[np.float64]

MIN_LEVELS = 2
MIN_WEEKS = 3
"""Fewer weeks than this say nothing about how much weeks differ."""
_NEGLIGIBLE = 1e-6


@dataclass(frozen=True, slots=True)
class Design:
    """The model's matrices: fixed columns, and one 0/1 matrix per random source with its levels in order."""

    scores: Floats
    fixed: Floats
    channels: tuple[str, ...]
    has_drift: bool
    levels: Mapping[str, tuple[Any, ...]]
    random: Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class Fit:
    """Estimates with the covariance of their errors; ``places`` says where each source's levels are among them."""

    variances: Mapping[str, float]
    residual: float
    converged: bool
    estimates: Floats
    covariance: Floats
    places: Mapping[str, slice]


def design_of(ratings: Sequence[Rating]) -> Design:
    """Raises ``TooLittleToFitError`` when there are fewer ratings than unknowns or nobody to compare."""
    channels = tuple(sorted({rating.channel for rating in ratings}))
    weeks = np.array([rating.week for rating in ratings], dtype=np.float64)
    has_drift = len(set(weeks)) > 1
    sources: dict[str, list[Any]] = {
        PARTICIPANT: [rating.participant for rating in ratings],
        RATER: [rating.rater for rating in ratings],
    }
    if len(set(weeks)) >= MIN_WEEKS:
        sources[WEEK] = [rating.week for rating in ratings]
    levels = {source: tuple(sorted(set(values))) for source, values in sources.items()}
    columns = [np.ones(len(ratings)), *_channel_contrasts(ratings, channels)]
    if has_drift:
        columns.append(weeks - weeks.mean())
    unknowns = len(columns) + sum(len(found) for found in levels.values())
    _check_size(len(ratings), unknowns, levels)
    return Design(
        scores=np.array([rating.score for rating in ratings]),
        fixed=np.column_stack(columns),
        channels=channels,
        has_drift=has_drift,
        levels=levels,
        random={source: _indicators(sources[source], levels[source]) for source in sources},
    )


def _check_size(ratings: int, unknowns: int, levels: Mapping[str, Sequence[Any]]) -> None:
    for source in (PARTICIPANT, RATER):
        if len(levels[source]) < MIN_LEVELS:
            raise TooLittleToFitError(f"the model compares at least {MIN_LEVELS} of each source, {source} has fewer")
    if ratings <= unknowns:
        raise TooLittleToFitError(f"{ratings} answered contacts cannot tell {unknowns} effects apart")


def _channel_contrasts(ratings: Sequence[Rating], channels: Sequence[str]) -> list[Floats]:
    """Every channel but the last against the mean of the channels."""
    last = (
        np.array([rating.channel == channels[-1] for rating in ratings], dtype=np.float64) if channels else np.zeros(0)
    )
    return [
        np.array([rating.channel == channel for rating in ratings], dtype=np.float64) - last
        for channel in channels[:-1]
    ]


def _indicators(values: Sequence[Any], levels: Sequence[Any]) -> Floats:
    position = {level: number for number, level in enumerate(levels)}
    found = np.zeros((len(values), len(levels)))
    found[np.arange(len(values)), [position[value] for value in values]] = 1
    return found


def fit(design: Design) -> Fit:
    """Fit variances, then effects."""
    variances, residual, converged = _fit_variances(design)
    return _solve(design, variances, residual, converged)


def _fit_variances(design: Design) -> tuple[dict[str, float], float, bool]:
    # statsmodels takes a second to load, and only this diagnosis needs it.
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]  # noqa: PLC0415
    from statsmodels.regression.mixed_linear_model import (  # type: ignore[import-untyped]  # noqa: PLC0415
        MixedLM,
        VCSpec,
    )

    names = list(design.random)
    columns = [[[f"{source}-{number}" for number in range(len(design.levels[source]))]] for source in names]
    components = VCSpec(names, columns, [[csr_matrix(design.random[source])] for source in names])
    with warnings.catch_warnings():
        # A variance of 0 lies on the edge of what can be; the library warns, the flag below tells the reader.
        warnings.simplefilter("ignore")
        model = MixedLM(design.scores, design.fixed, groups=np.zeros(len(design.scores)), exog_vc=components)
        # Without derivatives and on sparse matrices the fit takes seconds where the default takes most of a minute.
        found = model.fit(reml=True, method=["powell"])
    by_name = dict(zip(model.exog_vc.names, found.vcomp, strict=True))
    return {source: float(by_name[source]) for source in names}, float(found.scale), bool(found.converged)


def _solve(design: Design, variances: Mapping[str, float], residual: float, converged: bool) -> Fit:
    """Henderson's equations: fixed and random effects together, with the covariance of their errors."""
    matrices = [design.fixed]
    penalties = [np.zeros(design.fixed.shape[1])]
    places: dict[str, slice] = {}
    start = design.fixed.shape[1]
    for source, indicators in design.random.items():
        size = indicators.shape[1]
        variance = max(variances[source], _NEGLIGIBLE * residual)
        matrices.append(indicators)
        penalties.append(np.full(size, residual / variance))
        places[source] = slice(start, start + size)
        start += size
    columns = np.column_stack(matrices)
    inverse = np.linalg.inv(columns.T @ columns + np.diag(np.concatenate(penalties)))
    estimates = inverse @ (columns.T @ design.scores)
    return Fit(variances, residual, converged, estimates, np.asarray(inverse * residual), places)
