"""What can be done to who contacts whom."""

from shoppers.services.planning import (
    InputChanged,
    PlanImpossible,
    PlanningRefused,
    RepairNeeded,
    plan_edition,
)

__all__ = ["InputChanged", "PlanImpossible", "PlanningRefused", "RepairNeeded", "plan_edition"]
