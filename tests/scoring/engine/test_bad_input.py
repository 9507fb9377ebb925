"""Odd and contradictory editions: the answer of the rules, or a problem with a name; never a wrong number."""

from __future__ import annotations

from dataclasses import astuple, replace
from fractions import Fraction
from typing import Any

import pytest

from scoring.engine import (
    Band,
    Contact,
    ContactSums,
    DataError,
    Edition,
    Option,
    Participant,
    Question,
    Rules,
    score_edition,
    score_sums,
)
from tests.scoring.engine.small import WEIGHTS, answered, edition, listed, question, rules, scale, unanswered

WARM = question("warm", "welcome", very=2, no=0, na="na")
NAMES = question("names", "welcome", "multi", agent=1, company=1, na="na")
BY_MAIL = question("spelling", "agent", channels="email", yes=1, no=0)
NAN: Any = float("nan")
INFINITY: Any = float("inf")
HALF: Any = 0.5
TRUE: Any = True
RULES = rules([WARM, NAMES, BY_MAIL, scale("nps"), scale("ces")])


def problems(found: Edition) -> list[tuple[str, str]]:
    with pytest.raises(DataError) as caught:
        score_edition(found)
    for problem in caught.value.problems:
        assert all(isinstance(part, str) for part in astuple(problem))
        assert problem.detail
        assert "None" not in str(problem)
    return [(problem.code, problem.kind) for problem in caught.value.problems]


def test_an_edition_without_participants_is_empty() -> None:
    result = score_edition(Edition(RULES, (), ()))

    assert (result.participants, result.classes, result.awards, result.summary.total) == ((), (), (), None)


def test_a_participant_without_contacts_has_no_figures_and_no_place() -> None:
    result = score_edition(edition(RULES, participants={"p1": "bank"}))

    row = result.participants[0]
    assert (row.contacts, row.ranked, row.rank_overall) == (0, False, None)
    assert {value for _, value in row.figures()} == {None}
    assert (result.awards, result.classes[0].total) == ((), None)


def test_one_participant_alone_in_its_class_wins_it_all() -> None:
    awards = score_edition(edition(RULES, answered(warm="no"))).awards

    assert [(award.kind, award.award_class) for award in awards] == [
        ("class", "bank"),
        ("overall", None),
        ("telephone", None),
    ]


def test_when_nobody_answers_everybody_shares_first_place_with_0() -> None:
    rows = score_edition(edition(RULES, unanswered("c1", "p1"), unanswered("c2", "p2"))).participants

    assert [listed(row.total, row.answered_total, row.agent, row.rank_overall) for row in rows] == [
        [0, None, None, 1]
    ] * 2


def test_all_tied_share_every_award() -> None:
    result = score_edition(edition(RULES, *(answered(f"c{n}", f"p{n}", warm="very") for n in range(4))))

    assert [row.rank_overall for row in result.participants] == [1, 1, 1, 1]
    assert len(result.awards) == 12


@pytest.mark.parametrize(("limit", "told"), [(None, "∞"), (Fraction(0), "0"), (Fraction(60), "60")])
def test_a_limit_given_twice_is_told(limit: Fraction | None, told: str) -> None:
    twice = replace(RULES, bands={"chat": (Band(limit, Fraction(1)), Band(limit, Fraction(2)))})
    with pytest.raises(DataError) as caught:
        score_edition(Edition(twice, (), ()))
    assert [problem.about for problem in caught.value.problems] == [told]


def test_a_question_without_points_can_bring_none() -> None:
    assert question("cold", "welcome", na="na").possible == 0
    assert question("cold", "welcome", "multi", na="na").possible == 0


def test_all_the_weight_on_the_wait_leaves_the_rest_without_influence() -> None:
    found = rules([WARM], {"wait": Fraction(100), "welcome": Fraction(0), "agent": Fraction(0), "overall": Fraction(0)})

    row = score_edition(edition(found, answered(wait=100, warm="no"))).participants[0]

    assert listed(row.total, row.welcome) == [60, 0]


