"""Editions to plan: one like the real one in small, and Hypothesis strategies for random ones."""

from __future__ import annotations

import datetime as dt
import random

from hypothesis import strategies as st

from shoppers.planner import ParticipantDemand, PlanningProblem, ShopperCapacity, working_days
from surveys.engine.words import CHANNELS, WINDOWS

ALL = frozenset(CHANNELS)


def shopper(code: str = "s1", **changes: object) -> ShopperCapacity:
    facts: dict[str, object] = {"code": code, "channels": ALL, "max_contacts": 20, "max_per_week": 6}
    return ShopperCapacity(**{**facts, **changes})  # type: ignore[arg-type]


def shoppers(count: int, **changes: object) -> tuple[ShopperCapacity, ...]:
    return tuple(shopper(f"s{number:02}", **changes) for number in range(1, count + 1))


def participant(code: str = "p1", telephone: int = 4, award_class: str = "c1", **changes: object) -> ParticipantDemand:
    contacts = tuple(
        (channel, number)
        for channel, number in (("telephone", telephone), *((c, changes.pop(c, 0)) for c in CHANNELS[1:]))
        if number
    )
    return ParticipantDemand(code, award_class, contacts, **changes)  # type: ignore[arg-type]


def problem(
    participants: tuple[ParticipantDemand, ...],
    people: tuple[ShopperCapacity, ...],
    *,
    excluded: tuple[tuple[str, str], ...] = (),
    starts_on: dt.date = dt.date(2022, 1, 3),
    weeks: int = 4,
) -> PlanningProblem:
    days = working_days(starts_on, starts_on + dt.timedelta(weeks=weeks, days=-3))
    return PlanningProblem(participants, people, frozenset(excluded), days)


def edition(
    seed: int,
    *,
    n_participants: int,
    n_shoppers: int,
    n_classes: int,
    contacts: int = 25,
    relations: float = 0.1,
    max_contacts: int = 60,
) -> PlanningProblem:
    """A random edition through spring, with Easter and 1 May: abilities 95/99/92/75 %, some people part-time."""
    chance = random.Random(seed)
    splits = (
        (("telephone", contacts),),
        (("telephone", contacts - 8), ("email", 8)),
        (("telephone", contacts - 12), ("email", 7), ("chat", 5)),
        (("telephone", contacts - 12), ("email", 7), ("messenger", 5)),
    )
    participants = tuple(
        ParticipantDemand(
            f"p{n:03}", f"c{n % n_classes:02}", chance.choice(splits), chance.choice((WINDOWS, WINDOWS[:2]))
        )
        for n in range(n_participants)
    )
    able = (("telephone", 0.95), ("email", 0.99), ("chat", 0.92), ("messenger", 0.75))
    people = tuple(
        ShopperCapacity(
            f"s{n:03}",
            frozenset(channel for channel, share in able if chance.random() < share),
            max_contacts,
            6,
            dt.date(2022, 2, 7) if chance.random() < 0.05 else None,
            dt.date(2022, 4, 1) if chance.random() < 0.05 else None,
            chance.choice(("female", "male", "")),
            chance.choice(("18-29", "30-44", "45-59", "60+")),
            f"county-{chance.randrange(11)}",
        )
        for n in range(n_shoppers)
    )
    excluded = frozenset((s.code, p.code) for s in people for p in participants if chance.random() < relations)
    return PlanningProblem(participants, people, excluded, working_days(dt.date(2022, 1, 3), dt.date(2022, 5, 6)))


@st.composite
def small_problems(draw: st.DrawFn) -> PlanningProblem:
    """Any small edition, possible or not: tight limits, short periods, closed windows, half the people away."""
    starts_on = draw(st.sampled_from((dt.date(2021, 12, 20), dt.date(2022, 4, 6), dt.date(2022, 1, 5))))
    ends_on = starts_on + dt.timedelta(days=draw(st.integers(3, 20)))
    days = working_days(starts_on, ends_on)
    participants = tuple(
        ParticipantDemand(
            f"p{number}",
            f"c{number % 2}",
            tuple((c, n) for c in CHANNELS if (n := draw(st.sampled_from((0, 0, 0, 1, 1, 2, 3)))))
            or (("telephone", 1),),
            draw(st.sampled_from((WINDOWS, WINDOWS, WINDOWS[1:]))),
        )
        for number in range(draw(st.integers(1, 4)))
    )
    people = tuple(
        ShopperCapacity(
            f"s{number}",
            frozenset(draw(st.sets(st.sampled_from(CHANNELS), min_size=2))),
            draw(st.integers(0, 6)),
            draw(st.integers(1, 3)),
            draw(st.none() | st.none() | st.dates(starts_on, ends_on)),
            draw(st.none() | st.none() | st.dates(starts_on, ends_on)),
            draw(st.sampled_from(("female", "male", ""))),
            draw(st.sampled_from(("18-29", "60+", ""))),
            draw(st.sampled_from(("oslo", "troms", ""))),
        )
        for number in range(draw(st.integers(2, 9)))
    )
    excluded = frozenset(
        (person.code, one.code) for person in people for one in participants if draw(st.integers(0, 7)) == 0
    )
    return PlanningProblem(participants, people, excluded, days)


@st.composite
def possible_problems(draw: st.DrawFn) -> PlanningProblem:
    """A small edition that a hidden plan proves to be possible: the limits are what that plan needs, and no more."""
    days = working_days(dt.date(2022, 4, 4), dt.date(2022, 4, 4) + dt.timedelta(days=draw(st.integers(4, 24))))
    n_people = draw(st.integers(1, 7))
    abilities = [frozenset(draw(st.sets(st.sampled_from(CHANNELS), min_size=1))) for _ in range(n_people)]
    spans = [sorted(draw(st.lists(st.sampled_from(days), min_size=2, max_size=2))) for _ in range(n_people)]
    per_week: dict[tuple[int, tuple[int, int]], int] = {}
    load = [0] * n_people
    participants, excluded = [], []
    for number in range(draw(st.integers(1, 4))):
        tally: dict[str, int] = {}
        taken: set[dt.date] = set()
        for person in range(n_people):
            free = [day for day in days if spans[person][0] <= day <= spans[person][1] and day not in taken]
            if not free or draw(st.integers(0, 3)) == 0:
                if draw(st.booleans()):
                    excluded.append((f"s{person}", f"p{number}"))
                continue
            day = draw(st.sampled_from(free))
            channel = draw(st.sampled_from(sorted(abilities[person])))
            taken.add(day)
            tally[channel] = tally.get(channel, 0) + 1
            load[person] += 1
            week = day.isocalendar()[:2]
            per_week[person, week] = per_week.get((person, week), 0) + 1
        if tally:
            contacts = tuple((channel, tally[channel]) for channel in CHANNELS if channel in tally)
            participants.append(ParticipantDemand(f"p{number}", f"c{number % 2}", contacts))
    people = tuple(
        ShopperCapacity(
            f"s{person}",
            abilities[person],
            load[person],
            max([1, *(n for (who, _), n in per_week.items() if who == person)]),
            spans[person][0],
            spans[person][1],
        )
        for person in range(n_people)
    )
    return PlanningProblem(tuple(participants), people, frozenset(excluded), days)
