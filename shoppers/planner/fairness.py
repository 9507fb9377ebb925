"""The fairness figures, one function each, every one beside the best value any plan could have.

The derivation of each bound is in docs/planning.md. All arithmetic is exact.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from shoppers.planner.calendar import FULL_WEEK, blocks, full_weeks, iso_week, open_windows
from shoppers.planner.types import Figure, ParticipantDemand, PlannedContact, PlanningProblem, ShopperCapacity

Contacts = Sequence[PlannedContact]


def measure(problem: PlanningProblem, contacts: Contacts) -> tuple[Figure, ...]:
    """Every fairness figure of a plan, in the order of fairness."""
    return tuple(figure(problem, contacts) for figure in FIGURES)


def load_spread(problem: PlanningProblem, contacts: Contacts) -> Figure:
    """Most minus fewest contacts among shoppers whose limits allow the even load.

    Bound: what is left for them when the others are at their limits divides evenly (0) or not (1).
    """
    limits = load_limits(problem)
    load = Counter(contact.shopper for contact in contacts if contact.shopper in limits)
    low, high = even_load(limits, sum(load.values()))
    free = [load[code] for code, limit in limits.items() if limit >= high]
    value = max(free) - min(free) if free else 0
    return _figure("load_spread", value, min(value, high - low))


def load_limits(problem: PlanningProblem) -> dict[str, int]:
    """The most contacts each shopper could possibly make: by limit, weeks, relations and channels."""
    weeks_open = _weeks_open(problem)
    used = [(p.code, frozenset(c for c, n in p.contacts if n)) for p in problem.participants]
    limits = {}
    for shopper in problem.shoppers:
        usable = (code for code, channels in used if channels & shopper.channels)
        reach = sum(1 for code in usable if (shopper.code, code) not in problem.excluded)
        in_time = shopper.max_per_week * weeks_open[shopper.code]
        limits[shopper.code] = max(0, min(shopper.max_contacts, in_time, reach))
    for code, done in Counter(contact.shopper for contact in problem.fixed).items():
        if code in limits:
            limits[code] = max(limits[code], done)
    return limits


def even_load(limits: Mapping[str, int], total: int) -> tuple[int, int]:
    """Floor and ceiling of the even load: those below it are at their limit and the rest share what is left."""
    ordered = sorted(limits.values())
    left = total
    for position, limit in enumerate(ordered):
        sharers = len(ordered) - position
        if limit * sharers >= left:
            return left // sharers, -(-left // sharers)
        left -= limit
    return (ordered[-1], ordered[-1]) if ordered else (0, 0)


def participant_weeks(problem: PlanningProblem, contacts: Contacts) -> Figure:
    """Largest difference between two full ISO weeks in contacts at one participant.

    Bound: 0 where a proportional share of the contacts can be the same in every full week, else 1.
    """
    return _spread_over("participant_weeks", problem, contacts, _by_participant, _week_sets(problem))


def participant_blocks(problem: PlanningProblem, contacts: Contacts) -> Figure:
    """The same between blocks of five working days, whether or not they are ISO weeks."""
    return _spread_over("participant_blocks", problem, contacts, _by_participant, _block_sets(problem))


def shopper_weeks(problem: PlanningProblem, contacts: Contacts) -> Figure:
    """Largest difference between two full ISO weeks, both inside the availability, in one shopper's contacts."""
    return _spread_over("shopper_weeks", problem, contacts, _by_shopper, _week_sets(problem))


def shopper_blocks(problem: PlanningProblem, contacts: Contacts) -> Figure:
    """The same between blocks of five working days."""
    return _spread_over("shopper_blocks", problem, contacts, _by_shopper, _block_sets(problem))


