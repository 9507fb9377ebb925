"""Do the studies of certainty tell the truth? Simulated editions with known truth; figures go into docs/scoring.md.

python -m benchmarks.coverage [--editions 20] [--resamples 2000] [--severity 3]
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from benchmarks.simulation import Scenario, Simulated, simulate
from scoring.engine.confidence import Confidence, ParticipantConfidence, study_confidence
from scoring.engine.confidence.resample import Stratum, strata_of
from scoring.engine.confidence.separation import separate
from scoring.engine.confidence.study import student_quantile
from scoring.engine.severity import study_severity

USUAL = Scenario()
SCENARIOS = {
    "no unanswered contacts": replace(USUAL, unanswered=0.0),
    "2 % unanswered, scores close together (SD 8)": replace(USUAL, unanswered=0.02, contact_sd=8.0),
    "4 % unanswered": replace(USUAL, unanswered=0.04),
    "8 % unanswered": USUAL,
    "16 % unanswered": replace(USUAL, unanswered=0.16),
    "16 % unanswered, very unlike (spread 5, SD 10)": replace(
        USUAL, unanswered=0.16, unanswered_spread=5.0, contact_sd=10.0
    ),
    "8 % unanswered, severe and mild raters (SD 8)": replace(USUAL, rater_sd=8.0),
    "8 % unanswered, 12 contacts each": replace(USUAL, contacts=12),
}
BINS = (0.0, 0.05, 0.2, 0.4, 0.6, 0.8, 1.0)
FIFTH = 5


@dataclass(frozen=True)
class Interval:
    """Whether one interval held the truth, where the participant's true total lies, and how wide it was."""

    held: bool
    below: bool
    top: bool
    bottom: bool
    width: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--editions", type=int, default=20)
    parser.add_argument("--resamples", type=int, default=2_000)
    parser.add_argument("--severity", type=int, default=3, help="editions for the recovery of planted severities")
    arguments = parser.parse_args()
    wins: list[tuple[float, bool]] = []
    print("95 % intervals of the total, 190 participants per edition")
    print(
        f"{'scenario':<48} {'held':>6} {'top 5th':>8} {'low 5th':>8} {'too low':>8} {'too high':>8} {'width':>6}",
        end=" ",
    )
    print(f"{'joint ranges':>13} {'own range':>10}")
    for name, scenario in SCENARIOS.items():
        wins += print_coverage(name, scenario, arguments.editions, arguments.resamples)
    print_alternatives(arguments.editions, arguments.resamples)
    print_calibration(wins)
    print_threshold()
    for name, scenario in {"raters SD 4": USUAL, "raters SD 8": replace(USUAL, rater_sd=8.0)}.items():
        print_severity(name, replace(scenario, drift=0.2), arguments.severity)


def print_coverage(name: str, scenario: Scenario, editions: int, resamples: int) -> list[tuple[float, bool]]:
    intervals: list[Interval] = []
    joint: list[bool] = []
    own: list[bool] = []
    wins: list[tuple[float, bool]] = []
    for seed in range(editions):
        simulated = simulate(scenario, seed=seed)
        study = study_confidence(simulated.result, seed=seed, resamples=resamples)
        intervals += judged_intervals(simulated, study)
        for members in by_class(study):
            places = true_places(simulated, members)
            standings = [(row.in_class, place) for row, place in zip(members, places, strict=True) if row.in_class]
            held = [standing.joint_range.best <= place <= standing.joint_range.worst for standing, place in standings]
            joint.append(all(held))
            own += [standing.range.best <= place <= standing.range.worst for standing, place in standings]
            wins += [(standing.first, place == 1) for standing, place in standings]
    top = [found.held for found in intervals if found.top]
    bottom = [found.held for found in intervals if found.bottom]
    too_high = share(not found.held and not found.below for found in intervals)
    figures = (
        f"{share(found.held for found in intervals):6.1f} {share(top):8.1f} {share(bottom):8.1f} "
        f"{share(found.below for found in intervals):8.1f} {too_high:8.1f} "
        f"{np.mean([found.width for found in intervals]):6.1f} {share(joint):13.1f} {share(own):10.1f}"
    )
    print(f"{name:<48} {figures}")
    return wins


