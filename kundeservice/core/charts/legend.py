"""The line above a chart that says what its marks mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from kundeservice.core.charts.drawing import Pen
from kundeservice.core.charts.palette import Role

Mark: TypeAlias = Literal["bar", "tick", "ring", "strip", "dot", "pointer", "line", "whisker"]

_TEXT = 0.92


@dataclass(frozen=True)
class Entry:
    mark: Mark
    role: Role
    text: str


@dataclass(frozen=True)
class Legend:
    """Entries with their places (left edge, middle) and the height they use. Drawn last: marks of the plot that share
    a path with the legend must keep their order."""

    entries: tuple[tuple[Entry, float, float], ...]
    height: float

    def draw(self, pen: Pen) -> None:
        for entry, x, middle in self.entries:
            _draw_mark(pen, entry, x, middle)
            pen.write("quiet-ink", x + pen.frame.size * 1.5, middle, entry.text, scale=_TEXT)


def plan_legend(pen: Pen, entries: Iterable[Entry]) -> Legend:
    """The entries from the upper left corner, in as many lines as they need."""
    size = pen.frame.size
    x, middle, line_height = 0.0, size * 0.7, size * 1.6
    placed = []
    for entry in entries:
        width = size * 1.5 + pen.width_of(entry.text, scale=_TEXT)
        if x and x + width > pen.frame.width:
            x, middle = 0.0, middle + line_height
        placed.append((entry, x, middle))
        x += width + size * 1.3
    return Legend(tuple(placed), middle + line_height * 0.9 if placed else 0.0)


def _draw_mark(pen: Pen, entry: Entry, x: float, middle: float) -> None:
    size = pen.frame.size
    centre, role = x + size * 0.55, entry.role
    match entry.mark:
        case "bar":
            pen.rect(role, x, middle - size * 0.25, size * 1.1, size * 0.5)
        case "strip":
            pen.rect(role, x, middle - size * 0.45, size * 1.1, size * 0.9)
        case "tick":
            pen.line(role, [(centre, middle - size * 0.5), (centre, middle + size * 0.5)], 2)
        case "ring":
            pen.ring(role, centre, middle, size * 0.3)
        case "dot":
            pen.disc(role, centre, middle, size * 0.28)
        case "pointer":
            pen.triangle(role, centre, middle - size * 0.3, size * 0.6)
        case "line":
            pen.line(role, [(x, middle), (x + size * 1.1, middle)], 2)
        case "whisker":
            draw_whisker(pen, role, x, x + size * 1.1, middle)


def draw_whisker(pen: Pen, role: Role, start: float, end: float, middle: float) -> None:
    """An interval: a line with a small foot at either end."""
    foot = pen.frame.size * 0.22
    pen.line(role, [(start, middle), (end, middle)], 1.5)
    pen.line(role, [(start, middle - foot), (start, middle + foot)], 1.5)
    pen.line(role, [(end, middle - foot), (end, middle + foot)], 1.5)
