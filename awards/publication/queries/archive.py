"""The years before: archived winners with their sources, and the figures published beside them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from awards.models import ArchivedResult, ArchiveMethod
from kundeservice.core.language import reads_english

DATA = Path(__file__).resolve().parent.parent / "data"


@dataclass(frozen=True, slots=True)
class ArchivedWinner:
    """`total` as it was published, with one decimal; None where only the name was."""

    winner: str
    class_name: str
    total: Decimal | None


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """A figure told with the results of a year, such as `participants` or `mean_total`, and where it was read."""

    figure: str
    value: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class ArchivedAward:
    """One award of one year: who won it all, who won their class, and where this is known from."""

    award: str
    year: int
    is_panel: bool
    overall: tuple[ArchivedWinner, ...]
    classes: tuple[ArchivedWinner, ...]
    figures: tuple[PublishedFigure, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArchivedYear:
    year: int
    awards: tuple[ArchivedAward, ...]


def list_years() -> tuple[ArchivedYear, ...]:
    """Every archived year, the newest first. One query."""
    return _years(ArchivedResult.objects.all())


def archived_year(year: int) -> ArchivedYear | None:
    """One year, or None when the archive has nothing of it. One query."""
    years = _years(ArchivedResult.objects.filter(year=year))
    return years[0] if years else None


def _years(results: Iterable[ArchivedResult]) -> tuple[ArchivedYear, ...]:
    return tuple(
        ArchivedYear(
            year=year,
            awards=tuple(
                _award(name, year, list(rows)) for name, rows in groupby(of_year, key=lambda result: result.award)
            ),
        )
        for year, of_year in groupby(results, key=lambda result: result.year)
    )


def _award(name: str, year: int, results: list[ArchivedResult]) -> ArchivedAward:
    figures = tuple(
        PublishedFigure(figure=row["figure"], value=Decimal(row["value"]), source=_source(row["source"]))
        for row in _table("published_figures.csv")
        if row["award"] == name and int(row["year"]) == year
    )
    named = [result.source for result in results] + [figure.source for figure in figures]
    return ArchivedAward(
        award=name,
        year=year,
        is_panel=results[0].method == ArchiveMethod.PANEL,
        overall=tuple(_winner(result) for result in results if result.overall_winner),
        classes=tuple(_winner(result) for result in results if result.class_name),
        figures=figures,
        sources=tuple(dict.fromkeys(_in_language(source, "sources.csv") for source in named)),
    )


def _winner(result: ArchivedResult) -> ArchivedWinner:
    return ArchivedWinner(
        winner=result.winner, class_name=_in_language(result.class_name, "class_names.csv"), total=result.total
    )


def _source(code: str) -> str:
    """The name of a source; the figures table adds a remark after its code ("S2 (nearly)")."""
    names = {row["source"]: row["name_nb"] for row in _table("sources.csv")}
    return names[code.split(" ", maxsplit=1)[0]]


def _in_language(name: str, table: str) -> str:
    """A name as the reader's language has it, from a table of both; a name that is not there stays as it is."""
    if not reads_english():
        return name
    names = {row["name_nb"]: row["name_en"] for row in _table(table)}
    return names.get(name, name)


@lru_cache
def _table(name: str) -> tuple[dict[str, str], ...]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
