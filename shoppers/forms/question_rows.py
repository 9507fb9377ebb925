"""The questions of a step as its page shows them: what is chosen, what to mend, what to choose between."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from surveys.queries.content import AnswerProblem, Content, question_field
from surveys.queries.questionnaire import AskedQuestion, Section

_TELLS_OF_TICKS = re.compile(r"\b(kryss av|tick)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Disagreement:
    """Two answers to one question, in words, and what choosing the other one takes.

    `mark` and `values` are of the other answer; `is_text` when it is a free text.
    """

    field: str
    here: str
    there: str
    mark: str
    values: tuple[str, ...]
    is_text: bool = False


@dataclass(frozen=True)
class ShownQuestion:
    """A question as the page shows it: what is chosen (option codes, or the value on a scale), and what to mend.

    `seen` are the marks of what the page is made from.
    """

    question: AskedQuestion
    chosen: frozenset[str]
    problem: str = ""
    seen: tuple[str, ...] = ()
    disagreement: Disagreement | None = None

    @property
    def name(self) -> str:
        return question_field(self.question.code)

    @property
    def tells_of_ticks(self) -> bool:
        """Whether the question itself says that several answers may be ticked, so that the page need not."""
        return bool(_TELLS_OF_TICKS.search(self.question.text))

    @property
    def tells_of_ends(self) -> bool:
        """Whether the question itself says what the ends of its scale mean."""
        return bool(re.search(rf"\b{self.question.scale_min}\s*=", self.question.text))

    @property
    def steps(self) -> tuple[str, ...]:
        """The values of a scale as the page writes them."""
        return tuple(str(value) for value in self.question.scale)


def rows_of(
    section: Section,
    content: Content,
    *,
    seen: Mapping[str, tuple[str, ...]],
    problems: Mapping[str, AnswerProblem],
    disagreements: Mapping[str, Disagreement],
) -> tuple[ShownQuestion, ...]:
    """The questions of a step with their answers."""
    rows = []
    for question in section.questions:
        field = question_field(question.code)
        rows.append(
            ShownQuestion(
                question=question,
                chosen=_chosen(question, content),
                problem=problems[field].message if field in problems else "",
                seen=seen.get(field, ()),
                disagreement=disagreements.get(field),
            )
        )
    return tuple(rows)


def disagreement(section: Section, field: str, *, here: Content, there: Content) -> Disagreement:
    """What the page and the saved draft say in a field they do not agree on."""
    question = next((asked for asked in section.questions if question_field(asked.code) == field), None)
    if question is None:
        area = section.area.value
        texts = here.comments.get(area, ""), there.comments.get(area, "")
        return Disagreement(field, *texts, mark=there.mark(field), values=(texts[1],), is_text=True)
    return Disagreement(
        field,
        here=_in_words(question, here),
        there=_in_words(question, there),
        mark=there.mark(field),
        values=tuple(sorted(_chosen(question, there))),
    )


def _in_words(question: AskedQuestion, content: Content) -> str:
    chosen = _chosen(question, content)
    if question.is_scale:
        return next(iter(chosen), "")
    return ", ".join(option.text for option in question.options if option.code in chosen)


def _chosen(question: AskedQuestion, content: Content) -> frozenset[str]:
    if not question.is_scale:
        return frozenset(content.options.get(question.code, ()))
    value = content.values.get(question.code)
    return frozenset() if value is None else frozenset({str(value)})
