"""The simulated world: what would have come of each planned contact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from awards.demo.world.answers import asked_per_channel, fill_in, meet
from awards.demo.world.attempts import SimulatedAttempt, reach
from awards.demo.world.chance import stream
from awards.demo.world.comments import CommentWriter
from awards.demo.world.standing import companies, people
from awards.demo.world.tables import Tables
from surveys.engine.words import ANSWERED


@dataclass(frozen=True, slots=True)
class SimulatedContact:
    """One made contact, as a shopper would hand it in.

    `wait` is in the channel's unit (seconds, working days for e-mail) and None without an answer; times are aware
    (Europe/Oslo). `options` holds the ticked options per question, `values` the scales, `comments` the areas where the
    shopper wrote something; all three are empty without an answer.
    """

    attempts: tuple[SimulatedAttempt, ...]
    outcome: str
    contacted_at: datetime
    answered_at: datetime | None = None
    wait: int | None = None
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, int] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)


class SimulatedWorld:
    """Invented companies that answer, or do not, in their own ways. `tables` are those of an edition package.

    What comes of a contact depends on the seed, the tables and the contact alone, never on which contacts came before.
    """

    def __init__(self, seed: int, tables: Tables) -> None:
        self._seed = seed
        self._companies = companies(seed, tables["participants"])
        self._people = people(seed, tables["shoppers"])
        self._asked = asked_per_channel(tables["questions"], tables["options"])
        self._writer = CommentWriter()
        settings = {row["key"]: row["value"] for row in tables["edition"]}
        self._closed = frozenset(date.fromisoformat(day) for day in settings.get("closed_days", "").split())

    def respond(  # noqa: PLR0917  # a planned contact, column by column
        self, contact_code: str, participant: str, shopper: str, channel: str, planned_on: date, window: str
    ) -> SimulatedContact:
        """What comes of one contact. Raises KeyError for codes and channels that are not in the tables.

        An e-mail goes out in the window 09-11 whatever `window` says; an empty `window` means the same one.
        """
        company, person, questions = self._companies[participant], self._people[shopper], self._asked[channel]
        rng = stream(self._seed, contact_code)
        reached = reach(
            rng,
            channel=channel,
            silence=company.silence(channel, planned_on, window),
            luck=company.luck(planned_on, rng.random()),
            planned_on=planned_on,
            window=window,
            closed=self._closed,
        )
        if reached.outcome != ANSWERED or reached.wait is None:
            return SimulatedContact(reached.attempts, reached.outcome, reached.contacted_at)
        meeting = meet(rng, company, person, channel, reached.wait)
        answers = fill_in(rng, meeting, questions)
        comments = self._writer.write(
            stream(self._seed, contact_code, "comments"),
            meeting=meeting,
            attempts=len(reached.attempts),
            answers=answers,
            questions=questions,
        )
        return SimulatedContact(
            attempts=reached.attempts,
            outcome=reached.outcome,
            contacted_at=reached.contacted_at,
            answered_at=reached.answered_at,
            wait=reached.wait,
            options=answers.options,
            values=answers.values,
            comments=comments,
        )
