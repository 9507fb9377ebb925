"""«Strenghet»: what the shoppers, the channels and the weeks have to do with the scores, as one stored study has it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from awards.models import Study
from awards.studies.queries.reading import Estimate, Names, names_of, read_estimate
from scoring.engine.severity.types import PARTICIPANT, RATER, RESIDUAL, WEEK
from shoppers.models import Shopper
from surveys.engine.weeks import week_of
from surveys.models import Channel

SOURCES: dict[str, str | Promise] = {
    PARTICIPANT: _("Deltakeren"),
    RATER: _("Mystery shopperen"),
    WEEK: _("Uken"),
    RESIDUAL: _("Den enkelte henvendelsen"),
}


@dataclass(frozen=True)
class Source:
    """Where differences between scores come from: its share of all variance, 0–1."""

    label: str
    share: Decimal
    deviation: Decimal


@dataclass(frozen=True)
class RaterRow:
    """A shopper's effect in points: above 0 is mild, below severe."""

    name: str
    contacts: int
    effect: Estimate
    stands_out: bool


@dataclass(frozen=True)
class EffectRow:
    """A channel's or a week's effect in points."""

    label: str
    contacts: int
    effect: Estimate


@dataclass(frozen=True)
class WinnerChange:
    """A first place that a correction would give to others. `class_name` is empty for the overall award."""

    class_name: str
    winners: tuple[str, ...]
    corrected: tuple[str, ...]


@dataclass(frozen=True)
class PlaceChange:
    """A participant as it is, and as it would be with every shopper's effect taken out."""

    name: str
    class_name: str
    total: Decimal
    corrected_total: Decimal
    place: int
    corrected_place: int


@dataclass(frozen=True)
class SeverityPage:
    """The whole study. `drift` is points per week, None in a field period of one week."""

    created_at: dt.datetime
    contacts: int
    level: Decimal
    converged: bool
    sources: tuple[Source, ...]
    raters: tuple[RaterRow, ...]
    channels: tuple[EffectRow, ...]
    weeks: tuple[EffectRow, ...]
    drift: Estimate | None
    winner_changes: tuple[WinnerChange, ...]
    place_changes: tuple[PlaceChange, ...]
    ranked: int

    @property
    def standing_out(self) -> int:
        return sum(row.stands_out for row in self.raters)


def read_severity(study: Study) -> SeverityPage:
    """What a study of severity found, the severest shopper first. Three queries for the names."""
    found: Mapping[str, Any] = study.findings
    names = names_of(study.run.edition)
    shoppers = dict(Shopper.objects.filter(edition=study.run.edition).values_list("pk", "name"))
    people = {int(number): shoppers.get(key, number) for number, key in found["shoppers"].items()}
    raters = sorted((_rater(row, people) for row in found["raters"]), key=lambda row: (row.effect.value, row.name))
    return SeverityPage(
        created_at=study.created_at,
        contacts=found["contacts"],
        level=Decimal(found["level"]),
        converged=found["converged"],
        sources=tuple(_source(row) for row in found["components"]),
        raters=tuple(raters),
        channels=tuple(_effect(row, str(Channel(row["channel"]).label)) for row in found["channels"]),
        weeks=tuple(_effect(row, week_of(row["week"])) for row in found["weeks"]),
        drift=None if found["drift"] is None else read_estimate(found["drift"]),
        winner_changes=tuple(_winner_change(row, names) for row in found["winner_changes"]),
        place_changes=_place_changes(found["places"], names),
        ranked=len(found["places"]),
    )


def _source(row: Mapping[str, Any]) -> Source:
    return Source(str(SOURCES[row["source"]]), Decimal(row["share"]), Decimal(row["variance"]).sqrt())


def _rater(row: Mapping[str, Any], people: Mapping[int, str]) -> RaterRow:
    name = people.get(row["rater"], str(row["rater"]))
    return RaterRow(name, row["contacts"], read_estimate(row["effect"]), row["stands_out"])


def _effect(row: Mapping[str, Any], label: str) -> EffectRow:
    return EffectRow(label, row["contacts"], read_estimate(row["effect"]))


def _winner_change(row: Mapping[str, Any], names: Names) -> WinnerChange:
    award_class = row["award_class"]
    return WinnerChange(
        class_name=names.classes.get(award_class, award_class) if award_class else "",
        winners=_named(row["winners"], names),
        corrected=_named(row["corrected_winners"], names),
    )


def _named(codes: Iterable[str], names: Names) -> tuple[str, ...]:
    return tuple(names.participants.get(code, code) for code in codes)


def _place_changes(places: Iterable[Mapping[str, Any]], names: Names) -> tuple[PlaceChange, ...]:
    """Those whose place in class would be another, the greatest move first."""
    moved = [
        PlaceChange(
            name=names.participants.get(row["participant"], row["participant"]),
            class_name=names.classes.get(row["award_class"], row["award_class"]),
            total=Decimal(row["total"]),
            corrected_total=Decimal(row["corrected_total"]),
            place=row["rank_in_class"],
            corrected_place=row["corrected_rank_in_class"],
        )
        for row in places
        if row["rank_in_class"] != row["corrected_rank_in_class"]
    ]
    return tuple(sorted(moved, key=lambda row: (-abs(row.place - row.corrected_place), row.class_name, row.place)))
