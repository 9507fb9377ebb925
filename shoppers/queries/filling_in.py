"""The questionnaire as steps: what is answered, what is missing, where one goes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from surveys.models import Area
from surveys.queries.content import AnswerProblem, Content, contradictions, missing_answers
from surveys.queries.questionnaire import Questionnaire, Section

STEP_PATHS: Mapping[str, str] = {
    Area.WAIT.value: "ventetid",
    Area.WELCOME.value: "velkomst",
    Area.AGENT.value: "kundebehandleren",
    Area.OVERALL.value: "totalinntrykk",
    Area.CX.value: "opplevelse",
}
"""Area → its word in the address."""


@dataclass(frozen=True, slots=True)
class StepOverview:
    """One area on the way: its place (from 1), how many questions are answered, and the required ones that are not.

    `doubts` are answers to look at before they are handed in.
    """

    section: Section
    place: int
    total: int
    answered: int
    missing: tuple[AnswerProblem, ...]
    doubts: tuple[AnswerProblem, ...]

    @property
    def path(self) -> str:
        return STEP_PATHS[self.section.area.value]

    @property
    def questions(self) -> int:
        return len(self.section.questions)

    @property
    def is_complete(self) -> bool:
        return not self.missing


def overview(questionnaire: Questionnaire, content: Content) -> tuple[StepOverview, ...]:
    """Every step in order, with how far it has come."""
    missing = missing_answers(questionnaire, content)
    doubts = contradictions(questionnaire, content)
    total = len(questionnaire.sections)
    return tuple(
        StepOverview(
            section=section,
            place=place,
            total=total,
            answered=sum(content.answers(question) for question in section.questions),
            missing=tuple(problem for problem in missing if problem.area == section.area),
            doubts=tuple(doubt for doubt in doubts if doubt.area == section.area),
        )
        for place, section in enumerate(questionnaire.sections, start=1)
    )


def step_at(steps: tuple[StepOverview, ...], path: str) -> StepOverview | None:
    """The step an address names; None for one this questionnaire lacks."""
    return next((step for step in steps if step.path == path), None)


def step_after(steps: tuple[StepOverview, ...], step: StepOverview) -> StepOverview | None:
    """The next step; None after the last."""
    return next((later for later in steps if later.place == step.place + 1), None)


def step_before(steps: tuple[StepOverview, ...], step: StepOverview) -> StepOverview | None:
    """The step before; None before the first."""
    return next((earlier for earlier in steps if earlier.place == step.place - 1), None)
