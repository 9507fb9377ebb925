"""The methods an edition can be scored by.

A method never changes once an edition has used it; a new rule is a new method.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from scoring.engine.aggregate import Basis
from scoring.engine.grouped.scores import GroupedScores
from scoring.engine.grouped.types import GroupedEdition
from scoring.engine.types import (
    Award,
    ClassResult,
    ContactScore,
    ContactSums,
    Edition,
    Participant,
    ParticipantResult,
    Rules,
    Summary,
)


class UnknownMethodError(LookupError):
    """No method of that name is registered."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no scoring method is called {name!r}; there are {', '.join(sorted(METHODS))}")


class MethodTakenError(ValueError):
    """The name belongs to a method already; methods are never overwritten."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the scoring method {name!r} exists already and is frozen")


@dataclass(frozen=True, slots=True)
class Method:
    """The stages of a recount, each a pure function of the one before.

    ``score_grouped`` is all of them up to the scores, for answers that a database has grouped by contact; a method may
    do without.
    """

    name: str
    title_nb: str
    title_en: str
    sum_answers: Callable[[Edition], tuple[ContactSums, ...]]
    score_contacts: Callable[[Rules, Iterable[ContactSums]], tuple[ContactScore, ...]]
    participant_results: Callable[[Rules, Iterable[Participant], Mapping[str, Basis]], tuple[ParticipantResult, ...]]
    rank: Callable[[Sequence[ParticipantResult]], tuple[ParticipantResult, ...]]
    class_results: Callable[[Iterable[ParticipantResult], Mapping[str, Basis]], tuple[ClassResult, ...]]
    summarise: Callable[[Sequence[ParticipantResult], Mapping[str, Basis]], Summary]
    decide_awards: Callable[[Rules, Sequence[ParticipantResult]], tuple[Award, ...]]
    score_grouped: Callable[[GroupedEdition], GroupedScores] | None = None


_methods: dict[str, Method] = {}
METHODS: Mapping[str, Method] = MappingProxyType(_methods)
"""Every registered method by name; read only."""


def register(method: Method) -> Method:
    """Add a method. Raises ``MethodTakenError`` when the name is in use, also by an equal method."""
    if method.name in _methods:
        raise MethodTakenError(method.name)
    _methods[method.name] = method
    return method


def method_named(name: str) -> Method:
    """The method of that name. Raises ``UnknownMethodError``."""
    try:
        return METHODS[name]
    except KeyError:
        raise UnknownMethodError(name) from None
