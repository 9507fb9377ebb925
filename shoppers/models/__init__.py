"""Who asks, and when."""

from shoppers.models.assignment import Assignment, LostAssignment, Plan
from shoppers.models.proposal import PlanProposal
from shoppers.models.shopper import Gender, Relation, RelationKind, Shopper

__all__ = ["Assignment", "Gender", "LostAssignment", "Plan", "PlanProposal", "Relation", "RelationKind", "Shopper"]
