"""What can be done to who contacts whom."""

from shoppers.services.planning import plan_edition
from shoppers.services.refusals import (
    InputChanged,
    PlanImpossible,
    PlanningRefused,
    PlanningUnderWay,
    ProposalDecided,
    RepairNeeded,
    ShopperRefused,
)

__all__ = [
    "InputChanged",
    "PlanImpossible",
    "PlanningRefused",
    "PlanningUnderWay",
    "ProposalDecided",
    "RepairNeeded",
    "ShopperRefused",
    "plan_edition",
]
