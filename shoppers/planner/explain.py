"""Why there is no plan."""
from __future__ import annotations
from shoppers.planner.types import PlanningProblem, Reason, ReasonKind
def explain(problem: PlanningProblem) -> tuple[Reason, ...]:
    return (Reason(ReasonKind.TOO_LITTLE_CAPACITY),)
