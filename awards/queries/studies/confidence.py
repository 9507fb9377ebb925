"""«Hvor sikkert er det?»: intervals, places and groups that cannot be told apart, as one stored study has them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from awards.models import Study
from awards.queries.studies.reading import Names, names_of, read_decimal

SHOWN_PLACES = 5
"""Places with a column of their own; the rest are added up in one."""


@dataclass(frozen=True)
class SureRow:
    """One participant among its rivals. Scores 0–100, shares 0–1; None where the data say nothing.

    `shares` are the chances of the first places in order, `later` that of all places after them. `best` and `worst` are
    the places the data allow, for all rivals at once.
    """

    code: str
    name: str
    class_name: str
    place: int
    total: Decimal
    low: Decimal | None
    high: Decimal | None
    shares: tuple[Decimal, ...]
    later: Decimal
    best: int
    worst: int

    @property
    def first(self) -> Decimal:
        return self.shares[0]


@dataclass(frozen=True)
class Field:
    """Rivals for the same first place: a class, or everybody. `groups` are names nobody can tell apart."""

    code: str
    name: str
    rows: tuple[SureRow, ...]
    groups: tuple[tuple[str, ...], ...]

    @property
    def leader(self) -> SureRow:
        return self.rows[0]

    @property
    def rivals_of_leader(self) -> int:
        """How many cannot be told from whoever leads."""
        return max((len(group) - 1 for group in self.groups if self.leader.name in group), default=0)

    @property
    def places(self) -> range:
        return range(1, len(self.leader.shares) + 1)

    @property
    def has_later(self) -> bool:
        return len(self.rows) > len(self.leader.shares)


@dataclass(frozen=True)
class ConfidencePage:
    """The whole study. `overall` is None where there are too many participants to compare everybody."""

    level: Decimal
    seed: int
    resamples: int
    created_at: dt.datetime
    classes: tuple[Field, ...]
    overall: Field | None

    def field(self, code: str) -> Field | None:
        """The class of that code, or None."""
        return next((field for field in self.classes if field.code == code), None)


def read_confidence(study: Study) -> ConfidencePage:
    """What a study of confidence found. Two queries for the names."""
    found: Mapping[str, Any] = study.findings
    names = names_of(study.run.edition)
    participants: list[Mapping[str, Any]] = found["participants"]
    classes = [
        _field(code, "in_class", separation, _members(participants, code), names)
        for code, separation in found["classes"].items()
    ]
    overall = found["overall"]
    return ConfidencePage(
        level=Decimal(found["level"]),
        seed=study.seed,
        resamples=study.resamples,
        created_at=study.created_at,
        classes=tuple(sorted((field for field in classes if field.rows), key=lambda field: field.name)),
        overall=None if overall is None else _field("", "overall", overall, participants, names),
    )


def _members(participants: Iterable[Mapping[str, Any]], award_class: str) -> list[Mapping[str, Any]]:
    return [row for row in participants if row["award_class"] == award_class]


def _field(
    code: str,
    standing: str,
    separation: Mapping[str, Any],
    participants: Iterable[Mapping[str, Any]],
    names: Names,
) -> Field:
    ranked = [row for row in participants if row[standing] is not None]
    shown = min(SHOWN_PLACES, len(ranked))
    rows: list[SureRow] = []
    for position, row in enumerate(ranked, start=1):
        total = Decimal(row["total"])
        place = rows[-1].place if rows and rows[-1].total == total else position
        rows.append(_row(row, standing, place, shown, names))
    groups = [tuple(names.participants.get(code, code) for code in group) for group in separation["groups"]]
    return Field(code, names.classes.get(code, code), tuple(rows), tuple(group for group in groups if len(group) > 1))


def _row(row: Mapping[str, Any], standing: str, place: int, shown: int, names: Names) -> SureRow:
    interval = row["interval"] or {"low": None, "high": None}
    shares = {int(number): Decimal(share) for number, share in row[standing]["shares"].items()}
    joint = row[standing]["joint_range"]
    return SureRow(
        code=row["participant"],
        name=names.participants.get(row["participant"], row["participant"]),
        class_name=names.classes.get(row["award_class"], row["award_class"]),
        place=place,
        total=Decimal(row["total"]),
        low=read_decimal(interval["low"]),
        high=read_decimal(interval["high"]),
        shares=tuple(shares.get(number, Decimal(0)) for number in range(1, shown + 1)),
        later=sum((share for number, share in shares.items() if number > shown), Decimal(0)),
        best=joint["best"],
        worst=joint["worst"],
    )
