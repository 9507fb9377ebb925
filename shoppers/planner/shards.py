"""Several national awards' worth of participants: planned in parts that do not meet.

Everything the fairness figures look at lies within a class, so classes can be planned apart as long as every part
has its share of the shoppers. Time and memory then grow with the number of parts instead of with the square of the
whole, and panels become tighter, because fewer people compete for them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from shoppers.planner.annealing import seeded
from shoppers.planner.digest import input_digest
from shoppers.planner.fairness import measure
from shoppers.planner.solve import objective, solve
from shoppers.planner.types import ParticipantDemand, Plan, PlanningProblem, ShopperCapacity

USUAL_CONTACTS = 4750
"""Contacts in one part: the size of a national edition, which is planned well in one piece."""

TRADES = 60
TRADE_SEED = 1
"""How often each shopper is offered a trade of parts; how parts are dealt does not depend on the plan's seed."""

SolveParts = Callable[[Callable[["Part"], Plan], Iterable["Part"]], Iterable[Plan]]


@dataclass(frozen=True, slots=True)
class Part:
    """One part and how it is to be solved; the parts can be handed to other processes."""

    problem: PlanningProblem
    seed: int
    seconds: float
    moves: int | None


def part_count(problem: PlanningProblem) -> int:
    """Parts of about a national edition's size, one at least, and no more than there are classes."""
    contacts = sum(participant.total for participant in problem.participants)
    classes = len({participant.award_class for participant in problem.participants})
    return max(1, min(classes, round(contacts / USUAL_CONTACTS)))


def split(problem: PlanningProblem, parts: int) -> tuple[PlanningProblem, ...]:
    """The problem in `parts` problems: whole classes, evenly by contacts, and shoppers in proportion.

    Relations between people of different parts are left behind, as these never meet.
    """
    classes: defaultdict[str, list[ParticipantDemand]] = defaultdict(list)
    for participant in problem.participants:
        classes[participant.award_class].append(participant)
    members: list[list[ParticipantDemand]] = [[] for _ in range(parts)]
    weight = [0] * parts
    sizes = {name: sum(participant.total for participant in mine) for name, mine in classes.items()}
    for name in sorted(classes, key=lambda name: (-sizes[name], name)):
        lightest = weight.index(min(weight))
        members[lightest].extend(classes[name])
        weight[lightest] += sizes[name]
    pools = _dealt(problem.shoppers, weight)
    part_of = {participant.code: part for part, mine in enumerate(members) for participant in mine}
    home_of = {shopper.code: part for part, pool in enumerate(pools) for shopper in pool}
    related: list[list[tuple[str, str]]] = [[] for _ in range(parts)]
    for shopper, code in problem.excluded:
        part = part_of.get(code)
        if part is not None and home_of.get(shopper) == part:
            related[part].append((shopper, code))
    return tuple(
        replace(problem, participants=tuple(mine), shoppers=tuple(pool), excluded=frozenset(pairs))
        for mine, pool, pairs in zip(members, pools, related, strict=True)
    )


def _dealt(shoppers: Sequence[ShopperCapacity], weight: Sequence[int]) -> list[list[ShopperCapacity]]:
    """Shoppers in proportion to the weights, so that each part's pool mirrors the whole in every group."""
    whole = max(1, sum(weight))
    sizes = [0] * len(weight)
    home: list[int] = []
    ordered = sorted(shoppers, key=lambda s: (s.region, s.age_group, s.gender, s.code))
    for dealt in range(1, len(ordered) + 1):
        missing = [share * dealt - size * whole for share, size in zip(weight, sizes, strict=True)]
        home.append(missing.index(max(missing)))
        sizes[home[-1]] += 1
    _mirror(ordered, home, sizes)
    return [[s for s, part in zip(ordered, home, strict=True) if part == number] for number in range(len(weight))]


def _mirror(shoppers: Sequence[ShopperCapacity], home: list[int], sizes: Sequence[int]) -> None:
    """Let shoppers of different parts trade places as long as that brings the parts' groups nearer to the whole's.

    `home[i]` is the part of shopper i, changed in place. `over[part][group]` is the whole's size times how many the
    part has too many of the group, in whole numbers; a trade of groups g and h between parts a and b changes
    Σ over² by 2·n·(over[b][g] − over[a][g] + over[a][h] − over[b][h]) + 4·n².
    """
    groups = [_groups_of(shopper) for shopper in shoppers]
    n = len(shoppers)
    total = Counter(group for mine in groups for group in mine)
    over = [{group: -number * size for group, number in total.items()} for size in sizes]
    for mine, part in zip(groups, home, strict=True):
        for group in mine:
            over[part][group] += n
    rng = seeded(TRADE_SEED)
    for _ in range(TRADES * n if len(sizes) > 1 else 0):
        i, j = rng.randrange(n), rng.randrange(n)
        a, b = home[i], home[j]
        if a == b:
            continue
        leaving = [group for group in groups[i] if group not in groups[j]]
        coming = [group for group in groups[j] if group not in groups[i]]
        change = sum(over[b][group] - over[a][group] + n for group in leaving)
        change += sum(over[a][group] - over[b][group] + n for group in coming)
        if change < 0:
            home[i], home[j] = b, a
            for group in leaving:
                over[a][group] -= n
                over[b][group] += n
            for group in coming:
                over[a][group] += n
                over[b][group] -= n


def _groups_of(shopper: ShopperCapacity) -> frozenset[tuple[str, str]]:
    abilities = {("channel", channel) for channel in shopper.channels}
    known = {("gender", shopper.gender), ("age", shopper.age_group), ("region", shopper.region)}
    return frozenset(abilities | known | {("limit", str(shopper.max_contacts))})


def solve_in_parts(
    problem: PlanningProblem,
    parts: int | None = None,
    *,
    seed: int = 1,
    seconds: float = 20.0,
    moves: int | None = None,
    over: SolveParts = map,
) -> Plan:
    """A plan made of the plans of `parts` parts (default: by size); seconds and moves are each part's own.

    `over` applies a function to parts, in order: `map`, or the `map` of a pool of processes. Raises Infeasible
    when a part has no plan, which does not say that the whole has none. Fixed contacts by shoppers of another part
    would not count against their limits, so a begun edition is not planned in parts (ValueError).
    """
    if problem.fixed:
        raise ValueError("A begun edition is repaired in one piece, not planned in parts")
    pieces = split(problem, part_count(problem) if parts is None else parts)
    plans = list(over(solve_part, [Part(piece, seed, seconds, moves) for piece in pieces]))
    contacts = tuple(
        sorted(
            (contact for plan in plans for contact in plan.contacts),
            key=lambda contact: (contact.day, contact.participant, contact.shopper),
        )
    )
    figures = measure(problem, contacts)
    return Plan(
        contacts=contacts,
        figures=figures,
        seed=seed,
        input_digest=input_digest(problem),
        objective=objective(figures),
        moves=sum(plan.moves for plan in plans),
        stopped_by_clock=any(plan.stopped_by_clock for plan in plans),
        method=f"{plans[0].method}×{len(plans)}",
    )


def solve_part(part: Part) -> Plan:
    """One part's plan; a function of its own so that a process can be told to run it."""
    return solve(part.problem, seed=part.seed, seconds=part.seconds, moves=part.moves)
