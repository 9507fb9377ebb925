"""The engine against NumPy on the same edition in the same run: ratios are what counts, machines differ.

Times are of the processor, all threads together, so that neighbours on the machine do not count.

python -m benchmarks.scoring_kernel [--rounds 5]
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable
from fractions import Fraction

import numpy as np

from benchmarks.simulation import Scenario, simulate
from scoring.engine import Band, Contact, Edition, Option, Participant, Question, Rules, input_digest, score_edition
from scoring.engine.confidence import study_confidence
from scoring.engine.confidence.places import place_shares
from scoring.engine.confidence.resample import deviations, strata_of
from scoring.engine.methods.mystery_2022 import sum_answers
from scoring.engine.recount import score_sums
from scoring.engine.severity import study_severity
from scoring.engine.zeros import study_zeros

PARTICIPANTS, CLASSES, CONTACTS, QUESTIONS = 190, 24, 25, 35
AREAS = ("welcome",) * 8 + ("agent",) * 20 + ("overall",) * 7
CHANNELS = ("telephone",) * 13 + ("email",) * 7 + ("chat",) * 5
METRICS = ("ces", "csat", "nps", "ves1", "ves2")
RESAMPLES = 10_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    edition = make_edition()
    sums = sum_answers(edition)
    result = score_sums(edition.rules, edition.participants, sums)
    answers = sum(len(contact.options) + len(contact.values) for contact in edition.contacts)
    print(f"{len(edition.contacts)} contacts, {answers} answers; processor time, medians of {rounds} rounds")
    dense = dense_points(edition)
    baseline = median(lambda: mean_of_dense(*dense), rounds)
    print(f"{'NumPy, dense float sums of the same answers':<58} {1000 * baseline:8.2f} ms")
    steps: dict[str, Callable[[], object]] = {
        "answers → sums, exact, every answer checked": lambda: sum_answers(edition),
        "sums → scores, figures, places, awards, exact": lambda: score_sums(edition.rules, edition.participants, sums),
        "the whole recount": lambda: score_edition(edition),
        "fingerprint of the input": lambda: input_digest(edition),
        "what if, every zero": lambda: study_zeros(edition.rules, result),
    }
    for name, step in steps.items():
        show(name, median(step, rounds), baseline)
    bootstrap(rounds)
    simulated = simulate(Scenario(), seed=1)
    fitting = median(
        lambda: study_severity(simulated.result, raters=simulated.raters, weeks=simulated.weeks), min(rounds, 2)
    )
    print(f"\n{'severity: crossed model, 190 × 88 × 16 weeks':<58} {1000 * fitting:8.0f} ms")


def bootstrap(rounds: int) -> None:
    result = simulate(Scenario(), seed=1).result
    codes = [row.participant for row in result.participants]
    totals = np.array([float(row.total or 0) for row in result.participants])
    strata = strata_of(codes, result.contacts)
    rows = list(enumerate(result.participants))
    classes = [[n for n, row in rows if row.award_class == found.award_class] for found in result.classes]
    print(f"\n{RESAMPLES} resamples of {len(codes)} participants in {len(strata)} strata")

    def plain_gather() -> object:
        rng = np.random.default_rng(1)
        draws = [s.residuals[rng.integers(s.size, size=(RESAMPLES, s.size))].mean(axis=1) for s in strata]
        return len(draws)

    def resample() -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        found = deviations(strata, len(codes), RESAMPLES, np.random.default_rng(1))
        if found is None:
            raise SystemExit("nothing to resample")
        return found

    moved = totals[:, None] + resample()

    def rank() -> object:
        return place_shares(moved), [place_shares(moved[members]) for members in classes]

    gather = median(plain_gather, rounds)
    print(f"{'NumPy, plain gather per stratum, no places':<58} {1000 * gather:8.2f} ms")
    show("resampled totals", median(resample, rounds), gather)
    show("places, overall and in 24 classes", median(rank, rounds), gather)
    show(
        "the whole study with intervals, ranges and groups",
        median(lambda: study_confidence(result, seed=1), rounds),
        gather,
    )


def median(step: Callable[[], object], rounds: int) -> float:
    taken = []
    for _ in range(rounds):
        start = time.process_time()
        step()
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def show(name: str, seconds: float, baseline: float) -> None:
    print(f"{name:<58} {1000 * seconds:8.2f} ms {seconds / baseline:8.2f} ×")


def make_edition() -> Edition:
    rng = random.Random(1)
    questions = {f"q{n}": _question(f"q{n}", AREAS[n], rng) for n in range(QUESTIONS)}
    scales = {metric: Question(metric, "cx", "scale", frozenset(), metric) for metric in METRICS}
    bands = (Band(Fraction(60), Fraction(100)), Band(Fraction(180), Fraction(60)), Band(None, Fraction(10)))
    weights = {"wait": Fraction(5), "welcome": Fraction(15), "agent": Fraction(50), "overall": Fraction(30)}
    rules = Rules(weights, 20, 5, dict.fromkeys(set(CHANNELS), bands), {**questions, **scales})
    participants = tuple(Participant(f"p{n}", f"k{n % CLASSES}") for n in range(PARTICIPANTS))
    contacts = [
        _contact(f"{participant.code}-{n}", participant.code, CHANNELS[n], questions, rng)
        for participant in participants
        for n in range(CONTACTS)
    ]
    return Edition(rules, participants, tuple(contacts))


def _question(code: str, area: str, rng: random.Random) -> Question:
    options = {f"o{points}": Option(f"o{points}", Fraction(points)) for points in range(rng.randint(2, 5))}
    return Question(code, area, "single", frozenset(), "", {**options, "na": Option("na", None, not_applicable=True)})


def _contact(code: str, participant: str, channel: str, questions: dict[str, Question], rng: random.Random) -> Contact:
    if rng.random() < 0.08:
        return Contact(code, participant, channel, "no_answer", "approved")
    options = {name: frozenset((rng.choice(list(found.options)),)) for name, found in questions.items()}
    values = {metric: Fraction(rng.randint(1, 7)) for metric in METRICS}
    return Contact(code, participant, channel, "answered", "approved", Fraction(rng.randint(0, 400)), options, values)


Grid = np.ndarray[tuple[int, ...], np.dtype[np.int8]]


def dense_points(edition: Edition) -> tuple[Grid, Grid, np.ndarray[tuple[int, ...], np.dtype[np.float64]]]:
    """Points obtained and possible as contacts × questions, and the areas' weights as questions' areas × areas."""
    questions = [question for question in edition.rules.questions.values() if question.area != "cx"]
    shape = (len(edition.contacts), len(questions))
    obtained, possible = np.zeros(shape, dtype=np.int8), np.zeros(shape, dtype=np.int8)
    for row, contact in enumerate(edition.contacts):
        for column, question in enumerate(questions):
            (chosen,) = contact.options.get(question.code, frozenset(("na",)))
            points = question.options[chosen].points
            if points is not None:
                obtained[row, column] = int(points)
                possible[row, column] = int(question.possible)
    areas = np.array([[question.area == area for area in ("welcome", "agent", "overall")] for question in questions])
    return obtained, possible, areas.astype(np.float64)


def mean_of_dense(
    obtained: Grid, possible: Grid, areas: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """The participants' totals from the answers alone, in floating point: the least a machine has to do."""
    weights = np.array([15.0, 50.0, 30.0])
    got, could = obtained @ areas, possible @ areas
    scores = np.divide(100 * got, could, out=np.zeros_like(got), where=could > 0) * weights
    used = (could > 0) @ weights
    total = np.divide(scores.sum(axis=1), used, out=np.zeros_like(used), where=used > 0)
    return np.asarray(total.reshape(PARTICIPANTS, CONTACTS).mean(axis=1))


if __name__ == "__main__":
    main()
