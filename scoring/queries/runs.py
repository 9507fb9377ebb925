"""Recounting an edition, and the counts that were made of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from django.db import connections
from django.db.models import Exists, Q

from scoring import engine
from scoring.engine.grouped import IrregularError, grouped_digest
from scoring.models import ScoreRun
from scoring.queries.editions import read_edition
from scoring.queries.grouped import read_grouped
from surveys.models import Edition, ReviewEvent, Voiding

AT_ONCE = 2
"""Editions counted at once: one waits for the database while another is counted, and Python counts only one."""


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


def recount_editions(editions: Iterable[Edition], *, at_once: int = AT_ONCE) -> Iterator[Recount | engine.DataError]:
    """Count several editions by their own methods, in the order given; one that cannot be counted gives its error.

    While the database gathers the answers of one, another is counted. Each is read through a connection of its own,
    so that what an open transaction has not committed is not seen. Few are ahead of whoever takes them: an edition's
    answers fill some megabytes.
    """
    ahead: deque[Future[Recount | engine.DataError]] = deque()
    with ThreadPoolExecutor(at_once) as counters:
        for edition in editions:
            ahead.append(counters.submit(_recount_apart, edition))
            if len(ahead) > at_once:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def _recount_apart(edition: Edition) -> Recount | engine.DataError:
    try:
        return recount_edition(edition)
    except engine.DataError as error:
        return error
    finally:
        connections.close_all()


def input_digest_of(edition: Edition) -> str:
    """The fingerprint of everything the edition's numbers depend on, as it is now."""
    try:
        return grouped_digest(read_grouped(edition))
    except IrregularError:
        return engine.input_digest(read_edition(edition))


def latest_run(edition: Edition) -> ScoreRun | None:
    return edition.score_runs.order_by("-created_at", "-pk").first()


def may_be_outdated(run: ScoreRun) -> bool:
    """Whether a review or an annulment has come after the count, so that it may no longer be the edition's last word.

    A quick sign, of one query; locking and publishing compare the whole input (`is_current`).
    """
    of_edition = Q(contact__edition_id=run.edition_id)
    reviewed = ReviewEvent.objects.filter(of_edition, at__gt=run.created_at)
    annulled = Voiding.objects.filter(of_edition, Q(agreed_at__gt=run.created_at) | Q(lifted_at__gt=run.created_at))
    return ScoreRun.objects.filter(Exists(reviewed) | Exists(annulled), pk=run.pk).exists()


def is_current(run: ScoreRun) -> bool:
    """Whether a new count of the edition would start from the very same answers and rules."""
    return run.input_digest == input_digest_of(run.edition)
