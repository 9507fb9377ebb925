"""What is known about how sure the totals and places are. Scores and errors are in points, shares between 0 and 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the true total lies with the level of the study, inside 0 to 100."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PlaceRange:
    """The best and the worst place the data allow."""

    best: int
    worst: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How sure a participant's place among some rivals (its class, or everybody) is.

    ``shares``: how often each place came up in the resamples; places that never did are absent. ``range`` holds for
    this participant alone at the level, ``joint_range`` for all rivals at once. ``reach`` is how high the total could
    lie, measured against the highest of the others: whoever reaches that could be the best.
    """

    shares: Mapping[int, float]
    range: PlaceRange
    joint_range: PlaceRange
    reach: float

    @property
    def first(self) -> float:
        """The share of resamples in which the participant came first, alone or shared."""
        return self.shares.get(1, 0.0)


@dataclass(frozen=True, slots=True)
class ParticipantConfidence:
    """``interval`` and ``standard_error`` are ``None`` where the edition holds no repeated contacts that differ.

    Nothing can then be learnt about how far a total might have moved, and no place is claimed either. ``in_class`` and
    ``overall`` are also ``None`` for the unranked, and where there are too many rivals to compare all pairs.
    """

    participant: str
    award_class: str
    total: float
    standard_error: float | None
    interval: Interval | None
    in_class: Standing | None
    overall: Standing | None


@dataclass(frozen=True, slots=True)
class Separation:
    """Which ranked participants can be told apart at the level, all pairs taken together, and who could be the best.

    ``groups``: runs of neighbours in rank order inside which nobody can be told from anybody; a participant may be in
    several. ``threshold``: two totals differ when they are more than this many standard errors of their difference
    apart. ``leaders``: everybody who holds the first place, each with all that cannot be told from it, in rank order;
    these need not be its neighbours, so the groups do not tell. ``could_be_best``: one of these is the best, at the
    level, in rank order; never more than the leaders and those who cannot be told from one.
    """

    groups: tuple[tuple[str, ...], ...]
    threshold: float
    leaders: Mapping[str, tuple[str, ...]]
    could_be_best: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Confidence:
    """The whole study; ``participants`` in the order of the results, those without a counted contact left out.

    ``resamples`` are those drawn, fewer than asked for in a crowd. ``classes`` are those compared, ``overall`` is
    ``None`` unless everybody was.
    """

    seed: int
    resamples: int
    level: float
    participants: tuple[ParticipantConfidence, ...]
    classes: Mapping[str, Separation]
    overall: Separation | None

    def participant(self, code: str) -> ParticipantConfidence:
        """Raises ``KeyError`` for a participant without counted contacts."""
        for row in self.participants:
            if row.participant == code:
                return row
        raise KeyError(code)
