"""«Hvor sikkert er det?»: intervals, places and who could be the best, as one stored study has them.

Places and totals are those of the run the study is of, exact; the study itself keeps totals at six decimals.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from awards.models import Study
from awards.studies.queries.reading import read_decimal
from scoring.engine.confidence import MAX_COMPARED
from scoring.models import ParticipantScore

SHOWN_PLACES = 5
"""Places with a column of their own; the rest are added up in one."""
IN_CLASS, OVERALL = "in_class", "overall"
"""What a study calls its two fields; the run calls the places in them the same, after `rank_`."""


@dataclass(frozen=True)
class SureRow:
    """One participant among its rivals. Scores 0–100, shares 0–1; None or empty where the data say nothing.

    `shares` are the chances of the first places in order, `later` that of all places after them. `best` and `worst` are
    the places the data allow, for all rivals at once. `reach` is how high the total could lie, measured against the
    highest of the others: whoever reaches that could be the best.
    """

    code: str
    name: str
    class_name: str
    place: int
    total: Fraction | None
    low: Decimal | None
    high: Decimal | None
    shares: tuple[Decimal, ...] = ()
    later: Decimal = Decimal(0)
    best: int | None = None
    worst: int | None = None
    reach: Decimal | None = None

    @property
    def first(self) -> Decimal | None:
        return self.shares[0] if self.shares else None


@dataclass(frozen=True)
class CouldBeBest:
    """Who could be the best of a class, or of everybody: what there is to say about how sure a first place is.

    `level` is a share 0–1. `names` by place, one of them is the best at the level; None where nobody is compared:
    because too little is known of how totals move (not `knows_spread`), because there are more than `most_compared` of
    them, or because the study is from before this was kept.
    """

    level: Decimal
    names: tuple[str, ...] | None
    of_everybody: bool
    knows_spread: bool
    is_too_large: bool
    most_compared: int = MAX_COMPARED


@dataclass(frozen=True)
class Field:
    """Rivals for the same first place: a class, or everybody.

    `could_be_best` are the codes of those who could be the best; None where the study does not say. `is_compared`:
    whether the study tells the rivals' places at all. `is_older`: the study is from before everybody was held against
    the best, and `could_be_best` is whoever could not be told from a first place when all pairs were compared at once.
    """

    code: str
    name: str
    level: Decimal
    rows: tuple[SureRow, ...]
    could_be_best: frozenset[str] | None
    is_compared: bool
    is_older: bool = False

    @property
    def leader(self) -> SureRow:
        return self.rows[0]

    @property
    def leaders(self) -> tuple[SureRow, ...]:
        """Everybody who holds the first place."""
        return tuple(row for row in self.rows if row.place == 1)

    @property
    def contenders(self) -> tuple[SureRow, ...]:
        """Everybody who could be the best, by place; nobody where the study does not say."""
        return tuple(row for row in self.rows if row.code in (self.could_be_best or ()))

    @property
    def verdict(self) -> CouldBeBest:
        """What there is to say about who is the best."""
        return CouldBeBest(
            level=self.level,
            names=None if self.could_be_best is None else tuple(row.name for row in self.contenders),
            of_everybody=not self.code,
            knows_spread=self.knows_spread,
            is_too_large=self.is_too_large,
        )

    @property
    def knows_spread(self) -> bool:
        """Whether it is known of everybody how far the total could have moved."""
        return all(row.low is not None for row in self.rows)

    @property
    def is_too_large(self) -> bool:
        """Whether there are too many rivals to compare all of them."""
        return self.knows_spread and not self.is_compared

    @property
    def most_compared(self) -> int:
        return MAX_COMPARED

    @property
    def places(self) -> range:
        return range(1, len(self.leader.shares) + 1)

    @property
    def has_later(self) -> bool:
        return self.is_compared and len(self.rows) > len(self.leader.shares)


@dataclass(frozen=True)
class ConfidencePage:
    """The whole study. `overall` is None where everybody is not compared."""

    level: Decimal
    seed: int
    resamples: int
    created_at: dt.datetime
    classes: tuple[Field, ...]
    overall: Field | None

    def field(self, code: str) -> Field | None:
        """The class of that code, or None."""
        return next((field for field in self.classes if field.code == code), None)

    @property
    def overall_is_too_large(self) -> bool:
        """Whether there are too many participants to compare everybody."""
        return self.overall is None and sum(len(field.rows) for field in self.classes) > MAX_COMPARED


def read_confidence(study: Study) -> ConfidencePage:
    """What a study of confidence found. One query for the places and totals of its run."""
    found: Mapping[str, Any] = study.findings
    kept = {row["participant"]: row for row in found["participants"]}
    scores = study.run.participant_scores.filter(ranked=True).select_related("participant__award_class")
    ranked = list(scores.order_by("position"))
    members: dict[str, list[ParticipantScore]] = {}
    for score in ranked:
        members.setdefault(score.participant.award_class.code, []).append(score)
    level = Decimal(found["level"])
    fields = [
        _field(
            code,
            those[0].participant.award_class.name,
            level,
            standing=IN_CLASS,
            separation=found["classes"].get(code),
            scores=those,
            kept=kept,
        )
        for code, those in members.items()
    ]
    overall = None
    if ranked and found["overall"] is not None:
        overall = _field("", "", level, standing=OVERALL, separation=found["overall"], scores=ranked, kept=kept)
    return ConfidencePage(
        level=level,
        seed=study.seed,
        resamples=study.resamples,
        created_at=study.created_at,
        classes=tuple(sorted(fields, key=lambda field: field.name)),
        overall=overall,
    )


def _field(
    code: str,
    name: str,
    level: Decimal,
    *,
    standing: str,
    separation: Mapping[str, Any] | None,
    scores: Sequence[ParticipantScore],
    kept: Mapping[str, Mapping[str, Any]],
) -> Field:
    is_compared = separation is not None and all(
        _knows_spread(row) and row[standing] is not None for row in (kept[score.participant.code] for score in scores)
    )
    shown = min(SHOWN_PLACES, len(scores)) if is_compared else 0
    rows = tuple(_row(score, standing, kept[score.participant.code], shown) for score in scores)
    if separation is None or not is_compared:
        return Field(code, name, level, rows, could_be_best=None, is_compared=False)
    return Field(
        code,
        name,
        level,
        rows,
        could_be_best=_could_be_best(separation),
        is_compared=True,
        is_older="could_be_best" not in separation,
    )


def _knows_spread(row: Mapping[str, Any]) -> bool:
    """Whether a study knows how far a total could have moved.

    Some studies took a total that was never seen to move for certain, and gave it a place and no error.
    """
    return row["interval"] is not None and Decimal(row["standard_error"]) > 0


def _could_be_best(separation: Mapping[str, Any]) -> frozenset[str] | None:
    """As the study kept it. A study from before has the leaders' rivals, or nothing."""
    if "could_be_best" in separation:
        return frozenset(separation["could_be_best"])
    if "leaders" not in separation:
        return None
    leaders: Mapping[str, Sequence[str]] = separation["leaders"]
    return frozenset(leaders).union(*leaders.values())


def _row(score: ParticipantScore, standing: str, kept: Mapping[str, Any], shown: int) -> SureRow:
    """`shown` is how many places have a column of their own: none where the rivals are not compared."""
    knows_spread = _knows_spread(kept)
    participant = score.participant
    row = SureRow(
        code=participant.code,
        name=participant.name,
        class_name=participant.award_class.name,
        place=getattr(score, f"rank_{standing}"),
        total=score.figure("total"),
        low=read_decimal(kept["interval"]["low"]) if knows_spread else None,
        high=read_decimal(kept["interval"]["high"]) if knows_spread else None,
    )
    return replace(row, **_standing(kept[standing], shown)) if shown else row


def _standing(kept: Mapping[str, Any], shown: int) -> dict[str, Any]:
    shares = {int(number): Decimal(share) for number, share in kept["shares"].items()}
    return {
        "shares": tuple(shares.get(number, Decimal(0)) for number in range(1, shown + 1)),
        "later": sum((share for number, share in shares.items() if number > shown), Decimal(0)),
        "best": kept["joint_range"]["best"],
        "worst": kept["joint_range"]["worst"],
        "reach": read_decimal(kept.get("reach")),
    }
