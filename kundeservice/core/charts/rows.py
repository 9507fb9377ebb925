"""Charts of rows: where labels, marks and numbers stand, wide and narrow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kundeservice.core.charts.drawing import Pen
from kundeservice.core.charts.metrics import break_lines
from kundeservice.core.charts.scale import Scale

_LABEL_SHARE = 0.38
_LINE = 1.22


@dataclass(frozen=True)
class RowPlan:
    """Rows of equal height. In a narrow frame the label stands above its mark, else to the left of it."""

    labels: tuple[tuple[str, ...], ...]
    label_x: float
    left: float
    right: float
    top: float
    row_height: float
    label_height: float
    size: float

    @property
    def bottom(self) -> float:
        return self.top + self.row_height * len(self.labels)

    def middle(self, index: int) -> float:
        """Where the mark and the number of the row stand."""
        start = self.top + index * self.row_height + self.label_height
        return start + (self.row_height - self.label_height) / 2

    def write_labels(self, pen: Pen) -> None:
        for index, lines in enumerate(self.labels):
            middle = self.label_middle(index)
            for number, line in enumerate(lines):
                offset = (number - (len(lines) - 1) / 2) * _LINE * self.size
                pen.write("ink", self.label_x, middle + offset, line)

    def label_middle(self, index: int) -> float:
        if not self.label_height:
            return self.middle(index)
        return self.top + index * self.row_height + self.label_height / 2 + self.size * 0.2


def plan_rows(
    pen: Pen,
    labels: Sequence[str],
    *,
    top: float,
    thickness: float,
    indent: float = 0,
    tail: float = 0,
) -> RowPlan:
    """``thickness`` is the height of the tallest mark, ``indent`` room before the label, ``tail`` after the plot."""
    frame = pen.frame
    right = frame.width - tail
    if frame.narrow:
        lines = tuple(break_lines(label, frame.size, frame.width - indent) for label in labels)
        label_height = max((len(each) for each in lines), default=1) * frame.size * _LINE + frame.size * 0.3
        height = label_height + thickness + frame.size * 0.7
        return RowPlan(lines, indent, frame.size * 0.35, right, top, height, label_height, frame.size)
    widest = max((pen.width_of(label) for label in labels), default=0.0)
    room = min(widest, frame.width * _LABEL_SHARE) + 1
    lines = tuple(break_lines(label, frame.size, room) for label in labels)
    height = max(max((len(each) for each in lines), default=1) * frame.size * _LINE, thickness) + frame.size * 0.8
    return RowPlan(lines, indent, indent + room + frame.size, right, top, height, 0, frame.size)


def draw_grid(pen: Pen, scale: Scale, *, top: float, bottom: float, format_tick: Sequence[str] | None = None) -> float:
    """Hairlines at round numbers with the number below; gives the height used below ``bottom``."""
    size = pen.frame.size
    ticks = scale.ticks(5 if pen.frame.narrow else 6)
    for index, tick in enumerate(ticks):
        x = scale.at(tick)
        pen.line("grid", [(x, top), (x, bottom)])
        words = str(tick).replace("-", "−") if format_tick is None else format_tick[index]
        pen.write("quiet-ink", x, bottom + size * 0.75, words, anchor="middle", scale=0.86)
    return size * 1.4
