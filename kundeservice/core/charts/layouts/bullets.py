"""Bullet rows: own value solid, class mean a tick, class best a ring, everyone a pale strip."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kundeservice.core.charts.drawing import Drawing, Frame, Pen
from kundeservice.core.charts.legend import Entry, plan_legend
from kundeservice.core.charts.palette import Role
from kundeservice.core.charts.rows import RowPlan, draw_grid, plan_rows
from kundeservice.core.charts.scale import Scale
from kundeservice.core.charts.specs import Bullet, Bullets
from kundeservice.core.charts.words import best_word, everyone_word, figure, mean_word, own_word


def lay_out_bullets(chart: Bullets, frame: Frame) -> Drawing:
    pen = Pen(frame)
    numbers = [figure(row.own, chart.decimals, frame.language) for row in chart.rows]
    legend = plan_legend(pen, _entries(chart))
    rows = plan_rows(
        pen,
        [row.label for row in chart.rows],
        top=legend.height,
        thickness=frame.size * 1.3,
        tail=max((pen.width_of(number, bold=True) for number in numbers), default=0.0) + frame.size * 0.9,
    )
    scale = Scale(chart.low, chart.high, rows.left, rows.right)
    below = draw_grid(pen, scale, top=rows.top, bottom=rows.bottom)
    _draw_marks(pen, chart, rows, scale)
    legend.draw(pen)
    rows.write_labels(pen)
    for index, number in enumerate(numbers):
        pen.write("ink", frame.width, rows.middle(index), number, anchor="end", bold=True)
    return pen.finish(title=chart.title, text=chart.text, height=rows.bottom + below)


def _entries(chart: Bullets) -> list[Entry]:
    entries = [Entry("bar", "own", chart.own_label or own_word())]
    if any(row.mean is not None for row in chart.rows):
        entries.append(Entry("tick", "mean", chart.mean_label or mean_word()))
    if any(row.best is not None for row in chart.rows):
        entries.append(Entry("ring", "best", chart.best_label or best_word()))
    if any(row.everyone for row in chart.rows):
        entries.append(Entry("strip", "strip", chart.everyone_label or everyone_word()))
    return entries


def _draw_marks(pen: Pen, chart: Bullets, rows: RowPlan, scale: Scale) -> None:
    """Kind by kind from the back: marks of a kind share one path, and none may cover the next."""
    marks = _Marks(pen, chart, rows, scale)
    marks.draw_everyone()
    marks.draw_own()
    marks.draw_means()
    marks.draw_bests()


@dataclass(frozen=True)
class _Marks:
    pen: Pen
    chart: Bullets
    rows: RowPlan
    scale: Scale

    @property
    def half(self) -> float:
        """Half the height of the pale strip."""
        return self.pen.frame.size * 0.6

    def draw_everyone(self) -> None:
        for middle, row in self._rows():
            if row.everyone:
                start, end = self.scale.at(min(row.everyone)), self.scale.at(max(row.everyone))
                self.pen.rect("strip", start, middle - self.half, end - start, 2 * self.half)
        for middle, row in self._rows():
            for x in sorted({round(self.scale.at(value)) for value in row.everyone}):
                self._stroke("crowd", x, middle, self.half, 1)

    def draw_own(self) -> None:
        bar = self.pen.frame.size * 0.42
        for middle, row in self._rows():
            if row.own is not None:
                origin, end = self.scale.origin, self.scale.at(row.own)
                self.pen.rect("own", min(origin, end), middle - bar / 2, abs(end - origin), bar)

    def draw_means(self) -> None:
        """A tick with a margin of paper, so that it is seen on the bar too."""
        ticks: tuple[tuple[Role, float], ...] = (("paper", 5), ("mean", 2))
        for role, width in ticks:
            for middle, row in self._rows():
                if row.mean is not None:
                    self._stroke(role, self.scale.at(row.mean), middle, self.half * 1.2, width)

    def draw_bests(self) -> None:
        for middle, row in self._rows():
            if row.best is not None:
                self.pen.ring("best", self.scale.at(row.best), middle, self.pen.frame.size * 0.33)

    def _rows(self) -> Iterator[tuple[float, Bullet]]:
        return ((self.rows.middle(index), row) for index, row in enumerate(self.chart.rows))

    def _stroke(self, role: Role, x: float, middle: float, reach: float, width: float) -> None:
        self.pen.line(role, [(x, middle - reach), (x, middle + reach)], width)
