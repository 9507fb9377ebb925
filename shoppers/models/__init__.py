"""Who asks, and when."""

from shoppers.models.assignment import Assignment, Plan
from shoppers.models.proposal import PlanProposal
from shoppers.models.shopper import Gender, Relation, RelationKind, Shopper

__all__ = ["Assignment", "Gender", "Plan", "PlanProposal", "Relation", "RelationKind", "Shopper"]
