"""What a chart shows: figures and words, no coordinates. Frozen, exact, the same for screen and paper.

Every chart has a ``title`` and a ``text``: one sentence that says what there is to see, for those who do not see it.
Values are exact numbers in the unit of the scale ``low``–``high``; None is a figure without a basis and leaves a gap.
A value outside the scale is a mistake of the caller and raises ValueError when the chart is laid out. Labels of the
legend that are left empty get the ordinary words of the language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from kundeservice.core.numbers import Exact

Tone: TypeAlias = Literal["own", "quiet", "good", "bad", "award"]
LineTone: TypeAlias = Literal["own", "mean", "best", "quiet"]


@dataclass(frozen=True)
class Bar:
    """A bar with its number at the end, perhaps a place in front and a tick at a reference value."""

    label: str
    value: Exact | None
    reference: Exact | None = None
    tone: Tone = "quiet"
    place: str = ""


@dataclass(frozen=True)
class Bars:
    """Horizontal bars in the order given; bars grow from zero, or from ``low`` where zero is outside the scale."""

    title: str
    text: str
    rows: tuple[Bar, ...]
    low: int = 0
    high: int = 100
    decimals: int = 1
    reference_label: str = ""
    is_share: bool = False
    """Whether the values are per cent, and written so."""


@dataclass(frozen=True)
class Bullet:
    """One figure seen against its class and everyone: own, class mean, class best, every participant."""

    label: str
    own: Exact | None
    mean: Exact | None = None
    best: Exact | None = None
    everyone: tuple[Exact, ...] = ()


@dataclass(frozen=True)
class Bullets:
    """Own value solid, class mean a tick, class best a ring, everyone a pale strip."""

    title: str
    text: str
    rows: tuple[Bullet, ...]
    low: int = 0
    high: int = 100
    decimals: int = 1
    own_label: str = ""
    mean_label: str = ""
    best_label: str = ""
    everyone_label: str = ""


@dataclass(frozen=True)
class Strip:
    """A distribution: one dot per participant, stacked; the own one is marked and named by its number."""

    label: str
    everyone: tuple[Exact, ...]
    own: Exact | None = None
    mean: Exact | None = None
    best: Exact | None = None


@dataclass(frozen=True)
class Strips:
    """Distributions under each other on one scale."""

    title: str
    text: str
    rows: tuple[Strip, ...]
    low: int = 0
    high: int = 100
    decimals: int = 1
    own_label: str = ""
    mean_label: str = ""
    best_label: str = ""
    everyone_label: str = ""


@dataclass(frozen=True)
class Dot:
    """An estimate with the interval it may lie in; whiskers are cut at the ends of the scale."""

    label: str
    value: Exact | None
    least: Exact | None = None
    most: Exact | None = None
    tone: Tone = "own"


@dataclass(frozen=True)
class Dots:
    """Dot plot with whiskers."""

    title: str
    text: str
    rows: tuple[Dot, ...]
    low: int = 0
    high: int = 100
    decimals: int = 1
    whisker_label: str = ""


@dataclass(frozen=True)
class Series:
    """One line: a value per week, None where there is nothing (the line is broken there)."""

    label: str
    values: tuple[Exact | None, ...]
    tone: LineTone = "own"


@dataclass(frozen=True)
class WeekLine:
    """Lines week by week. ``weeks`` are ISO weeks (``2022-W03``) in order, one per value."""

    title: str
    text: str
    weeks: tuple[str, ...]
    series: tuple[Series, ...]
    low: int = 0
    high: int = 100
    decimals: int = 1


@dataclass(frozen=True)
class Stack:
    """How many chose each answer, in the order of the parts."""

    label: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Stacks:
    """Answers as 100 %: ``parts`` are the answers, best first, at most seven."""

    title: str
    text: str
    parts: tuple[str, ...]
    rows: tuple[Stack, ...]


Chart: TypeAlias = Bars | Bullets | Strips | Dots | WeekLine | Stacks
