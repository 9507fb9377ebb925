"""What the crossed model tells about those who judge, and about the field period.

Effects are in points of contact score.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

PARTICIPANT, RATER, WEEK, RESIDUAL = "participant", "rater", "week", "residual"


class Shortage(StrEnum):
    """What an edition lacks for the model."""

    CONTACTS = "contacts"
    """Too few answered contacts, participants or raters."""
    CROSSING = "crossing"
    """Two sources follow each other so closely that what one does could be the other's doing."""
    VARIATION = "variation"
    """Contacts that should be alike are exactly alike: there is nothing to hold differences up against."""


class TooLittleToFitError(ValueError):
    """The edition is too small, too sparse or too even to tell participants from raters."""

    def __init__(self, message: str, shortage: Shortage = Shortage.CONTACTS) -> None:
        super().__init__(message)
        self.shortage = shortage


class TooLargeToFitError(ValueError):
    """The edition has more participants, raters and weeks than the fit has memory and time for."""

    def __init__(self, levels: int, most: int) -> None:
        super().__init__(f"{levels} participants, raters and weeks are more than the {most} that can be fitted")
        self.levels = levels
        self.most = most


@dataclass(frozen=True, slots=True)
class Rating:
    """One answered contact as the model sees it.

    ``rater`` is an anonymous number, ``week`` the week of the field period.
    """

    contact: str
    participant: str
    rater: int
    channel: str
    week: int
    score: float


@dataclass(frozen=True, slots=True)
class Component:
    """A source of variance: points squared, and its share of the sum of all sources."""

    source: str
    variance: float
    share: float


@dataclass(frozen=True, slots=True)
class Effect:
    """An estimate with its interval at the level of the study."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class RaterEffect:
    """How far a rater lies above (mild) or below (severe) all raters.

    ``stands_out``: the interval that holds for all raters at once, wider than the one given, still leaves 0 out.
    """

    rater: int
    contacts: int
    effect: Effect
    stands_out: bool


@dataclass(frozen=True, slots=True)
class ChannelEffect:
    """How far a channel lies from the mean of the channels."""

    channel: str
    contacts: int
    effect: Effect


@dataclass(frozen=True, slots=True)
class WeekEffect:
    """How far a week lies from the straight line through the field period."""

    week: int
    contacts: int
    effect: Effect


@dataclass(frozen=True, slots=True)
class CorrectedPlace:
    """A ranked participant as it is, and as it would be with every rater's effect taken out. Never used for results."""

    participant: str
    award_class: str
    total: float
    corrected_total: float
    rank_in_class: int
    corrected_rank_in_class: int
    rank_overall: int
    corrected_rank_overall: int


@dataclass(frozen=True, slots=True)
class WinnerChange:
    """A first place that correction would give to others; ``award_class`` is ``None`` for the overall award."""

    award_class: str | None
    winners: tuple[str, ...]
    corrected_winners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Severity:
    """The diagnostics of an edition; ``drift`` is points per week, ``None`` in a field period of one week.

    ``converged`` is false where the fit stopped short: the figures are then a hint at best.
    """

    contacts: int
    level: float
    converged: bool
    components: tuple[Component, ...]
    raters: tuple[RaterEffect, ...]
    channels: tuple[ChannelEffect, ...]
    weeks: tuple[WeekEffect, ...]
    drift: Effect | None
    places: tuple[CorrectedPlace, ...]
    winner_changes: tuple[WinnerChange, ...]
