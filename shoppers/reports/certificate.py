"""The certificate of a plan as JSON: what it was made from, how, and how near each figure came to its bound."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from shoppers.models import Plan
from shoppers.queries.planning import all_contacts


def plan_certificate(plan: Plan) -> Mapping[str, Any]:
    """Everything a plan can prove. Numbers of figures are texts such as "3" or "287/190": nothing is rounded.

    `contacts` are those of the edition as it stands now, annulled ones left out.
    """
    return {
        "edition": plan.edition.code,
        "created_at": plan.created_at.astimezone(dt.UTC).isoformat(),
        "seed": plan.seed,
        "input_digest": plan.input_digest,
        "is_repair": plan.is_repair,
        "stopped_by_clock": plan.stopped_by_clock,
        "objective": plan.objective,
        "contacts": len(all_contacts(plan.edition)),
        "figures": plan.figures,
        "changes": plan.changes,
    }


def certificate_json(plan: Plan) -> str:
    """The certificate as text, figures in the order of fairness."""
    return json.dumps(plan_certificate(plan), ensure_ascii=False, indent=2)
