"""What holds for every edition, whatever was answered."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import TypeVar

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scoring.engine import DataError, Edition, EditionResult, Figures, Question, input_digest, score_edition
from scoring.engine.aggregate import exact_mean
from scoring.engine.contact_score import score_contacts
from scoring.engine.methods.mystery_2022 import sum_answers
from tests.scoring.engine.editions import editions
from tests.scoring.engine.plain_recount import NoScoreError, awards, group_row, recount

_T = TypeVar("_T")


def scored(edition: Edition) -> EditionResult:
    """The result of an edition that has one; others are not what the property is about."""
    try:
        return score_edition(edition)
    except DataError:
        assume(False)
        raise


def figures(row: Figures) -> dict[str, Fraction | None]:
    return dict(row.figures())


@settings(max_examples=120, deadline=None)
@given(editions())
def test_agrees_with_the_plain_recount_in_every_figure_rank_and_award(edition: Edition) -> None:
    try:
        expected = recount(edition)
    except NoScoreError:
        with pytest.raises(DataError) as caught:
            score_edition(edition)
        assert {problem.kind for problem in caught.value.problems} <= {"no_area_score", "no_weight"}
        return

    result = score_edition(edition)

    assert {row.participant: figures(row) for row in result.participants} == {
        code: {name: row[name] for name, _ in result.participants[0].figures()} for code, row in expected.items()
    }
    for row in result.participants:
        wanted = expected[row.participant]
        counts = (row.contacts, row.answered, row.channel_contacts, row.ranked)
        assert counts == (wanted["contacts"], wanted["answered"], wanted["channel_contacts"], wanted["ranked"])
        assert (row.rank_in_class, row.rank_overall) == (wanted["rank_in_class"], wanted["rank_overall"])
    assert [(award.kind, award.award_class, award.participant) for award in result.awards] == awards(edition, expected)


@settings(max_examples=40, deadline=None)
@given(editions())
def test_classes_and_summary_agree_with_the_plain_recount(edition: Edition) -> None:
    result = scored(edition)
    expected = recount(edition)

    everybody = [participant.code for participant in edition.participants]
    assert figures(result.summary) == group_row(edition, list(expected.values()), everybody)
    for row in result.classes:
        members = [code for code, found in expected.items() if found["class"] == row.award_class]
        assert figures(row) == group_row(edition, [expected[code] for code in members], members)


@settings(max_examples=40, deadline=None)
@given(editions())
def test_the_rows_are_in_rank_order_then_by_code_the_unranked_last(edition: Edition) -> None:
    rows = scored(edition).participants

    order = [(not row.ranked, row.rank_overall or 0, row.participant) for row in rows]
    assert order == sorted(order)


@settings(max_examples=40, deadline=None)
@given(editions(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(edition: Edition, random: Random) -> None:
    before = scored(edition)

    shuffled = replace(
        edition, participants=_shuffled(edition.participants, random), contacts=_shuffled(edition.contacts, random)
    )

    after = score_edition(shuffled)
    assert (after.participants, after.classes, after.summary) == (before.participants, before.classes, before.summary)
    assert after.awards == before.awards
    assert input_digest(shuffled) == input_digest(edition)


def _shuffled(rows: tuple[_T, ...], random: Random) -> tuple[_T, ...]:
    return tuple(random.sample(rows, len(rows)))


@settings(max_examples=40, deadline=None)
@given(editions())
def test_scores_stay_between_0_and_100(edition: Edition) -> None:
    result = scored(edition)

    for contact in result.contacts:
        assert 0 <= contact.score <= 100
        assert all(0 <= score <= 100 for score in contact.areas.values())
    for row in result.participants:
        assert all(0 <= value <= 100 for name, value in row.figures() if value is not None and name in _SHARES)
        assert row.nps is None or -100 <= row.nps <= 100


_SHARES = ("total", "answered_total", "wait", "welcome", "agent", "overall", "telephone", "email", "chat", "messenger")


@settings(max_examples=80, deadline=None)
@given(editions(), st.data())
def test_a_better_answer_never_lowers_a_total(edition: Edition, data: st.DataObject) -> None:
    before = scored(edition)
    choices = [
        (position, question)
        for position, contact in enumerate(edition.contacts)
        for question in contact.options
        if contact.is_counted and _points(edition, question, contact.options[question]) is not None
    ]
    assume(choices)
    position, code = data.draw(st.sampled_from(choices))
    contact = edition.contacts[position]
    worth = _points(edition, code, contact.options[code])
    better = [
        ticked
        for ticked in _possible_answers(edition.rules.questions[code])
        if (points := _points(edition, code, ticked)) is not None and worth is not None and points >= worth
    ]
    changed = replace(contact, options={**contact.options, code: data.draw(st.sampled_from(better))})
    contacts = (*edition.contacts[:position], changed, *edition.contacts[position + 1 :])

    after = score_edition(replace(edition, contacts=contacts))

    old, new = before.participant(contact.participant), after.participant(contact.participant)
    assert old.total is not None
    assert new.total is not None
    assert new.total >= old.total
    if old.rank_overall is not None and new.rank_overall is not None and new.total > old.total:
        assert new.rank_overall <= old.rank_overall


def _possible_answers(question: Question) -> list[frozenset[str]]:
    applicable = frozenset(option.code for option in question.options.values() if not option.not_applicable)
    if question.kind == "multi":
        return [applicable, *(applicable - {code} for code in applicable if len(applicable) > 1)]
    return [frozenset((code,)) for code in sorted(applicable)]


def _points(edition: Edition, code: str, ticked: frozenset[str]) -> Fraction | None:
    """The points of an answer that counts; not applicable is neither better nor worse than any answer."""
    options = [edition.rules.questions[code].options[option] for option in ticked]
    if not options or any(option.not_applicable for option in options):
        return None
    return sum((option.points for option in options if option.points is not None), start=Fraction(0))


@settings(max_examples=40, deadline=None)
@given(editions())
def test_an_answer_that_does_not_apply_is_worth_the_same_as_no_answer(edition: Edition) -> None:
    before = scored(edition)
    questions = edition.rules.questions

    def without_not_applicable(ticked: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
        kept = ((code, chosen) for code, chosen in ticked.items())
        return {c: chosen for c, chosen in kept if not any(questions[c].options[o].not_applicable for o in chosen)}

    contacts = tuple(replace(c, options=without_not_applicable(dict(c.options))) for c in edition.contacts)

    assert score_edition(replace(edition, contacts=contacts)) == before


@settings(max_examples=40, deadline=None)
@given(editions(), st.fractions(min_value=Fraction(1, 50), max_value=50))
def test_only_the_ratio_of_the_weights_counts(edition: Edition, factor: Fraction) -> None:
    before = scored(edition)

    weights = {area: weight * factor for area, weight in edition.rules.weights.items()}
    after = score_contacts(replace(edition.rules, weights=weights), sum_answers(edition))

    assert after == before.contacts


@settings(max_examples=40, deadline=None)
@given(editions(), st.integers(1, 12))
def test_points_in_another_unit_give_the_same_scores(edition: Edition, factor: int) -> None:
    before = scored(edition)

    sums = sum_answers(edition)
    finer = tuple(row._replace(sums=tuple((o * factor, p * factor) for o, p in row.sums)) for row in sums)

    assert score_contacts(edition.rules, finer) == before.contacts


@given(st.lists(st.fractions(max_denominator=10**6)))
def test_the_quick_mean_is_the_plain_mean(values: list[Fraction]) -> None:
    expected = sum(values, start=Fraction(0)) / len(values) if values else None

    assert exact_mean(values) == expected
