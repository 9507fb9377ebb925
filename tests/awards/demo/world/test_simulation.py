"""The simulated world answers like the real one, contact by contact and in its figures."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from awards.demo.world import SimulatedContact, SimulatedWorld, Tables
from awards.demo.world.content import read_rows
from scoring.engine import EditionResult
from surveys.engine.working_days import is_working_day, working_days_between
from tests.awards.demo.world.fieldwork import OSLO, PlannedContact, answer, demo_tables, plan, score

LIMITS = {"telephone": 300, "chat": 300, "messenger": 1800}

Fieldwork = tuple[Tables, list[PlannedContact], dict[str, SimulatedContact]]


def fieldwork(seed: int) -> Fieldwork:
    tables = demo_tables(seed)
    contacts = plan(seed, tables)
    return tables, contacts, answer(seed, tables, contacts)


@pytest.fixture(scope="module")
def first() -> Fieldwork:
    return fieldwork(1)


@pytest.fixture(scope="module", params=[1, 2])
def scored(request: pytest.FixtureRequest) -> EditionResult:
    return score(*fieldwork(request.param))


# The figures, beside those of the published years


def test_mean_total_and_share_without_an_answer(scored: EditionResult) -> None:
    summary = scored.summary
    assert summary.total is not None
    assert 73 <= summary.total <= 75
    assert 0.145 <= 1 - summary.answered / summary.contacts <= 0.175


def test_net_promoter_score_is_negative_although_the_answers_are_good(scored: EditionResult) -> None:
    assert scored.summary.nps is not None
    assert -25 <= scored.summary.nps <= -15


def test_the_best_company_is_good_but_not_perfect(scored: EditionResult) -> None:
    best = scored.participants[0].total
    assert best is not None
    assert 93 <= best <= 96


def test_the_public_sector_is_weakest(scored: EditionResult) -> None:
    means = {row.award_class: row.total or 0 for row in scored.classes}
    assert min(means, key=means.__getitem__) == "offentlig"
    assert 47 <= means["offentlig"] <= 55


def test_classes_come_roughly_in_the_order_of_2022(scored: EditionResult) -> None:
    order = [row["class"] for row in read_rows("classes")]
    winners = {row.award_class: row.total or 0 for row in reversed(scored.participants)}
    places = {
        award_class: place for place, award_class in enumerate(sorted(order, key=winners.__getitem__, reverse=True))
    }
    differences = sum((places[award_class] - place) ** 2 for place, award_class in enumerate(order))
    assert 1 - 6 * differences / (len(order) * (len(order) ** 2 - 1)) > 0.7


@pytest.mark.parametrize("award_class", ["energi", "offentlig", "tv"])
def test_some_classes_leave_more_contacts_unanswered(scored: EditionResult, award_class: str) -> None:
    silent = {row.award_class: 1 - row.answered / row.contacts for row in scored.classes}
    assert silent[award_class] > 1 - scored.summary.answered / scored.summary.contacts


# Contact by contact


def test_what_comes_of_a_contact_does_not_depend_on_the_others(first: Fieldwork) -> None:
    tables, contacts, made = first
    some = Random(1).sample(contacts, 200)
    assert answer(1, tables, some) == {contact.code: made[contact.code] for contact in some}


def test_the_order_of_the_tables_rows_does_not_matter(first: Fieldwork) -> None:
    tables, contacts, made = first
    turned = {**tables, "participants": tables["participants"][::-1], "shoppers": tables["shoppers"][::-1]}
    assert answer(1, turned, contacts[:200]) == {contact.code: made[contact.code] for contact in contacts[:200]}


def test_another_seed_gives_other_answers(first: Fieldwork) -> None:
    tables, contacts, made = first
    assert answer(2, tables, contacts[:50]) != {contact.code: made[contact.code] for contact in contacts[:50]}


def test_an_unknown_participant_is_refused(first: Fieldwork) -> None:
    with pytest.raises(KeyError):
        SimulatedWorld(1, first[0]).respond("c1", "nobody", "s001", "telephone", date(2022, 1, 10), "09-11")


def test_a_contact_begins_on_its_planned_day_inside_its_window(first: Fieldwork) -> None:
    _tables, contacts, made = first
    for contact in contacts:
        started = made[contact.code].attempts[0].started_at.astimezone(OSLO)
        opens, closes = (int(hour) for hour in contact.window.split("-"))
        assert started.date() == contact.planned_on
        assert opens <= started.hour < closes


def test_a_second_attempt_comes_on_a_later_working_day_and_never_for_an_email(first: Fieldwork) -> None:
    _tables, contacts, made = first
    for contact in contacts:
        attempts = made[contact.code].attempts
        assert [attempt.number for attempt in attempts] == list(range(1, len(attempts) + 1))
        assert len(attempts) <= (1 if contact.channel == "email" else 2)
        if len(attempts) == 2:
            assert attempts[0].result != "answered"
            assert attempts[1].started_at.date() > attempts[0].started_at.date()
            assert is_working_day(attempts[1].started_at.date())
    assert {len(made[contact.code].attempts) for contact in contacts} == {1, 2}


def test_no_answer_takes_two_attempts_except_for_email(first: Fieldwork) -> None:
    _tables, contacts, made = first
    silent = [contact for contact in contacts if made[contact.code].outcome == "no_answer"]
    assert all(len(made[contact.code].attempts) == (1 if contact.channel == "email" else 2) for contact in silent)
    for contact in silent:
        it = made[contact.code]
        assert (it.wait, it.answered_at, it.options, it.values, it.comments) == (None, None, {}, {}, {})
    results = Counter(attempt.result for contact in silent for attempt in made[contact.code].attempts)
    assert set(results) == {"no_answer", "not_queued"}


def test_an_answer_comes_within_the_limit_except_the_late_ones_on_messenger(first: Fieldwork) -> None:
    _tables, contacts, made = first
    late = 0
    for contact in contacts:
        it = made[contact.code]
        if it.wait is None or contact.channel == "email":
            continue
        assert it.answered_at == it.contacted_at + timedelta(seconds=it.wait)
        assert it.attempts[-1].wait_seconds == it.wait
        late += it.wait > LIMITS[contact.channel]
        assert contact.channel == "messenger" or it.wait <= LIMITS[contact.channel]
    assert late > 0


def test_an_email_is_sent_before_noon_and_waits_in_working_days(first: Fieldwork) -> None:
    _tables, contacts, made = first
    closed = frozenset(date(2021, 12, day) for day in range(24, 32))
    waits: Counter[int | None] = Counter()
    for contact in contacts:
        it = made[contact.code]
        if contact.channel != "email" or it.answered_at is None:
            continue
        assert it.contacted_at.hour < 12
        assert it.wait == working_days_between(it.contacted_at, it.answered_at, timezone=OSLO, closed=closed)
        waits[it.wait] += 1
    assert set(waits) == {1, 2, 3}


def test_every_answer_fits_its_question_and_every_required_question_has_one(first: Fieldwork) -> None:
    tables, contacts, made = first
    options: dict[str, set[str]] = {}
    for row in tables["options"]:
        options.setdefault(row["question"], set()).add(row["option"])
    not_applicable = {(row["question"], row["option"]) for row in tables["options"] if row["not_applicable"] == "yes"}
    for contact in contacts:
        it = made[contact.code]
        if it.outcome != "answered":
            continue
        asked = {
            row["question"]: row
            for row in tables["questions"]
            if contact.channel in (row["channels"] or contact.channel)
        }
        required = {code for code, row in asked.items() if row["required"] == "yes"}
        assert required <= {*it.options, *it.values} <= set(asked)
        for question, ticked in it.options.items():
            assert ticked
            assert set(ticked) <= options[question]
            assert len(set(ticked)) == len(ticked)
            assert asked[question]["kind"] == "multi" or len(ticked) == 1
            assert len(ticked) == 1 or not any((question, option) in not_applicable for option in ticked)
        for question, value in it.values.items():
            assert int(asked[question]["scale_min"]) <= value <= int(asked[question]["scale_max"])


def test_a_good_agent_is_good_in_most_answers_and_customers_feel_it(first: Fieldwork) -> None:
    _tables, contacts, made = first
    answered = [it for contact in contacts if (it := made[contact.code]).outcome == "answered"]
    warm = [it for it in answered if it.options["impression"] == ("very_good",)]
    cold = [it for it in answered if it.options["impression"] in {("medium",), ("poor",)}]

    def share(those: list[SimulatedContact], question: str, option: str) -> float:
        return sum(option in it.options[question] for it in those) / len(those)

    assert share(warm, "solution", "perfect") > 2 * share(cold, "solution", "perfect")
    assert share(warm, "greeting", "personal") > share(cold, "greeting", "personal") + 0.2
    assert sum(it.values["nps"] for it in warm) / len(warm) > 2 + sum(it.values["nps"] for it in cold) / len(cold)


def test_companies_are_found_in_the_published_classes() -> None:
    published = Path(__file__).parents[4] / "awards" / "publication" / "data" / "published_results.csv"
    with published.open(encoding="utf-8") as file:
        names = {row["class"] for row in csv.DictReader(file) if row["year"] == "2022"}
    assert {row["name_nb"].casefold() for row in read_rows("classes")} == {name.casefold() for name in names}
