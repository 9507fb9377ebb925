"""What keeps an edition from being scored, named so that somebody can put it right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DataProblem:
    """One thing that is wrong: ``kind`` is a stable name to translate by, ``subject`` and ``code`` say where it is.

    ``about`` is what it is about there – the code of a question, a wait – and ``detail`` the whole in English.
    """

    kind: str
    subject: str
    code: str
    detail: str
    about: str = ""

    def __str__(self) -> str:
        return f"{self.subject} {self.code}: {self.detail}".replace(" :", ":")


class DataError(Exception):
    """The edition contradicts its rules; ``problems`` lists every one found, contacts in the order they came."""

    def __init__(self, problems: Iterable[DataProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
