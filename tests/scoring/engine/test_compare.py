"""Two results side by side: what moved, and why."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import assume, given, settings

from scoring.engine import Contact, DataError, Edition, EditionResult, score_edition
from scoring.engine.compare import Move, compare
from tests.scoring.engine.editions import editions
from tests.scoring.engine.small import answered, edition, listed, question, rules, unanswered

ONLY_WELCOME = {"wait": Fraction(0), "welcome": Fraction(100), "agent": Fraction(0), "overall": Fraction(0)}
WARM = question("warm", "welcome", full=10, good=8, half=5, none=0)
RULES = rules([WARM], ONLY_WELCOME)


def scored(*contacts: Contact) -> EditionResult:
    return score_edition(edition(RULES, *contacts))


def places(move: Move) -> tuple[tuple[int | None, int | None], ...]:
    """In the class and overall, before and after."""
    return tuple((side.rank_in_class, side.rank_overall) for side in (move.before, move.after) if side)


P2 = answered("c3", "p2", warm="good")


def test_nothing_moved() -> None:
    result = scored(answered("c1", "p1", warm="full"), P2)

    comparison = compare(result, result)

    assert (comparison.moves, comparison.unchanged) == ((), 2)
    assert (comparison.awards_gained, comparison.awards_lost, comparison.summary) == ((), (), ())


def test_an_appeal_turns_a_zero_into_an_answer_and_two_places_round() -> None:
    before = scored(answered("c1", "p1", warm="full"), unanswered("c2", "p1"), P2)
    after = scored(answered("c1", "p1", warm="full"), answered("c2", "p1", warm="good"), P2)

    comparison = compare(before, after)

    up, down = comparison.moves
    assert (up.participant, up.cause, places(up)) == ("p1", "own", ((2, 2), (1, 1)))
    assert (down.participant, down.cause, places(down), down.figures) == ("p2", "others", ((1, 1), (2, 2)), ())
    change = up.contacts[0]
    assert listed(change.contact, change.kind, change.before, change.after, change.share) == [
        "c2",
        "answered",
        0,
        80,
        40,
    ]
    areas = {area.figure: listed(area.before, area.after) for area in change.areas}
    assert areas == {"wait": [None, 100], "welcome": [None, 80]}
    total = next(figure for figure in up.figures if figure.figure == "total")
    assert listed(total.before, total.after, total.difference) == [50, 90, 40]
    assert {(award.kind, award.participant) for award in comparison.awards_gained} == {
        ("class", "p1"),
        ("overall", "p1"),
        ("telephone", "p1"),
    }
    assert {award.participant for award in comparison.awards_lost} == {"p2"}


def test_a_contact_struck_out_moves_the_total_through_the_others() -> None:
    kept = [answered("c1", "p1", warm="full"), answered("c2", "p1", warm="half")]

    move = compare(scored(*kept, unanswered("c4", "p1"), P2), scored(*kept, P2)).moves[0]

    assert [(change.contact, change.kind) for change in move.contacts] == [("c4", "not_counted")]
    assert move.spread_share == Fraction(150, 2) - Fraction(150, 3)


def test_participants_that_come_and_go() -> None:
    before = scored(answered("c1", "p1", warm="full"), P2)
    after = scored(P2, answered("c5", "p9", warm="none"))

    moves = {move.participant: move for move in compare(before, after).moves}

    assert (moves["p1"].cause, moves["p1"].after) == ("removed", None)
    assert (moves["p9"].cause, moves["p9"].before) == ("added", None)


def test_gaining_a_place_among_the_ranked() -> None:
    found = replace(RULES, min_counted=2)
    one, two = answered("c1", "p1", warm="full"), answered("c2", "p1", warm="full")

    move = compare(score_edition(edition(found, one)), score_edition(edition(found, one, two))).moves[0]

    assert (move.cause, places(move)) == ("ranked", ((None, None), (1, 1)))


def test_between_two_years_equal_codes_mean_nothing() -> None:
    before, after = scored(answered("c1", "p1", warm="full")), scored(answered("c1", "p1", warm="half"))

    assert compare(before, after).moves[0].contacts != ()
    assert compare(before, after, same_contacts=False).moves[0].contacts == ()


@settings(max_examples=30, deadline=None)
@given(editions(), editions())
def test_the_shares_of_the_contacts_add_up_to_the_change_of_the_total(one: Edition, other: Edition) -> None:
    """Two editions that have hardly anything in common stand for an appeal that changed nearly everything."""
    try:
        before, after = score_edition(one), score_edition(other)
    except DataError:
        assume(False)
        raise
    for move in compare(before, after).moves:
        old = (move.before and move.before.total) or Fraction(0)
        new = (move.after and move.after.total) or Fraction(0)
        assert sum((change.share for change in move.contacts), start=move.spread_share) == new - old
