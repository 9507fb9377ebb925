"""The method of the mystery survey: weighted areas, no answer is 0, the mean of the counted contacts is the total."""

from __future__ import annotations

from scoring.engine.aggregate import class_results, participant_results, summary_of
from scoring.engine.answers import AnswerReader
from scoring.engine.checks import check_identifiers, check_rules
from scoring.engine.contact_score import score_contacts
from scoring.engine.grouped.scores import score_grouped
from scoring.engine.methods.registry import Method, register
from scoring.engine.problems import DataError
from scoring.engine.ranking import decide_awards, rank_participants
from scoring.engine.types import ContactSums, Edition


def sum_answers(edition: Edition) -> tuple[ContactSums, ...]:
    """The sums of the counted contacts, in the order given. Raises ``DataError`` with every problem of the edition.

    Answers are read only by rules that are sound, and only of contacts whose participant, channel and state are known.
    """
    problems = list(check_rules(edition.rules))
    if problems:
        raise DataError(problems)
    problems = list(check_identifiers(edition))
    unsound = {problem.code for problem in problems if problem.subject == "contact"}
    reader = AnswerReader(edition.rules)
    readable = (contact for contact in edition.contacts if contact.is_counted and contact.code not in unsound)
    read = [reader.read(contact) for contact in readable]
    problems += reader.problems
    if problems:
        raise DataError(problems)
    return tuple(sums for sums in read if sums is not None)


MYSTERY_2022 = register(
    Method(
        name="mystery-2022",
        title_nb="Mystery shopping 2022: veide prestasjonsområder, ubesvart gir 0",
        title_en="Mystery shopping 2022: weighted performance areas, no answer gives 0",
        sum_answers=sum_answers,
        score_contacts=score_contacts,
        participant_results=participant_results,
        rank=rank_participants,
        class_results=class_results,
        summarise=summary_of,
        decide_awards=decide_awards,
        score_grouped=score_grouped,
    )
)
