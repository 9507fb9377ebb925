"""Bullet rows: own value solid, class mean a tick, class best a ring, everyone a pale strip."""

from __future__ import annotations

from kundeservice.core.charts.drawing import Drawing, Frame, Pen
from kundeservice.core.charts.legend import Entry, plan_legend
from kundeservice.core.charts.rows import RowPlan, draw_grid, plan_rows
from kundeservice.core.charts.scale import Scale
from kundeservice.core.charts.specs import Bullets
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
    half = pen.frame.size * 0.6
    for index, row in enumerate(chart.rows):
        if row.everyone:
            start, end = scale.at(min(row.everyone)), scale.at(max(row.everyone))
            pen.rect("strip", start, rows.middle(index) - half, end - start, 2 * half)
    for index, row in enumerate(chart.rows):
        middle = rows.middle(index)
        for x in sorted({round(scale.at(value)) for value in row.everyone}):
            pen.line("crowd", [(x, middle - half), (x, middle + half)])
    bar = pen.frame.size * 0.42
    for index, row in enumerate(chart.rows):
        if row.own is not None:
            origin, end = scale.origin, scale.at(row.own)
            pen.rect("own", min(origin, end), rows.middle(index) - bar / 2, abs(end - origin), bar)
    for index, row in enumerate(chart.rows):
        if row.mean is not None:
            x, middle = scale.at(row.mean), rows.middle(index)
            pen.line("paper", [(x, middle - half * 1.2), (x, middle + half * 1.2)], 5)
    for index, row in enumerate(chart.rows):
        if row.mean is not None:
            x, middle = scale.at(row.mean), rows.middle(index)
            pen.line("mean", [(x, middle - half * 1.2), (x, middle + half * 1.2)], 2)
    for index, row in enumerate(chart.rows):
        if row.best is not None:
            pen.ring("best", scale.at(row.best), rows.middle(index), pen.frame.size * 0.33)
