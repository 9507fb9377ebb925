"""«Hvorfor 94,7?»: a participant's total taken apart to the single answer, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scoring import engine
from scoring.engine.answers import NO_POINTS, NOT_ANSWERED, NOT_APPLICABLE, OTHER_CHANNEL
from scoring.engine.explain import AreaStep, ContactStep, Explanation, Neighbour, QuestionStep
from scoring.queries import read_edition
from surveys.models import Area, Channel, Contact, Edition, Option, Outcome, Participant, Question

LEFT_OUT: dict[str, str | Promise] = {
    OTHER_CHANNEL: _("spørres det ikke om på denne kontaktmåten"),
    NO_POINTS: _("gir ikke poeng"),
    NOT_ANSWERED: _("ikke besvart"),
    NOT_APPLICABLE: _("ikke aktuelt, regnes ikke med"),
}
NOT_COUNTED: dict[str, str | Promise] = {
    "not_made": _("ikke gjort"),
    "void": _("annullert"),
    "review": _("ikke godkjent"),
}
STEPS: dict[str, str | Promise] = {
    "total": _("totalresultatet"),
    "answered_total": _("scoren for besvarte henvendelser"),
    "agent": _("scoren for kundebehandleren"),
    "shared": _("ingenting: de deler plassen"),
}


@dataclass(frozen=True)
class AnswerLine:
    """One question in one contact. `why_not` says why it counts for nothing, and is empty where it counts."""

    question: str
    answer: str
    obtained: Fraction
    possible: Fraction
    why_not: str


@dataclass(frozen=True)
class AreaLine:
    """One performance area of a contact, with the weight it entered the contact's score with."""

    label: str
    score: Fraction | None
    weight: Fraction
    obtained: Fraction
    possible: Fraction
    answers: tuple[AnswerLine, ...]
    wait_seconds: Fraction | None
    wait_days: int | None


@dataclass(frozen=True)
class ContactLine:
    """One contact. `why_not` says why it does not count, and is empty where it does."""

    code: str
    channel_label: str
    outcome_label: str
    week: str
    score: Fraction | None
    why_not: str
    weight_sum: Fraction
    areas: tuple[AreaLine, ...]


@dataclass(frozen=True)
class NeighbourLine:
    """Who stands just above or below, and what decided it."""

    name: str
    rank: int
    is_above: bool
    decided_by: str
    own: Fraction | None
    other: Fraction | None


@dataclass(frozen=True)
class ExplanationPage:
    """Everything behind one participant's total, exact."""

    participant: Participant
    result: engine.ParticipantResult
    score_sum: Fraction
    contacts: tuple[ContactLine, ...]
    in_class: tuple[NeighbourLine, ...]
    overall: tuple[NeighbourLine, ...]


def explain_participant(edition: Edition, participant: Participant) -> ExplanationPage:
    """Recount the edition and take one participant apart. Reads every answer; raises engine.DataError."""
    found = engine.explain(read_edition(edition), participant.code, method=edition.scoring_method)
    words = _Words(edition)
    weeks = dict(Contact.objects.filter(participant=participant).values_list("code", "week"))
    names = dict(Participant.objects.filter(edition=edition).values_list("code", "name"))
    return ExplanationPage(
        participant=participant,
        result=found.result,
        score_sum=_sum_of(found),
        contacts=tuple(_contact_line(step, weeks, words) for step in found.contacts),
        in_class=tuple(_neighbour_line(n, names) for n in found.neighbours_in_class),
        overall=tuple(_neighbour_line(n, names) for n in found.neighbours_overall),
    )


def _sum_of(found: Explanation) -> Fraction:
    return sum((step.score for step in found.contacts if step.score is not None), Fraction(0))


class _Words:
    """Texts of the questionnaire by code, in the reader's language. Two queries."""

    def __init__(self, edition: Edition) -> None:
        self.questions = {row.code: row.text for row in Question.objects.filter(edition=edition)}
        self._options: dict[tuple[str, str], str] = {
            (row.question.code, row.code): row.text
            for row in Option.objects.filter(question__edition=edition).select_related("question")
        }

    def ticked(self, step: QuestionStep) -> str:
        return " · ".join(self._options[step.question, option] for option in step.ticked)


def _contact_line(step: ContactStep, weeks: Mapping[str, str], words: _Words) -> ContactLine:
    return ContactLine(
        code=step.contact,
        channel_label=str(Channel(step.channel).label),
        outcome_label=str(Outcome(step.outcome).label) if step.outcome else "",
        week=weeks.get(step.contact, ""),
        score=step.score,
        why_not=str(NOT_COUNTED[step.not_counted]) if step.not_counted else "",
        weight_sum=Fraction(step.weight_sum),
        areas=tuple(_area_line(area, step.channel, words) for area in step.areas),
    )


def _area_line(step: AreaStep, channel: str, words: _Words) -> AreaLine:
    wait = step.wait.wait if step.wait else None
    in_days = channel == Channel.EMAIL
    shown = (question for question in step.questions if question.left_out != OTHER_CHANNEL)
    return AreaLine(
        label=str(Area(step.area).label),
        score=step.score,
        weight=Fraction(step.weight_used),
        obtained=Fraction(step.obtained),
        possible=Fraction(step.possible),
        answers=tuple(_answer_line(question, words) for question in shown),
        wait_seconds=None if in_days else wait,
        wait_days=int(wait) if in_days and wait is not None else None,
    )


def _answer_line(step: QuestionStep, words: _Words) -> AnswerLine:
    return AnswerLine(
        question=words.questions[step.question],
        answer=words.ticked(step),
        obtained=Fraction(step.obtained),
        possible=Fraction(step.possible),
        why_not=str(LEFT_OUT[step.left_out]) if step.left_out else "",
    )


def _neighbour_line(neighbour: Neighbour, names: Mapping[str, str]) -> NeighbourLine:
    return NeighbourLine(
        name=names[neighbour.participant],
        rank=neighbour.rank,
        is_above=neighbour.is_above,
        decided_by=str(STEPS[neighbour.decided_by]),
        own=neighbour.own,
        other=neighbour.other,
    )
