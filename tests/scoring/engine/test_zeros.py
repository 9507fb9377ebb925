"""Which places hang on a single unanswered contact."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from scoring.engine import Contact, Edition, score_edition
from scoring.engine.zeros import ZeroEffect, study_zeros
from tests.scoring.engine.small import answered, edition, listed, question, rules, unanswered

ONLY_WELCOME = {"wait": Fraction(0), "welcome": Fraction(100), "agent": Fraction(0), "overall": Fraction(0)}
WARM = question("warm", "welcome", full=10, good=8, half=5, none=0)


def contacts(participant: str, *answers: str | None, channel: str = "telephone") -> list[Contact]:
    """Contacts of a participant by what was answered; ``None`` is no answer."""
    codes = [f"{participant}-{channel}-{number}" for number in range(len(answers))]
    return [
        answered(code, participant, channel, warm=warm) if warm else unanswered(code, participant, channel)
        for code, warm in zip(codes, answers, strict=True)
    ]


def study(*made: list[Contact], min_counted: int = 1, min_channel: int = 1) -> list[ZeroEffect]:
    found = _edition(*made, min_counted=min_counted, min_channel=min_channel)
    return list(study_zeros(found.rules, score_edition(found)))


def _edition(*made: list[Contact], min_counted: int = 1, min_channel: int = 1) -> Edition:
    flat = [contact for row in made for contact in row]
    return edition(rules([WARM], ONLY_WELCOME, min_counted, min_channel), *flat)


def test_a_zero_that_costs_the_first_place() -> None:
    zero = study(contacts("p1", "full", "full", "full", None), contacts("p2", "good", "good", "good", "good"))[0]

    assert (zero.contact, zero.participant, zero.channel) == ("p1-telephone-3", "p1", "telephone")
    assert listed(zero.usual_score, zero.now.total, zero.now.rank_in_class) == [100, 75, 2]
    assert zero.if_answered is not None
    assert listed(zero.if_answered.total, zero.if_answered.rank_in_class, zero.if_answered.class_winners) == [
        100,
        1,
        ("p1",),
    ]
    assert listed(zero.if_left_out.total, zero.if_left_out.rank_in_class) == [100, 1]
    assert listed(zero.needed_to_climb, zero.needed_to_win) == [20, 20]
    assert (zero.changes_place, zero.changes_winner) == (True, True)


def test_a_zero_that_changes_nothing() -> None:
    zero = study(contacts("p1", "half", "half", "half", None), contacts("p2", "full", "full", "full", "full"))[0]

    assert (zero.changes_place, zero.changes_winner) == (False, False)
    assert (zero.needed_to_climb, zero.needed_to_win) == (None, None)


def test_an_answer_in_place_of_a_zero_shares_the_first_place_when_all_else_is_equal() -> None:
    zero = study(contacts("p1", "full", "full", None), contacts("p2", "full", "full", "full"))[0]

    assert zero.if_answered is not None
    assert zero.if_answered.class_winners == ("p1", "p2")


def test_the_answers_alone_decide_between_equal_totals_also_in_place_of_a_zero() -> None:
    by_mail = contacts("p1", "none", channel="email")
    zero = study(contacts("p1", "full", None) + by_mail, contacts("p2", "full", "full", "none"))[0]

    assert zero.if_answered is not None
    assert zero.if_answered.class_winners == ("p1", "p2")


def test_climbing_one_place_may_take_less_than_winning() -> None:
    zero = study(contacts("p1", "half", None), contacts("p2", "good", "none"), contacts("p3", "good", "half"))[0]

    assert listed(zero.now.total, zero.needed_to_climb, zero.needed_to_win) == [25, 30, 80]


def test_a_zero_of_the_first_needs_nothing() -> None:
    zero = study(contacts("p1", "full", "full", "full", None), contacts("p2", "half", "half", "half", "half"))[0]

    assert (zero.now.rank_in_class, zero.needed_to_climb, zero.needed_to_win) == (1, None, None)


def test_striking_a_contact_out_may_cost_the_place_itself() -> None:
    zero = study(contacts("p1", "full", None), contacts("p2", "half", "half"), min_counted=2)[0]

    assert zero.if_left_out.is_ranked is False
    assert (zero.if_left_out.rank_in_class, zero.if_left_out.rank_overall) == (None, None)
    assert (zero.now.is_ranked, zero.changes_place) == (True, True)


def test_a_winner_that_would_lose_its_place_leaves_the_prizes_to_the_next() -> None:
    winner = contacts("p1", *["full"] * 19, None)
    second = contacts("p2", *["half"] * 20)

    zero = study(winner, second, min_counted=20, min_channel=5)[0]

    now, then = zero.now, zero.if_left_out
    assert (now.class_winners, now.overall_winners, now.channel_winners) == (("p1",),) * 3
    assert (then.class_winners, then.overall_winners, then.channel_winners) == (("p2",),) * 3
    assert zero.changes_winner is True


def test_the_only_one_that_would_lose_its_place_leaves_no_winner() -> None:
    zero = study(contacts("p1", "full", None), contacts("p2", "half"), min_counted=2)[0]

    then = zero.if_left_out
    assert (then.class_winners, then.overall_winners, then.channel_winners) == ((), (), ())
    assert zero.changes_winner is True


def test_when_nothing_was_answered_there_is_no_usual_score() -> None:
    zeros = study(contacts("p1", None, None), contacts("p2", "half", "half"))

    assert [(zero.usual_score, zero.if_answered) for zero in zeros] == [(None, None), (None, None)]


def test_the_usual_score_is_that_of_the_channel_where_there_is_one() -> None:
    made = [*contacts("p1", "full", "half", channel="email"), *contacts("p1", "good", None, channel="chat")]
    elsewhere = [*contacts("p1", "full", "half", channel="email"), *contacts("p1", None, channel="chat")]

    assert study(made)[0].usual_score == 80
    assert study(elsewhere)[0].usual_score == 75


def test_a_zero_may_decide_the_best_on_a_channel_alone() -> None:
    first = [*contacts("p1", "full", None, channel="chat"), *contacts("p1", "none", "none", "none", channel="email")]
    second = [*contacts("p2", "good", "good", channel="chat"), *contacts("p2", "full", "full", "full", channel="email")]

    zero = study(first, second, min_channel=2)[0]

    assert zero.changes_place is False
    assert zero.now.channel_winners == ("p2",)
    assert zero.if_answered is not None
    assert zero.if_answered.channel_winners == ("p1",)
    assert zero.changes_winner is True


def test_what_if_agrees_with_a_recount_of_the_changed_edition() -> None:
    made = [
        *(contacts("p1", "full", "good", None, "half"), contacts("p1", "full", None, channel="chat")),
        *(contacts("p2", "good", "good", "half", None), contacts("p2", "full", channel="chat")),
        *(contacts("p3", "half", "half", "good", "good"), contacts("p3", None, channel="chat")),
        *(contacts("p4", "half", "half", "good", "good"), contacts("p4", None, channel="email")),
        *(contacts("p5", "full", "full"), contacts("p5", None, channel="chat")),
    ]
    for limits in ((1, 1), (5, 2), (6, 1), (3, 3), (7, 1)):
        _agrees_with_recounts(_edition(*made, min_counted=limits[0], min_channel=limits[1]))


def _agrees_with_recounts(found: Edition) -> None:
    counted = score_edition(found)
    for zero in study_zeros(found.rules, counted):
        without = replace(found, contacts=tuple(c for c in found.contacts if c.code != zero.contact))
        recounted = score_edition(without)
        for result, what_if in ((counted, zero.now), (recounted, zero.if_left_out)):
            row = result.participant(zero.participant)
            assert (what_if.total, what_if.rank_in_class, what_if.rank_overall) == (
                row.total,
                row.rank_in_class,
                row.rank_overall,
            )
            assert what_if.is_ranked == row.ranked
            winners = [
                tuple(award.participant for award in result.awards if award.kind == kind)
                for kind in ("class", "overall", zero.channel)
            ]
            assert [what_if.class_winners, what_if.overall_winners, what_if.channel_winners] == winners


def test_the_unranked_are_left_alone() -> None:
    assert study(contacts("p1", None), contacts("p2", "half", "half"), min_counted=2) == []
