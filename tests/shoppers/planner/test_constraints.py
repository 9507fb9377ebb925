"""One hard rule at a time: each is broken alone, and only that rule is named."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from shoppers.planner import PlannedContact, PlanningProblem, Rule, check_contact, check_plan, solve
from tests.shoppers.planner.editions import participant, problem, shopper, shoppers

MONDAY = dt.date(2022, 1, 3)


def call(
    person: str, day: int = 0, channel: str = "telephone", window: str = "11-13", to: str = "p1"
) -> PlannedContact:
    return PlannedContact(to, person, channel, MONDAY + dt.timedelta(days=day), window)


SAMPLE = problem(
    (participant("p1", telephone=2, email=1), participant("p2", telephone=1)),
    (
        shopper("s1", max_contacts=2, max_per_week=1),
        shopper("s2", channels=frozenset({"telephone"})),
        shopper("s3", available_from=dt.date(2022, 1, 10)),
        shopper("s4"),
        shopper("s5"),
    ),
    excluded=(("s5", "p1"),),
)
GOOD = (call("s1"), call("s2", 1), call("s4", 2, "email", "09-11"), call("s4", 2, to="p2"))


def test_a_good_plan_breaks_no_rule() -> None:
    assert check_plan(SAMPLE, GOOD) == ()


@pytest.mark.parametrize(
    ("contacts", "rule", "numbers"),
    [
        pytest.param(GOOD[1:], Rule.CONTACTS_PER_CHANNEL, (("planned", 1), ("needed", 2)), id="too few calls"),
        pytest.param(
            (*GOOD, call("s3", 7, to="p2")), Rule.CONTACTS_PER_CHANNEL, (("planned", 2), ("needed", 1)), id="too many"
        ),
        pytest.param((call("s4"), *GOOD[1:]), Rule.MEETS_ONCE, (("planned", 2), ("allowed", 1)), id="meets p1 twice"),
        pytest.param((call("s5"), *GOOD[1:]), Rule.UNRELATED, (), id="a customer"),
        pytest.param(
            (*GOOD[:1], call("s4", 1), call("s2", 2, "email", "09-11"), GOOD[3]),
            Rule.USABLE_CHANNEL,
            (),
            id="no e-mail",
        ),
        pytest.param((call("s9"), *GOOD[1:]), Rule.USABLE_CHANNEL, (), id="a stranger"),
        pytest.param((call("s3"), *GOOD[1:]), Rule.AVAILABILITY, (), id="away"),
        pytest.param((call("s1", 5), *GOOD[1:]), Rule.WORKING_DAY, (), id="Saturday"),
        pytest.param((call("s1", -3), *GOOD[1:]), Rule.WORKING_DAY, (), id="before the period"),
        pytest.param((call("s1", window="15-17"), *GOOD[1:]), Rule.WINDOW, (), id="after hours"),
        pytest.param((*GOOD[:2], call("s4", 2, "email"), GOOD[3]), Rule.WINDOW, (), id="e-mail after noon"),
        pytest.param((call("s1", 1), *GOOD[1:]), Rule.ONE_A_DAY, (("planned", 2), ("allowed", 1)), id="twice a day"),
        pytest.param(
            (*GOOD[:3], call("s1", 3, to="p2")),
            Rule.MAX_PER_WEEK,
            (("planned", 2), ("allowed", 1), ("year", 2022), ("week", 1)),
            id="two a week",
        ),
    ],
)
def test_a_broken_rule_is_named_with_its_numbers(
    contacts: tuple[PlannedContact, ...], rule: Rule, numbers: tuple[tuple[str, int], ...]
) -> None:
    violations = check_plan(SAMPLE, contacts)
    assert [violation.rule for violation in violations] == [rule]
    assert violations[0].numbers == numbers


def test_a_breach_says_who_where_and_when() -> None:
    wednesday = MONDAY + dt.timedelta(days=2)
    cases = [
        (GOOD[1:], ("p1", "", "telephone", None)),
        ((call("s4"), *GOOD[1:]), ("p1", "s4", "", None)),
        ((call("s5"), *GOOD[1:]), ("p1", "s5", "telephone", MONDAY)),
        ((call("s1", 2), *GOOD[1:]), ("p1", "", "", wednesday)),
        ((*GOOD[:3], call("s1", 3, to="p2")), ("", "s1", "", MONDAY)),
    ]
    for contacts, told in cases:
        (violation,) = check_plan(SAMPLE, contacts)
        assert (violation.participant, violation.shopper, violation.channel, violation.day) == told


def test_a_shopper_may_not_go_beyond_the_limit() -> None:
    sample = problem((participant("p1", telephone=1), participant("p2", telephone=1)), (shopper("s1", max_contacts=1),))
    violations = check_plan(sample, (call("s1"), call("s1", 1, to="p2")))
    assert [(v.rule, v.shopper, v.number("planned"), v.number("allowed")) for v in violations] == [
        (Rule.MAX_CONTACTS, "s1", 2, 1)
    ]


def test_what_has_happened_already_is_not_held_against_a_plan() -> None:
    twice = (call("s1"), call("s2"))
    sample = replace(SAMPLE, fixed=twice)
    assert check_plan(sample, (*twice, *GOOD[2:])) == ()
    assert [v.rule for v in check_plan(sample, (*twice, call("s4", 0, "email", "09-11"), GOOD[3]))] == [Rule.ONE_A_DAY]


def on_the_board() -> tuple[PlanningProblem, tuple[PlannedContact, ...], PlannedContact]:
    sample = problem((participant("p1", telephone=3), participant("p2", telephone=3)), shoppers(4, max_per_week=2))
    contacts = solve(sample).contacts
    return sample, contacts[1:], contacts[0]


def test_every_planned_contact_may_stay_where_it_is() -> None:
    sample, others, contact = on_the_board()
    assert check_contact(sample, others, contact) == ()


def test_a_move_onto_another_contact_names_the_rule() -> None:
    sample, others, contact = on_the_board()
    neighbour = next(other for other in others if other.participant == contact.participant)
    assert [v.rule for v in check_contact(sample, others, replace(contact, day=neighbour.day))] == [Rule.ONE_A_DAY]
    saturday = replace(contact, day=dt.date(2022, 1, 8))
    assert Rule.WORKING_DAY in [v.rule for v in check_contact(sample, others, saturday)]


def test_a_week_that_is_too_full_already_holds_nobody_back_from_leaving_it() -> None:
    sample = problem(tuple(participant(f"p{n}", telephone=1) for n in (1, 2, 3)), (shopper("s1", max_per_week=1),))
    others = (call("s1", 0, to="p2"), call("s1", 1, to="p3"))
    assert [v.rule for v in check_contact(sample, others, call("s1", 2))] == [Rule.MAX_PER_WEEK]
    assert check_contact(sample, others, call("s1", 7)) == ()


def test_one_contact_more_than_needed_is_refused() -> None:
    sample, others, contact = on_the_board()
    extra = replace(contact, shopper="s99")
    first = check_contact(sample, (*others, contact), extra)[0]
    assert (first.rule, first.participant, first.channel) == (
        Rule.CONTACTS_PER_CHANNEL,
        contact.participant,
        "telephone",
    )
    assert first.numbers == (("planned", 4), ("needed", 3))


def test_a_participant_who_has_left_needs_no_contact_beyond_what_is_made() -> None:
    made = call("s2", to="gone")
    sample = replace(SAMPLE, fixed=(made,))
    assert check_contact(sample, (), made) == ()
    assert [v.numbers for v in check_contact(sample, (made,), call("s1", 1, to="gone"))] == [
        (("planned", 2), ("needed", 1))
    ]


def test_a_fault_beside_a_contact_is_not_held_against_it() -> None:
    twice_at_p2 = (call("s4", 0, to="p2"), call("s4", 1, to="p2"))
    assert check_contact(SAMPLE, twice_at_p2, call("s4", 2)) == ()
    customer_at_p1 = (call("s5"),)
    assert check_contact(SAMPLE, customer_at_p1, call("s4", 1)) == ()
