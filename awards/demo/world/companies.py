"""The invented participants of the demo edition, and which channels each of them keeps open."""

from __future__ import annotations

from random import Random

from awards.demo.world.codes import slug
from awards.demo.world.content import Row, read_rows
from surveys.engine.words import CHANNELS, CHAT, EMAIL, MESSENGER, TELEPHONE

CONTACTS_PER_PARTICIPANT = 25

CHANNEL_MIXES: tuple[tuple[tuple[str, ...], int], ...] = (
    ((TELEPHONE, EMAIL, CHAT), 52),
    ((TELEPHONE, EMAIL, MESSENGER), 13),
    ((TELEPHONE, EMAIL), 20),
    ((TELEPHONE, CHAT), 5),
    ((EMAIL, CHAT), 4),
    ((TELEPHONE,), 3),
    ((EMAIL, MESSENGER), 2),
    ((EMAIL,), 1),
)
"""Open channels and how many in a hundred companies keep them. Messenger is open only where chat is closed."""

OWN_SPLITS: dict[tuple[str, ...], tuple[int, ...]] = {
    (TELEPHONE, EMAIL, CHAT): (10, 5, 10),
    (TELEPHONE, EMAIL): (20, 5),
}
"""Contacts per channel for the few companies whose customers prefer other channels than the key assumes."""
OWN_SPLIT_CHANCE = 0.03
FORM_CHANCE = 0.45


def invented_companies(rng: Random, *, participants: int) -> list[Row]:
    """Rows of `participants.csv`, sorted by code, spread over all classes in the proportions of the full list.

    Domains end in `.example`, and telephone numbers begin with 00, which no Norwegian subscriber's number does.
    Raises ValueError when more participants are asked for than there are invented names.
    """
    companies = read_rows("companies")
    if not 0 < participants <= len(companies):
        raise ValueError(f"between 1 and {len(companies)} participants can be invented, not {participants}")
    chosen = _spread(companies, participants)
    rows = [_participant(rng, number, company) for number, company in enumerate(chosen, 1)]
    return sorted(rows, key=lambda row: row["participant"])


def _spread(companies: list[Row], count: int) -> list[Row]:
    """Companies at even distances in the list, which goes class by class, so a smaller edition keeps the mix."""
    return [companies[number * len(companies) // count] for number in range(count)]


def _participant(rng: Random, number: int, company: Row) -> Row:
    code = slug(company["name"])
    site = f"https://{code}.example"
    mixes, weights = zip(*CHANNEL_MIXES, strict=True)
    channels: tuple[str, ...] = rng.choices(mixes, weights)[0]
    has_form = rng.random() < FORM_CHANCE
    addresses = {
        "telephone": f"+47 00 {number // 100:02d} {number % 100:02d} {rng.randrange(100):02d}",
        "email": "" if has_form else f"hei@{code}.example",
        "contact_form": f"{site}/kontakt" if has_form else "",
        "chat": f"{site}/chat",
        "messenger": f"https://messenger.example/{code}",
    }
    kinds = {*channels, "contact_form"} if EMAIL in channels else set(channels)
    return {
        "participant": code,
        "name": company["name"],
        "class": company["class"],
        "website": site,
        "report_email": f"kundeservice@{code}.example",
        **{kind: address if kind in kinds else "" for kind, address in addresses.items()},
        **_own_split(rng, channels),
    }


def _own_split(rng: Random, channels: tuple[str, ...]) -> Row:
    split = OWN_SPLITS.get(channels, ()) if rng.random() < OWN_SPLIT_CHANCE else ()
    given = dict(zip(channels, split, strict=False))
    return {f"{channel}_contacts": str(given.get(channel, "")) for channel in CHANNELS}