def test_a_contact_with_scores_only_where_no_weight_lies_is_named() -> None:
    found = rules([WARM], {"wait": Fraction(100), "welcome": Fraction(0), "agent": Fraction(0), "overall": Fraction(0)})

    assert problems(edition(found, answered(wait=None, warm="no"))) == [("c1", "no_weight")]


@pytest.mark.parametrize("value", [0, 6, 5000])
def test_a_value_beyond_its_own_scale_is_named(value: int) -> None:
    assert problems(satisfied(value)) == [("c1", "value_range")]


@pytest.mark.parametrize("value", [1, 5])
def test_the_ends_of_a_scale_belong_to_it(value: int) -> None:
    assert score_edition(satisfied(value)).summary.csat == value


def satisfied(value: int) -> Edition:
    csat = replace(scale("csat"), scale=(1, 5))
    return edition(rules([WARM, csat]), replace(answered(warm="no"), values={"csat": Fraction(value)}))


def test_ten_thousand_participants_are_ranked() -> None:
    participants = tuple(Participant(f"p{n:05}", f"k{n % 24}") for n in range(10_000))
    sums = [
        ContactSums(f"c{n}", p.code, "chat", "answered", None, ((n % 97, 97), (0, 0), (0, 0)))
        for n, p in enumerate(participants)
    ]

    rows = score_sums(RULES, participants, sums).participants

    assert [row.total for row in rows[:2]] == [Fraction(9600, 97)] * 2
    assert rows[-1].rank_overall == 10_000 - 104 + 1


@pytest.mark.parametrize(
    ("contact", "kind"),
    [
        (answered(wait=None), "no_area_score"),
        (answered(wait=None, warm="na"), "no_area_score"),
        (answered(wait=181), "wait_beyond_bands"),
        (answered(wait=-1), "negative_wait"),
        (answered(warm="lukewarm"), "unknown_option"),
        (answered(warm="very no"), "several_options"),
        (answered(names="na agent"), "not_applicable_beside_others"),
        (answered(mood="good"), "unknown_question"),
        (answered(spelling="yes"), "question_of_other_channel"),
        (replace(answered(), wait=NAN), "not_exact"),
        (replace(answered(), wait=INFINITY), "not_exact"),
        (replace(answered(), wait=TRUE), "not_exact"),
        (replace(answered(), values={"nps": Fraction(11)}), "value_range"),
        (replace(answered(), values={"nps": Fraction(-1)}), "value_range"),
        (replace(answered(), values={"ces": NAN}), "not_exact"),
        (replace(answered(), values={"warm": Fraction(1)}), "value_without_scale"),
        (replace(answered(), values={"mood": Fraction(1)}), "unknown_question"),
        (replace(answered(), channel="fax"), "unknown_channel"),
        (replace(answered(), outcome="perhaps"), "unknown_outcome"),
        (replace(answered(), review="liked"), "unknown_review"),
        (replace(answered(warm="no"), outcome="no_answer"), "answers_without_answer"),
    ],
)
def test_a_contact_that_contradicts_the_rules_is_named(contact: Contact, kind: str) -> None:
    good = answered("good", warm="very")

    assert problems(edition(RULES, good, contact)) == [("c1", kind)]


def test_a_value_on_a_scale_of_another_channel_is_named() -> None:
    by_mail = replace(scale("ces"), channels=frozenset(("email",)))
    contact = replace(answered(warm="very"), values={"ces": Fraction(3)})

    assert problems(edition(rules([WARM, by_mail]), contact)) == [("c1", "question_of_other_channel")]


def test_a_contact_of_a_participant_nobody_knows_is_named() -> None:
    assert problems(edition(RULES, answered(), participants={"other": "bank"})) == [("c1", "unknown_participant")]


def test_a_channel_without_bands_has_no_room_for_any_wait() -> None:
    found = replace(RULES, bands={})

    assert problems(edition(found, answered())) == [("c1", "wait_beyond_bands")]


def test_every_offending_contact_is_listed_with_all_that_is_wrong() -> None:
    contacts = [answered("c1", wait=999), answered("c2", warm="very"), answered("c3", wait=-1, warm="lukewarm")]

    assert problems(edition(RULES, *contacts)) == [
        ("c1", "wait_beyond_bands"),
        ("c3", "negative_wait"),
        ("c3", "unknown_option"),
    ]


