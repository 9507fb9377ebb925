"""Who asks, and when."""

from shoppers.models.assignment import Assignment, Plan
from shoppers.models.shopper import Gender, Relation, RelationKind, Shopper

__all__ = ["Assignment", "Gender", "Plan", "Relation", "RelationKind", "Shopper"]
