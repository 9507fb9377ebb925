"""What the scoring benchmark measures, in a process that has Django."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence

import duckdb
import numpy as np
import pandas as pd
from django.core.management import call_command
from django.db import connection

from benchmarks.survey_data import AREAS, CONTACTS, OPTIONS, SINGLES, make_edition, make_sheet
from kundeservice.core import clock
from scoring import engine
from scoring.queries import latest_run, read_edition, read_rules, recount_edition, recount_editions, result_of
from scoring.queries.editions import read_participants
from scoring.queries.grouped import read_grouped
from scoring.services import count_edition
from surveys.models import Answer, Edition

SIZES = (1, 10)
LARGE = 100
BASE = "GROUP BY, every answer"

ANSWERS = "FROM surveys_answer a JOIN surveys_contact c ON c.id = a.contact_id"
GROUPED = {
    "GROUP BY, points": (
        f"SELECT c.participant_id, SUM(o.points) {ANSWERS} JOIN surveys_option o ON o.id = a.option_id "
        "GROUP BY c.participant_id"
    ),
    BASE: (
        f"SELECT c.participant_id, SUM(o.points), SUM(a.value) {ANSWERS} "
        "LEFT JOIN surveys_option o ON o.id = a.option_id GROUP BY c.participant_id"
    ),
    "GROUP BY, by area": (
        f"SELECT c.participant_id, q.area, SUM(o.points), SUM(a.value) {ANSWERS} "
        "JOIN surveys_question q ON q.id = a.question_id "
        "LEFT JOIN surveys_option o ON o.id = a.option_id GROUP BY c.participant_id, q.area"
    ),
}
IN_MEMORY = """
WITH areas AS (
    SELECT participant, contact, area, any_value(weight) AS weight, SUM(points) AS obtained, SUM(possible) AS possible
    FROM answers GROUP BY participant, contact, area
), scores AS (
    SELECT participant, contact, SUM(weight * 100 * obtained / possible) / SUM(weight) AS score
    FROM areas WHERE possible > 0 GROUP BY participant, contact
) SELECT participant, AVG(score) FROM scores GROUP BY participant
"""


def measure(*, large: bool, rounds: int) -> None:
    """Fill the database step by step and measure at each size."""
    call_command("migrate", verbosity=0)
    sheet = make_sheet()
    for size in (*SIZES, LARGE) if large else SIZES:
        for number in range(Edition.objects.count(), size):
            make_edition(f"b-{number:03}", sheet)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
        turns = 3 if size == LARGE else rounds
        print(f"\n{connection.vendor}: {size} × 4,750 contacts, {Answer.objects.count():,} answers; {turns} rounds")
        show(run_rounds(steps(size), turns))


def steps(size: int) -> dict[str, Callable[[], object]]:
    """Everything that is measured, by name."""
    editions = list(Edition.objects.order_by("code"))

    def grouped(statement: str) -> Callable[[], object]:
        def run() -> object:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall()

        return run

    def recount() -> None:
        for edition in editions:
            engine.score_grouped_edition(read_grouped(edition), method=edition.scoring_method)

    def answer_by_answer() -> None:
        for edition in editions:
            engine.score_edition(read_edition(edition))

    found: dict[str, Callable[[], object]] = {name: grouped(statement) for name, statement in GROUPED.items()}
    found |= _in_memory(editions)
    found["the recount"] = recount
    found["the recount and the fingerprint of its input"] = lambda: [recount_edition(edition) for edition in editions]
    if size > 1:
        found["… two editions at once"] = lambda: sum(1 for _ in recount_editions(editions))
    found["counted and kept as a run"] = lambda: [
        count_edition(edition_id=edition.pk, at=clock.now()) for edition in editions
    ]
    if size == 1:
        found["one response changed, from the scores kept"] = lambda: from_kept_scores(editions[0])
        found["answer by answer, as a reference"] = answer_by_answer
    return found


def from_kept_scores(edition: Edition) -> object:
    """What a recount of one response alone would cost: the others' scores are read from the last count."""
    run = latest_run(edition)
    if run is None:
        raise SystemExit("there is no count to start from")
    return engine.score_contacts(read_rules(edition), read_participants(edition), result_of(run).contacts)