def shopper_days(problem: PlanningProblem, contacts: Contacts) -> Figure:
    """Most contacts one shopper has on one day. Bound: the largest load over the days of the availability."""
    days = Counter((contact.shopper, contact.day) for contact in contacts)
    load = Counter(contact.shopper for contact in contacts)
    value = max(days.values(), default=0)
    bound = 0
    for shopper in problem.shoppers:
        mine = {day for day in problem.days if shopper.is_available(day)}
        if load[shopper.code]:
            bound = max(bound, -(-load[shopper.code] // max(1, len(mine))))
    return _figure("shopper_days", value, min(value, bound))


def mix_gender(problem: PlanningProblem, contacts: Contacts) -> Figure:
    """Mean over participants of Σ over genders |contacts − share of the pool|."""
    return _mix("mix_gender", problem, contacts, _gender)


def mix_age(problem: PlanningProblem, contacts: Contacts) -> Figure:
    """The same for age groups."""
    return _mix("mix_age", problem, contacts, _age_group)


def mix_region(problem: PlanningProblem, contacts: Contacts) -> Figure:
    """The same for regions."""
    return _mix("mix_region", problem, contacts, _region)


def mix_off_by_one(problem: PlanningProblem, contacts: Contacts) -> Figure:
    """Number of (participant, group) that are off the pool's share by one shopper or more. Bound: 0."""
    value = 0
    for group_of in group_functions():
        shares = pool_shares(problem, group_of)
        for expected, found in _mix_counts(problem, contacts, group_of):
            value += sum(1 for group, share in shares.items() if abs(found[group] - share * expected) >= 1)
    return _figure("mix_off_by_one", value, 0)


def shared_shoppers(problem: PlanningProblem, contacts: Contacts) -> Figure:
    """Mean number of shoppers that two rivals of a class share. Here more is better, and the bound is a ceiling."""
    classes = {participant.code: participant.award_class for participant in problem.participants}
    pairs = sum(size * (size - 1) // 2 for size in Counter(classes.values()).values())
    if not pairs:
        return _figure("shared_shoppers", 0, 0)
    visits = Counter((classes[c.participant], c.shopper) for c in contacts if c.participant in classes)
    value = Fraction(sum(n * (n - 1) // 2 for n in visits.values()), pairs)
    bound = Fraction(_most_shared(problem), pairs)
    return Figure("shared_shoppers", value, max(bound, value), max(bound, value) - value)


def weekdays(problem: PlanningProblem, contacts: Contacts) -> Figure:
    """Largest difference between weekdays in contacts at one participant on one channel.

    Bound: 1 where some participant's contacts on a channel do not divide by the weekdays of the period, else 0.
    """
    used = sorted({day.weekday() for day in problem.days})
    counts = Counter((c.participant, c.channel, c.day.weekday()) for c in contacts)
    value = bound = 0
    for (participant, channel), number in Counter((c.participant, c.channel) for c in contacts).items():
        mine = [counts[participant, channel, weekday] for weekday in used]
        value = max(value, max(mine, default=0) - min(mine, default=0))
        bound = max(bound, int(number % max(1, len(used)) > 0))
    return _figure("weekdays", value, min(value, bound))


def windows(problem: PlanningProblem, contacts: Contacts) -> Figure:
    """Largest difference between the open windows in contacts at one participant on one channel. Bound as above."""
    participants = {participant.code: participant for participant in problem.participants}
    counts = Counter((c.participant, c.channel, c.window) for c in contacts)
    value = bound = 0
    for (code, channel), number in Counter((c.participant, c.channel) for c in contacts).items():
        choice = open_windows(channel, participants[code].windows) if code in participants else ()
        mine = [counts[code, channel, window] for window in choice]
        value = max(value, max(mine, default=0) - min(mine, default=0))
        bound = max(bound, int(number % max(1, len(choice)) > 0))
    return _figure("windows", value, min(value, bound))


FIGURES: tuple[Callable[[PlanningProblem, Contacts], Figure], ...] = (
    load_spread,
    participant_weeks,
    participant_blocks,
    shopper_weeks,
    shopper_blocks,
    shopper_days,
    mix_gender,
    mix_age,
    mix_region,
    mix_off_by_one,
    shared_shoppers,
    weekdays,
    windows,
)


def group_functions() -> tuple[Callable[[ShopperCapacity], str], ...]:
    """The three groupings that are mirrored."""
    return _gender, _age_group, _region


def _gender(shopper: ShopperCapacity) -> str:
    return shopper.gender


def _age_group(shopper: ShopperCapacity) -> str:
    return shopper.age_group


def _region(shopper: ShopperCapacity) -> str:
    return shopper.region


def _figure(name: str, value: Fraction | int, bound: Fraction | int) -> Figure:
    return Figure(name, value, bound, value - bound)


def _weeks_open(problem: PlanningProblem) -> dict[str, int]:
    return {
        shopper.code: len({iso_week(day) for day in problem.days if shopper.is_available(day)})
        for shopper in problem.shoppers
    }


Periods = tuple[frozenset[date], ...]


def _week_sets(problem: PlanningProblem) -> Periods:
    whole = full_weeks(problem.days)
    return tuple(frozenset(day for day in problem.days if iso_week(day) == week) for week in whole)


def _block_sets(problem: PlanningProblem) -> Periods:
    return tuple(frozenset(block) for block in blocks(problem.days) if len(block) == FULL_WEEK)


def _by_participant(problem: PlanningProblem, contact: PlannedContact) -> tuple[str, None]:
    return contact.participant, None


def _by_shopper(problem: PlanningProblem, contact: PlannedContact) -> tuple[str, str]:
    return contact.shopper, contact.shopper


def _spread_over(
    name: str,
    problem: PlanningProblem,
    contacts: Contacts,
    owner_of: Callable[[PlanningProblem, PlannedContact], tuple[str, str | None]],
    periods: Periods,
) -> Figure:
    shoppers = {shopper.code: shopper for shopper in problem.shoppers}
    grouped: defaultdict[tuple[str, str | None], list[date]] = defaultdict(list)
    for contact in contacts:
        grouped[owner_of(problem, contact)].append(contact.day)
    value = bound = 0
    for (_, shopper), mine in grouped.items():
        person = shoppers.get(shopper) if shopper else None
        if shopper and person is None:
            continue
        open_days = [day for day in problem.days if person is None or person.is_available(day)]
        known = frozenset(open_days)
        usable = [period for period in periods if period <= known]
        if len(usable) < 2:
            continue
        in_day = Counter(mine)
        counts = [sum(in_day[day] for day in period) for period in usable]
        value = max(value, max(counts) - min(counts))
        bound = max(bound, _least_spread(len(mine), len(usable), len(open_days)))
    return _figure(name, value, min(value, bound))


def _least_spread(contacts: int, periods: int, days: int) -> int:
    """0 where the periods' proportional share of the contacts, rounded either way, divides evenly, else 1."""
    share = Fraction(contacts * periods * FULL_WEEK, days)
    return int(all(total % periods for total in {floor(share), ceil(share)}))


def pool_shares(problem: PlanningProblem, group_of: Callable[[ShopperCapacity], str]) -> dict[str, Fraction]:
    """Each known group's share of all shoppers; shoppers whose group is not known count in the whole only."""
    size = Counter(group_of(shopper) for shopper in problem.shoppers)
    return {name: Fraction(size[name], len(problem.shoppers)) for name in sorted(size) if name}


def _mix_counts(
    problem: PlanningProblem, contacts: Contacts, group_of: Callable[[ShopperCapacity], str]
) -> Iterable[tuple[int, Counter[str]]]:
    """Per participant: its contacts, and how many shoppers of each group made them."""
    groups = {shopper.code: group_of(shopper) for shopper in problem.shoppers}
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for contact in contacts:
        found[contact.participant][groups.get(contact.shopper, "")] += 1
    for participant in problem.participants:
        mine = found[participant.code]
        yield sum(mine.values()), mine


def _mix(name: str, problem: PlanningProblem, contacts: Contacts, group_of: Callable[[ShopperCapacity], str]) -> Figure:
    shares = pool_shares(problem, group_of)
    n = len(problem.participants)
    if not shares or not n:
        return _figure(name, 0, 0)
    value = Fraction(0)
    sizes: Counter[int] = Counter()
    for expected, mine in _mix_counts(problem, contacts, group_of):
        sizes[expected] += 1
        value += sum((abs(mine[group] - share * expected) for group, share in shares.items()), Fraction(0))
    bound = _least_mix(problem, contacts, group_of, shares, sizes)
    return _figure(name, value / n, min(value, bound) / n)


def _least_mix(
    problem: PlanningProblem,
    contacts: Contacts,
    group_of: Callable[[ShopperCapacity], str],
    shares: Mapping[str, Fraction],
    sizes: Mapping[int, int],
) -> Fraction:
    """The smallest total deviation that the loads leave possible.

    A group's contacts over all participants are the sum of its shoppers' loads. Given that sum, the total of
    |count − expected| is least when every count is the floor or the ceiling of what is expected, and the number
    of ceilings follows from the sum. With loads at the floor or ceiling of the even load, each sum lies in a range,
    and the sums add up to all contacts: unit by unit, the group that gains most (or loses least) gets the next
    contact, which is exact because the totals are convex in the sums.
    """
    limits = load_limits(problem)
    load = Counter(contact.shopper for contact in contacts)
    low, high = even_load(limits, sum(load[code] for code in limits))
    ranges: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for shopper in problem.shoppers:
        mine = load[shopper.code]
        least, most = min(low, limits[shopper.code], mine), max(min(high, limits[shopper.code]), mine)
        ranges[group_of(shopper)][0] += least
        ranges[group_of(shopper)][1] += most
    strangers = sum(load.values()) - sum(load[code] for code in limits)
    slopes: list[Fraction] = []
    total = Fraction(0)
    left = sum(load.values()) - strangers
    for group, (least, most) in ranges.items():
        left -= least
        share = shares.get(group)
        if share is None:
            slopes.extend([Fraction(0)] * (most - least))
            continue
        total += _deviation_at(least, share, sizes)
        steps = [_deviation_at(units, share, sizes) for units in range(least, most + 1)]
        slopes.extend(after - before for before, after in pairwise(steps))
    return total + sum(sorted(slopes)[: max(0, left)], Fraction(0))


def _deviation_at(units: int, share: Fraction, sizes: Mapping[int, int]) -> Fraction:
    """Least Σ |count − share · size| over participants when the counts add up to `units`."""
    slots: list[tuple[Fraction, int]] = []
    total = Fraction(0)
    given = 0
    for size, number in sizes.items():
        expected = share * size
        base = floor(expected)
        given += base * number
        total += number * (expected - base)
        if expected != base:
            slots.append((1 - 2 * (expected - base), number))
    extra = units - given
    if extra < 0:
        return total - extra
    for slope, number in sorted(slots):
        step = min(extra, number)
        total += slope * step
        extra -= step
    return total + extra


def _most_shared(problem: PlanningProblem) -> int:
    """Most pairs of visits by one shopper within a class, summed over the classes.

    In a class with m contacts, shopper s can make at most R(s) of them (related pairs, unusable channels and the
    shopper's limit out). Σ r(r−1)/2 over Σ r = m, r ≤ R is convex, so it is largest when the shoppers with the
    largest R are used up first.
    """
    members: defaultdict[str, list[ParticipantDemand]] = defaultdict(list)
    for participant in problem.participants:
        members[participant.award_class].append(participant)
    reached = {(contact.shopper, contact.participant) for contact in problem.fixed}
    total = 0
    for rivals in members.values():
        reach = sorted((_reach(problem, shopper, rivals, reached) for shopper in problem.shoppers), reverse=True)
        left = sum(participant.total for participant in rivals)
        for most in reach:
            visits = min(most, left)
            total += visits * (visits - 1) // 2
            left -= visits
    return total


def _reach(
    problem: PlanningProblem,
    shopper: ShopperCapacity,
    rivals: Iterable[ParticipantDemand],
    reached: set[tuple[str, str]],
) -> int:
    possible = 0
    for rival in rivals:
        can_use = any(number and channel in shopper.channels for channel, number in rival.contacts)
        may_meet = (shopper.code, rival.code) not in problem.excluded
        possible += (can_use and may_meet) or (shopper.code, rival.code) in reached
    return min(possible, shopper.max_contacts)
