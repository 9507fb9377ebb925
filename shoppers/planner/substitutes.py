"""Who could take over one contact on its day, best first, with what speaks for and against each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from shoppers.planner.calendar import iso_week
from shoppers.planner.constraints import check_contact
from shoppers.planner.fairness import group_functions, pool_shares
from shoppers.planner.types import PlannedContact, PlanningProblem, ShopperCapacity, Substitute


def rank_substitutes(problem: PlanningProblem, contacts: Sequence[PlannedContact], key: str) -> tuple[Substitute, ...]:
    """Shoppers who may take over the contact with this key as it stands, the fairest choice first.

    Order: no other contact that day, fewest contacts in the week, least change in the participant's mix, most
    rivals already met, lowest load. Raises KeyError when no contact has the key.
    """
    contact = next((contact for contact in contacts if contact.key == key), None)
    if contact is None:
        raise KeyError(key)
    others = [other for other in contacts if other is not contact]
    there = [other for other in others if other.participant == contact.participant]
    of_shopper: defaultdict[str, list[PlannedContact]] = defaultdict(list)
    for other in others:
        of_shopper[other.shopper].append(other)
    found = []
    for shopper in problem.shoppers:
        mine = of_shopper[shopper.code]
        if shopper.code != contact.shopper and _may_take_over(problem, [*there, *mine], contact, shopper):
            found.append(_substitute(problem, there, mine, contact, shopper))
    found.sort(key=lambda s: (s.same_day, s.week_load, s.mix_change, -s.shared_rivals, s.load, s.shopper))
    return tuple(found)


def _may_take_over(
    problem: PlanningProblem, near: Sequence[PlannedContact], contact: PlannedContact, shopper: ShopperCapacity
) -> bool:
    return not check_contact(problem, near, replace(contact, shopper=shopper.code))


def _substitute(
    problem: PlanningProblem,
    there: Sequence[PlannedContact],
    mine: Sequence[PlannedContact],
    contact: PlannedContact,
    shopper: ShopperCapacity,
) -> Substitute:
    rivals = _rivals(problem, contact.participant)
    week = iso_week(contact.day)
    return Substitute(
        shopper=shopper.code,
        load=len(mine),
        room=shopper.max_contacts - len(mine),
        week_load=sum(1 for other in mine if iso_week(other.day) == week),
        week_room=shopper.max_per_week - sum(1 for other in mine if iso_week(other.day) == week),
        same_day=sum(1 for other in mine if other.day == contact.day),
        shared_rivals=len({other.participant for other in mine} & rivals),
        mix_change=_mix_change(problem, there, contact, shopper),
    )


def _rivals(problem: PlanningProblem, participant: str) -> set[str]:
    class_of = {p.code: p.award_class for p in problem.participants}
    mine = class_of.get(participant)
    return {code for code, award_class in class_of.items() if award_class == mine and code != participant}


def _mix_change(
    problem: PlanningProblem, there: Sequence[PlannedContact], contact: PlannedContact, shopper: ShopperCapacity
) -> Fraction:
    """Change in Σ |contacts − share of the pool| at the participant when the shopper takes over."""
    people = {person.code: person for person in problem.shoppers}
    visitors = [people[other.shopper] for other in there if other.shopper in people]
    total = len(there) + 1
    change = Fraction(0)
    for group_of in group_functions():
        shares = pool_shares(problem, group_of)
        counts = Counter(group_of(visitor) for visitor in visitors)
        after = counts + Counter([group_of(shopper)])
        before = counts + Counter([group_of(people[contact.shopper])] if contact.shopper in people else [])
        for group, share in shares.items():
            change += abs(after[group] - share * total) - abs(before[group] - share * total)
    return change
