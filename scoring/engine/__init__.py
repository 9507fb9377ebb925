"""The scoring engine: plain Python, exact, without database, clock or chance.

``score_edition`` recounts an edition; ``explain`` takes a total apart down to the single answer. How sure the numbers
are is told by ``confidence``, ``severity``, ``zeros`` and ``compare``, which are imported from their own modules.
"""

from scoring.engine.answers import as_integer
from scoring.engine.digest import input_digest
from scoring.engine.explain import Explanation, explain
from scoring.engine.methods import (
    DEFAULT_METHOD,
    METHODS,
    Method,
    MethodTakenError,
    UnknownMethodError,
    method_named,
    register,
)
from scoring.engine.problems import DataError, DataProblem
from scoring.engine.recount import score_contacts, score_edition, score_grouped_edition, score_sums
from scoring.engine.rounding import round_stored
from scoring.engine.types import (
    Award,
    Band,
    ClassResult,
    Contact,
    ContactScore,
    ContactSums,
    Edition,
    EditionResult,
    Figures,
    Option,
    Participant,
    ParticipantResult,
    Question,
    Rules,
    Summary,
)

__all__ = [
    "DEFAULT_METHOD",
    "METHODS",
    "Award",
    "Band",
    "ClassResult",
    "Contact",
    "ContactScore",
    "ContactSums",
    "DataError",
    "DataProblem",
    "Edition",
    "EditionResult",
    "Explanation",
    "Figures",
    "Method",
    "MethodTakenError",
    "Option",
    "Participant",
    "ParticipantResult",
    "Question",
    "Rules",
    "Summary",
    "UnknownMethodError",
    "as_integer",
    "explain",
    "input_digest",
    "method_named",
    "register",
    "round_stored",
    "score_contacts",
    "score_edition",
    "score_grouped_edition",
    "score_sums",
]
