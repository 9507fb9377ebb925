"""The crossed model finds what was planted, and says so when it cannot."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from benchmarks.simulation import RULES, Scenario, Simulated, simulate
from scoring.engine import EditionResult, Participant, score_sums
from scoring.engine.severity import Severity, TooLittleToFitError, study_severity

PLANTED = Scenario(
    participants=60, classes=8, contacts=20, raters=30, mean=70, rater_sd=8, contact_sd=10, drift=0.4, channel_spread=0
)


@cache
def planted() -> Simulated:
    return simulate(PLANTED, seed=5)


@cache
def found() -> Severity:
    simulated = planted()
    return study_severity(simulated.result, raters=simulated.raters, weeks=simulated.weeks)


def test_planted_severities_are_recovered() -> None:
    truth = np.array([planted().severities[row.rater] for row in found().raters])
    truth -= truth.mean()
    estimates = np.array([row.effect.estimate for row in found().raters])
    inside = [
        row.effect.low <= true <= row.effect.high for row, true in zip(found().raters, truth.tolist(), strict=True)
    ]

    assert np.corrcoef(truth, estimates)[0, 1] > 0.95
    assert np.mean(inside) >= 0.85


def test_planted_variances_are_recovered() -> None:
    variances = {component.source: component.variance**0.5 for component in found().components}

    assert found().converged
    assert variances["participant"] == pytest.approx(5, abs=1.5)
    assert variances["rater"] == pytest.approx(8, abs=2.5)
    assert variances["residual"] == pytest.approx(10, abs=1)
    assert sum(component.share for component in found().components) == pytest.approx(1)


def test_planted_drift_is_recovered() -> None:
    drift = found().drift

    assert drift is not None
    assert drift.low <= 0.4 <= drift.high
    assert drift.low > 0


def test_each_rater_is_named_with_how_many_they_made() -> None:
    answered = [contact.code for contact in planted().result.contacts if contact.answered]
    made = Counter(planted().raters[code] for code in answered)

    assert {row.rater: row.contacts for row in found().raters} == made


def test_those_far_from_the_others_stand_out() -> None:
    out = {row.rater for row in found().raters if row.stands_out}
    clear = {rater for rater, severity in planted().severities.items() if abs(severity) > 12}

    assert clear <= out
    assert len(out) < len(found().raters)


def test_equal_channels_show_no_effect() -> None:
    assert all(row.effect.low < 0 < row.effect.high for row in found().channels)
    assert sum(row.effect.estimate for row in found().channels) == pytest.approx(0, abs=1e-4)


def test_correction_takes_out_the_raters_of_each_participant() -> None:
    effects = {row.rater: row.effect.estimate for row in found().raters}
    for place in found().places:
        contacts = [c for c in planted().result.contacts if c.participant == place.participant]
        removed = sum(effects[planted().raters[contact.code]] for contact in contacts if contact.answered)

        assert place.corrected_total == pytest.approx(place.total - removed / len(contacts), abs=1e-4)
    assert any(not contact.answered for contact in planted().result.contacts)


def test_changed_winners_are_named_and_only_those() -> None:
    by_class = {change.award_class: change for change in found().winner_changes}
    for award_class in {place.award_class for place in found().places}:
        members = [place for place in found().places if place.award_class == award_class]
        winners = tuple(sorted(place.participant for place in members if place.rank_in_class == 1))
        corrected = tuple(sorted(place.participant for place in members if place.corrected_rank_in_class == 1))
        if winners == corrected:
            assert award_class not in by_class
            continue
        assert (by_class[award_class].winners, by_class[award_class].corrected_winners) == (winners, corrected)
    assert by_class


def test_corrected_totals_lie_closer_to_the_truth_when_raters_differ_much() -> None:
    truth = planted().true_totals
    errors = np.array(
        [[p.total - truth[p.participant], p.corrected_total - truth[p.participant]] for p in found().places]
    )

    assert (errors[:, 1] ** 2).mean() < (errors[:, 0] ** 2).mean()


def test_raters_without_differences_get_no_effect() -> None:
    simulated = simulate(replace(PLANTED, rater_sd=0, drift=0, participants=40), seed=6)

    severity = study_severity(simulated.result, raters=simulated.raters, weeks=simulated.weeks)

    assert {component.source: component.share for component in severity.components}["rater"] < 0.03
    assert not [row for row in severity.raters if row.stands_out]


def test_one_week_has_neither_drift_nor_week_effects() -> None:
    simulated = simulate(replace(PLANTED, weeks=1, participants=20), seed=7)

    severity = study_severity(simulated.result, raters=simulated.raters, weeks=simulated.weeks)

    assert (severity.drift, severity.weeks) == (None, ())
    assert [component.source for component in severity.components] == ["participant", "rater", "residual"]


def _empty() -> EditionResult:
    return score_sums(RULES, [Participant("p1", "bank")], [])


def test_too_little_is_said_to_be_too_little() -> None:
    small = simulate(Scenario(participants=3, classes=1, contacts=4, raters=12), seed=1)

    with pytest.raises(TooLittleToFitError, match="cannot tell"):
        study_severity(small.result, raters=small.raters, weeks=small.weeks)
    with pytest.raises(TooLittleToFitError, match="at least 2"):
        study_severity(_empty(), raters={}, weeks={})


def test_an_answered_contact_without_a_rater_is_an_error() -> None:
    small = simulate(Scenario(participants=3, classes=1, unanswered=0), seed=1)

    with pytest.raises(KeyError):
        study_severity(small.result, raters={}, weeks=small.weeks)
