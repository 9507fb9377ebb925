"""From the tables to the engine with the answers grouped by the database: one row per contact instead of forty.

Every answer leaves the database as one whole number, made of its keys alone, so that SQLite and PostgreSQL say the
same, and a number that the questionnaire does not know betrays an answer that is not in order.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.db.models import F, Func, Max, OuterRef, Subquery, TextField
from django.db.models.functions import Cast, Coalesce

from scoring.engine.grouped import GroupedContacts, GroupedEdition, Numbering
from scoring.queries.editions import read_participants, read_rules
from surveys.models import Answer, Contact, Edition, Option, Question, QuestionKind

VALUES = 1 << 16
LEAST_VALUE = -(1 << 15)
"""A value is a small integer of two bytes: 65,536 of them, from −32,768."""


def read_grouped(edition: Edition) -> GroupedEdition:
    """Everything the numbers depend on. Eight queries, whatever the size of the edition.

    A value outside its scale has no number, so that such an edition is read answer by answer.
    """
    step = 1 + (Question.objects.aggregate(last=Max("pk"))["last"] or 0)
    return GroupedEdition(
        rules=read_rules(edition),
        participants=read_participants(edition),
        numbering=_numbering(edition, step),
        contacts=_read_contacts(edition, step),
    )


class Listing(Func):
    """Every value of a column in one text, parted by commas."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="STRING_AGG((%(expressions)s)::text, ',')", **context)


def _read_contacts(edition: Edition, step: int) -> GroupedContacts:
    """Contacts with their answers, in one query. `step` is more than any question's key.

    A tick is its option's key and its question's in one positive number, a value its question's key and itself in one
    negative number.
    """
    tick = F("option_id") * step + F("question_id")
    value = -(F("question_id") * VALUES + F("value") - LEAST_VALUE)
    own = Answer.objects.filter(contact=OuterRef("pk")).order_by()
    numbers = Subquery(own.annotate(numbers=Listing(Coalesce(tick, value))).values("numbers"))
    wait_text = Cast("wait", TextField())  # several times quicker to look up than a decimal number
    columns = ("code", "participant__code", "channel", "outcome", "review", wait_text, numbers)
    rows = Contact.objects.filter(edition=edition).order_by("code").values_list(*columns)
    code, participant, channel, outcome, review, wait, answers = list(zip(*rows, strict=True)) or [()] * len(columns)
    different = tuple({None: None} | dict.fromkeys(wait))
    places = {found: place for place, found in enumerate(different, start=-1)}
    return GroupedContacts(
        code=code,
        participant=participant,
        channel=channel,
        outcome=outcome,
        review=review,
        wait=[places[found] for found in wait],
        answers=[listed or "" for listed in answers],
        waits=[Fraction(found) for found in different[1:]],
    )


def _numbering(edition: Edition, step: int) -> Numbering:
    """What the numbers of this edition's own options and values stand for; no other number is known."""
    options = Option.objects.filter(question__edition=edition).values_list(
        "pk", "code", "question_id", "question__code"
    )
    numbering: dict[int, tuple[str, str | int]] = {
        key * step + question: (asked, code) for key, code, question, asked in options
    }
    scales = Question.objects.filter(edition=edition, kind=QuestionKind.SCALE)
    for key, code, least, most in scales.values_list("pk", "code", "scale_min", "scale_max"):
        for value in range(least or 0, (most or 0) + 1):
            numbering[-(key * VALUES + value - LEAST_VALUE)] = (code, value)
    return numbering
