"""Dot plot with whiskers: an estimate and the interval it may lie in."""

from __future__ import annotations

from kundeservice.core.charts.drawing import Drawing, Frame, Pen
from kundeservice.core.charts.legend import Entry, draw_whisker, plan_legend
from kundeservice.core.charts.rows import RowPlan, draw_grid, plan_rows
from kundeservice.core.charts.scale import Scale
from kundeservice.core.charts.specs import Dots
from kundeservice.core.charts.words import figure, whisker_word


def lay_out_dots(chart: Dots, frame: Frame) -> Drawing:
    pen = Pen(frame)
    numbers = [figure(row.value, chart.decimals, frame.language) for row in chart.rows]
    has_whisker = any(row.least is not None and row.most is not None for row in chart.rows)
    entries = [Entry("whisker", "quiet-ink", chart.whisker_label or whisker_word())] if has_whisker else []
    legend = plan_legend(pen, entries)
    rows = plan_rows(
        pen,
        [row.label for row in chart.rows],
        top=legend.height,
        thickness=frame.size * 0.9,
        tail=max((pen.width_of(number, bold=True) for number in numbers), default=0.0) + frame.size * 0.9,
    )
    scale = Scale(chart.low, chart.high, rows.left, rows.right)
    below = draw_grid(pen, scale, top=rows.top, bottom=rows.bottom)
    _draw_marks(pen, chart, rows, scale)
    legend.draw(pen)
    rows.write_labels(pen)
    for index, (row, number) in enumerate(zip(chart.rows, numbers, strict=True)):
        pen.write("ink", frame.width, rows.middle(index), number, anchor="end", bold=row.tone != "quiet")
    return pen.finish(title=chart.title, text=chart.text, height=rows.bottom + below)


def _draw_marks(pen: Pen, chart: Dots, rows: RowPlan, scale: Scale) -> None:
    for index, row in enumerate(chart.rows):
        if row.least is not None and row.most is not None:
            draw_whisker(pen, "quiet-ink", scale.cut(row.least), scale.cut(row.most), rows.middle(index))
    for index, row in enumerate(chart.rows):
        if row.value is not None:
            pen.disc(row.tone, scale.at(row.value), rows.middle(index), pen.frame.size * 0.36)
