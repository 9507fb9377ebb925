"""How sure: the bootstrap draws what it should, and its ranges and groups say what the draws say."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from benchmarks.simulation import RULES, Scenario, simulate
from scoring.engine import ContactSums, EditionResult, Participant, score_sums
from scoring.engine.confidence import MAX_COMPARED, PlaceRange, Standing, study_confidence
from scoring.engine.confidence.places import place_shares
from scoring.engine.confidence.resample import MIN_POOL, POOL_CONTACTS, deviations, strata_of
from scoring.engine.confidence.separation import separate
from scoring.engine.confidence.study import student_quantile

NOISY = (86,) * 20 + (95, 0, 0, 0, 0)
"""25 contacts whose mean, 72.6, could easily have been another."""


def scored(
    scores: Mapping[str, Mapping[str, Iterable[int]]],
    min_counted: int = 1,
    others: Mapping[str, Mapping[str, Iterable[int]]] | None = None,
) -> EditionResult:
    """An edition from whole contact scores by participant and channel; a score of -1 is no answer.

    Everybody is in one class, but for the others, who are in another.
    """
    others = others or {}
    everybody = {**scores, **others}
    sums = [
        ContactSums(
            f"{participant}-{channel}-{number}",
            participant,
            channel,
            "answered" if score >= 0 else "no_answer",
            None,
            ((0, 0), (max(score, 0), 100), (0, 0)),
        )
        for participant, channels in everybody.items()
        for channel, found in channels.items()
        for number, score in enumerate(found)
    ]
    participants = [Participant(code, "energy" if code in others else "bank") for code in everybody]
    return score_sums(replace(RULES, min_counted=min_counted), participants, sums)


def tight(mean: int) -> Mapping[str, Sequence[int]]:
    """25 contacts that hardly differ."""
    return {"chat": [mean - 1, mean, mean, mean, mean + 1] * 5}


def steady(number: int) -> Mapping[str, Mapping[str, Sequence[int]]]:
    """Participants with nearly constant scores, who make the pool say that contacts seldom differ."""
    return {f"steady{n}": {"chat": [70 + n] * 24 + [71 + n]} for n in range(number)}


def test_the_same_seed_gives_the_same_study_and_another_seed_another() -> None:
    result = simulate(Scenario(participants=6, classes=2), seed=1).result

    study = study_confidence(result, seed=7, resamples=500)

    assert study_confidence(result, seed=7, resamples=500) == study
    assert study_confidence(result, seed=8, resamples=500).participants != study.participants


def test_resampled_totals_have_the_spread_the_formula_gives() -> None:
    """Var = Σ over channels of weight² · (own share · own variance + pool share · pool variance) / contacts."""
    simulated = simulate(Scenario(participants=40, classes=4), seed=2)
    codes = [row.participant for row in simulated.result.participants]
    strata = strata_of(codes, simulated.result.contacts)
    spread = deviations(strata, len(codes), 20_000, np.random.default_rng(1))
    assert spread is not None

    pools = {
        channel: np.concatenate([s.residuals for s in strata if s.channel == channel and s.size > 1])
        for channel in {s.channel for s in strata}
    }
    everything = np.concatenate([s.residuals for s in strata if s.size > 1])
    own_share = 25 / (25 + POOL_CONTACTS)
    expected = np.zeros(len(codes))
    for stratum in strata:
        pool = pools[stratum.channel] if len(pools[stratum.channel]) >= MIN_POOL else everything
        single = own_share * stratum.residuals.var() + (1 - own_share) * pool.var()
        expected[stratum.participant] += stratum.weight**2 * single / stratum.size

    assert spread.std(axis=1) == pytest.approx(np.sqrt(expected), rel=0.04)
    assert np.abs(spread.mean(axis=1)).max() < 0.15


def test_resampled_totals_of_different_participants_do_not_move_together() -> None:
    result = simulate(Scenario(participants=30, classes=3), seed=3).result
    codes = [row.participant for row in result.participants]
    spread = deviations(strata_of(codes, result.contacts), len(codes), 10_000, np.random.default_rng(1))
    assert spread is not None

    correlations = np.asarray(np.corrcoef(spread))[np.triu_indices(len(codes), 1)]

    assert np.abs(correlations).max() < 0.06
    assert correlations.std() == pytest.approx(0.01, abs=0.002)


def test_own_variance_is_not_narrowed_by_small_strata() -> None:
    """Residuals around a mean of five are too narrow by a fifth unless stretched."""
    result = scored({"p1": {"chat": [0, 100, 0, 100, 50]}})

    (stratum,) = strata_of(["p1"], result.contacts)

    assert stratum.residuals.var() == pytest.approx(np.var([0, 100, 0, 100, 50], ddof=1))


def test_intervals_surround_the_total_and_stay_inside_0_to_100() -> None:
    study = study_confidence(scored({"top": {"chat": [100] * 24 + [90]}, "low": {"chat": [0] * 24 + [10]}}), seed=1)

    for row in study.participants:
        assert row.interval is not None
        assert 0 <= row.interval.low < row.total < row.interval.high <= 100


def test_intervals_and_errors_are_told_to_six_decimals() -> None:
    row = study_confidence(scored({"a": {"chat": NOISY}}), seed=1, resamples=200).participant("a")

    assert row.interval
    for figure in (row.interval.low, row.interval.high, row.standard_error):
        assert figure == round(figure or 0.0, 6)
        assert figure != round(figure or 0.0, 1)


def test_more_contacts_give_a_narrower_interval() -> None:
    few, many = ({"p1": {"chat": [60, 80] * n}, "p2": {"chat": [60, 80] * n}} for n in (5, 50))

    widths = []
    for scores in (few, many):
        interval = study_confidence(scored(scores), seed=1, resamples=2000).participant("p1").interval
        assert interval is not None
        widths.append(interval.high - interval.low)

    assert widths[1] < widths[0] / 2


def test_a_participant_whose_contacts_all_agree_borrows_doubt_from_the_others() -> None:
    scores = {"steady": {"chat": [90] * 10}, "mixed": {"chat": [40, 100] * 5}}

    row = study_confidence(scored(scores), seed=1, resamples=2000).participant("steady")

    assert row.standard_error is not None
    assert row.standard_error > 1


def test_without_a_repeated_contact_nothing_is_claimed() -> None:
    study = study_confidence(scored({"p1": {"chat": [90]}, "p2": {"chat": [80]}}), seed=1, resamples=200)

    assert {(row.interval, row.standard_error) for row in study.participants} == {(None, None)}


def test_without_a_repeated_contact_no_place_is_claimed_either() -> None:
    study = study_confidence(scored({"a": {"chat": [80]}, "b": {"chat": [79]}, "c": {"chat": [78]}}), seed=1)

    assert {(row.in_class, row.overall) for row in study.participants} == {(None, None)}
    assert (study.classes, study.overall) == ({}, None)


def test_where_nothing_was_ever_seen_to_differ_nothing_is_claimed() -> None:
    study = study_confidence(scored({"a": {"chat": [80] * 5}, "b": {"chat": [79] * 5}}), seed=1, resamples=200)

    assert {(row.interval, row.in_class, row.overall) for row in study.participants} == {(None, None, None)}


def test_scores_that_differ_by_less_than_a_point_differ() -> None:
    rows = [("welcome", 10_000), ("agent", 10_001)]
    sums = [
        ContactSums(f"{code}-{number}", code, "chat", "answered", None, ((0, 0), (obtained, 10_001), (0, 0)))
        for code, obtained in rows
        for number, obtained in enumerate((obtained, 9_999, 10_000))
    ]
    result = score_sums(replace(RULES, min_counted=1), [Participant(code, "bank") for code, _ in rows], sums)

    for row in study_confidence(result, seed=1, resamples=200).participants:
        assert row.interval is not None


def test_a_channel_on_which_nothing_differs_borrows_from_the_other_channels() -> None:
    """Else a channel nobody answers on would be called certain to stay at 0."""
    scores = {name: {"email": [-1] * 20} for name in ("p1", "p2")}

    study = study_confidence(scored({**scores, "p3": {"chat": [60, 80] * 10}}), seed=1, resamples=500)

    for row in study.participants:
        assert row.standard_error
        assert row.in_class is not None


def test_who_cannot_be_told_from_the_leader_need_not_be_its_neighbour() -> None:
    result = scored({"L": tight(80), "A": tight(74), "B": {"chat": NOISY}}, others=steady(12))

    study = study_confidence(result, seed=1, resamples=2000)

    assert study.classes["bank"].groups == (("L",), ("A", "B"))
    assert study.classes["bank"].leaders == {"L": ("B",)}


def test_a_noisy_leader_is_told_from_nobody() -> None:
    leader = {"chat": [100] * 20 + [60, 0, 100, 100, 0]}
    result = scored({"L": leader, "A": tight(84), "B": tight(80), "C": tight(76)}, others=steady(12))

    study = study_confidence(result, seed=1, resamples=2000)

    standing = study.participant("L").in_class
    assert standing is not None
    assert standing.joint_range == PlaceRange(1, 4)
    assert study.classes["bank"].groups[0] == ("L", "A")
    assert study.classes["bank"].leaders == {"L": ("A", "B", "C")}


def test_everybody_who_shares_the_first_place_has_rivals_of_its_own() -> None:
    result = scored({"A": tight(80), "B": tight(80), "C": tight(60)}, others=steady(12))

    study = study_confidence(result, seed=1, resamples=2000)

    assert study.classes["bank"].leaders == {"A": ("B",), "B": ("A",)}


def test_the_leaders_rivals_are_as_many_as_its_range_of_places_says() -> None:
    study = study_confidence(simulate(Scenario(participants=40, classes=4), seed=4).result, seed=1, resamples=1000)

    for separation in study.classes.values():
        for code, alike in separation.leaders.items():
            standing = study.participant(code).in_class
            assert standing is not None
            assert len(alike) == standing.joint_range.worst - standing.joint_range.best


def test_a_class_too_large_to_compare_has_intervals_and_no_places() -> None:
    crowd = Scenario(participants=MAX_COMPARED + 2, classes=1, contacts=5)

    study = study_confidence(simulate(crowd, seed=1).result, seed=1, resamples=200)

    assert (study.classes, study.overall) == ({}, None)
    assert all(row.interval is not None and row.in_class is None for row in study.participants)


def test_a_crowd_gets_fewer_resamples_instead_of_more_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scoring.engine.confidence.study.MAX_DRAWN", 500_000)
    result = simulate(Scenario(participants=1000, classes=50, contacts=4), seed=1).result

    tracemalloc.start()
    study = study_confidence(result, seed=1)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert study.resamples == 500
    assert peak < 10 * 500_000 * 8


def test_an_edition_without_contacts_gives_an_empty_study() -> None:
    study = study_confidence(score_sums(RULES, [Participant("p1", "bank")], []), seed=1, resamples=200)

    assert (study.participants, study.classes, study.overall) == ((), {}, None)


def test_the_unranked_have_an_interval_but_no_place() -> None:
    result = scored({"p1": {"chat": [90, 80, 70, 60]}, "few": {"chat": [90, 80]}}, min_counted=3)

    study = study_confidence(result, seed=1, resamples=500)

    assert study.participant("few").interval is not None
    assert (study.participant("few").in_class, study.participant("few").overall) == (None, None)
    assert study.classes["bank"].groups == (("p1",),)


def test_who_never_comes_first_has_no_share_of_it() -> None:
    nowhere = PlaceRange(1, 3)

    assert Standing({2: 0.4, 3: 0.6}, nowhere, nowhere, 0.0).first == 0
    assert Standing({1: 0.3, 2: 0.7}, nowhere, nowhere, 0.0).first == 0.3


def test_place_shares_of_a_participant_add_up_to_one() -> None:
    study = study_confidence(simulate(Scenario(participants=12, classes=2), seed=4).result, seed=1, resamples=1000)

    for row in study.participants:
        for standing in (row.in_class, row.overall):
            assert standing is not None
            assert sum(standing.shares.values()) == pytest.approx(1)


def test_two_that_are_all_alike_share_the_chance_of_winning() -> None:
    scores = {name: {"chat": [50, 70, 90, 100, 80] * 5} for name in ("p1", "p2")}

    study = study_confidence(scored(scores), seed=1)

    for name in scores:
        standing = study.participant(name).in_class
        assert standing is not None
        assert standing.first == pytest.approx(0.5, abs=0.03)
        assert standing.joint_range == PlaceRange(1, 2)


def test_places_are_shared_when_totals_are_equal_but_for_the_last_bit() -> None:
    totals = np.array([[0.1 + 0.2], [0.3], [0.2], [0.5]])

    shares = place_shares(totals)

    assert [int(np.argmax(row)) + 1 for row in shares] == [2, 2, 4, 1]


def test_places_of_distinct_totals_follow_their_order_in_every_resample() -> None:
    totals = np.random.default_rng(5).normal(size=(7, 400))

    shares = place_shares(totals)

    for participant in range(7):
        places = (totals > totals[participant]).sum(axis=0)
        assert shares[participant] == pytest.approx(np.bincount(places, minlength=7) / 400)


def test_far_apart_is_told_apart_and_close_is_not() -> None:
    noise = np.random.default_rng(6).normal(size=(4, 4000))
    totals = np.array([90.0, 89.5, 70.0, 50.0])

    found = separate(totals, noise, 0.95)

    assert found.runs == ((0, 1), (2, 2), (3, 3))
    assert [(r.best, r.worst) for r in found.joint_ranges] == [(1, 2), (1, 2), (3, 3), (4, 4)]


def test_groups_overlap_where_only_the_ends_differ() -> None:
    noise = np.random.default_rng(6).normal(size=(3, 4000))

    found = separate(np.array([12.0, 9.0, 6.0]), noise, 0.95)

    assert found.runs == ((0, 1), (1, 2))
    assert [(r.best, r.worst) for r in found.joint_ranges] == [(1, 2), (1, 3), (2, 3)]


def test_the_threshold_is_that_of_the_normal_range_when_errors_are_normal() -> None:
    """Among k equal normals max |difference| / √2 has the studentized range as its law: 3.314 / √2 for k = 3."""
    noise = np.random.default_rng(7).normal(size=(3, 200_000))

    assert separate(np.zeros(3), noise, 0.95).threshold == pytest.approx(3.314 / 2**0.5, abs=0.02)


def test_a_participant_alone_is_first_whatever_happens() -> None:
    standing = study_confidence(scored({"p1": {"chat": [10, 90, 50]}}), seed=1, resamples=200).participants[0].in_class

    assert standing is not None
    assert (standing.shares, standing.range, standing.joint_range) == ({1: 1.0}, PlaceRange(1, 1), PlaceRange(1, 1))


@pytest.mark.parametrize(("freedom", "expected"), [(10, 2.228), (15, 2.131), (30, 2.042), (120, 1.980)])
def test_the_student_quantile_matches_the_tables(freedom: int, expected: float) -> None:
    assert student_quantile(0.975, freedom) == pytest.approx(expected, abs=0.001)


@pytest.mark.parametrize(("resamples", "level"), [(99, 0.95), (1000, 0.4), (1000, 1.0)])
def test_senseless_settings_are_refused(resamples: int, level: float) -> None:
    with pytest.raises(ValueError, match=r"resamples|level"):
        study_confidence(scored({"p1": {"chat": [1, 2]}}), seed=1, resamples=resamples, level=level)


def test_intervals_cover_the_truth() -> None:
    """The full study is run by ``benchmarks/coverage.py``; 1,140 intervals leave 95 % ± 2 here."""
    covered = []
    for seed in range(6):
        simulated = simulate(Scenario(unanswered=0.04), seed=seed)
        for row in study_confidence(simulated.result, seed=seed, resamples=1000).participants:
            assert row.interval is not None
            covered.append(row.interval.low <= simulated.true_totals[row.participant] <= row.interval.high)

    assert 0.93 <= np.mean(covered) <= 0.97


def test_totals_are_the_exact_ones() -> None:
    row = study_confidence(scored({"p1": {"chat": [1, 2, 4]}}), seed=1, resamples=200).participants[0]

    assert Fraction(row.total).limit_denominator(1000) == Fraction(7, 3)
