"""What a shopper has answered so far: reading it, and telling what is wrong or missing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from surveys.models import Answer, Area, Comment, CommentArea, Contact
from surveys.queries.questionnaire import AskedQuestion, Questionnaire

MAX_COMMENT_LENGTH = 5_000
"""Characters in a free text field."""


def question_field(code: str) -> str:
    """The name of a question as a field of a draft, and of the page that fills it in."""
    return f"q-{code}"


def comment_field(area: str) -> str:
    """The name of an area's free text as a field."""
    return f"c-{area}"


@dataclass(frozen=True, slots=True)
class Content:
    """Answers and comments by question code and area. An unanswered question is absent, not empty."""

    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, int] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_draft(cls, draft: Mapping[str, Any]) -> Content:
        """Read `Response.draft`."""
        return cls(
            options={code: tuple(chosen) for code, chosen in draft.get("options", {}).items()},
            values=dict(draft.get("values", {})),
            comments=dict(draft.get("comments", {})),
        )

    def as_draft(self) -> dict[str, Any]:
        """The same as plain JSON, in one order, so that equal content gives equal text."""
        return {
            "options": {code: list(self.options[code]) for code in sorted(self.options)},
            "values": {code: self.values[code] for code in sorted(self.values)},
            "comments": {area: self.comments[area] for area in sorted(self.comments)},
        }

    def with_changes(
        self,
        *,
        options: Mapping[str, Iterable[str]],
        values: Mapping[str, int | None],
        comments: Mapping[str, str],
    ) -> Content:
        """The content after a save that names what it changes; an empty choice, None or an empty text takes away."""
        chosen = {**self.options, **{code: tuple(sorted(set(given))) for code, given in options.items()}}
        numbers = {**self.values, **values}
        texts = {**self.comments, **comments}
        return Content(
            options={code: given for code, given in chosen.items() if given},
            values={code: number for code, number in numbers.items() if number is not None},
            comments={area: text for area, text in texts.items() if text},
        )

    def only(self, field: str) -> Content:
        """What stands in one field alone; nothing when it is empty."""
        kind, _, key = field.partition("-")
        if kind == "c":
            return Content(comments={key: self.comments[key]} if key in self.comments else {})
        return Content(
            options={key: self.options[key]} if key in self.options else {},
            values={key: self.values[key]} if key in self.values else {},
        )

    def with_field(self, field: str, source: Content) -> Content:
        """The content with one field as it stands in `source`."""
        kind, _, key = field.partition("-")
        if kind == "c":
            return self.with_changes(options={}, values={}, comments={key: source.comments.get(key, "")})
        return self.with_changes(
            options={key: source.options.get(key, ())}, values={key: source.values.get(key)}, comments={}
        )

    def mark(self, field: str) -> str:
        """The version of one field: 16 hexadecimal digits of what stands in it, the same for the same content.

        A page that saves says which mark it has seen, so that a change from elsewhere is noticed, field by field.
        """
        plain = json.dumps(self.only(field).as_draft(), ensure_ascii=True, sort_keys=True)
        return hashlib.sha256(plain.encode()).hexdigest()[:16]

    def answers(self, question: AskedQuestion) -> bool:
        return question.code in (self.values if question.is_scale else self.options)


@dataclass(frozen=True, slots=True)
class AnswerProblem:
    """Something to mend, with its place: the area, and the question unless it is the area's comment."""

    area: str
    question: str
    message: str


def content_problems(questionnaire: Questionnaire, content: Content) -> tuple[AnswerProblem, ...]:
    """Everything that does not belong in a questionnaire of this channel. Missing answers are no such thing."""
    return (
        *_option_problems(questionnaire, content),
        *_value_problems(questionnaire, content),
        *_comment_problems(content),
    )


def missing_answers(questionnaire: Questionnaire, content: Content) -> tuple[AnswerProblem, ...]:
    """The required questions that lack an answer, in the order they are asked."""
    return tuple(
        AnswerProblem(question.area, question.code, _("Svar på «%(question)s»") % {"question": question.text})
        for question in questionnaire
        if question.required and not content.answers(question)
    )


def contradictions(questionnaire: Questionnaire, content: Content) -> tuple[AnswerProblem, ...]:
    """Questions with ticks that seem to contradict each other, to be looked at; they may be handed in as they are."""
    return tuple(
        _problem(question, _("Se på «%(question)s»: svarene ser ut til å motsi hverandre."))
        for question in questionnaire
        if question.contradicts_itself(content.options.get(question.code, ()))
    )


def _option_problems(questionnaire: Questionnaire, content: Content) -> Iterable[AnswerProblem]:
    for code, chosen in content.options.items():
        question = questionnaire.by_code.get(code)
        if question is None or question.is_scale:
            yield AnswerProblem(
                "", code, _("Spørsmålet «%(code)s» hører ikke til denne henvendelsen.") % {"code": code}
            )
            continue
        options = [question.option(option) for option in chosen]
        if None in options:
            yield _problem(question, _("«%(question)s»: velg ett av svarene i listen."))
        elif len(options) > 1 and not question.is_multi:
            yield _problem(question, _("«%(question)s»: velg bare ett svar."))
        elif len(options) > 1 and any(option.not_applicable for option in options if option):
            yield _problem(question, _("«%(question)s»: «ikke aktuelt» kan ikke stå sammen med andre svar."))


def _value_problems(questionnaire: Questionnaire, content: Content) -> Iterable[AnswerProblem]:
    for code, value in content.values.items():
        question = questionnaire.by_code.get(code)
        if question is None or not question.is_scale:
            yield AnswerProblem(
                "", code, _("Spørsmålet «%(code)s» hører ikke til denne henvendelsen.") % {"code": code}
            )
        elif value not in question.scale:
            ends = {"question": question.text, "least": question.scale_min, "most": question.scale_max}
            message = _("«%(question)s»: velg et tall fra %(least)s til %(most)s.") % ends
            yield AnswerProblem(question.area, code, message)


def _comment_problems(content: Content) -> Iterable[AnswerProblem]:
    for area, text in content.comments.items():
        if area not in CommentArea.values:
            yield AnswerProblem("", "", _("Kommentarfeltet «%(area)s» finnes ikke.") % {"area": area})
        elif len(text) > MAX_COMMENT_LENGTH:
            facts = {"area": Area(area).label, "length": len(text), "most": MAX_COMMENT_LENGTH}
            message = _("Kommentaren til «%(area)s» har %(length)s tegn; kort den ned til høyst %(most)s.") % facts
            yield AnswerProblem(area, "", message)


def _problem(question: AskedQuestion, message: str) -> AnswerProblem:
    return AnswerProblem(question.area, question.code, message % {"question": question.text})


def handed_in_content(contact: Contact) -> Content:
    """The content of the rows that count, in the shopper's own words. Two queries."""
    options: dict[str, tuple[str, ...]] = {}
    values: dict[str, int] = {}
    rows = Answer.objects.filter(contact=contact).values_list("question__code", "option__code", "value")
    for code, option, value in rows:
        if value is not None:
            values[code] = value
        else:
            options[code] = tuple(sorted((*options.get(code, ()), option)))
    comments = {
        comment.area: comment.original_text or comment.text for comment in Comment.objects.filter(contact=contact)
    }
    return Content(options=options, values=values, comments=comments)
