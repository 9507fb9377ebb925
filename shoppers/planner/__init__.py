"""The planner: plain Python that turns participants, shoppers and relations into contacts.

Frozen values in, frozen values out; no Django, no clock but the time limit, no randomness but the seed.
"""

from shoppers.planner.calendar import (
    blocks,
    full_weeks,
    iso_week,
    next_working_days,
    open_windows,
    windows_for,
    working_days,
)
from shoppers.planner.certificate import figure_entries, objective_text
from shoppers.planner.channels import chosen_channels, remaining_contacts, split_contacts
from shoppers.planner.constraints import HARD_RULES, check_contact, check_plan
from shoppers.planner.digest import input_digest
from shoppers.planner.explain import explain
from shoppers.planner.fairness import measure
from shoppers.planner.mend import mended
from shoppers.planner.repair import repair
from shoppers.planner.shards import Part, part_count, solve_in_parts, solve_part, split
from shoppers.planner.solve import solve
from shoppers.planner.substitutes import rank_substitutes
from shoppers.planner.types import (
    Change,
    ChangeKind,
    Figure,
    Infeasible,
    Limits,
    Mend,
    MendKind,
    ParticipantDemand,
    Plan,
    PlannedContact,
    PlanningProblem,
    Reason,
    ReasonKind,
    Repair,
    Rule,
    ShopperCapacity,
    Substitute,
    Violation,
)
from surveys.engine.words import CHANNELS, WINDOWS

__all__ = [
    "CHANNELS",
    "HARD_RULES",
    "WINDOWS",
    "Change",
    "ChangeKind",
    "Figure",
    "Infeasible",
    "Limits",
    "Mend",
    "MendKind",
    "Part",
    "ParticipantDemand",
    "Plan",
    "PlannedContact",
    "PlanningProblem",
    "Reason",
    "ReasonKind",
    "Repair",
    "Rule",
    "ShopperCapacity",
    "Substitute",
    "Violation",
    "blocks",
    "check_contact",
    "check_plan",
    "chosen_channels",
    "explain",
    "figure_entries",
    "full_weeks",
    "input_digest",
    "iso_week",
    "measure",
    "mended",
    "next_working_days",
    "objective_text",
    "open_windows",
    "part_count",
    "rank_substitutes",
    "remaining_contacts",
    "repair",
    "solve",
    "solve_in_parts",
    "solve_part",
    "split",
    "split_contacts",
    "windows_for",
    "working_days",
]
