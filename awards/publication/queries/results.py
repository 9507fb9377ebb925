"""The frozen results of one count: the rows of the results file, exact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from scoring.engine.types import FIGURES
from scoring.models import ScoreRun
from scoring.queries import CLASS_FIGURES

Figures = Mapping[str, Fraction | None]


@dataclass(frozen=True, slots=True)
class ParticipantRow:
    """One participant; `figures` has every name of `scoring.engine.types.FIGURES`, None where there is no basis."""

    participant: str
    name: str
    award_class: str
    contacts: int
    answered: int
    figures: Figures
    rank_in_class: int | None
    rank_overall: int | None
    ranked: bool


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One class; `figures` has every name of `CLASS_FIGURES`."""

    award_class: str
    participants: int
    figures: Figures


@dataclass(frozen=True, slots=True)
class AwardRow:
    """A prize; a shared place is one row for each winner. `award_class` is None unless the prize belongs to a class."""

    award: str
    award_class: str | None
    participant: str


@dataclass(frozen=True, slots=True)
class Results:
    """Everything one count says, in the order of the results file: participants by place, classes by code."""

    edition: str
    contacts: int
    answered: int
    figures: Figures
    participants: tuple[ParticipantRow, ...]
    classes: tuple[ClassRow, ...]
    awards: tuple[AwardRow, ...]


def results_of(run: ScoreRun) -> Results:
    """Read one count. Three queries, four queries unless the run's edition is loaded."""
    return Results(
        edition=run.edition.code,
        contacts=run.contacts,
        answered=run.answered,
        figures={name: run.figure(name) for name in CLASS_FIGURES},
        participants=_participants(run),
        classes=_classes(run),
        awards=_awards(run),
    )


def _participants(run: ScoreRun) -> tuple[ParticipantRow, ...]:
    rows = run.participant_scores.select_related("participant__award_class").order_by("position")
    return tuple(
        ParticipantRow(
            participant=row.participant.code,
            name=row.participant.name,
            award_class=row.participant.award_class.code,
            contacts=row.contacts,
            answered=row.answered,
            figures={name: row.figure(name) for name in FIGURES},
            rank_in_class=row.rank_in_class,
            rank_overall=row.rank_overall,
            ranked=row.ranked,
        )
        for row in rows
    )


def _classes(run: ScoreRun) -> tuple[ClassRow, ...]:
    # Sorted here: a database sorts by its own language, and the same results must be the same file wherever it stands.
    rows = sorted(run.class_scores.select_related("award_class"), key=lambda row: row.award_class.code)
    return tuple(
        ClassRow(
            award_class=row.award_class.code,
            participants=row.participants,
            figures={name: row.figure(name) for name in CLASS_FIGURES},
        )
        for row in rows
    )


def _awards(run: ScoreRun) -> tuple[AwardRow, ...]:
    rows = run.awards.select_related("award_class", "participant").order_by("position")
    return tuple(
        AwardRow(
            award=row.kind,
            award_class=row.award_class.code if row.award_class else None,
            participant=row.participant.code,
        )
        for row in rows
    )
