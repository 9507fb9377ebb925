"""The demo edition as the tables of an edition package: everything a project leader brings before the first contact."""

from __future__ import annotations

from datetime import date, timedelta

from awards.demo.world.chance import stream
from awards.demo.world.companies import CONTACTS_PER_PARTICIPANT, invented_companies
from awards.demo.world.content import Row, read_rows
from awards.demo.world.people import invented_relations, invented_shoppers
from surveys.engine.working_days import is_working_day

Tables = dict[str, list[Row]]

AWARD = "Kundeserviceprisen"
CHRISTMAS = ((12, 24), (12, 31))
"""First and last day of the week in which no contacts are made."""


def build_package_tables(
    *, seed: int, starts_on: date, ends_on: date, code: str, year: int, participants: int = 190, shoppers: int = 88
) -> Tables:
    """The demo edition's tables by file name without `.csv`, each a list of rows with the package's columns as text.

    Holds `edition`, `classes`, `participants`, `shoppers`, `relations`, `questions`, `options`, `wait_bands` and
    `roleplays`, but no contacts: they are planned. The same arguments always give the same tables. Fewer than 36
    shoppers may be too few for 25 contacts per participant. Raises ValueError when the period is reversed or there are
    not enough invented names.
    """
    if ends_on < starts_on:
        raise ValueError("the field period ends before it starts")
    companies = invented_companies(stream(seed, "companies"), participants=participants)
    people = invented_shoppers(stream(seed, "people"), shoppers=shoppers, starts_on=starts_on, ends_on=ends_on)
    relations = invented_relations(stream(seed, "relations"), shoppers=people, participants=companies)
    used = {company["class"] for company in companies}
    return {
        "edition": _edition(starts_on=starts_on, ends_on=ends_on, code=code, year=year),
        "classes": [row for row in read_rows("classes") if row["class"] in used],
        "participants": companies,
        "shoppers": people,
        "relations": relations,
        "questions": read_rows("questions"),
        "options": read_rows("options"),
        "wait_bands": read_rows("wait_bands"),
        "roleplays": [row for row in read_rows("roleplays") if row["class"] in used],
    }


def _edition(*, starts_on: date, ends_on: date, code: str, year: int) -> list[Row]:
    settings = {
        "code": code,
        "award": AWARD,
        "year": str(year),
        "starts_on": starts_on.isoformat(),
        "ends_on": ends_on.isoformat(),
        "contacts_per_participant": str(CONTACTS_PER_PARTICIPANT),
        "max_channels": "3",
        "weight_wait": "5",
        "weight_welcome": "15",
        "weight_agent": "50",
        "weight_overall": "30",
        "key_telephone": "50",
        "key_email": "30",
        "key_chat": "20",
        "key_messenger": "20",
        "min_counted": "20",
        "min_channel_contacts": "5",
        "timezone": "Europe/Oslo",
        "opens_at": "09:00",
        "closes_at": "15:00",
        "closed_days": " ".join(day.isoformat() for day in _closed_days(starts_on, ends_on)),
        "name_nb": f"{AWARD} {year}",
        "name_en": f"{AWARD} {year}",
    }
    return [{"key": key, "value": value} for key, value in settings.items()]


def _closed_days(starts_on: date, ends_on: date) -> list[date]:
    """The working days of every Christmas week inside the period."""
    every_day = (starts_on + timedelta(days=number) for number in range((ends_on - starts_on).days + 1))
    first, last = CHRISTMAS
    return [day for day in every_day if first <= (day.month, day.day) <= last and is_working_day(day)]
