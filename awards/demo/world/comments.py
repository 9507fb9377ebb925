"""What shoppers write in the three comment fields: true to their answers, at their own length, never with a name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any

from awards.demo.world.answers import Answers, Asked, Meeting
from awards.demo.world.content import read_settings
from awards.demo.world.slips import with_slips
from surveys.engine.words import ANSWERED_AREAS as AREAS
from surveys.engine.words import CHAT, EMAIL, MESSENGER, TELEPHONE

TONES = ("great", "good", "mixed", "poor")
TONE_FLOORS = (0.9, 0.72, 0.5)
"""An area's answers lie at least this far up (0–1) for each tone but the last."""

QUICK, MIDDLING, SLOW = "quick", "middling", "slow"
WAIT_WORDS: Mapping[str, tuple[int, int]] = {
    TELEPHONE: (30, 150),
    CHAT: (30, 150),
    MESSENGER: (300, 1200),
    EMAIL: (1, 2),
}
"""Up to which wait (the channel's unit) a shopper calls it quick, and up to which it is nothing to speak of."""
VOICE = {TELEPHONE: TELEPHONE, EMAIL: EMAIL, CHAT: CHAT, MESSENGER: CHAT}
"""Which phrases fit a channel; people write alike in chats of all kinds."""

PRONOUNS = (("hun", "henne"), ("han", "ham"))
NO_PERSON = ("den", "den")

WAIT_MENTIONED, SECOND_ATTEMPT_MENTIONED, OPENING_WRITTEN, BUYING_MENTIONED = 0.3, 0.4, 0.1, 0.35
MAIN_POINT_LEFT_OUT = 0.2
BUT = 0.55
"""How often the first turn from good to bad, or the other way, begins with «Men»."""
LUKEWARM_NPS = 6
LENGTH: Mapping[str, float] = {"welcome": 0.7, "agent": 1.3, "overall": 0.8}
"""How much there is to say about an area, in sentences on top of the first, even for people of few words."""
ABOUT_BEING_A_CUSTOMER = "valued"
HARDLY_SELLS = 0.5
GOOD_NEWS = frozenset(
    (
        ("first_agent", "passed_on"),
        ("uncertain", "promised"),
        ("first_reply", "bot_handover"),
        ("expectation", "better"),
        ("expectation", "as_expected"),
    )
)
"""Answers that please although they are not the best of their question, or give no points."""
PLAIN_FACTS = frozenset(
    (
        "reach_spoken",
        "reach_written",
        "greeting_parts",
        "first_agent",
        "first_reply",
        "room",
        "hold",
        "uncertain",
        "spelling",
        "clear_spoken",
        "clear_written",
        "satisfied",
        "next_step",
        "more_help",
        "closing",
    )
)
"""What a disappointed shopper may still praise; praise for the rest would sound odd beside a complaint."""
ONLY_WHEN_DELIGHTED = frozenset(("engaged",))

_VARIANTS = re.compile(r"\[([^\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")