def judged_intervals(simulated: Simulated, study: Confidence) -> list[Interval]:
    truth = simulated.true_totals
    order = sorted(truth.values())
    low_fifth, top_fifth = order[len(order) // FIFTH], order[-len(order) // FIFTH]
    return [
        Interval(
            held=row.interval.low <= truth[row.participant] <= row.interval.high,
            below=truth[row.participant] > row.interval.high,
            top=truth[row.participant] >= top_fifth,
            bottom=truth[row.participant] <= low_fifth,
            width=row.interval.high - row.interval.low,
        )
        for row in study.participants
        if row.interval
    ]


def by_class(study: Confidence) -> Iterable[list[ParticipantConfidence]]:
    members: defaultdict[str, list[ParticipantConfidence]] = defaultdict(list)
    for row in study.participants:
        members[row.award_class].append(row)
    return members.values()


def true_places(simulated: Simulated, members: Sequence[ParticipantConfidence]) -> list[int]:
    totals = [simulated.true_totals[row.participant] for row in members]
    return [1 + sum(other > total for other in totals) for total in totals]


def print_alternatives(editions: int, resamples: int) -> None:
    """What intervals from a participant's own contacts alone would have held, on the same editions."""
    print("\nintervals from the participant's own contacts alone: Student's t, and plain percentiles of resamples")
    for name in ("2 % unanswered, scores close together (SD 8)", "4 % unanswered", "8 % unanswered", "16 % unanswered"):
        student: list[bool] = []
        percentile: list[bool] = []
        for seed in range(editions):
            simulated = simulate(SCENARIOS[name], seed=seed)
            codes = list(simulated.true_totals)
            strata: defaultdict[int, list[Stratum]] = defaultdict(list)
            for stratum in strata_of(codes, simulated.result.contacts):
                strata[stratum.participant].append(stratum)
            for position, own in strata.items():
                measured = float(simulated.result.participant(codes[position]).total or 0)
                error = simulated.true_totals[codes[position]] - measured
                student.append(abs(error) <= student_half_width(own))
                low, high = own_percentiles(own, resamples, np.random.default_rng((seed, position)))
                percentile.append(low <= error <= high)
        print(f"  {name:<46} {share(student):5.1f} {share(percentile):5.1f}")


def student_half_width(strata: Sequence[Stratum]) -> float:
    variance = sum(stratum.weight**2 * stratum.residuals.var() / stratum.size for stratum in strata)
    freedom = sum(stratum.size - 1 for stratum in strata)
    return student_quantile(0.975, freedom) * float(variance) ** 0.5


def own_percentiles(strata: Sequence[Stratum], resamples: int, rng: np.random.Generator) -> tuple[float, float]:
    """From residuals as they are, without stretching them: the textbook percentile bootstrap."""
    moved = np.zeros(resamples)
    for stratum in strata:
        draws = stratum.residuals[rng.integers(stratum.size, size=(resamples, stratum.size))]
        narrow = ((stratum.size - 1) / stratum.size) ** 0.5
        moved += stratum.weight * narrow * draws.mean(axis=1)
    low, high = np.quantile(moved, (0.025, 0.975))
    return float(low), float(high)


def share(found: Iterable[bool]) -> float:
    return 100 * float(np.mean(list(found)))


def print_calibration(wins: Sequence[tuple[float, bool]]) -> None:
    stated = np.array([chance for chance, _ in wins])
    came_true = np.array([won for _, won in wins])
    print("\nchance of first place in class: stated, and how often it was really the best")
    for low, high in pairwise(BINS):
        inside = (stated >= low) & ((stated < high) | (high == BINS[-1]))
        print(f"  {stated[inside].mean():5.2f} {came_true[inside].mean():5.2f}  ({inside.sum()} participants)")


def print_threshold() -> None:
    """The threshold of the resamples against the normal approximation that csranks uses, on the same editions."""
    ratios, same, compared = [], 0, 0
    for seed in range(3):
        study = study_confidence(simulate(USUAL, seed=seed).result, seed=seed)
        for members in by_class(study):
            errors = np.array([row.standard_error or 0.0 for row in members])
            noise = np.random.default_rng(seed).normal(size=(len(members), study.resamples)) * errors[:, None]
            normal = separate(np.array([row.total for row in members]), noise, study.level)
            ratios.append(study.classes[members[0].award_class].threshold / normal.threshold)
            ranges = [row.in_class.joint_range for row in members if row.in_class]
            same += sum(ours == theirs for ours, theirs in zip(ranges, normal.joint_ranges, strict=True))
            compared += len(members)
    print("\nsimultaneous place ranges: resamples against the normal approximation (the construction of csranks)")
    print(f"  thresholds {np.mean(ratios):.3f} of the normal ones ({min(ratios):.3f} to {max(ratios):.3f})", end="; ")
    print(f"the same range for {same} of {compared} participants")


def print_severity(name: str, scenario: Scenario, editions: int) -> None:
    correlations, held, deviations, drifts, raters = [], [], [], [], []
    for seed in range(editions):
        simulated = simulate(scenario, seed=seed)
        found = study_severity(simulated.result, raters=simulated.raters, weeks=simulated.weeks)
        truth = np.array([simulated.severities[row.rater] for row in found.raters])
        truth -= truth.mean()
        estimates = [row.effect.estimate for row in found.raters]
        correlations.append(np.corrcoef(truth, estimates)[0, 1])
        held += [row.effect.low <= true <= row.effect.high for row, true in zip(found.raters, truth, strict=True)]
        raters.append(next(part.variance**0.5 for part in found.components if part.source == "rater"))
        if found.drift:
            drifts.append(found.drift.estimate)
        deviations.append(len(found.winner_changes))
    print(f"\nplanted severities, {name}, drift {scenario.drift} per week, {editions} editions")
    print(f"  correlation {np.mean(correlations):.2f}; 95 % intervals hold {share(held):.1f} %", end="; ")
    print(f"rater SD {np.mean(raters):.2f}; drift {np.mean(drifts):.2f}", end="; ")
    print(f"winners that correction would change: {np.mean(deviations):.1f} of {scenario.classes + 1}")


if __name__ == "__main__":
    main()
