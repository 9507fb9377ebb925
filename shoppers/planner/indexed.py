"""The problem in numbers: participants, shoppers and days as indices, so that the search loops touch lists only.

Everything is sorted by code first, so that the order in which rows arrive does not change a plan.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from shoppers.planner.calendar import blocks, iso_week
from shoppers.planner.channels import remaining_contacts
from shoppers.planner.types import PlannedContact, PlanningProblem, ShopperCapacity
from surveys.engine.words import CHANNELS


@dataclass(slots=True)
class Calendar:
    """Days as indices: the ISO week, block and weekday of each, and how many days each week and block has."""

    days: tuple[date, ...]
    weeks: list[str]
    week_of: list[int]
    block_of: list[int]
    weekday: list[int]
    week_size: list[int]
    block_size: list[int]
    number: dict[date, int]


@dataclass(slots=True)
class Indexed:
    """A planning problem by index, less what is fixed.

    `demand[p]` lists (channel, contacts left to plan). `able[c][s]` and `barred[p][s]` are 0/1; barred covers
    relations and shoppers that have met the participant already. `room[s]` is what the shopper can still take
    in the whole period, week limits and availability included. `span[s]` are the first and last day index of
    the availability (last < first when there is none). `busy[p]` are day indices taken by fixed contacts.
    """

    problem: PlanningProblem
    calendar: Calendar
    participants: list[str]
    shoppers: list[str]
    people: list[ShopperCapacity]
    class_of: list[int]
    classes: list[str]
    demand: list[list[tuple[int, int]]]
    needed: list[int]
    able: list[bytearray]
    barred: list[bytearray]
    room: list[int]
    fixed_load: list[int]
    week_room: list[list[int]]
    span: list[tuple[int, int]]
    busy: list[set[int]]
    fixed_shoppers: list[list[int]]

    @property
    def total(self) -> int:
        return sum(self.needed)

    def takes_part(self, s: int) -> bool:
        """Whether the shopper is in at all: available some day, with limits above zero."""
        first, last = self.span[s]
        return last >= first and self.people[s].max_contacts > 0 and self.people[s].max_per_week > 0


def indexed_calendar(days: tuple[date, ...]) -> Calendar:
    ordered = tuple(sorted(set(days)))
    names = [iso_week(day) for day in ordered]
    weeks = list(dict.fromkeys(names))
    position = {name: number for number, name in enumerate(weeks)}
    block_list = blocks(ordered)
    sizes = Counter(names)
    return Calendar(
        days=ordered,
        weeks=weeks,
        week_of=[position[name] for name in names],
        block_of=[number for number, block in enumerate(block_list) for _ in block],
        weekday=[day.weekday() for day in ordered],
        week_size=[sizes[name] for name in weeks],
        block_size=[len(block) for block in block_list],
        number={day: number for number, day in enumerate(ordered)},
    )


def index_problem(problem: PlanningProblem) -> Indexed:
    """The problem by index. Unknown codes in `excluded` and `fixed` are allowed: people come and go."""
    calendar = indexed_calendar(problem.days)
    participants = sorted(problem.participants, key=lambda participant: participant.code)
    people = sorted(problem.shoppers, key=lambda shopper: shopper.code)
    p_number = {participant.code: number for number, participant in enumerate(participants)}
    s_number = {shopper.code: number for number, shopper in enumerate(people)}
    classes = sorted({participant.award_class for participant in participants})
    done = _done_per_channel(problem.fixed)
    demand = [
        [(CHANNELS.index(c), n) for c, n in remaining_contacts(participant.contacts, done.get(participant.code, {}))]
        for participant in participants
    ]
    spans = [_span(shopper, calendar.days) for shopper in people]
    fixed_load, week_room = _fixed_work(problem.fixed, people, s_number, spans, calendar)
    barred, busy, fixed_shoppers = _met(problem, p_number, s_number, calendar)
    return Indexed(
        problem=problem,
        calendar=calendar,
        participants=[participant.code for participant in participants],
        shoppers=[shopper.code for shopper in people],
        people=people,
        class_of=[classes.index(participant.award_class) for participant in participants],
        classes=classes,
        demand=demand,
        needed=[sum(number for _, number in row) for row in demand],
        able=[bytearray(channel in shopper.channels for shopper in people) for channel in CHANNELS],
        barred=barred,
        room=[max(0, min(shopper.max_contacts - fixed_load[s], sum(week_room[s]))) for s, shopper in enumerate(people)],
        fixed_load=fixed_load,
        week_room=week_room,
        span=spans,
        busy=busy,
        fixed_shoppers=fixed_shoppers,
    )


def _done_per_channel(fixed: tuple[PlannedContact, ...]) -> dict[str, Counter[str]]:
    done: dict[str, Counter[str]] = {}
    for contact in fixed:
        done.setdefault(contact.participant, Counter())[contact.channel] += 1
    return done


def _span(shopper: ShopperCapacity, days: tuple[date, ...]) -> tuple[int, int]:
    inside = [number for number, day in enumerate(days) if shopper.is_available(day)]
    return (inside[0], inside[-1]) if inside else (0, -1)


def _fixed_work(
    fixed: tuple[PlannedContact, ...],
    people: list[ShopperCapacity],
    s_number: dict[str, int],
    spans: list[tuple[int, int]],
    calendar: Calendar,
) -> tuple[list[int], list[list[int]]]:
    """Contacts each shopper has made, and room left per week: none in weeks without an available day."""
    load = [0] * len(people)
    used: list[Counter[str]] = [Counter() for _ in people]
    for contact in fixed:
        s = s_number.get(contact.shopper)
        if s is not None:
            load[s] += 1
            used[s][iso_week(contact.day)] += 1
    room = []
    for s, shopper in enumerate(people):
        first, last = spans[s]
        open_weeks = {calendar.week_of[day] for day in range(first, last + 1)}
        room.append(
            [
                max(0, shopper.max_per_week - used[s][name]) if week in open_weeks else 0
                for week, name in enumerate(calendar.weeks)
            ]
        )
    return load, room


def _met(
    problem: PlanningProblem, p_number: dict[str, int], s_number: dict[str, int], calendar: Calendar
) -> tuple[list[bytearray], list[set[int]], list[list[int]]]:
    barred = [bytearray(len(s_number)) for _ in p_number]
    busy: list[set[int]] = [set() for _ in p_number]
    fixed_shoppers: list[list[int]] = [[] for _ in p_number]
    for shopper, participant in problem.excluded:
        if shopper in s_number and participant in p_number:
            barred[p_number[participant]][s_number[shopper]] = 1
    for contact in problem.fixed:
        p = p_number.get(contact.participant)
        if p is None:
            continue
        day = calendar.number.get(contact.day)
        if day is not None:
            busy[p].add(day)
        s = s_number.get(contact.shopper)
        if s is not None:
            barred[p][s] = 1
            fixed_shoppers[p].append(s)
    return barred, busy, fixed_shoppers
