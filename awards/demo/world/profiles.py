"""How good the classes of the demo edition are: expectations that the simulation turns into companies.

The expectations follow the published results of 2022: which class the best companies are found in, how far they stand
above the rest, and where the queues are longest. No real company is behind any of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from surveys.engine.words import AFTERNOON, CHAT, EMAIL, MESSENGER, MIDDAY, MORNING, TELEPHONE


@dataclass(frozen=True, slots=True)
class ClassProfile:
    """What to expect of a class. `best` and `mean` are totals (0–100) of its best and its average company.

    `manners` (0–1) says how much of a low total comes from the dialogue itself; the rest is contacts nobody answers.
    `sells` is the share of shoppers who find that there is something to buy.
    """

    best: float
    mean: float
    manners: float = 0.25
    sells: float = 0.99
    winter_rush: float = 1.0
    """How many times as often nobody answers in December and January as in the other months."""


UNKNOWN_CLASS = ClassProfile(best=85, mean=74)

CLASS_PROFILES: Mapping[str, ClassProfile] = {
    "transport": ClassProfile(best=92.2, mean=84),
    "bredband": ClassProfile(best=91.8, mean=84),
    "apen": ClassProfile(best=91.1, mean=81.5, sells=0.96),
    "mat": ClassProfile(best=90.8, mean=83.5),
    "mobil": ClassProfile(best=89.9, mean=81.5),
    "innfordring": ClassProfile(best=89.5, mean=80.5, sells=0.7),
    "netthandel": ClassProfile(best=87.5, mean=79.5),
    "bank": ClassProfile(best=87, mean=79.5),
    "persontransport": ClassProfile(best=87, mean=77),
    "offentlig": ClassProfile(best=83, mean=50.8, manners=0.25, sells=0.35),
    "medlem": ClassProfile(best=83.5, mean=75.5),
    "forsikring": ClassProfile(best=83, mean=76),
    "elektronikk": ClassProfile(best=82, mean=74),
    "streaming": ClassProfile(best=81, mean=73.5),
    "hotell": ClassProfile(best=80, mean=72.5),
    "alarm": ClassProfile(best=78, mean=72),
    "bilforhandler": ClassProfile(best=77, mean=70),
    "bilutleie": ClassProfile(best=74, mean=68),
    "tv": ClassProfile(best=75, mean=69, manners=0.18),
    "avis": ClassProfile(best=73, mean=67),
    "batreise": ClassProfile(best=69, mean=64.5),
    "energi": ClassProfile(best=69, mean=60, manners=0.17, winter_rush=1.5),
    "reiseselskap": ClassProfile(best=67, mean=62),
    "cruise": ClassProfile(best=63.5, mean=59.5),
}

NO_ANSWER_BY_CHANNEL: Mapping[str, float] = {TELEPHONE: 0.85, EMAIL: 1.25, CHAT: 0.95, MESSENGER: 1.2}
"""How many times as often as on average a channel stays silent."""

CHANNEL_SHARES: Mapping[str, float] = {TELEPHONE: 50, EMAIL: 30, CHAT: 20, MESSENGER: 20}
"""Roughly how the contacts are spread; only used to keep a company's average where it should be."""

NO_ANSWER_BY_WEEKDAY = (1.2, 1.05, 1.0, 0.95, 0.8)
NO_ANSWER_BY_WINDOW: Mapping[str, float] = {MORNING: 0.97, MIDDAY: 1.1, AFTERNOON: 0.95}
WINTER_MONTHS = frozenset((12, 1))