def _in_memory(editions: Sequence[Edition]) -> dict[str, Callable[[], object]]:
    """The same answers as arrays: for DuckDB a table of scored answers, for NumPy contacts × questions.

    All editions are answered alike, so that one is read and laid out as often as there are editions.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT c.participant_id, a.contact_id, q.{connection.ops.quote_name('order')}, o.points "
            f"{ANSWERS} JOIN surveys_question q ON q.id = a.question_id JOIN surveys_option o ON o.id = a.option_id "
            "WHERE c.edition_id = %s AND NOT o.not_applicable ORDER BY a.contact_id",
            [editions[0].pk],
        )
        rows = np.array(cursor.fetchall(), dtype=np.int64)
    areas = sorted(set(AREAS))
    weights = {"welcome": 15, "agent": 50, "overall": 30}
    most = np.array([options - 1 if n < SINGLES else sum(range(options)) for n, options in enumerate(OPTIONS)])
    _, contact = np.unique(rows[:, 1], return_inverse=True)
    question = rows[:, 2]
    _, first = np.unique(contact * len(AREAS) + question, return_index=True)
    possible = np.zeros(len(rows), dtype=np.int64)
    possible[first] = most[question[first]]
    area = np.array([areas.index(name) for name in AREAS])[question]
    times = len(editions)
    turn = np.repeat(np.arange(times), len(rows))
    answers = pd.DataFrame(
        {
            "participant": np.tile(rows[:, 0], times) + turn * (rows[:, 0].max() + 1),
            "contact": np.tile(contact, times) + turn * (contact.max() + 1),
            "area": np.tile(area, times),
            "weight": np.tile(np.array([weights[name] for name in areas])[area], times),
            "points": np.tile(rows[:, 3], times),
            "possible": np.tile(possible, times),
        }
    )
    database = duckdb.connect()
    database.execute("SET enable_progress_bar = false")
    database.execute("CREATE TABLE answers AS SELECT * FROM answers")
    del answers
    obtained = np.zeros((contact.max() + 1, len(AREAS)), dtype=np.int8)
    could = np.zeros_like(obtained)
    np.add.at(obtained, (contact, question), rows[:, 3].astype(np.int8))
    np.add.at(could, (contact, question), possible.astype(np.int8))
    obtained, could = np.tile(obtained, (times, 1)), np.tile(could, (times, 1))
    members = np.array([[name == other for other in areas] for name in AREAS]).astype(np.float64)
    weight = np.array([float(weights[name]) for name in areas])

    def with_numpy() -> object:
        got, most_possible = obtained @ members, could @ members
        scores = np.divide(100 * got, most_possible, out=np.zeros_like(got), where=most_possible > 0) @ weight
        used = (most_possible > 0) @ weight
        contacts = np.divide(scores, used, out=np.zeros_like(used), where=used > 0)
        return contacts[: len(contacts) // CONTACTS * CONTACTS].reshape(-1, CONTACTS).mean(axis=1)

    return {"DuckDB, in memory": lambda: database.execute(IN_MEMORY).fetchall(), "NumPy, in memory": with_numpy}


def run_rounds(found: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Seconds per step and round; every round takes every step once, so that all see the same neighbours."""
    taken: dict[str, list[float]] = {name: [] for name in found}
    for number in range(rounds + 1):
        for name, step in found.items():
            start = time.perf_counter()
            step()
            if number:  # the first round only warms up
                taken[name].append(time.perf_counter() - start)
    return taken


def show(taken: dict[str, list[float]]) -> None:
    print(f"{'':<48} {'ms':>9}   × «{BASE}»   × «GROUP BY, by area»")
    for name, seconds in taken.items():
        ratios = [
            statistics.median(own / base for own, base in zip(seconds, taken[other], strict=True))
            for other in (BASE, "GROUP BY, by area")
        ]
        print(f"{name:<48} {1000 * statistics.median(seconds):9.1f} {ratios[0]:12.2f} {ratios[1]:22.2f}")
