"""The view model of every chart – a few paths and labels by role – and the pen that collects them.

A pen joins everything of the same role and stroke into one path, in the order first used: later roles lie on top, so a
layout draws series by series, not row by row.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from kundeservice.core.charts.metrics import text_width
from kundeservice.core.charts.palette import Palette, Role

Paint: TypeAlias = Literal["fill", "line", "ring", "beads"]
Anchor: TypeAlias = Literal["start", "middle", "end"]


@dataclass(frozen=True)
class Frame:
    """What a chart is laid out for: width in px, the medium's palette, the language of its words and figures."""

    width: int
    palette: Palette
    language: str

    @property
    def size(self) -> float:
        return self.palette.text_size

    @property
    def narrow(self) -> bool:
        """No room for labels beside the figures: they go above."""
        return self.width < 34 * self.size


@dataclass(frozen=True)
class Shape:
    role: Role
    paint: Paint
    d: str
    stroke_width: str = ""
    colour: str = ""
    paper: str = ""


@dataclass(frozen=True)
class Label:
    x: str
    y: str
    text: str
    anchor: Anchor


@dataclass(frozen=True)
class LabelGroup:
    role: Role
    bold: bool
    size: str
    colour: str
    labels: tuple[Label, ...]


@dataclass(frozen=True)
class Drawing:
    """What a template needs to write the SVG: coordinates are already text."""

    width: str
    height: str
    size: str
    title: str
    text: str
    shapes: tuple[Shape, ...]
    groups: tuple[LabelGroup, ...]

    @property
    def whole_text(self) -> str:
        """Title and sentence as one text; a title that is a question has its own mark."""
        stop = "" if self.title.endswith(("?", "!", ".")) else "."
        return f"{self.title}{stop} {self.text}"


def coordinate(value: float) -> str:
    """At most one decimal, no trailing zero, no negative zero: ``12.5``, ``12``."""
    written = f"{value:.1f}".removesuffix(".0")
    return "0" if written == "-0" else written


@dataclass
class Pen:
    """Collects marks for one frame and hands over a finished drawing."""

    frame: Frame
    _paths: dict[tuple[Role, Paint, str], list[str]] = field(default_factory=dict)
    _labels: dict[tuple[Role, bool, str], list[Label]] = field(default_factory=dict)

    def rect(self, role: Role, x: float, y: float, width: float, height: float) -> None:
        c = coordinate
        self._add(role, "fill", "", f"M{c(x)} {c(y)}h{c(width)}v{c(height)}h{c(-width)}z")

    def line(self, role: Role, points: Iterable[tuple[float, float]], stroke_width: float = 1) -> None:
        d = "L".join(f"{coordinate(x)} {coordinate(y)}" for x, y in points)
        self._add(role, "line", coordinate(stroke_width), f"M{d}")

    def disc(self, role: Role, x: float, y: float, radius: float) -> None:
        self._add(role, "fill", "", _circle(x, y, radius))

    def bead(self, role: Role, x: float, y: float, radius: float) -> None:
        """A small disc in few characters, for crowds: a dot of a round-ended pen."""
        self._add(role, "beads", coordinate(2 * radius), f"M{coordinate(x)} {coordinate(y)}h.01")

    def ring(self, role: Role, x: float, y: float, radius: float, stroke_width: float = 2) -> None:
        self._add(role, "ring", coordinate(stroke_width), _circle(x, y, radius))

    def triangle(self, role: Role, x: float, top: float, size: float) -> None:
        """Points up, with its tip at ``top``."""
        c = coordinate
        self._add(role, "fill", "", f"M{c(x)} {c(top)}l{c(size / 2)} {c(size)}h{c(-size)}z")

    def write(
        self,
        role: Role,
        x: float,
        y: float,
        text: str,
        *,
        anchor: Anchor = "start",
        bold: bool = False,
        scale: float = 1,
    ) -> None:
        """``y`` is the middle of the capitals, not the baseline, so that text stands level with its mark."""
        size = self.frame.size * scale
        label = Label(coordinate(x), coordinate(y + 0.33 * size), text, anchor)
        self._labels.setdefault((role, bold, coordinate(size)), []).append(label)

    def width_of(self, text: str, *, bold: bool = False, scale: float = 1) -> float:
        return text_width(text, self.frame.size * scale, bold=bold)

    def finish(self, *, title: str, text: str, height: float) -> Drawing:
        colours = self.frame.palette.colours
        return Drawing(
            width=coordinate(self.frame.width),
            height=coordinate(height),
            size=coordinate(self.frame.size),
            title=title,
            text=text,
            shapes=tuple(
                Shape(role, paint, "".join(d), stroke_width, colours[role], colours["paper"])
                for (role, paint, stroke_width), d in self._paths.items()
            ),
            groups=tuple(
                LabelGroup(role, bold, size, colours[role], tuple(labels))
                for (role, bold, size), labels in self._labels.items()
            ),
        )

    def _add(self, role: Role, paint: Paint, stroke_width: str, d: str) -> None:
        self._paths.setdefault((role, paint, stroke_width), []).append(d)


def _circle(x: float, y: float, radius: float) -> str:
    r, c = coordinate(radius), coordinate
    return f"M{c(x - radius)} {c(y)}a{r} {r} 0 1 1 {c(2 * radius)} 0a{r} {r} 0 1 1 {c(-2 * radius)} 0z"
