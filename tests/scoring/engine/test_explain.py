"""Why a total is what it is, down to the single answer."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given, settings

from scoring.engine import DataError, Edition, explain, score_edition
from scoring.engine.explain import UnknownParticipantError
from tests.scoring.engine.editions import editions
from tests.scoring.engine.package import tiny_edition
from tests.scoring.engine.small import answered, edition, listed, question, rules, unanswered


def test_a_contact_is_taken_apart_to_the_single_answer() -> None:
    contact = explain(tiny_edition(), "fjellbanken").contacts[0]

    assert listed(contact.contact, contact.channel, contact.not_counted, contact.score) == [
        "c01",
        "telephone",
        None,
        100,
    ]
    areas = {area.area: area for area in contact.areas}
    assert [listed(name, area.weight_used, area.score) for name, area in areas.items()] == [
        ["wait", 5, 100],
        ["welcome", 15, 100],
        ["agent", 50, 100],
        ["overall", 30, 100],
    ]
    assert [(s.question, s.ticked, s.obtained, s.possible, s.left_out) for s in areas["agent"].questions] == [
        ("alternative", ("yes",), 2, 2, None),
        ("listened", ("yes",), 2, 2, None),
        ("needs", ("several",), 3, 3, None),
        ("spelling", (), 0, 0, "other_channel"),
    ]
    wait = areas["wait"].wait
    assert wait is not None
    assert listed(wait.wait, wait.band.up_to, wait.band.percent) == [45, 60, 100]


def test_an_area_that_the_rules_do_not_weigh_weighs_nothing() -> None:
    only_welcome = rules([question("warm", "welcome", yes=1)], {"welcome": Fraction(100)})

    areas = explain(edition(only_welcome, answered(warm="yes")), "p1").contacts[0].areas

    assert [(area.area, area.weight, area.weight_used) for area in areas] == [
        ("wait", 0, 0),
        ("welcome", 100, 100),
        ("agent", 0, 0),
        ("overall", 0, 0),
    ]


def test_reasons_for_leaving_a_question_out() -> None:
    questions = [
        question("a", "welcome", yes=1, na="na"),
        question("b", "welcome", yes=1),
        question("c", "welcome", yes=None),
        question("d", "welcome", channels="email", yes=1),
    ]

    contact = explain(edition(rules(questions), answered(a="na", c="yes")), "p1").contacts[0]

    steps = contact.areas[1].questions
    assert [step.left_out for step in steps] == ["not_applicable", "not_answered", "no_points", "other_channel"]
    assert listed(contact.areas[1].score, contact.areas[1].weight, contact.areas[1].weight_used) == [None, 15, 0]
    assert contact.weight_sum == 5


def test_contacts_that_do_not_count_say_why() -> None:
    steps = {step.contact: step for step in explain(tiny_edition(), "fjordbanken").contacts}

    assert {code: step.not_counted for code, step in steps.items()} == {
        "c05": None,
        "c06": "review",
        "c07": "void",
        "c08": None,
    }
    assert steps["c06"].score is None


def test_means_name_the_contacts_they_are_made_of() -> None:
    means = {mean.figure: mean for mean in explain(tiny_edition(), "fjellbanken").means}

    assert means["telephone"].terms == (("c01", 100), ("c04", 0))
    assert means["telephone"].value == 50
    assert [code for code, _ in means["answered_total"].terms] == ["c01", "c02", "c03"]
    assert listed(means["ves1"].terms, means["ves1"].value) == [(), None]


def test_neighbours_show_the_step_that_decided() -> None:
    explanation = explain(tiny_edition(), "vannkraft")

    assert [(n.participant, n.rank, n.is_above, n.decided_by) for n in explanation.neighbours_overall] == [
        ("lyskraft", 1, True, "shared"),
        ("fjellbanken", 3, False, "total"),
    ]
    assert explanation.neighbours_overall[1].own == explanation.result.total
    assert [n.participant for n in explanation.neighbours_in_class] == ["lyskraft"]


def test_a_tie_in_total_is_shown_as_decided_by_the_next_step() -> None:
    found = rules([question("warm", "welcome", very=2, rather=1)], {**_only_welcome()})
    contacts = [answered("c1", "even", warm="rather"), answered("c2", "odd", warm="very"), unanswered("c3", "odd")]

    neighbour = explain(edition(found, *contacts), "even").neighbours_overall[0]

    assert listed(neighbour.participant, neighbour.decided_by, neighbour.own, neighbour.other) == [
        "odd",
        "answered_total",
        50,
        100,
    ]


def _only_welcome() -> dict[str, Fraction]:
    return {"wait": Fraction(0), "welcome": Fraction(100), "agent": Fraction(0), "overall": Fraction(0)}


def test_of_two_each_is_the_others_neighbour() -> None:
    warm = rules([question("warm", "welcome", yes=1, no=0)])
    two = edition(warm, answered("c1", "a", warm="yes"), answered("c2", "b", warm="no"))

    for code, neighbours in (("a", [("b", False)]), ("b", [("a", True)])):
        found = explain(two, code).neighbours_overall
        assert [(neighbour.participant, neighbour.is_above) for neighbour in found] == neighbours


def test_an_unranked_participant_has_no_neighbours() -> None:
    assert explain(tiny_edition(), "fjordbanken").neighbours_overall == ()


def test_an_unknown_participant_is_named() -> None:
    with pytest.raises(UnknownParticipantError, match="ukjent"):
        explain(tiny_edition(), "ukjent")


@settings(max_examples=40, deadline=None)
@given(editions())
def test_the_steps_add_up_to_the_result(found: Edition) -> None:
    try:
        result = score_edition(found)
    except DataError:
        assume(False)
        raise
    for row in result.participants:
        explanation = explain(found, row.participant, result=result)
        for contact in explanation.contacts:
            if contact.areas:
                used = sum(area.weight_used * area.score for area in contact.areas if area.score is not None)
                assert contact.score == Fraction(used) / contact.weight_sum
        for mean in explanation.means:
            values = [value for _, value in mean.terms]
            if mean.figure != "nps":
                assert mean.value == (Fraction(sum(values), 1) / len(values) if values else None)
            assert mean.value == getattr(row, mean.figure)
