"""Answers grouped by a database are worth what they are worth one by one, to the last digit."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given

from scoring.engine import Contact, DataError, Edition, Participant, input_digest
from scoring.engine.grouped import GroupedContact, IrregularError, Numbering, grouped_digest, sum_grouped
from scoring.engine.methods.mystery_2022 import sum_answers
from tests.scoring.engine.editions import editions
from tests.scoring.engine.package import tiny_edition
from tests.scoring.engine.small import answered, edition, question, rules, scale, unanswered


def group(edition: Edition) -> tuple[Numbering, list[GroupedContact]]:
    """What a database would hand over: any number will do, as long as each answer has one of its own."""
    numbers: dict[tuple[str, str | int], str] = {}

    def number_of(answer: tuple[str, str | int]) -> str:
        return numbers.setdefault(answer, str(7000 + len(numbers)))

    contacts = []
    for contact in edition.contacts:
        ticked = [(code, option) for code, chosen in contact.options.items() for option in sorted(chosen, reverse=True)]
        answers: list[tuple[str, str | int]] = [
            *ticked,
            *((code, int(value)) for code, value in contact.values.items()),
        ]
        contacts.append(
            GroupedContact(
                contact.code,
                contact.participant,
                contact.channel,
                contact.outcome,
                contact.review,
                contact.wait,
                ",".join(number_of(answer) for answer in answers),
            )
        )
    return {number: answer for answer, number in numbers.items() if is_known(edition, answer)}, contacts


def is_known(edition: Edition, answer: tuple[str, str | int]) -> bool:
    question = edition.rules.questions.get(answer[0])
    return question is not None and (isinstance(answer[1], int) or answer[1] in question.options)


@given(editions())
def test_random_editions_have_the_same_sums_and_the_same_fingerprint(edition: Edition) -> None:
    numbering, contacts = group(edition)
    try:
        expected = sum_answers(edition)
    except DataError:
        with pytest.raises(IrregularError):
            sum_grouped(edition.rules, edition.participants, numbering, contacts)
        return
    assert sum_grouped(edition.rules, edition.participants, numbering, contacts) == expected
    assert grouped_digest(edition.rules, edition.participants, numbering, contacts) == input_digest(edition)


def test_the_worked_example_has_the_same_sums_and_the_same_fingerprint() -> None:
    tiny = tiny_edition()
    numbering, contacts = group(tiny)

    assert sum_grouped(tiny.rules, tiny.participants, numbering, contacts) == sum_answers(tiny)
    assert grouped_digest(tiny.rules, tiny.participants, numbering, contacts) == input_digest(tiny)


@given(editions())
def test_the_order_of_contacts_and_answers_does_not_matter(found: Edition) -> None:
    numbering, contacts = group(found)
    turned = [
        contact._replace(answers=",".join(reversed(contact.answers.split(",")))) for contact in reversed(contacts)
    ]

    before, after = (grouped_digest(found.rules, found.participants, numbering, order) for order in (contacts, turned))
    assert before == after


WARM = question("warm", "welcome", very=2, some="0.000000001", no=0, na="na")
NAMES = question("names", "welcome", "multi", agent=1, company="999999.5", na="na")
BY_MAIL = question("spelling", "agent", channels="email", yes=1, no=0)
RULES = rules([WARM, NAMES, BY_MAIL, scale("nps"), scale("ces")])


def test_nine_decimals_beside_a_million_stay_exact() -> None:
    found = edition(RULES, answered(warm="some", names="agent company"), answered("c2", warm="very", names="company"))
    numbering, contacts = group(found)

    sums = sum_grouped(found.rules, found.participants, numbering, contacts)

    assert sums == sum_answers(found)
    obtained, possible = sums[0].sums[0]
    assert Fraction(obtained, possible) == Fraction(1_000_000_500_000_001, 1_000_002_500_000_000)


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
    numbering, contacts = group(found)

    with pytest.raises(DataError):
        sum_answers(found)
    with pytest.raises(IrregularError):
        sum_grouped(found.rules, found.participants, numbering, contacts)


def test_rules_that_do_not_hold_are_not_counted_by() -> None:
    found = edition(rules([question("warm", "welcome", yes=-1, no=0)]), answered(warm="yes"))
    numbering, contacts = group(found)

    with pytest.raises(IrregularError):
        sum_grouped(found.rules, found.participants, numbering, contacts)


def test_the_fingerprint_of_what_does_not_count_is_not_guessed() -> None:
    """A contact that is not approved may hold two answers where one is asked for; it is read one by one then."""
    returned = replace(answered(warm="very no"), review="returned")
    found = edition(RULES, returned)
    numbering, contacts = group(found)

    with pytest.raises(IrregularError):
        grouped_digest(found.rules, found.participants, numbering, contacts)


def test_two_values_on_one_scale_are_left_to_those_who_can_name_it() -> None:
    found = edition(RULES, replace(answered(warm="very"), values={"nps": Fraction(9)}))
    numbering, (contact,) = group(found)
    doubled = contact._replace(answers=f"{contact.answers},8000")

    with pytest.raises(IrregularError):
        sum_grouped(found.rules, found.participants, {**numbering, "8000": ("nps", 8)}, [doubled])


def test_values_below_zero_come_back_as_they_were() -> None:
    found = edition(RULES, replace(answered(warm="very"), values={"ces": Fraction(-3), "nps": Fraction(0)}))
    numbering, contacts = group(found)

    (sums,) = sum_grouped(found.rules, found.participants, numbering, contacts)

    assert sums.cx == {"ces": -3, "nps": 0}
