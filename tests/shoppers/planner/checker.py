"""The planning rules once more, written from the rules alone: this file imports nothing of the planner's reasoning.

It knows the planner's value types only, so that a mistake in the planner cannot hide here too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from shoppers.planner.types import PlannedContact, PlanningProblem


def easter_sunday(year: int) -> dt.date:
    """Gauss's rule as given by the Anonymous Gregorian algorithm."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    i = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * i) // 451
    month, day = divmod(h + i - 7 * m + 114, 31)
    return dt.date(year, month, day + 1)


def norwegian_holidays(year: int) -> set[dt.date]:
    easter = easter_sunday(year)
    moving = {easter + dt.timedelta(days=offset) for offset in (-3, -2, 0, 1, 39, 49, 50)}
    fixed = {dt.date(year, month, day) for month, day in ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26))}
    return moving | fixed


def broken_rules(problem: PlanningProblem, contacts: Iterable[PlannedContact]) -> list[str]:
    """Every broken hard rule in words; empty for a valid plan of a problem without fixed contacts."""
    contacts = list(contacts)
    return [
        *_demand(problem, contacts),
        *_pairs(problem, contacts),
        *_shoppers(problem, contacts),
        *_times(problem, contacts),
    ]


def _demand(problem: PlanningProblem, contacts: list[PlannedContact]) -> Iterable[str]:
    tally: dict[tuple[str, str], int] = {}
    for contact in contacts:
        key = (contact.participant, contact.channel)
        tally[key] = tally.get(key, 0) + 1
    for participant in problem.participants:
        for channel, number in participant.contacts:
            found = tally.pop((participant.code, channel), 0)
            if found != number:
                yield f"{participant.code} has {found} of {number} on {channel}"
    for (code, channel), number in tally.items():
        yield f"{code} has {number} too many on {channel}"


def _pairs(problem: PlanningProblem, contacts: list[PlannedContact]) -> Iterable[str]:
    seen: set[tuple[str, str]] = set()
    for contact in contacts:
        pair = (contact.shopper, contact.participant)
        if pair in seen:
            yield f"{pair} meet twice"
        if pair in problem.excluded:
            yield f"{pair} are related"
        seen.add(pair)


def _shoppers(problem: PlanningProblem, contacts: list[PlannedContact]) -> Iterable[str]:
    for shopper in problem.shoppers:
        mine = [contact for contact in contacts if contact.shopper == shopper.code]
        if len(mine) > shopper.max_contacts:
            yield f"{shopper.code} has {len(mine)} of at most {shopper.max_contacts}"
        weeks = [contact.day.isocalendar()[:2] for contact in mine]
        for week in set(weeks):
            if weeks.count(week) > shopper.max_per_week:
                yield f"{shopper.code} has {weeks.count(week)} in week {week}"
        for contact in mine:
            if contact.channel not in shopper.channels:
                yield f"{shopper.code} cannot use {contact.channel}"
            too_early = shopper.available_from is not None and contact.day < shopper.available_from
            too_late = shopper.available_to is not None and contact.day > shopper.available_to
            if too_early or too_late:
                yield f"{shopper.code} is away on {contact.day}"
    strangers = {contact.shopper for contact in contacts} - {shopper.code for shopper in problem.shoppers}
    yield from (f"{code} is nobody" for code in strangers)


def _times(problem: PlanningProblem, contacts: list[PlannedContact]) -> Iterable[str]:
    windows = {participant.code: participant.windows for participant in problem.participants}
    taken: set[tuple[str, dt.date]] = set()
    for contact in contacts:
        if (contact.participant, contact.day) in taken:
            yield f"{contact.participant} gets two on {contact.day}"
        taken.add((contact.participant, contact.day))
        if contact.day not in problem.days or contact.day.weekday() >= 5:
            yield f"{contact.day} is no working day of the period"
        if contact.day in norwegian_holidays(contact.day.year):
            yield f"{contact.day} is a public holiday"
        if contact.channel == "email" and contact.window != "09-11":
            yield f"{contact.participant} gets an e-mail in {contact.window}"
        if contact.channel != "email" and contact.window not in windows[contact.participant]:
            yield f"{contact.participant} is closed in {contact.window}"
