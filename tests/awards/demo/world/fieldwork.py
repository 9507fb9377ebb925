"""A whole simulated field period: random shoppers, spread days, and the real scoring engine. No planner needed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import cycle
from random import Random
from zoneinfo import ZoneInfo

from awards.demo.world import SimulatedContact, SimulatedWorld, Tables, build_package_tables
from scoring.engine import Band, Contact, Edition, EditionResult, Option, Participant, Question, Rules, score_edition
from surveys.engine.working_days import is_working_day

CHANNELS = ("telephone", "email", "chat", "messenger")
OSLO = ZoneInfo("Europe/Oslo")
STARTS_ON, ENDS_ON = date(2021, 11, 15), date(2022, 3, 18)


@dataclass(frozen=True, slots=True)
class PlannedContact:
    code: str
    participant: str
    shopper: str
    channel: str
    planned_on: date
    window: str


def demo_tables(seed: int) -> Tables:
    return build_package_tables(seed=seed, starts_on=STARTS_ON, ends_on=ENDS_ON, code="demo-2022", year=2022)


def plan(seed: int, tables: Tables) -> list[PlannedContact]:
    """25 contacts per participant by the usual key, with shoppers drawn at random among those who can."""
    rng = Random(seed)
    closed = _closed_days(tables)
    span = (ENDS_ON - STARTS_ON).days + 1
    days = [day for number in range(span) if is_working_day(day := STARTS_ON + timedelta(days=number), closed)]
    return list(_contacts(rng, tables, days))


def answer(seed: int, tables: Tables, contacts: list[PlannedContact]) -> dict[str, SimulatedContact]:
    world = SimulatedWorld(seed, tables)
    return {
        contact.code: world.respond(
            contact.code, contact.participant, contact.shopper, contact.channel, contact.planned_on, contact.window
        )
        for contact in contacts
    }


def score(tables: Tables, contacts: list[PlannedContact], made: dict[str, SimulatedContact]) -> EditionResult:
    """The simulated edition by the scoring rules."""
    return score_edition(
        Edition(
            rules=_rules(tables),
            participants=tuple(Participant(row["participant"], row["class"]) for row in tables["participants"]),
            contacts=tuple(_scored_contact(contact, made[contact.code]) for contact in contacts),
        )
    )


def open_channels(participant: dict[str, str]) -> list[str]:
    opened = {channel: participant[channel] for channel in CHANNELS}
    opened["email"] = participant["email"] or participant["contact_form"]
    return [channel for channel in CHANNELS if opened[channel]]


def _contacts(rng: Random, tables: Tables, days: list[date]) -> Iterator[PlannedContact]:
    number = 0
    for participant in tables["participants"]:
        channels = _channels(participant)
        rng.shuffle(channels)
        chosen_days = sorted(rng.sample(days, len(channels)))
        taken: set[str] = set()
        for channel, day in zip(channels, chosen_days, strict=True):
            able = [
                row["shopper"]
                for row in tables["shoppers"]
                if channel in row["channels"] and row["shopper"] not in taken
            ]
            shopper = rng.choice(able)
            taken.add(shopper)
            number += 1
            window = "09-11" if channel == "email" else rng.choice(("09-11", "11-13", "13-15"))
            yield PlannedContact(f"c{number:05d}", participant["participant"], shopper, channel, day, window)


def _channels(participant: dict[str, str]) -> list[str]:
    """25 channels in about the proportions 50, 30 and 20."""
    weights = {"telephone": 5, "email": 3, "chat": 2, "messenger": 2}
    pattern = [channel for channel in open_channels(participant) for _ in range(weights[channel])]
    endless = cycle(pattern)
    return [next(endless) for _ in range(25)]


def _closed_days(tables: Tables) -> frozenset[date]:
    value = next(row["value"] for row in tables["edition"] if row["key"] == "closed_days")
    return frozenset(date.fromisoformat(day) for day in value.split())


def _rules(tables: Tables) -> Rules:
    settings = {row["key"]: row["value"] for row in tables["edition"]}
    bands: dict[str, list[Band]] = defaultdict(list)
    for row in tables["wait_bands"]:
        bands[row["channel"]].append(Band(Fraction(row["up_to"]) if row["up_to"] else None, Fraction(row["percent"])))
    options: dict[str, dict[str, Option]] = defaultdict(dict)
    for row in tables["options"]:
        points = Fraction(row["points"]) if row["points"] else None
        options[row["question"]][row["option"]] = Option(row["option"], points, row["not_applicable"] == "yes")
    return Rules(
        weights={area: Fraction(settings[f"weight_{area}"]) for area in ("wait", "welcome", "agent", "overall")},
        min_counted=int(settings["min_counted"]),
        min_channel_contacts=int(settings["min_channel_contacts"]),
        bands={channel: tuple(found) for channel, found in bands.items()},
        questions={
            row["question"]: Question(
                code=row["question"],
                area=row["area"],
                kind=row["kind"],
                channels=frozenset(row["channels"].split()),
                metric=row["metric"],
                options=options[row["question"]],
            )
            for row in tables["questions"]
        },
    )


def _scored_contact(planned: PlannedContact, made: SimulatedContact) -> Contact:
    return Contact(
        code=planned.code,
        participant=planned.participant,
        channel=planned.channel,
        outcome=made.outcome,
        wait=None if made.wait is None else Fraction(made.wait),
        options={question: frozenset(ticked) for question, ticked in made.options.items()},
        values={question: Fraction(value) for question, value in made.values.items()},
    )
