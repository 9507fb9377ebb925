"""The years before: published results as facts, each with its source."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from awards.models import ArchivedResult, ArchiveMethod

DATA = Path(__file__).resolve().parent.parent / "data"
PUBLISHED_RESULTS = DATA / "published_results.csv"
SOURCES = DATA / "sources.csv"
PANEL_AWARDS = frozenset({"Årets Kundeservice"})
"""Awards that were given on the answers of a consumer panel instead of mystery shopping."""


@transaction.atomic
def import_archive(*, path: Path = PUBLISHED_RESULTS) -> int:
    """Read published winners of earlier years; the number of rows. Reading the same file again changes nothing."""
    rows = _read(path)
    sources = {row["source"]: row["name_nb"] for row in _read(SOURCES)}
    for row in rows:
        ArchivedResult.objects.update_or_create(
            award=row["award"],
            year=int(row["year"]),
            class_name=row["class"],
            winner=row["winner"],
            defaults={
                "method": ArchiveMethod.PANEL if row["award"] in PANEL_AWARDS else ArchiveMethod.MYSTERY,
                "total": Decimal(row["total"]) if row["total"] else None,
                "overall_winner": row["overall_winner"] == "yes",
                "source": sources.get(row["source"], row["source"]),
            },
        )
    return len(rows)


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