Phrase = tuple[tuple[str, ...], ...]
"""Variants of each part of a sentence, in order."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What a comment can be about, beside the answers themselves."""

    meeting: Meeting
    attempts: int
    answers: Answers
    questions: Sequence[Asked]
    slots: Mapping[str, tuple[str, ...]]

    @property
    def is_lukewarm(self) -> bool:
        """Whether the shopper would rather not recommend them, however well the agent did."""
        return self.answers.values.get("nps", LUKEWARM_NPS + 1) <= LUKEWARM_NPS

    def tone(self, area: str) -> int:
        """Which of `TONES` the answers of an area call for."""
        share = self.answers.share.get(area, TONE_FLOORS[1])
        tone = sum(share < floor for floor in TONE_FLOORS)
        if area == "overall" and self.is_lukewarm:
            return max(tone, TONES.index("good"))
        return tone

    def is_odd(self, question: str) -> bool:
        """Whether the question would sound odd in a comment: nobody feels wanted as a customer by an authority."""
        return question == ABOUT_BEING_A_CUSTOMER and self.meeting.company.profile.sells < HARDLY_SELLS

    def fits(self, question: str, area: str) -> bool:
        """Whether praise for this question's answer goes with the rest of the comment."""
        tone = self.tone(area)
        if tone >= TONES.index("mixed"):
            return question in PLAIN_FACTS
        return tone == 0 or question not in ONLY_WHEN_DELIGHTED


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence, and whether it tells of something good; None where it is neither."""

    text: str
    good: bool | None


class CommentWriter:
    """Writes comments from the phrase bank `content/comments.toml`."""

    def write(
        self, rng: Random, *, meeting: Meeting, attempts: int, answers: Answers, questions: Sequence[Asked]
    ) -> dict[str, str]:
        """Area → comment, without the areas left empty. `attempts` is how many it took to get an answer."""
        slots = self._slots(rng, meeting, answers)
        visit = Visit(meeting=meeting, attempts=attempts, answers=answers, questions=questions, slots=slots)
        words = meeting.person.words
        written = {}
        for area in AREAS:
            if rng.random() < 0.03 + 0.3 * (1 - words) ** 2:
                continue
            sentences = 1 + int(rng.random() * (LENGTH[area] + 3.6 * words))
            written[area] = with_slips(rng, self._comment(rng, visit, area, sentences), meeting.person.carelessness)
        return written

    @cached_property
    def _phrases(self) -> dict[str, Any]:
        return _parsed(
            {key: value for key, value in read_settings("comments").items() if key not in ("topics", "agent_words")}
        )

    def _slots(self, rng: Random, meeting: Meeting, answers: Answers) -> dict[str, tuple[str, ...]]:
        bank = read_settings("comments")
        subject, form = NO_PERSON if answers.options.get("first_reply") == ("bot_only",) else rng.choice(PRONOUNS)
        agents = bank["agent_words"][VOICE[meeting.channel]]
        return {
            "hun": (subject,),
            "henne": (form,),
            "agent": tuple(word.replace("{hun}", subject) for word in agents),
            "tema": tuple(bank["topics"].get(meeting.company.award_class, ("det de tilbyr",))),
            "ventetid": (duration(meeting.wait) if meeting.channel != EMAIL else "",),
        }

    def _comment(self, rng: Random, visit: Visit, area: str, sentences: int) -> str:
        noticed = self._noticed(rng, visit, area, sentences)
        remarks: list[Remark] = []
        if area == "welcome":
            remarks += self._beginning(rng, visit)
        if not noticed or sentences > 1 or rng.random() > MAIN_POINT_LEFT_OUT:
            remarks.append(self._main_point(rng, visit, area))
        remarks += noticed[: max(sentences - len(remarks), 0)] if remarks else noticed[:1]
        if area == "overall" and rng.random() < BUYING_MENTIONED:
            remarks += self._buying(rng, visit)
        return " ".join(_joined(rng, remarks))

    def _beginning(self, rng: Random, visit: Visit) -> Iterator[Remark]:
        channel = visit.meeting.channel
        if rng.random() < OPENING_WRITTEN:
            yield Remark(self._sentence(rng, visit, self._phrases["opening"][VOICE[channel]]), good=None)
        if visit.attempts > 1 and rng.random() < SECOND_ATTEMPT_MENTIONED:
            yield Remark(self._sentence(rng, visit, self._phrases["wait"]["again"]["any"]), good=None)
        elif rng.random() < WAIT_MENTIONED:
            quick, middling = WAIT_WORDS[channel]
            pace = QUICK if visit.meeting.wait <= quick else MIDDLING if visit.meeting.wait <= middling else SLOW
            yield Remark(
                self._sentence(rng, visit, self._phrases["wait"][channel][pace]),
                good={QUICK: True, SLOW: False}.get(pace),
            )

    def _main_point(self, rng: Random, visit: Visit, area: str) -> Remark:
        tone = visit.tone(area)
        groups = self._phrases[area][TONES[tone]]
        fitting = groups["any"] + groups.get(VOICE[visit.meeting.channel], ())
        return Remark(self._sentence(rng, visit, fitting), good=tone < TONES.index("mixed"))

    def _buying(self, rng: Random, visit: Visit) -> Iterator[Remark]:
        """Whether the shopper would have bought, as ticked; left out where the rest of the comment says otherwise."""
        question = next((one for one in visit.questions if one.code == "would_buy"), None)
        ticked = visit.answers.options.get("would_buy", ())
        if question is None or not ticked or ticked[0] == question.not_applicable:
            return
        level = next(place for place, step in enumerate(question.steps) if ticked[0] in step)
        if level == 0 and visit.is_lukewarm:
            return
        if level < len(TONES) and abs(level - visit.tone("overall")) <= 1:
            yield Remark(self._sentence(rng, visit, self._phrases["overall"][TONES[level]]["shop"]), good=level <= 1)

    def _noticed(self, rng: Random, visit: Visit, area: str, most: int) -> list[Remark]:
        """Up to `most` single observations that follow from the answers; what was bad is more often worth a word."""
        found: list[tuple[float, Phrase, bool]] = []
        keen = 0.35 if visit.tone(area) == TONES.index("poor") else 1.0
        for question in visit.questions:
            if question.area != area or question.code not in self._phrases["seen"] or visit.is_odd(question.code):
                continue
            for option in visit.answers.options.get(question.code, ()):
                phrases = self._phrases["seen"][question.code].get(option)
                if not phrases:
                    continue
                good = (question.code, option) in GOOD_NEWS or option in (question.steps[:1] or ((),))[0]
                if good and not visit.fits(question.code, area):
                    continue
                weight = keen if good else 2.0
                found.append((rng.random() ** (1 / weight), rng.choice(phrases), good))
        chosen = sorted(found, reverse=True)[:most]
        return [Remark(self._render(rng, visit, phrase), good) for _rank, phrase, good in sorted(chosen, key=_bad_last)]

    def _sentence(self, rng: Random, visit: Visit, phrases: Sequence[Phrase]) -> str:
        return self._render(rng, visit, rng.choice(phrases))

    def _render(self, rng: Random, visit: Visit, phrase: Phrase) -> str:
        text = "".join(part[0] if len(part) == 1 else rng.choice(part) for part in phrase)
        if "{" in text:
            text = _SLOT.sub(lambda match: rng.choice(visit.slots[match[1]]), text)
        text = text.replace("  ", " ")
        return text[0].upper() + text[1:]


def duration(seconds: int) -> str:
    """A wait as people say it; fits «etter …» and «vente …»."""
    for limit, words in _DURATIONS:
        if seconds < limit:
            return words
    if seconds < 40 * 60:
        return f"{round(seconds / 300) * 5} minutter"
    for limit, words in _LONG_DURATIONS:
        if seconds < limit:
            return words
    return "flere timer"


_DURATIONS = (
    (12, "noen få sekunder"),
    (22, "et kvart minutt"),
    (45, "et halvt minutt"),
    (75, "et minutt"),
    (105, "halvannet minutt"),
    (150, "et par minutter"),
    (210, "tre minutter"),
    (270, "fire minutter"),
    (330, "fem minutter"),
    (480, "sju minutter"),
    (720, "ti minutter"),
    (1080, "et kvarter"),
)
_LONG_DURATIONS = (
    (55 * 60, "tre kvarter"),
    (80 * 60, "en time"),
    (110 * 60, "halvannen time"),
    (150 * 60, "et par timer"),
)


def _bad_last(found: tuple[float, Phrase, bool]) -> bool:
    return not found[2]


def _joined(rng: Random, remarks: Iterable[Remark]) -> Iterator[str]:
    before: Remark | None = None
    said_but = False
    for remark in remarks:
        text = remark.text
        turns = before is not None and {before.good, remark.good} == {True, False}
        if turns and not said_but and rng.random() < BUT:
            text, said_but = f"Men {text[0].lower()}{text[1:]}", True
        before = remark
        yield text


def _parsed(bank: Any) -> Any:
    """The phrase bank with every list of phrases cut into parts and variants."""
    if isinstance(bank, dict):
        return {key: _parsed(value) for key, value in bank.items()}
    return tuple(_phrase(text) for text in bank)


def _phrase(text: str) -> Phrase:
    pieces = _VARIANTS.split(text)
    return tuple(tuple(piece.split("|")) if place % 2 else (piece,) for place, piece in enumerate(pieces) if piece)
