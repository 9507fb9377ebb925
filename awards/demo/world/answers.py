"""What a shopper ticks after an answered contact: one agent's skill seen through all the questions of a channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from random import Random

from awards.demo.world.content import Row
from awards.demo.world.standing import Company, Person
from surveys.engine.words import CHAT, EMAIL, MESSENGER, SCORED_AREAS, TELEPHONE

CHANNELS = (TELEPHONE, EMAIL, CHAT, MESSENGER)
STEP = 0.95
"""How much more skill it takes to climb from one option to the next better one."""
AGENT_SPREAD, AREA_SPREAD, NOISE = 0.55, 0.18, 0.72
EVENNESS, BEST_SKILL = 0.5, 1.2
"""So much less do agents differ in a company of the best skill than in an ordinary one."""
IMPRESSION_NOISE = 0.45
"""Questions about the whole contact sum up many small things and vary less."""
OPTIONAL_ANSWERED = 0.9
SHORT_WAIT = 30

EASE: Mapping[str, float] = {
    "greeting": -0.55,
    "first_agent": 0.55,
    "welcome_feel": -0.15,
    "time": 0.15,
    "open_questions": -0.6,
    "needs": 0.0,
    "room": 0.7,
    "listened": 0.25,
    "understood": 0.25,
    "tailored": 0.0,
    "engaged": -0.05,
    "led": -0.1,
    "clear_spoken": 0.55,
    "clear_written": 0.5,
    "competent": 0.2,
    "advice": -0.2,
    "reasons": -0.3,
    "alternatives": -0.45,
    "spelling": 0.45,
    "satisfied": -0.75,
    "more_help": -0.1,
    "closing": -0.15,
    "efficient": 0.0,
    "impression": -0.25,
    "valued": -0.5,
    "again": -0.1,
    "would_buy": -0.4,
}
"""How easy a question is to do well on, in units of skill; 0 where it is not named."""

NOT_APPLICABLE: Mapping[str, float] = {"hold": 0.68, "uncertain": 0.72, "alternatives": 0.3, "next_step": 0.12}
"""How often a question does not apply."""
SOLD_QUESTION = "would_buy"

CX_CENTRE: Mapping[str, tuple[float, float]] = {
    "ces": (4.35, 1.25),
    "csat": (3.2, 0.82),
    "nps": (5.72, 1.95),
    "ves1": (3.9, 1.25),
    "ves2": (4.1, 1.25),
}
"""Per metric: the value at no skill at all, and how much one more unit of skill adds."""
CX_NOISE = 0.55


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, ready to be answered. `steps` are the options with points, the best first."""

    code: str
    area: str
    kind: str
    metric: str
    required: bool
    options: tuple[str, ...]
    steps: tuple[tuple[str, ...], ...]
    positive: tuple[str, ...]
    nothing: tuple[str, ...]
    not_applicable: str
    low: int = 0
    high: int = 0


@dataclass(frozen=True, slots=True)
class Meeting:
    """Everything about one answered contact that its answers depend on. `skill` is this agent's, today."""

    company: Company
    person: Person
    channel: str
    wait: int
    skill: float


@dataclass(slots=True)
class Answers:
    """Ticked options and scale values by question, and per area how far up its steps the answers lie (0–1, best 1)."""

    options: dict[str, tuple[str, ...]] = field(default_factory=dict)
    values: dict[str, int] = field(default_factory=dict)
    share: dict[str, float] = field(default_factory=dict)


def asked_per_channel(questions: Sequence[Row], options: Sequence[Row]) -> dict[str, tuple[Asked, ...]]:
    """Channel → its questions in order."""
    by_question: dict[str, list[Row]] = {}
    for option in sorted(options, key=lambda row: int(row["order"])):
        by_question.setdefault(option["question"], []).append(option)
    ordered = sorted(questions, key=lambda row: int(row["order"]))
    asked = [
        (row["channels"].split() or CHANNELS, _asked(row, by_question.get(row["question"], []))) for row in ordered
    ]
    return {channel: tuple(one for channels, one in asked if channel in channels) for channel in CHANNELS}


def meet(rng: Random, company: Company, person: Person, channel: str, wait: int) -> Meeting:
    """One shopper meets one agent, who may have a better or a worse day than the company usually has.

    The better the company, the more alike its agents: that is much of what makes it good.
    """
    usual = company.skill[channel]
    alike = EVENNESS * min(max(usual / BEST_SKILL, 0.0), 1.0)
    skill = usual - person.severity + rng.gauss(0, AGENT_SPREAD * (1 - alike))
    return Meeting(company=company, person=person, channel=channel, wait=wait, skill=skill)


