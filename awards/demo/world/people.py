"""The invented shoppers of the demo edition, and which participants each of them must not meet."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from awards.demo.world.codes import slug
from awards.demo.world.content import Row, read_settings
from surveys.engine.words import CHAT, EMAIL, MESSENGER, TELEPHONE

YOUNGEST, OLDEST = 18, 65
USUAL_MAX_CONTACTS, USUAL_MAX_PER_WEEK = 60, 6
SMALLER_LIMITS = (30, 35, 40, 45, 50)
LARGER_LIMITS = (70, 75, 80)
ONE_WANTS_LESS_IN, ONE_WANTS_MORE_IN, ONE_IS_AWAY_IN = 7, 14, 11
RELATED_SHARE = 0.04
KINDS = (("customer", 94), ("employee", 2), ("family", 3), ("other", 1))
GENDERS = (("female", 51), ("male", 47), ("other", 2))
SHORTEST_STAY = timedelta(weeks=12)


def invented_shoppers(rng: Random, *, shoppers: int, starts_on: date, ends_on: date) -> list[Row]:
    """Rows of `shoppers.csv`: 18–65 years old when the period begins, from every county when they are enough."""
    counties = _counties(rng, shoppers)
    ages = _ages(rng, shoppers)
    taken: set[str] = set()
    rows = []
    for number in range(shoppers):
        gender = _weighted(rng, GENDERS)
        name = _new_name(rng, gender, taken)
        rows.append(
            {
                "shopper": f"s{number + 1:03d}",
                "name": name,
                "email": f"{slug(name).replace('-', '.')}@post.example",
                "birth_year": str(starts_on.year - ages[number]),
                "gender": gender,
                "county": counties[number],
                "channels": " ".join(_channels(rng)),
                **_limits(rng, number, starts_on, ends_on),
            }
        )
    return rows


def invented_relations(rng: Random, *, shoppers: list[Row], participants: list[Row]) -> list[Row]:
    """Rows of `relations.csv`: about four pairs in a hundred know each other, nearly all of them as customers."""
    rows = []
    for shopper in shoppers:
        for participant in participants:
            if rng.random() >= RELATED_SHARE:
                continue
            kind = _weighted(rng, KINDS)
            rows.append({"shopper": shopper["shopper"], "participant": participant["participant"], "kind": kind})
    return rows


def _weighted(rng: Random, choices: tuple[tuple[str, int], ...]) -> str:
    values, weights = zip(*choices, strict=True)
    return str(rng.choices(values, weights)[0])


def _counties(rng: Random, count: int) -> list[str]:
    """One shopper from each county first, the rest by population."""
    population: dict[str, int] = read_settings("people")["counties"]
    names = list(population)
    drawn = (names + rng.choices(names, list(population.values()), k=max(count - len(names), 0)))[:count]
    rng.shuffle(drawn)
    return drawn


def _ages(rng: Random, count: int) -> list[int]:
    """Evenly spread from the youngest to the oldest; one year is added to 18, for the birthday may still be to come."""
    span = OLDEST - YOUNGEST - 1
    ages = [YOUNGEST + 1 + span * number // max(count - 1, 1) for number in range(count)]
    rng.shuffle(ages)
    return ages


def _new_name(rng: Random, gender: str, taken: set[str]) -> str:
    """A name nobody else in the edition has, so that e-mail addresses stay apart too. `taken` is added to.

    Raises ValueError when the name lists are used up.
    """
    names = read_settings("people")
    for _attempt in range(1000):
        name = f"{rng.choice(names[gender])} {rng.choice(names['last'])}"
        if slug(name) not in taken:
            taken.add(slug(name))
            return name
    raise ValueError("there are no more invented names")


def _channels(rng: Random) -> list[str]:
    chances = ((TELEPHONE, 0.97), (EMAIL, 0.99), (CHAT, 0.94), (MESSENGER, 0.66))
    usable = [channel for channel, chance in chances if rng.random() < chance]
    return usable or [TELEPHONE, EMAIL]


def _limits(rng: Random, number: int, starts_on: date, ends_on: date) -> Row:
    """Most can take the usual load; some want less, a few more, and a few are away for a part of the period."""
    limits = {
        "max_contacts": str(USUAL_MAX_CONTACTS),
        "max_per_week": str(USUAL_MAX_PER_WEEK),
        "available_from": "",
        "available_to": "",
    }
    if number % ONE_WANTS_LESS_IN == ONE_WANTS_LESS_IN // 2:
        return limits | {"max_contacts": str(rng.choice(SMALLER_LIMITS)), "max_per_week": str(rng.choice((4, 5, 6)))}
    if number % ONE_WANTS_MORE_IN == ONE_WANTS_MORE_IN // 3:
        return limits | {"max_contacts": str(rng.choice(LARGER_LIMITS)), "max_per_week": "8"}
    if number % ONE_IS_AWAY_IN == ONE_IS_AWAY_IN - 1 and ends_on - starts_on > SHORTEST_STAY:
        away = timedelta(days=rng.randrange(7, 29))
        comes_later = rng.choice((True, False))
        return limits | (
            {"available_from": (starts_on + away).isoformat()}
            if comes_later
            else {"available_to": (ends_on - away).isoformat()}
        )
    return limits
