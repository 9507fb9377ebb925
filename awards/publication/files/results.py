"""The results file in its three forms.

The only rounding is the last step: 6 decimals, half to even, from the exact value.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import xlsxwriter

from awards.publication.queries.results import Results
from scoring.engine.rounding import round_stored
from scoring.engine.types import FIGURES
from scoring.queries import CLASS_FIGURES

Cell = str | int | Decimal | None

COLUMNS = (
    "participant",
    "name",
    "class",
    "contacts",
    "answered",
    *FIGURES,
    "rank_in_class",
    "rank_overall",
    "ranked",
)
UNDATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""Workbooks carry a date of making; a fixed one keeps the same results the same bytes."""


def results_json(results: Results, *, computed_from: str) -> bytes:
    """The results as one JSON object; `computed_from` is the digest of the canonical package they were counted from."""
    document = {
        "edition": results.edition,
        "computed_from": computed_from,
        "summary": {
            **_json_figures(results.figures, CLASS_FIGURES),
            "contacts": results.contacts,
            "answered": results.answered,
        },
        "participants": [
            {
                "participant": row.participant,
                "name": row.name,
                "class": row.award_class,
                "contacts": row.contacts,
                "answered": row.answered,
                **_json_figures(row.figures, FIGURES),
                "ranked": row.ranked,
                "rank_in_class": row.rank_in_class,
                "rank_overall": row.rank_overall,
            }
            for row in results.participants
        ],
        "classes": [
            {"class": row.award_class, "participants": row.participants, **_json_figures(row.figures, CLASS_FIGURES)}
            for row in results.classes
        ],
        "awards": [
            {"award": row.award, "class": row.award_class, "participant": row.participant} for row in results.awards
        ],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def results_csv(results: Results) -> bytes:
    """One row per participant, as text."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in _table(results):
        writer.writerow("" if cell is None else cell for cell in row)
    return text.getvalue().encode()


def results_xlsx(results: Results) -> bytes:
    """A workbook with the sheet `results`. Text stays text: no name can become a formula, a link or a number."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties({"title": results.edition, "created": UNDATED})
        head = book.add_format({"bold": True, "bottom": 1})
        exact = book.add_format({"num_format": "0.000000"})
        sheet = book.add_worksheet("results")
        sheet.freeze_panes(1, 2)
        sheet.set_column(0, 2, 24)
        sheet.set_column(3, len(COLUMNS) - 1, 14)
        for column, name in enumerate(COLUMNS):
            sheet.write_string(0, column, name, head)
        for number, row in enumerate(_table(results), start=1):
            for column, cell in enumerate(row):
                _write_cell(sheet, number, column, cell, exact)
    return content.getvalue()


FORMATS = ("csv", "json", "xlsx")


def write_results(results: Results, *, file_format: str, computed_from: str) -> bytes:
    """The results file in one of `FORMATS`; a table has no place for `computed_from`, so only JSON carries it."""
    if file_format == "json":
        return results_json(results, computed_from=computed_from)
    return {"csv": results_csv, "xlsx": results_xlsx}[file_format](results)


def _table(results: Results) -> list[tuple[Cell, ...]]:
    return [
        (
            row.participant,
            row.name,
            row.award_class,
            row.contacts,
            row.answered,
            *(_stored(row.figures[name]) for name in FIGURES),
            row.rank_in_class,
            row.rank_overall,
            "yes" if row.ranked else "no",
        )
        for row in results.participants
    ]


def _write_cell(sheet: Any, row: int, column: int, cell: Cell, exact: Any) -> None:
    if cell is None:
        return
    if isinstance(cell, str):
        sheet.write_string(row, column, cell)
        return
    sheet.write_number(row, column, float(cell), exact if isinstance(cell, Decimal) else None)


def _json_figures(figures: Mapping[str, Fraction | None], names: tuple[str, ...]) -> dict[str, float | None]:
    # Six decimals of a number below a thousand are well inside what a float writes back unchanged.
    stored = {name: _stored(figures[name]) for name in names}
    return {name: None if value is None else float(value) for name, value in stored.items()}


def _stored(value: Fraction | None) -> Decimal | None:
    return None if value is None else round_stored(value)
