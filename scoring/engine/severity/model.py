"""The crossed model: score = mean + channel + drift · week + participant + rater + week + residual.

Channel and drift are fixed; participants, raters and weeks are random, because those of this edition stand for many.
The variances are fitted by statsmodels (REML); effects and their errors then follow from Henderson's mixed model
equations.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.engine.severity.types import (
    PARTICIPANT,
    RATER,
    WEEK,
    Rating,
    Shortage,
    TooLargeToFitError,
    TooLittleToFitError,
)

Floats = NDArray[np.float64]

MIN_LEVELS = 2
MIN_WEEKS = 3
"""Fewer weeks than this say nothing about how much weeks differ."""
MAX_LEVELS = 1_200
"""Participants, raters and weeks together. The fit's time grows with their third power; so many take two minutes."""
_NEGLIGIBLE = 1e-6
"""A source with less than this part of the residual's variance is none: such figures are the fit's own last digits."""
_NO_VARIATION = 1e-9
"""The part of the squares that rounding alone leaves unexplained."""
_TOLD_APART = 0.05
"""How much of its own, at the least, a combination of sources must say: below this two of them are as good as one."""


@dataclass(frozen=True, slots=True)
class Design:
    """The model's matrices: fixed columns, and one sparse 0/1 matrix per random source with its levels in order."""

    scores: Floats
    fixed: Floats
    channels: tuple[str, ...]
    has_drift: bool
    levels: Mapping[str, tuple[Any, ...]]
    random: Mapping[str, Any]


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
    """Raises ``TooLittleToFitError`` where the ratings cannot tell the sources apart, and ``TooLargeToFitError``."""
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
    _check_size(len(ratings), len(columns), levels)
    design = Design(
        scores=np.array([rating.score for rating in ratings]),
        fixed=np.column_stack(columns),
        channels=channels,
        has_drift=has_drift,
        levels=levels,
        random={source: _indicators(sources[source], levels[source]) for source in sources},
    )
    _check_crossing(design)
    _check_variation(design)
    return design


def _check_size(ratings: int, fixed: int, levels: Mapping[str, Sequence[Any]]) -> None:
    for source in (PARTICIPANT, RATER):
        if len(levels[source]) < MIN_LEVELS:
            raise TooLittleToFitError(f"the model compares at least {MIN_LEVELS} of each source, {source} has fewer")
    random = sum(len(found) for found in levels.values())
    if ratings <= fixed + random:
        raise TooLittleToFitError(f"{ratings} answered contacts cannot tell {fixed + random} effects apart")
    if random > MAX_LEVELS:
        raise TooLargeToFitError(random, MAX_LEVELS)


def _check_crossing(design: Design) -> None:
    """Raises ``TooLittleToFitError`` where the same scores would follow from several shares of the sources.

    Fixed columns must not follow from each other. Every source, the residual too, gives the contacts a pattern of who
    is alike; of these patterns, as seen beside the fixed columns, none may follow from the others.
    """
    basis, triangle = np.linalg.qr(design.fixed / np.linalg.norm(design.fixed, axis=0))
    apart = np.abs(np.diag(triangle)).min() > _TOLD_APART and _least_of_its_own(design, basis) > _TOLD_APART
    if not apart:
        raise TooLittleToFitError(f"{', '.join(design.random)} and channel cannot be told apart", Shortage.CROSSING)


def _least_of_its_own(design: Design, basis: Floats) -> float:
    """The smallest eigenvalue of the likenesses (as correlations) among the sources' patterns; 0 where one is lost."""
    likeness = _likeness(design, basis)
    sizes = np.sqrt(np.diag(likeness))
    if (sizes < _TOLD_APART).any():
        return 0.0
    return float(np.linalg.eigvalsh(likeness / np.outer(sizes, sizes))[0])


def _likeness(design: Design, basis: Floats) -> Floats:
    """tr(P V P W) for the patterns V, W of all sources and of the residual; P takes the fixed columns out."""
    matrices = list(design.random.values())
    seen = [matrix.T @ basis for matrix in matrices]
    residual = len(matrices)
    found = np.zeros((residual + 1, residual + 1))
    for one, other in combinations_with_replacement(range(residual), 2):
        left = (matrices[one].T @ matrices[other]).toarray() - seen[one] @ seen[other].T
        found[one, other] = found[other, one] = (left**2).sum()
        if one == other:
            found[one, residual] = found[residual, one] = np.trace(left)
    found[residual, residual] = len(design.scores) - basis.shape[1]
    return found


