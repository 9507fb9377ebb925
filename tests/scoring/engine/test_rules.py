"""The scoring rules as tables: what goes in, what must come out."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from scoring.engine import Band, Contact, score_edition
from scoring.engine.types import unanswered_share
from tests.scoring.engine.small import answered, edition, listed, question, rules, scale, unanswered

ONLY_WELCOME = {"wait": Fraction(0), "welcome": Fraction(100), "agent": Fraction(0), "overall": Fraction(0)}

WARM = question("warm", "welcome", very=2, rather=1, no=0, na="na")
NAMES = question("names", "welcome", "multi", agent=1, company=1, neither=0)
BY_PHONE = question("listened", "welcome", channels="telephone", yes=2, no=0)
POINTLESS = question("callback", "welcome", yes=None, no=None)


@pytest.mark.parametrize(
    ("outcome", "review", "counts"),
    [
        ("answered", "", True),
        ("answered", "approved", True),
        ("answered", "submitted", False),
        ("answered", "returned", False),
        ("no_answer", "", True),
        ("no_answer", "approved", True),
        ("no_answer", "returned", False),
        ("void", "approved", False),
        ("void", "", False),
        ("", "", False),
    ],
)
def test_which_contacts_count(outcome: str, review: str, counts: bool) -> None:
    contact = Contact("c1", "p1", "telephone", outcome, review, Fraction(10))

    row = score_edition(edition(rules(), contact)).participants[0]

    assert row.contacts == (1 if counts else 0)


@pytest.mark.parametrize(
    ("ticked", "score"),
    [
        ({"warm": "very"}, 100),
        ({"warm": "rather"}, 50),
        ({"warm": "no"}, 0),
        ({"warm": "very", "names": "agent company"}, 100),
        ({"warm": "very", "names": "agent"}, 75),
        ({"warm": "rather", "names": "neither"}, 25),
        ({"warm": "na", "names": "agent"}, 50),
        ({"names": "agent"}, 50),
        ({"warm": "very", "listened": "no"}, 50),
        ({"warm": "rather", "callback": "yes"}, 50),
    ],
)
def test_area_score_is_points_obtained_over_points_possible(ticked: Any, score: int) -> None:
    found = rules([WARM, NAMES, BY_PHONE, POINTLESS], ONLY_WELCOME)

    contact = score_edition(edition(found, answered(**ticked))).contacts[0]

    assert listed(contact.areas["welcome"], contact.score) == [score, score]


def test_an_area_without_possible_points_has_no_score_and_leaves_its_weight() -> None:
    found = rules([WARM, question("skill", "agent", good=4, bad=1)])

    contact = score_edition(edition(found, answered(warm="na", skill="bad"))).contacts[0]

    assert contact.areas == {"wait": 100, "agent": 25}
    assert contact.score == Fraction(5 * 100 + 50 * 25, 55)


@pytest.mark.parametrize(
    ("wait", "percent"), [(0, 100), (60, 100), (Fraction("60.001"), 60), (180, 60), (181, 10), (90_000, 10)]
)
def test_the_wait_is_worth_its_first_band(wait: Fraction, percent: int) -> None:
    bands = (Band(None, Fraction(10)), Band(Fraction(180), Fraction(60)), Band(Fraction(60), Fraction(100)))
    found = replace(rules(), bands={"telephone": bands})

    contact = score_edition(edition(found, answered(wait=wait))).contacts[0]

    assert contact.areas == {"wait": percent}


def test_an_answered_contact_whose_wait_is_unknown_has_no_wait_score() -> None:
    row = score_edition(edition(rules([WARM]), answered(wait=None, warm="rather"))).participants[0]

    assert listed(row.wait, row.total) == [None, 50]


def test_no_answer_is_0_in_the_total_and_absent_from_the_areas() -> None:
    row = score_edition(edition(rules([WARM]), answered("c1", warm="very"), unanswered("c2"))).participants[0]

    assert listed(row.contacts, row.answered) == [2, 1]
    assert listed(row.total, row.answered_total, row.welcome, row.wait, row.telephone) == [50, 100, 100, 100, 50]
    assert listed(row.agent, row.email) == [None, None]


@pytest.mark.parametrize(
    ("values", "nps"),
    [([10, 9, 8, 7], 50), ([6, 0], -100), ([9, 6], 0), ([7, 8], 0), ([10, 8, 3], 0), ([10, 10, 3], Fraction(100, 3))],
)
def test_nps_counts_promoters_less_detractors(values: list[int], nps: Fraction) -> None:
    contacts = [replace(answered(f"c{n}"), values={"nps": Fraction(value)}) for n, value in enumerate(values)]

    row = score_edition(edition(rules([scale("nps")]), *contacts)).participants[0]

    assert row.nps == nps


def test_a_class_has_the_mean_of_its_participants_and_cx_of_its_pooled_answers() -> None:
    def rated(code: str, participant: str, warm: str, ces: int) -> Contact:
        return replace(answered(code, participant, warm=warm), values={"ces": Fraction(ces)})

    found = rules([WARM, scale("ces")], ONLY_WELCOME)
    contacts = [rated("c1", "p1", "very", 7), rated("c2", "p1", "very", 7), rated("c3", "p2", "no", 1)]

    result = score_edition(edition(found, *contacts))

    assert listed(result.classes[0].total, result.classes[0].ces) == [50, 5]
    assert listed(result.summary.total, result.summary.ces, result.summary.contacts) == [50, 5, 3]


AGENT = question("skill", "agent", high=10, medium=5, low=0)


@pytest.mark.parametrize(
    ("one", "other", "places"),
    [
        (["very"], ["no"], (1, 2)),
        (["very"], ["very"], (1, 1)),
        (["rather", "rather"], ["very", None], (2, 1)),
        ([None], [None], (1, 1)),
    ],
)
def test_places_go_by_total_then_answered_total(
    one: list[str | None], other: list[str | None], places: tuple[int, int]
) -> None:
    contacts = []
    for participant, answers in (("p1", one), ("p2", other)):
        for number, warm in enumerate(answers):
            code = f"{participant}-{number}"
            contacts.append(answered(code, participant, warm=warm) if warm else unanswered(code, participant))

    rows = score_edition(edition(rules([WARM], ONLY_WELCOME), *contacts)).participants

    assert tuple(row.rank_overall for row in sorted(rows, key=lambda row: row.participant)) == places


def test_equal_totals_are_parted_by_the_agent_area_where_no_value_is_below_any() -> None:
    weightless = {"wait": Fraction(0), "welcome": Fraction(100), "agent": Fraction(0), "overall": Fraction(0)}
    contacts = [
        answered("c1", "none", warm="very"),
        answered("c2", "low", warm="very", skill="low"),
        answered("c3", "high", warm="very", skill="high"),
        answered("c4", "second", warm="very", skill="high"),
    ]

    rows = score_edition(edition(rules([WARM, AGENT], weightless), *contacts)).participants

    assert [(row.participant, row.rank_overall) for row in rows] == [
        ("high", 1),
        ("second", 1),
        ("low", 3),
        ("none", 4),
    ]


def test_too_few_counted_contacts_gives_no_place_but_stays_in_the_class_mean() -> None:
    contacts = [
        answered("c1", "few", warm="very"),
        answered("c2", "many", warm="no"),
        answered("c3", "many", warm="no"),
    ]

    result = score_edition(edition(rules([WARM], ONLY_WELCOME, min_counted=2), *contacts))

    few = result.participant("few")
    assert listed(few.ranked, few.rank_in_class, few.rank_overall, few.total) == [False, None, None, 100]
    assert [row.participant for row in result.participants] == ["many", "few"]
    assert result.classes[0].total == 50
    assert [award.participant for award in result.awards] == ["many", "many", "many"]


def test_best_on_a_channel_needs_enough_contacts_there_and_a_shared_score_is_shared() -> None:
    contacts = [
        answered("c1", "once", "chat", warm="very"),
        unanswered("c2", "once", "email"),
        *(answered(f"a{n}", "steady", "chat", warm="rather") for n in range(2)),
        *(answered(f"b{n}", "same", "chat", warm="rather") for n in range(2)),
    ]

    awards = score_edition(edition(rules([WARM], ONLY_WELCOME, min_channel=2), *contacts)).awards

    assert [(award.kind, award.participant) for award in awards if award.kind == "chat"] == [
        ("chat", "same"),
        ("chat", "steady"),
    ]
    assert not [award for award in awards if award.kind == "email"]


def test_the_share_of_unanswered_contacts_is_of_all_that_count() -> None:
    assert unanswered_share(contacts=4, answered=3) == Fraction(1, 4)
    assert unanswered_share(contacts=0, answered=0) is None
