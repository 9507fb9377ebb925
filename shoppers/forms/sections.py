"""What a step of the questionnaire says when it is sent: values, texts, and the marks of what the page had seen."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field

from django.http import QueryDict

from kundeservice.core.text import words_of
from surveys.queries.content import Content, comment_field, question_field
from surveys.queries.questionnaire import Section

HERE, THERE = "here", "there"
"""Of two answers to one question: the one on this page, or the one that somebody saved meanwhile."""
MOST_TRIED = 5

_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,9}")
NO_NUMBER = -1_000
"""Stands for what is no number, so that the service refuses it with the limits that hold."""


@dataclass(frozen=True)
class Changes:
    """What a page wants saved, as `save_draft` takes it."""

    options: Mapping[str, list[str]] = dataclass_field(default_factory=dict)
    values: Mapping[str, int | None] = dataclass_field(default_factory=dict)
    comments: Mapping[str, str] = dataclass_field(default_factory=dict)

    def on(self, content: Content) -> Content:
        """The content with these changes made, texts cleaned as they are when they are saved."""
        comments = {area: words_of(text) for area, text in self.comments.items()}
        return content.with_changes(options=self.options, values=self.values, comments=comments)


def fields_of(section: Section) -> tuple[str, ...]:
    """The fields of a step in the order of the page."""
    questions = tuple(question_field(question.code) for question in section.questions)
    return (*questions, comment_field(section.area.value)) if section.has_comment else questions


def read_section(section: Section, data: QueryDict) -> Changes:
    """Everything a whole step says: what is not ticked is taken away.

    A page that was sent whole names all its fields. Those it shows as it got them are left out, so that what somebody
    changed elsewhere stands; so are those for which the other answer was chosen.
    """
    whole = _read(section, data, set(fields_of(section)))
    typed = whole.on(Content())
    named = {
        field
        for field in fields_of(section)
        if data.get(f"keep-{field}") == HERE
        or (data.get(f"keep-{field}") != THERE and typed.mark(field) not in data.getlist(f"seen-{field}"))
    }
    return _read(section, data, named)


def read_changes(section: Section, data: QueryDict) -> Changes:
    """Only what a page names: its `field` parameters, an emptied one included."""
    return _read(section, data, set(data.getlist("field")))


def read_seen(section: Section, data: QueryDict) -> dict[str, tuple[str, ...]]:
    """Field → the marks a save may build on; a page from before there were marks gives none.

    These are what the page was made with (`seen-…`), what the shopper preferred their own answer to (`other-…`), and
    what the page sent before without hearing whether it arrived (`tried-…`, as JSON).
    """
    seen = {}
    for field in fields_of(section):
        if f"seen-{field}" not in data:
            continue
        other = data.getlist(f"other-{field}") if data.get(f"keep-{field}") == HERE else []
        tried = (_tried_mark(section, field, text) for text in data.getlist(f"tried-{field}")[-MOST_TRIED:])
        seen[field] = (*data.getlist(f"seen-{field}"), *other, *tried)
    return seen


def _tried_mark(section: Section, field: str, text: str) -> str:
    """The mark that stands when a save of these values arrived; a mark nothing has when they are no list of texts."""
    try:
        given = json.loads(text)
    except ValueError:
        return ""
    if not isinstance(given, list) or not all(isinstance(value, str) for value in given):
        return ""
    data = QueryDict(mutable=True)
    data.setlist(field, given)
    return _read(section, data, {field}).on(Content()).mark(field)


def _read(section: Section, data: QueryDict, named: Collection[str]) -> Changes:
    asked = [question for question in section.questions if question_field(question.code) in named]
    comment = comment_field(section.area.value)
    return Changes(
        options={
            question.code: [code for code in data.getlist(question_field(question.code)) if code]
            for question in asked
            if not question.is_scale
        },
        values={
            question.code: _value(data.get(question_field(question.code), ""))
            for question in asked
            if question.is_scale
        },
        comments={section.area.value: data.get(comment, "")}
        if section.has_comment and comment in data and comment in named
        else {},
    )


def _value(text: str) -> int | None:
    return whole_number(text) if text else None


def whole_number(text: str) -> int:
    """A whole number of at most nine digits; `NO_NUMBER` for anything else."""
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else NO_NUMBER
