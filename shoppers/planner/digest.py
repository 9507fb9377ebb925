"""A fingerprint of the input: two problems with the same rows, in any order, have the same digest."""

from __future__ import annotations

import hashlib
import json

from shoppers.planner.types import PlanningProblem


def input_digest(problem: PlanningProblem) -> str:
    """SHA-256, in hexadecimal, of the problem's canonical JSON: rows by code, dates as YYYY-MM-DD."""
    canonical = {
        "participants": sorted(
            [p.code, p.award_class, [[channel, number] for channel, number in p.contacts], list(p.windows)]
            for p in problem.participants
        ),
        "shoppers": sorted(
            [
                s.code,
                sorted(s.channels),
                s.max_contacts,
                s.max_per_week,
                str(s.available_from or ""),
                str(s.available_to or ""),
                s.gender,
                s.age_group,
                s.region,
            ]
            for s in problem.shoppers
        ),
        "excluded": sorted(problem.excluded),
        "days": [str(day) for day in sorted(set(problem.days))],
        "fixed": sorted([c.participant, c.shopper, c.channel, str(c.day), c.window, c.key] for c in problem.fixed),
    }
    text = json.dumps(canonical, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
