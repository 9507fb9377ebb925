"""Answers grouped by a database are worth what they are worth one by one, to the last digit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from fractions import Fraction

import pytest
from hypothesis import given

from scoring.engine import (
    Band,
    Contact,
    DataError,
    Edition,
    Participant,
    input_digest,
    score_edition,
    score_grouped_edition,
)
from scoring.engine.grouped import GroupedContacts, GroupedEdition, IrregularError, grouped_digest
from scoring.engine.methods.mystery_2022 import sum_answers
from tests.scoring.engine.editions import editions
from tests.scoring.engine.package import tiny_edition
from tests.scoring.engine.small import answered, edition, question, rules, scale, unanswered


def group(edition: Edition) -> GroupedEdition:
    """What a database would hand over: any number will do, as long as each answer has one of its own."""
    numbers: dict[tuple[str, str | int], int] = {}
    lines = [
        ",".join(str(numbers.setdefault(answer, 7000 + len(numbers))) for answer in answers_of(contact))
        for contact in edition.contacts
    ]
    waits = list(dict.fromkeys(contact.wait for contact in edition.contacts if contact.wait is not None))
    contacts = GroupedContacts(
        code=[contact.code for contact in edition.contacts],
        participant=[contact.participant for contact in edition.contacts],
        channel=[contact.channel for contact in edition.contacts],
        outcome=[contact.outcome for contact in edition.contacts],
        review=[contact.review for contact in edition.contacts],
        wait=[-1 if contact.wait is None else waits.index(contact.wait) for contact in edition.contacts],
        answers=lines,
        waits=waits,
    )
    numbering = {number: answer for answer, number in numbers.items() if is_known(edition, answer)}
    return GroupedEdition(edition.rules, edition.participants, numbering, contacts)


def answers_of(contact: Contact) -> Iterator[tuple[str, str | int]]:
    for code, chosen in contact.options.items():
        yield from ((code, option) for option in sorted(chosen, reverse=True))
    for code, value in contact.values.items():
        yield code, int(value)


def is_known(edition: Edition, answer: tuple[str, str | int]) -> bool:
    question = edition.rules.questions.get(answer[0])
    return question is not None and (isinstance(answer[1], int) or answer[1] in question.options)


@given(editions())
def test_random_editions_have_the_same_figures_and_the_same_fingerprint(edition: Edition) -> None:
    grouped = group(edition)
    try:
        expected = score_edition(edition)
    except DataError:
        with pytest.raises(IrregularError):
            score_grouped_edition(grouped)
        return
    assert score_grouped_edition(grouped) == expected
    assert grouped_digest(grouped) == input_digest(edition)


def test_the_worked_example_has_the_same_figures_and_the_same_fingerprint() -> None:
    tiny = tiny_edition()
    grouped = group(tiny)

    assert score_grouped_edition(grouped) == score_edition(tiny)
    assert grouped_digest(grouped) == input_digest(tiny)


@given(editions())
def test_the_order_of_contacts_and_answers_does_not_matter(found: Edition) -> None:
    grouped = group(found)
    given_contacts = grouped.contacts
    columns = {column.name: getattr(given_contacts, column.name) for column in fields(given_contacts)}
    columns |= {name: list(reversed(column)) for name, column in columns.items() if name != "waits"}
    columns["answers"] = [",".join(reversed(answers.split(","))) for answers in columns["answers"]]
    turned = replace(grouped, contacts=GroupedContacts(**columns))

    assert grouped_digest(turned) == grouped_digest(grouped)


WARM = question("warm", "welcome", very=2, some="0.000000001", no=0, na="na")
NAMES = question("names", "welcome", "multi", agent=1, company="999999.5", na="na")
BY_MAIL = question("spelling", "agent", channels="email", yes=1, no=0)
RULES = rules([WARM, NAMES, BY_MAIL, scale("nps"), scale("ces")])


def test_halves_and_quarters_of_points_stay_exact() -> None:
    fine = rules(
        [question("warm", "welcome", very="2.25", some="0.1", no=0), question("deep", "agent", yes="0.7", no=0)]
    )
    found = edition(fine, answered(warm="some", deep="yes"), answered("c2", warm="some", deep="no"))

    result = score_grouped_edition(group(found))

    assert result == score_edition(found)
    assert result.contacts[0].areas["welcome"] == Fraction(40, 9)


def test_numbers_too_fine_for_the_arrays_are_read_one_by_one() -> None:
    """Nine decimals beside a million: no array holds the product of two such sums."""
    deep = question("deep", "agent", yes="999999.999999999", some="0.000000001")
    found = edition(rules([WARM, NAMES, deep]), answered(warm="some", names="agent company", deep="some"))

    with pytest.raises(IrregularError, match="too wide"):
        score_grouped_edition(group(found))
    assert score_edition(found).contacts[0].areas["welcome"] == 100 * Fraction(
        1_000_000_500_000_001, 1_000_002_500_000_000
    )


def test_a_wait_may_be_worth_a_third() -> None:
    found = edition(replace(RULES, bands={"telephone": (Band(Fraction(60), Fraction(100, 3)),)}), answered(warm="very"))

    assert score_grouped_edition(group(found)) == score_edition(found)


def test_the_contacts_are_those_of_their_edition_and_no_others() -> None:
    found, other = edition(RULES, answered(warm="very")), edition(RULES, answered(warm="no"))

    contacts = score_grouped_edition(group(found)).contacts

    assert contacts == score_edition(found).contacts
    assert contacts != score_edition(other).contacts


def test_the_weights_take_their_share_of_the_room() -> None:
    """The sums of both areas fit side by side; once they are weighed they do not."""
    deep = question("deep", "agent", yes="999999.9999999", some="0.0000001")
    found = edition(rules([WARM, NAMES, deep]), answered(warm="some", names="agent company", deep="some"))

    with pytest.raises(IrregularError, match="too wide"):
        score_grouped_edition(group(found))


IRREGULAR: dict[str, Contact] = {
    "two answers to one question": answered(warm="very no"),
    "not applicable beside another": answered(names="agent na"),
    "a question of another channel": answered(warm="very", spelling="yes"),
    "an option nobody knows": answered(warm="lukewarm"),
    "a question nobody knows": answered(cold="very"),
    "a value beyond its scale": replace(answered(warm="very"), values={"nps": Fraction(11)}),
    "a value without a scale": replace(answered(), values={"warm": Fraction(1)}),
    "a wait beyond the bands": answered(warm="very", wait=181),
    "a wait below nothing": answered(warm="very", wait=-1),
    "answers without an answer": replace(unanswered(), options={"warm": frozenset(("very",))}),
    "values without an answer": replace(unanswered(), values={"nps": Fraction(9)}),
    "a channel nobody knows": answered(channel="fax"),
    "an outcome nobody knows": replace(answered(), outcome="perhaps"),
    "a review nobody knows": replace(answered(), outcome="", review="perhaps"),
    "a participant nobody knows": replace(answered(), participant="p2"),
}


@pytest.mark.parametrize("contact", IRREGULAR.values(), ids=IRREGULAR)
def test_what_is_out_of_order_is_left_to_those_who_can_name_it(contact: Contact) -> None:
    found = Edition(RULES, (Participant("p1", "bank"),), (answered("c0", warm="no"), contact))

    with pytest.raises(DataError):
        sum_answers(found)
    with pytest.raises(IrregularError):
        score_grouped_edition(group(found))


def test_rules_that_do_not_hold_are_not_counted_by() -> None:
    found = edition(rules([question("warm", "welcome", yes=-1, no=0)]), answered(warm="yes"))

    with pytest.raises(IrregularError):
        score_grouped_edition(group(found))


def test_the_fingerprint_of_what_does_not_count_is_not_guessed() -> None:
    """A contact that is not approved may hold two answers where one is asked for; it is read one by one then."""
    returned = replace(answered(warm="very no"), review="returned")
    found = edition(RULES, returned)

    with pytest.raises(IrregularError):
        grouped_digest(group(found))


def test_two_values_on_one_scale_are_left_to_those_who_can_name_it() -> None:
    found = edition(RULES, replace(answered(warm="very"), values={"nps": Fraction(9)}))
    grouped = group(found)
    doubled = replace(grouped.contacts, answers=[f"{grouped.contacts.answers[0]},8000"])
    twice = GroupedEdition(found.rules, found.participants, {**grouped.numbering, 8000: ("nps", 8)}, doubled)

    with pytest.raises(IrregularError):
        score_grouped_edition(twice)
    with pytest.raises(IrregularError):
        grouped_digest(twice)


def test_numbers_too_large_for_the_arrays_are_left_to_the_reading_one_by_one() -> None:
    found = edition(RULES, answered(warm="very"))
    (number, answer), *others = group(found).numbering.items()
    large = replace(group(found).contacts, answers=[str(number + 2**70)])

    with pytest.raises(IrregularError):
        score_grouped_edition(GroupedEdition(found.rules, found.participants, {number + 2**70: answer}, large))
    assert not others


def test_values_below_zero_come_back_as_they_were() -> None:
    found = edition(RULES, replace(answered(warm="very"), values={"ces": Fraction(-3), "nps": Fraction(0)}))

    (contact,) = score_grouped_edition(group(found)).contacts

    assert contact.cx == {"ces": -3, "nps": 0}


def test_an_edition_without_a_contact_has_no_figures_and_a_fingerprint() -> None:
    found = edition(RULES)

    assert score_grouped_edition(group(found)) == score_edition(found)
    assert grouped_digest(group(found)) == input_digest(found)
