"""From meetings to a complete, legal timetable, by the cheapest means that will do."""

from __future__ import annotations

from collections.abc import Sequence

from shoppers.planner.annealing import seeded
from shoppers.planner.dates import spread
from shoppers.planner.flow import Meeting
from shoppers.planner.indexed import Indexed
from shoppers.planner.joint import JointAnswer, placed_jointly
from shoppers.planner.timetable import Timetable

TRIES = 20
"""Placements per meeting before ejecting one another is given up for the joint model."""


def scheduled(indexed: Indexed, meetings: Sequence[Meeting], seed: int) -> JointAnswer:
    """Meetings with days. The even deal first; what it leaves over ejects its way in; at last the joint model.

    The joint model may choose other meetings. What finds no place in it either is `lacking`.
    """
    table = Timetable(indexed, meetings, spread(indexed, meetings, seed))
    table.lift_over_limit()
    table.settle(seeded(seed), TRIES * len(meetings) + 200)
    if table.unplaced:
        return placed_jointly(indexed, table, seed)
    return JointAnswer(tuple(table.meetings), tuple(table.day_of), {}, is_proven=True)