def test_what_does_not_count_cannot_stop_the_count() -> None:
    void = replace(answered("c2", wait=999, warm="lukewarm"), outcome="void")

    assert score_edition(edition(RULES, answered("c1"), void)).participants[0].contacts == 1


def test_repeated_codes_are_named() -> None:
    twice = (Participant("p1", "bank"), Participant("p1", "energi"))

    assert problems(Edition(RULES, twice, (answered("c1"), answered("c1")))) == [
        ("p1", "code_repeated"),
        ("c1", "code_repeated"),
    ]


def _with(*options: Option) -> Question:
    return Question("q", "welcome", "single", frozenset(), "", {option.code: option for option in options})


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"weights": {**WEIGHTS, "wait": Fraction(6)}}, "weights_sum"),
        ({"weights": {**WEIGHTS, "wait": Fraction(-5), "agent": Fraction(60)}}, "negative_weight"),
        ({"weights": {**WEIGHTS, "wait": NAN}}, "not_exact"),
        ({"weights": {**WEIGHTS, "price": Fraction(0)}}, "unknown_area"),
        ({"min_counted": 0}, "minimum"),
        ({"min_channel_contacts": -1}, "minimum"),
        ({"bands": {"chat": (Band(Fraction(1), Fraction(101)),)}}, "percent_range"),
        ({"bands": {"chat": (Band(Fraction(1), Fraction(-1)),)}}, "percent_range"),
        ({"bands": {"chat": (Band(Fraction(1), NAN),)}}, "not_exact"),
        ({"bands": {"chat": (Band(None, Fraction(1)), Band(None, Fraction(2)))}}, "band_repeated"),
        ({"bands": {"fax": ()}}, "unknown_channel"),
        ({"questions": {"q": _with(Option("bad", Fraction(-1)))}}, "negative_points"),
        ({"questions": {"q": _with(Option("bad", NAN))}}, "not_exact"),
        ({"questions": {"q": _with(Option("bad", HALF))}}, "not_exact"),
        ({"questions": {"q": replace(_with(), area="price")}}, "unknown_area"),
        ({"questions": {"q": replace(_with(), kind="text")}}, "unknown_kind"),
        ({"questions": {"q": replace(_with(), channels=frozenset(("fax",)))}}, "unknown_channel"),
        ({"questions": {"other": _with()}}, "code_differs"),
        ({"questions": {"q": replace(scale("ces"), code="q", metric="joy")}}, "unknown_metric"),
        ({"questions": {"q": replace(scale("ces"), code="q", kind="single")}}, "metric_without_scale"),
        ({"questions": {"q": replace(scale("ces"), code="q", area="agent")}}, "metric_outside_cx"),
        ({"questions": {"q": replace(scale("ces"), code="q"), "ces": scale("ces")}}, "metric_repeated"),
    ],
)
def test_rules_that_cannot_be_are_named(change: dict[str, Any], kind: str) -> None:
    found: Rules = replace(RULES, **change)

    assert [problem_kind for _, problem_kind in problems(Edition(found, (), ()))] == [kind]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"participant": "other"}, "unknown_participant"),
        ({"channel": "fax"}, "unknown_channel"),
        ({"outcome": "void"}, "not_counted"),
        ({"sums": ((1, 1),)}, "sums_missing"),
        ({"sums": ((0, 0), (0, 0), (0, 0))}, "no_area_score"),
    ],
)
def test_sums_made_elsewhere_are_checked_too(change: dict[str, Any], kind: str) -> None:
    good = ContactSums("c1", "p1", "chat", "answered", None, ((1, 2), (0, 0), (0, 0)))
    participants = (Participant("p1", "bank"),)
    assert score_sums(RULES, participants, [good]).participants[0].total == 50

    with pytest.raises(DataError) as caught:
        score_sums(RULES, participants, [good._replace(**change)])

    assert [(problem.code, problem.kind) for problem in caught.value.problems] == [("c1", kind)]


def test_the_message_says_where_and_what() -> None:
    with pytest.raises(DataError) as caught:
        score_edition(edition(RULES, answered(wait=999)))

    assert str(caught.value) == "contact c1: the wait 999 is beyond every band of telephone"
