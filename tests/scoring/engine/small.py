"""Small editions for the tables of rules: one question per area unless a test wants others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from scoring.engine import Band, Contact, Edition, Option, Participant, Question, Rules

CHANNELS = ("telephone", "email", "chat", "messenger")
WEIGHTS = {"wait": Fraction(5), "welcome": Fraction(15), "agent": Fraction(50), "overall": Fraction(30)}


def question(code: str, area: str, kind: str = "single", channels: str = "", **points: float | str | None) -> Question:
    """A question; keywords name its options: points, ``None`` for none, ``"na"`` for not applicable."""
    options = {
        name: Option(name, None, not_applicable=True) if worth == "na" else Option(name, _exact(worth))
        for name, worth in points.items()
    }
    return Question(code, area, kind, frozenset(channels.split()), "", options)


def _exact(worth: float | str | None) -> Fraction | None:
    return None if worth is None else Fraction(str(worth))


def scale(metric: str) -> Question:
    return Question(metric, "cx", "scale", frozenset(), metric)


def rules(
    questions: Iterable[Question] = (),
    weights: Mapping[str, Fraction] = WEIGHTS,
    min_counted: int = 1,
    min_channel: int = 1,
) -> Rules:
    """Waits up to 60 are worth 100, up to 180 60, on every channel."""
    bands = {channel: (Band(Fraction(60), Fraction(100)), Band(Fraction(180), Fraction(60))) for channel in CHANNELS}
    return Rules(weights, min_counted, min_channel, bands, {found.code: found for found in questions})


def answered(
    code: str = "c1",
    participant: str = "p1",
    channel: str = "telephone",
    wait: float | Fraction | None = 60,
    **ticked: str,
) -> Contact:
    """An answered contact; options by question, several separated by spaces."""
    options = {name: frozenset(chosen.split()) for name, chosen in ticked.items()}
    exact = None if wait is None else Fraction(wait)
    return Contact(code, participant, channel, "answered", "approved", exact, options)


def unanswered(code: str = "c1", participant: str = "p1", channel: str = "telephone") -> Contact:
    return Contact(code, participant, channel, "no_answer", "approved")


def listed(*values: object) -> list[object]:
    """Values of several types side by side, to be compared with plain numbers."""
    return list(values)


def edition(found: Rules, *contacts: Contact, participants: Mapping[str, str] | None = None) -> Edition:
    """``participants`` maps code to class; those of the contacts, all in one class, unless given."""
    if participants is None:
        participants = {contact.participant: "bank" for contact in contacts}
    return Edition(found, tuple(Participant(code, name) for code, name in participants.items()), contacts)
