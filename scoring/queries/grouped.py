"""From the tables to the engine with the answers grouped by the database: one row per contact instead of forty.

Every answer leaves the database as one whole number, made of its keys alone, so that SQLite and PostgreSQL say the
same, and a number that the questionnaire does not know betrays an answer that is not in order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import ExpressionWrapper, F, Field, Func, Max, OuterRef, Subquery, TextField
from django.db.models.functions import Coalesce

from scoring import engine
from scoring.engine.grouped import GroupedContact, Numbering
from scoring.queries.editions import read_participants, read_rules
from surveys.models import Answer, Contact, Edition, Option, Question, QuestionKind

VALUES = 1 << 16
LEAST_VALUE = -(1 << 15)
"""A value is a small integer of two bytes: 65,536 of them, from −32,768."""


@dataclass(frozen=True, slots=True)
class GroupedEdition:
    """An edition whose answers are grouped by contact; contacts by code."""

    rules: engine.Rules
    participants: tuple[engine.Participant, ...]
    numbering: Numbering
    contacts: tuple[GroupedContact, ...]


def read_grouped(edition: Edition) -> GroupedEdition:
    """Everything the numbers depend on. Eight queries, whatever the size of the edition.

    A value outside its scale has no number, so that such an edition is read answer by answer.
    """
    step = 1 + (Question.objects.aggregate(last=Max("pk"))["last"] or 0)
    contacts = tuple(_read_contacts(edition, step))
    return GroupedEdition(
        rules=read_rules(edition),
        participants=read_participants(edition),
        numbering=_numbering(edition, step),
        contacts=contacts,
    )


class Listing(Func):
    """Every value of a column in one text, parted by commas."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="STRING_AGG((%(expressions)s)::text, ',')", **context)


class AsStored(ExpressionWrapper):  # type: ignore[type-arg]  # no type arguments at run time
    """A column as the database holds it, without the field's own conversion of every single value.

    An exact decimal comes as a float from SQLite. Its 15 digits are those of the shortest text that gives the same
    float, which is the one `str` writes; so the few different values are converted that way, each once.
    """

    def __init__(self, name: str) -> None:
        super().__init__(F(name), output_field=Field())


def _read_contacts(edition: Edition, step: int) -> Iterator[GroupedContact]:
    """Contacts with their answers, in one query. `step` is more than any question's key.

    A tick is its option's key and its question's in one positive number, a value its question's key and itself in one
    negative number.
    """
    tick = F("option_id") * step + F("question_id")
    value = -(F("question_id") * VALUES + F("value") - LEAST_VALUE)
    own = Answer.objects.filter(contact=OuterRef("pk")).order_by()
    numbers = own.annotate(numbers=Listing(Coalesce(tick, value))).values("numbers")
    rows = (
        Contact.objects.filter(edition=edition)
        .order_by("code")
        .values_list(
            *("code", "participant__code", "channel", "outcome", "review", AsStored("wait"), Subquery(numbers))
        )
    )
    waits: dict[Any, Fraction | None] = {None: None}
    for code, participant, channel, outcome, review, wait, answers in rows:
        if wait not in waits:
            waits[wait] = Fraction(str(wait))
        yield GroupedContact(code, participant, channel, outcome, review, waits[wait], answers or "")


def _numbering(edition: Edition, step: int) -> Numbering:
    """What the numbers of this edition's own options and values stand for; no other number is known."""
    options = Option.objects.filter(question__edition=edition).values_list(
        "pk", "code", "question_id", "question__code"
    )
    numbering: dict[str, tuple[str, str | int]] = {
        str(key * step + question): (asked, code) for key, code, question, asked in options
    }
    for scale in Question.objects.filter(edition=edition, kind=QuestionKind.SCALE):
        for value in range(scale.scale_min or 0, (scale.scale_max or 0) + 1):
            numbering[str(-(scale.pk * VALUES + value - LEAST_VALUE))] = (scale.code, value)
    return numbering
