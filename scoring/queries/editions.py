"""From the tables to the engine, answer by answer: the way that names whatever is wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from scoring import engine
from surveys.models import Answer, Contact, Edition, Option, Participant, Question, WaitBand


def read_edition(edition: Edition) -> engine.Edition:
    """Everything the numbers depend on, as the engine takes it. Eight queries, whatever the size of the edition."""
    return engine.Edition(
        rules=read_rules(edition), participants=read_participants(edition), contacts=_read_contacts(edition)
    )


def read_rules(edition: Edition) -> engine.Rules:
    """The edition's weights, limits, bands and questionnaire."""
    return engine.Rules(
        weights={area: Fraction(weight) for area, weight in edition.weights.items()},
        min_counted=edition.min_counted,
        min_channel_contacts=edition.min_channel_contacts,
        bands=_read_bands(edition),
        questions=_read_questions(edition),
    )


def _read_bands(edition: Edition) -> Mapping[str, tuple[engine.Band, ...]]:
    bands: dict[str, list[engine.Band]] = defaultdict(list)
    rows = WaitBand.objects.filter(edition=edition).values_list("channel", "up_to", "percent")
    for channel, up_to, percent in rows:
        bands[channel].append(engine.Band(up_to=exact(up_to), percent=Fraction(percent)))
    return {channel: tuple(found) for channel, found in bands.items()}


def _read_questions(edition: Edition) -> Mapping[str, engine.Question]:
    options: dict[int, dict[str, engine.Option]] = defaultdict(dict)
    columns = ("question_id", "code", "points", "not_applicable")
    rows = Option.objects.filter(question__edition=edition).values_list(*columns)
    for question, code, points, not_applicable in rows:
        options[question][code] = engine.Option(code=code, points=exact(points), not_applicable=not_applicable)
    questions = Question.objects.filter(edition=edition).values_list(
        "pk", "code", "area", "kind", "channels", "metric", "scale_min", "scale_max"
    )
    return {
        code: engine.Question(
            code=code,
            area=area,
            kind=kind,
            channels=frozenset(channels.split()),
            metric=metric,
            options=options[key],
            scale=None if least is None or most is None else (least, most),
        )
        for key, code, area, kind, channels, metric, least, most in questions
    }


def read_participants(edition: Edition) -> tuple[engine.Participant, ...]:
    rows = Participant.objects.filter(edition=edition).order_by("code").values_list("code", "award_class__code")
    return tuple(engine.Participant(code=code, award_class=award_class) for code, award_class in rows)


def _read_contacts(edition: Edition) -> tuple[engine.Contact, ...]:
    answers = _read_answers(edition)
    rows = (
        Contact.objects.filter(edition=edition)
        .order_by("code")
        .values_list("pk", "code", "participant__code", "channel", "outcome", "review", "wait")
    )
    return tuple(
        engine.Contact(
            code=code,
            participant=participant,
            channel=channel,
            outcome=outcome,
            review=review,
            wait=exact(wait),
            options=answers.options.get(pk, {}),
            values=answers.values.get(pk, {}),
        )
        for pk, code, participant, channel, outcome, review, wait in rows
    )


@dataclass(frozen=True)
class _Answers:
    """Answers by contact key: ticked options and scale values per question code."""

    options: Mapping[int, Mapping[str, frozenset[str]]]
    values: Mapping[int, Mapping[str, Fraction]]


def _read_answers(edition: Edition) -> _Answers:
    """All answers as bare numbers; joining names here is several times quicker than joining rows. Three queries.

    A question of another edition, or an option of another question, gets a code that no rule knows: «#17».
    """
    questions = dict(Question.objects.filter(edition=edition).values_list("pk", "code"))
    options = Option.objects.filter(question__edition=edition).values_list("question_id", "pk", "code")
    option_codes = {(question, option): code for question, option, code in options}
    ticked: dict[int, dict[str, frozenset[str]]] = defaultdict(dict)
    values: dict[int, dict[str, Fraction]] = defaultdict(dict)
    answers = Answer.objects.filter(contact__edition=edition)
    rows: Iterator[Any] = answers.values_list("contact_id", "question_id", "option_id", "value").iterator(
        chunk_size=20_000
    )
    for contact, question_key, option, value in rows:
        question = questions.get(question_key) or f"#{question_key}"
        if option is None:
            values[contact][question] = Fraction(value)
            continue
        chosen = frozenset((option_codes.get((question_key, option)) or f"#{option}",))
        before = ticked[contact].get(question)
        ticked[contact][question] = chosen if before is None else before | chosen
    return _Answers(options=ticked, values=values)


def exact(value: Decimal | None) -> Fraction | None:
    return None if value is None else Fraction(value)