def fill_in(rng: Random, meeting: Meeting, questions: Sequence[Asked]) -> Answers:
    """Answer every question. The same skill is behind them all, so a good agent is good in most of them."""
    answers = Answers()
    moods = {area: meeting.skill + rng.gauss(0, AREA_SPREAD) for area in SCORED_AREAS}
    moods["cx"] = moods["overall"]
    climbed: dict[str, list[float]] = {}
    for question in questions:
        if not question.required and rng.random() > OPTIONAL_ANSWERED:
            continue
        mood = moods[question.area]
        if question.kind == "scale":
            answers.values[question.code] = _scale(rng, question, mood - meeting.person.severity)
        elif question.kind == "multi":
            answers.options[question.code] = _several(rng, question, mood)
        elif not question.steps:
            answers.options[question.code] = (_without_points(rng, question, meeting, mood),)
        else:
            level = _level(rng, question, meeting, mood)
            if level is None:
                answers.options[question.code] = (question.not_applicable,)
                continue
            answers.options[question.code] = (rng.choice(question.steps[level]),)
            climbed.setdefault(question.area, []).append(1 - level / (len(question.steps) - 1))
    answers.share = {area: sum(shares) / len(shares) for area, shares in climbed.items()}
    return answers


def _asked(row: Row, options: Sequence[Row]) -> Asked:
    points = {option["option"]: Fraction(option["points"]) for option in options if option["points"]}
    steps = tuple(
        tuple(code for code, value in points.items() if value == worth)
        for worth in sorted(set(points.values()), reverse=True)
    )
    return Asked(
        code=row["question"],
        area=row["area"],
        kind=row["kind"],
        metric=row["metric"],
        required=row["required"] != "no",
        options=tuple(option["option"] for option in options),
        steps=steps,
        positive=tuple(code for code, value in points.items() if value > 0),
        nothing=tuple(code for code, value in points.items() if value == 0),
        not_applicable=next((option["option"] for option in options if option["not_applicable"] == "yes"), ""),
        low=int(row["scale_min"] or 0),
        high=int(row["scale_max"] or 0),
    )


def _level(rng: Random, question: Asked, meeting: Meeting, mood: float) -> int | None:
    """Which step the answer reaches (0 = best), or None where the question does not apply."""
    idle = NOT_APPLICABLE.get(question.code, 0.0)
    if question.code == SOLD_QUESTION:
        idle = 1 - meeting.company.profile.sells
    if question.not_applicable and rng.random() < idle:
        return None
    noise = IMPRESSION_NOISE if question.area == "overall" else NOISE
    reached = mood + EASE.get(question.code, 0.0) + rng.gauss(0, noise)
    if reached > 0:
        return 0
    return min(1 + int(-reached / STEP), len(question.steps) - 1)


def _several(rng: Random, question: Asked, mood: float) -> tuple[str, ...]:
    """Every option with points on its own merit; without points, usually only the last option, which says «no»."""
    if question.positive:
        ticked = tuple(code for code in question.positive if mood + 0.15 + rng.gauss(0, NOISE) > 0)
        return ticked or question.nothing[:1] or question.positive[:1]
    *elsewhere, nowhere = question.options
    if not elsewhere or mood + rng.gauss(0, NOISE) > 0:
        return (nowhere,)
    first = rng.choices(elsewhere, range(len(elsewhere), 0, -1))[0]
    also = rng.choice(elsewhere)
    return tuple(code for code in elsewhere if code in {first, also})


def _without_points(rng: Random, question: Asked, meeting: Meeting, mood: float) -> str:
    weights = _WEIGHTS.get(question.code)
    if weights is None:
        return rng.choice(question.options)
    wished = weights(meeting, mood)
    return rng.choices(question.options, [wished.get(option, 0.01) for option in question.options])[0]


def _callback(meeting: Meeting, _mood: float) -> dict[str, float]:
    if meeting.wait <= SHORT_WAIT:
        return {"straight_through": 30, "no": 2}
    return {"yes": 18 if meeting.wait > 2 * SHORT_WAIT else 6, "no": 75, "straight_through": 12}


def _expected_time(meeting: Meeting, mood: float) -> dict[str, float]:
    if meeting.channel in (EMAIL, MESSENGER):
        return {"precise": max(30 + 20 * mood, 8), "vague": 35, "no": 35, "immediate": 6}
    if meeting.wait <= SHORT_WAIT:
        return {"immediate": 60, "no": 3, "precise": 2}
    return {"precise": max(25 + 15 * mood, 8), "vague": 30, "no": 40, "immediate": 4}


def _first_reply(meeting: Meeting, mood: float) -> dict[str, float]:
    if not meeting.company.has_chatbot:
        return {"human": 1}
    return {"human": 25, "bot_handover": 45 + 15 * max(mood, 0), "bot_insist": 16, "bot_only": 12 if mood < 0 else 0.01}


def _expectation(_meeting: Meeting, mood: float) -> dict[str, float]:
    return {"better": 3 ** (mood - 0.4), "as_expected": 2.2, "worse": 3 ** (0.4 - mood)}


_WEIGHTS = {
    "callback": _callback,
    "expected_time": _expected_time,
    "first_reply": _first_reply,
    "expectation": _expectation,
}


def _scale(rng: Random, question: Asked, mood: float) -> int:
    centre, slope = CX_CENTRE.get(question.metric, ((question.low + question.high) / 2, 1.0))
    value = centre + slope * (mood + rng.gauss(0, CX_NOISE))
    return min(max(round(value), question.low), question.high)
