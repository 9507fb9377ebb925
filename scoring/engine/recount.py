"""A full recount by a named method, from answers or from sums that were made elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from scoring.engine.aggregate import Basis, bases
from scoring.engine.checks import check_sums
from scoring.engine.grouped.types import GroupedEdition, IrregularError
from scoring.engine.methods import DEFAULT_METHOD, Method, method_named
from scoring.engine.problems import DataError
from scoring.engine.types import ContactScore, ContactSums, Edition, EditionResult, Participant, Rules


def score_edition(edition: Edition, *, method: str = DEFAULT_METHOD) -> EditionResult:
    """Every figure, place and award of the edition. Raises ``DataError`` and ``UnknownMethodError``."""
    sums = method_named(method).sum_answers(edition)
    return score_sums(edition.rules, edition.participants, sums, method=method)


def score_sums(
    rules: Rules, participants: Sequence[Participant], sums: Iterable[ContactSums], *, method: str = DEFAULT_METHOD
) -> EditionResult:
    """The same from the sums of the counted contacts. Raises ``DataError`` and ``UnknownMethodError``."""
    stages = method_named(method)
    sums = tuple(sums)
    problems = tuple(check_sums(rules, participants, sums))
    if problems:
        raise DataError(problems)
    return score_contacts(rules, participants, stages.score_contacts(rules, sums), method=method)


def score_contacts(
    rules: Rules, participants: Sequence[Participant], contacts: Iterable[ContactScore], *, method: str = DEFAULT_METHOD
) -> EditionResult:
    """The same from the contacts' scores, for asking what if one of them were different. Raises ``UnknownMethodError``.

    Every contact is taken to be one of the participants' own.
    """
    contacts = tuple(contacts)
    return _result(method_named(method), rules, participants, contacts, bases(contacts))


def score_grouped_edition(edition: GroupedEdition, *, method: str = DEFAULT_METHOD) -> EditionResult:
    """The same from answers that a database has grouped by contact.

    Raises ``IrregularError`` where reading them one by one has more to say, and ``UnknownMethodError``.
    """
    stages = method_named(method)
    if stages.score_grouped is None:
        raise IrregularError(method)
    scores = stages.score_grouped(edition)
    return _result(stages, edition.rules, edition.participants, scores.contacts, scores.bases)


def _result(
    stages: Method,
    rules: Rules,
    participants: Sequence[Participant],
    contacts: Sequence[ContactScore],
    found: Mapping[str, Basis],
) -> EditionResult:
    rows = stages.rank(stages.participant_results(rules, participants, found))
    return EditionResult(
        participants=rows,
        classes=stages.class_results(rows, found),
        summary=stages.summarise(rows, found),
        awards=stages.decide_awards(rules, rows),
        contacts=contacts,
    )
