"""How many shoppers rivals share: the more, the less a strict shopper matters to their order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from fractions import Fraction

from shoppers.planner.fairness.figures import Contacts, figure_of
from shoppers.planner.types import Figure, ParticipantDemand, PlanningProblem

Kind = tuple[frozenset[str], int]
"""What decides whom a shopper can meet, relations aside: channels and limit."""


def shared_shoppers(problem: PlanningProblem, contacts: Contacts) -> Figure:
    """Mean number of shoppers that two rivals of a class share. Here more is better, and the bound is a ceiling."""
    classes = {participant.code: participant.award_class for participant in problem.participants}
    pairs = sum(size * (size - 1) // 2 for size in Counter(classes.values()).values())
    if not pairs:
        return figure_of("shared_shoppers", 0, 0)
    visits = Counter((classes[c.participant], c.shopper) for c in contacts if c.participant in classes)
    value = Fraction(sum(n * (n - 1) // 2 for n in visits.values()), pairs)
    bound = Fraction(_most_shared(problem), pairs)
    return Figure("shared_shoppers", value, max(bound, value), max(bound, value) - value)


def _most_shared(problem: PlanningProblem) -> int:
    """Most pairs of visits by one shopper within a class, summed over the classes.

    In a class with m contacts, shopper s can make at most R(s) of them (related pairs, unusable channels and the
    shopper's limit out). Σ r(r−1)/2 over Σ r = m, r ≤ R is convex, so it is largest when the shoppers with the
    largest R are used up first.
    """
    members: defaultdict[str, list[ParticipantDemand]] = defaultdict(list)
    for participant in problem.participants:
        members[participant.award_class].append(participant)
    barred: defaultdict[str, list[str]] = defaultdict(list)
    made = {(contact.shopper, contact.participant) for contact in problem.fixed}
    for shopper, code in problem.excluded:
        if (shopper, code) not in made:
            barred[code].append(shopper)
    kind_of = {shopper.code: (shopper.channels, shopper.max_contacts) for shopper in problem.shoppers}
    kinds = Counter(kind_of.values())
    return sum(_most_in_class(rivals, barred, kind_of, kinds) for rivals in members.values())


def _most_in_class(
    rivals: Sequence[ParticipantDemand],
    barred: dict[str, list[str]],
    kind_of: dict[str, Kind],
    kinds: Counter[Kind],
) -> int:
    """Shoppers are counted by how many rivals they can reach, so that a class costs little however many they are."""
    used = {rival.code: frozenset(channel for channel, number in rival.contacts if number) for rival in rivals}
    full = {kind: sum(1 for channels in used.values() if channels & kind[0]) for kind in kinds}
    lost: Counter[str] = Counter()
    for code, channels in used.items():
        lost.update(s for s in barred.get(code, ()) if s in kind_of and channels & kind_of[s][0])
    reach: Counter[int] = Counter()
    for kind, number in kinds.items():
        reach[min(full[kind], kind[1])] += number
    for shopper, number in lost.items():
        kind = kind_of[shopper]
        reach[min(full[kind], kind[1])] -= 1
        reach[min(full[kind] - number, kind[1])] += 1
    left = sum(rival.total for rival in rivals)
    total = 0
    for most in sorted(reach, reverse=True):
        if most <= 0 or not left:
            break
        whole, rest = divmod(min(left, most * reach[most]), most)
        total += whole * (most * (most - 1) // 2) + rest * (rest - 1) // 2
        left -= whole * most + rest
    return total
