"""Recounting an edition, and the counts that were made of it."""

from __future__ import annotations

from dataclasses import dataclass

from scoring import engine
from scoring.engine.grouped import IrregularError, grouped_digest
from scoring.models import ScoreRun
from scoring.queries.editions import read_edition
from scoring.queries.grouped import read_grouped
from surveys.models import Edition


@dataclass(frozen=True)
class Recount:
    """Every figure, place and award as the answers are now, and the fingerprint of what they were made of."""

    rules: engine.Rules
    result: engine.EditionResult
    input_digest: str


def recount_edition(edition: Edition, *, method: str = "") -> Recount:
    """Count an edition by its own method, or by another, and keep nothing.

    Answers are grouped in the database. An edition with anything out of order is read answer by answer, which tells
    what it is. Raises: engine.DataError, engine.UnknownMethodError.
    """
    method = method or edition.scoring_method
    grouped = read_grouped(edition)
    try:
        result = engine.score_grouped_edition(grouped, method=method)
        digest = grouped_digest(grouped)
    except IrregularError:
        given = read_edition(edition)
        return Recount(given.rules, engine.score_edition(given, method=method), engine.input_digest(given))
    return Recount(grouped.rules, result, digest)


def input_digest_of(edition: Edition) -> str:
    """The fingerprint of everything the edition's numbers depend on, as it is now."""
    try:
        return grouped_digest(read_grouped(edition))
    except IrregularError:
        return engine.input_digest(read_edition(edition))


def latest_run(edition: Edition) -> ScoreRun | None:
    return edition.score_runs.order_by("-created_at", "-pk").first()


def is_current(run: ScoreRun) -> bool:
    """Whether a new count of the edition would start from the very same answers and rules."""
    return run.input_digest == input_digest_of(run.edition)
