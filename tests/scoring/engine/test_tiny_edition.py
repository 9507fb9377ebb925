"""The worked example of the rules: every number, place and award as published with it."""

from __future__ import annotations

from typing import Any

from scoring.engine import ClassResult, Figures, ParticipantResult, Summary, round_stored, score_edition
from tests.scoring.engine.package import expected_results, tiny_edition


def _numbers(row: Figures, expected: dict[str, Any]) -> dict[str, float | None]:
    figures = {name: value for name, value in row.figures() if name in expected}
    return {name: None if value is None else float(round_stored(value)) for name, value in figures.items()}


def _participant(row: ParticipantResult, expected: dict[str, Any]) -> dict[str, Any]:
    return {
        "participant": row.participant,
        "name": expected["name"],
        "class": row.award_class,
        "contacts": row.contacts,
        "answered": row.answered,
        **_numbers(row, expected),
        "ranked": row.ranked,
        "rank_in_class": row.rank_in_class,
        "rank_overall": row.rank_overall,
    }


def _class(row: ClassResult, expected: dict[str, Any]) -> dict[str, Any]:
    return {"class": row.award_class, "participants": row.participants, **_numbers(row, expected)}


def _summary(row: Summary, expected: dict[str, Any]) -> dict[str, Any]:
    return {**_numbers(row, expected), "contacts": row.contacts, "answered": row.answered}


def test_participants_in_order_with_every_figure() -> None:
    expected = expected_results()["participants"]

    rows = score_edition(tiny_edition()).participants

    assert [_participant(row, wanted) for row, wanted in zip(rows, expected, strict=True)] == expected


def test_classes_and_summary() -> None:
    expected = expected_results()

    result = score_edition(tiny_edition())

    assert [_class(row, wanted) for row, wanted in zip(result.classes, expected["classes"], strict=True)] == expected[
        "classes"
    ]
    assert _summary(result.summary, expected["summary"]) == expected["summary"]


def test_awards_in_order() -> None:
    awards = score_edition(tiny_edition()).awards

    as_rows = [{"award": award.kind, "class": award.award_class, "participant": award.participant} for award in awards]
    assert as_rows == expected_results()["awards"]