def _check_variation(design: Design) -> None:
    """Raises ``TooLittleToFitError`` where sources and fixed columns together explain every score to the last digit."""
    columns = _all_columns(design)
    scores = design.scores - design.scores.mean()
    effects = np.linalg.lstsq((columns.T @ columns).toarray(), columns.T @ scores)[0]
    unexplained = scores - columns @ effects
    if unexplained @ unexplained <= _NO_VARIATION * max(scores @ scores, 1.0):
        raise TooLittleToFitError("there is no variation beyond that of the sources", Shortage.VARIATION)


def _all_columns(design: Design) -> Any:
    """Fixed and random columns side by side, sparse."""
    from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]  # noqa: PLC0415

    return hstack([csr_matrix(design.fixed), *design.random.values()], format="csr")


def _channel_contrasts(ratings: Sequence[Rating], channels: Sequence[str]) -> list[Floats]:
    """Every channel but the last against the mean of the channels."""
    last = (
        np.array([rating.channel == channels[-1] for rating in ratings], dtype=np.float64) if channels else np.zeros(0)
    )
    return [
        np.array([rating.channel == channel for rating in ratings], dtype=np.float64) - last
        for channel in channels[:-1]
    ]


def _indicators(values: Sequence[Any], levels: Sequence[Any]) -> Any:
    # scipy takes a while to load, and only this diagnosis needs it.
    from scipy.sparse import csr_matrix  # noqa: PLC0415

    position = {level: number for number, level in enumerate(levels)}
    places = (np.arange(len(values)), [position[value] for value in values])
    return csr_matrix((np.ones(len(values)), places), shape=(len(values), len(levels)))


def fit(design: Design) -> Fit:
    """Fit variances, then effects. Raises ``TooLittleToFitError`` where the equations have no answer after all."""
    try:
        variances, residual, converged = _fit_variances(design)
        return _solve(design, variances, residual, converged)
    except np.linalg.LinAlgError as error:
        raise TooLittleToFitError(f"the fit broke down: {error}", Shortage.CROSSING) from error


def _fit_variances(design: Design) -> tuple[dict[str, float], float, bool]:
    # statsmodels takes a second to load, and only this diagnosis needs it.
    from statsmodels.regression.mixed_linear_model import (  # type: ignore[import-untyped]  # noqa: PLC0415
        MixedLM,
        VCSpec,
    )

    names = list(design.random)
    columns = [[[f"{source}-{number}" for number in range(len(design.levels[source]))]] for source in names]
    components = VCSpec(names, columns, [[design.random[source]] for source in names])
    with warnings.catch_warnings():
        # A variance of 0 lies on the edge of what can be; the library warns, the flag below tells the reader.
        warnings.simplefilter("ignore")
        model = MixedLM(design.scores, design.fixed, groups=np.zeros(len(design.scores)), exog_vc=components)
        # The library lays contacts × levels out in full for the variances' own errors, which nobody asks for here.
        errors = -np.eye(design.fixed.shape[1] + len(names))
        model.hessian = lambda _parameters: (errors, False)
        # Without derivatives and on sparse matrices the fit takes seconds where the default takes most of a minute.
        found = model.fit(reml=True, method=["powell"])
    by_name = dict(zip(model.exog_vc.names, found.vcomp, strict=True))
    return {source: float(by_name[source]) for source in names}, float(found.scale), bool(found.converged)


def _solve(design: Design, variances: Mapping[str, float], residual: float, converged: bool) -> Fit:
    """Henderson's equations: fixed and random effects together, with the covariance of their errors.

    Sources without variance are left out of the equations: their effects are 0, and known to be.
    """
    columns = _all_columns(design)
    size, start = columns.shape[1], design.fixed.shape[1]
    penalties = np.zeros(size)
    unknown = np.ones(size, dtype=bool)
    places: dict[str, slice] = {}
    for source, indicators in design.random.items():
        places[source] = place = slice(start, start + indicators.shape[1])
        if variances[source] > _NEGLIGIBLE * residual:
            penalties[place] = residual / variances[source]
        else:
            unknown[place] = False
        start = place.stop
    products = (columns.T @ columns).toarray() + np.diag(penalties)
    inverse = np.zeros((size, size))
    inverse[np.ix_(unknown, unknown)] = np.linalg.inv(products[np.ix_(unknown, unknown)])
    estimates = inverse @ (columns.T @ design.scores)
    return Fit(variances, residual, converged, estimates, inverse * residual, places)
