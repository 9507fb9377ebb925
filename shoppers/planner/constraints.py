"""The hard rules, one function each. Every function checks a finished plan and yields what breaks the rule.

A breach among fixed contacts alone is history, not a fault of the plan, and is not reported.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

from shoppers.planner.calendar import iso_week, open_windows
from shoppers.planner.channels import remaining_contacts
from shoppers.planner.types import ParticipantDemand, PlannedContact, PlanningProblem, Rule, ShopperCapacity, Violation

_Key = TypeVar("_Key", bound=Hashable)
RuleCheck = Callable[[PlanningProblem, Sequence[PlannedContact]], Iterator[Violation]]


def contacts_per_channel(problem: PlanningProblem, contacts: Sequence[PlannedContact]) -> Iterator[Violation]:
    """Rule 1: every participant gets exactly its contacts per channel (what is fixed counts, surplus is evened out)."""
    planned = Counter((contact.participant, contact.channel) for contact in contacts)
    expected = Counter(dict(_expected(problem)))
    for participant, channel in sorted(planned.keys() | expected.keys()):
        found, wanted = planned[participant, channel], expected[participant, channel]
        if found != wanted:
            numbers = (("planned", found), ("needed", wanted))
            yield Violation(Rule.CONTACTS_PER_CHANNEL, participant, channel=channel, numbers=numbers)


def meets_once(problem: PlanningProblem, contacts: Sequence[PlannedContact]) -> Iterator[Violation]:
    """Rule 2: a shopper contacts a participant at most once."""
    groups = _grouped(contacts, lambda contact: (contact.shopper, contact.participant))
    for (shopper, participant), group in groups.items():
        if len(group) > 1 and _has_new(problem, group):
            numbers = (("planned", len(group)), ("allowed", 1))
            yield Violation(Rule.MEETS_ONCE, str(participant), str(shopper), numbers=numbers)


def unrelated(problem: PlanningProblem, contacts: Sequence[PlannedContact]) -> Iterator[Violation]:
    """Rule 3: never a pair that is related."""
    for contact in _new(problem, contacts):
        if (contact.shopper, contact.participant) in problem.excluded:
            yield _single(Rule.UNRELATED, contact)


def usable_channel(problem: PlanningProblem, contacts: Sequence[PlannedContact]) -> Iterator[Violation]:
    """Rule 4: only channels the shopper can use. A shopper nobody knows can use none."""
    shoppers = _shoppers(problem)
    for contact in _new(problem, contacts):
        shopper = shoppers.get(contact.shopper)
        if shopper is None or contact.channel not in shopper.channels:
            yield _single(Rule.USABLE_CHANNEL, contact)


def max_contacts(problem: PlanningProblem, contacts: Sequence[PlannedContact]) -> Iterator[Violation]:
    """Rule 5: at most `max_contacts` per shopper in all."""
    shoppers = _shoppers(problem)
    for code, group in _grouped(contacts, lambda contact: contact.shopper).items():
        shopper = shoppers.get(str(code))
        if shopper is not None and len(group) > shopper.max_contacts and _has_new(problem, group):
            numbers = (("planned", len(group)), ("allowed", shopper.max_contacts))
            yield Violation(Rule.MAX_CONTACTS, shopper=shopper.code, numbers=numbers)


def max_per_week(problem: PlanningProblem, contacts: Sequence[PlannedContact]) -> Iterator[Violation]:
    """Rule 5: at most `max_per_week` per shopper in any ISO week."""
    shoppers = _shoppers(problem)
    for key, group in _grouped(contacts, lambda contact: (contact.shopper, iso_week(contact.day))).items():
        shopper = shoppers.get(group[0].shopper)
        if shopper is not None and len(group) > shopper.max_per_week and _has_new(problem, group):
            year, week = str(key[1]).split("-W")
            numbers = (
                ("planned", len(group)),
                ("allowed", shopper.max_per_week),
                ("year", int(year)),
                ("week", int(week)),
            )
            yield Violation(Rule.MAX_PER_WEEK, shopper=shopper.code, day=group[0].day, numbers=numbers)


def availability(problem: PlanningProblem, contacts: Sequence[PlannedContact]) -> Iterator[Violation]:
    """Rule 5: only while the shopper is available."""
    shoppers = _shoppers(problem)
    for contact in _new(problem, contacts):
        shopper = shoppers.get(contact.shopper)
        if shopper is not None and not shopper.is_available(contact.day):
            yield _single(Rule.AVAILABILITY, contact)


def working_day(problem: PlanningProblem, contacts: Sequence[PlannedContact]) -> Iterator[Violation]:
    """Rule 6: only on the working days of the field period."""
    days = frozenset(problem.days)
    for contact in _new(problem, contacts):
        if contact.day not in days:
            yield _single(Rule.WORKING_DAY, contact)


def window(problem: PlanningProblem, contacts: Sequence[PlannedContact]) -> Iterator[Violation]:
    """Rule 6: in a window in which the participant answers; e-mail only before noon."""
    participants = {participant.code: participant for participant in problem.participants}
    for contact in _new(problem, contacts):
        participant = participants.get(contact.participant)
        if participant is not None and contact.window not in open_windows(contact.channel, participant.windows):
            yield _single(Rule.WINDOW, contact)


def one_a_day(problem: PlanningProblem, contacts: Sequence[PlannedContact]) -> Iterator[Violation]:
    """Rule 7: a participant gets at most one contact a day."""
    for (participant, day), group in _grouped(contacts, lambda contact: (contact.participant, contact.day)).items():
        if len(group) > 1 and _has_new(problem, group):
            numbers = (("planned", len(group)), ("allowed", 1))
            yield Violation(Rule.ONE_A_DAY, participant, day=day, numbers=numbers)


HARD_RULES: tuple[RuleCheck, ...] = (
    contacts_per_channel,
    meets_once,
    unrelated,
    usable_channel,
    max_contacts,
    max_per_week,
    availability,
    working_day,
    window,
    one_a_day,
)


def check_plan(problem: PlanningProblem, contacts: Sequence[PlannedContact]) -> tuple[Violation, ...]:
    """Every breach of a hard rule in a plan; `contacts` include the fixed ones. Empty for a valid plan."""
    return tuple(violation for rule in HARD_RULES for violation in rule(problem, contacts))


def check_contact(
    problem: PlanningProblem, others: Sequence[PlannedContact], contact: PlannedContact
) -> tuple[Violation, ...]:
    """Breaches that placing `contact` beside `others` would cause: whether a move on the board is legal.

    Rule 1 is judged for the contact's own channel only: too many contacts on it, not too few elsewhere.
    """
    near = [o for o in others if o.participant == contact.participant or o.shopper == contact.shopper]
    touching = [*near, contact]
    found = [v for rule in HARD_RULES[1:] for v in rule(problem, touching) if _concerns(v, contact)]
    needed = _expected_at(problem, contact.participant)[contact.channel]
    planned = sum(1 for o in touching if (o.participant, o.channel) == (contact.participant, contact.channel))
    if planned > needed:
        numbers = (("planned", planned), ("needed", needed))
        rule = Rule.CONTACTS_PER_CHANNEL
        found.insert(0, Violation(rule, contact.participant, channel=contact.channel, numbers=numbers))
    return tuple(found)


def _concerns(violation: Violation, contact: PlannedContact) -> bool:
    if violation.participant not in ("", contact.participant):
        return False
    if violation.shopper not in ("", contact.shopper):
        return False
    if violation.rule is Rule.MAX_PER_WEEK:
        return violation.day is not None and iso_week(violation.day) == iso_week(contact.day)
    return violation.day in (None, contact.day)


def _expected(problem: PlanningProblem) -> Iterator[tuple[tuple[str, str], int]]:
    made: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for contact in problem.fixed:
        made[contact.participant][contact.channel] += 1
    for participant in problem.participants:
        total = _with_made(participant, made.pop(participant.code, Counter()))
        yield from (((participant.code, channel), number) for channel, number in total.items())
    for code, done in made.items():
        yield from (((code, channel), number) for channel, number in done.items())


def _expected_at(problem: PlanningProblem, code: str) -> Counter[str]:
    done = Counter(contact.channel for contact in problem.fixed if contact.participant == code)
    mine = [participant for participant in problem.participants if participant.code == code]
    return _with_made(mine[0], done) if mine else done


def _with_made(participant: ParticipantDemand, done: Counter[str]) -> Counter[str]:
    total = Counter(done)
    for channel, number in remaining_contacts(participant.contacts, done):
        total[channel] += number
    return total


def _shoppers(problem: PlanningProblem) -> dict[str, ShopperCapacity]:
    return {shopper.code: shopper for shopper in problem.shoppers}


def _new(problem: PlanningProblem, contacts: Iterable[PlannedContact]) -> Iterator[PlannedContact]:
    fixed = frozenset(problem.fixed)
    return (contact for contact in contacts if contact not in fixed)


def _has_new(problem: PlanningProblem, group: Iterable[PlannedContact]) -> bool:
    return any(True for _ in _new(problem, group))


def _grouped(
    contacts: Iterable[PlannedContact], key: Callable[[PlannedContact], _Key]
) -> dict[_Key, list[PlannedContact]]:
    groups: defaultdict[_Key, list[PlannedContact]] = defaultdict(list)
    for contact in contacts:
        groups[key(contact)].append(contact)
    return groups


def _single(rule: Rule, contact: PlannedContact) -> Violation:
    return Violation(rule, contact.participant, contact.shopper, contact.channel, contact.day)
