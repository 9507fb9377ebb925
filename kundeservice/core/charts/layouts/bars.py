"""Horizontal bars: place in front, number at the end, a tick at the reference."""

from __future__ import annotations

from kundeservice.core.charts.drawing import Drawing, Frame, Pen
from kundeservice.core.charts.legend import Entry, plan_legend
from kundeservice.core.charts.rows import RowPlan, plan_rows
from kundeservice.core.charts.scale import Scale
from kundeservice.core.charts.specs import Bar, Bars
from kundeservice.core.charts.words import figure, mean_word, share


def lay_out_bars(chart: Bars, frame: Frame) -> Drawing:
    pen = Pen(frame)
    write = share if chart.is_share else figure
    numbers = [write(row.value, chart.decimals, frame.language) for row in chart.rows]
    has_reference = any(row.reference is not None for row in chart.rows)
    word = chart.reference_label or mean_word()
    legend = plan_legend(pen, [Entry("tick", "mean", word)] if has_reference else [])
    places = max((pen.width_of(row.place) for row in chart.rows), default=0.0)
    rows = plan_rows(
        pen,
        [row.label for row in chart.rows],
        top=legend.height,
        thickness=frame.size * 0.9,
        indent=places + frame.size * 0.7 if places else 0,
        tail=max((pen.width_of(number, bold=True) for number in numbers), default=0.0) + frame.size * 0.7,
    )
    scale = Scale(chart.low, chart.high, rows.left if not frame.narrow else 0, rows.right)
    _draw_bars(pen, chart, rows, scale)
    _write_places(pen, chart.rows, rows, places)
    legend.draw(pen)
    rows.write_labels(pen)
    for index, (row, number) in enumerate(zip(chart.rows, numbers, strict=True)):
        strong = row.tone != "quiet" or frame.narrow
        pen.write("ink", frame.width, rows.middle(index), number, anchor="end", bold=strong)
    return pen.finish(title=chart.title, text=chart.text, height=rows.bottom)


def _draw_bars(pen: Pen, chart: Bars, rows: RowPlan, scale: Scale) -> None:
    thickness = pen.frame.size * 0.72
    origin = scale.origin
    for index, row in enumerate(chart.rows):
        if row.value is None:
            continue
        end = scale.at(row.value)
        pen.rect(row.tone, min(origin, end), rows.middle(index) - thickness / 2, abs(end - origin), thickness)
    pen.line("quiet-ink", [(origin, rows.top), (origin, rows.bottom)])
    for index, row in enumerate(chart.rows):
        if row.reference is None:
            continue
        x, middle = scale.at(row.reference), rows.middle(index)
        # a sheath of paper keeps the tick visible where it crosses its bar
        pen.line("paper", [(x, middle - thickness * 0.9), (x, middle + thickness * 0.9)], 5)
    for index, row in enumerate(chart.rows):
        if row.reference is None:
            continue
        x, middle = scale.at(row.reference), rows.middle(index)
        pen.line("mean", [(x, middle - thickness * 0.9), (x, middle + thickness * 0.9)], 2)


def _write_places(pen: Pen, bars: tuple[Bar, ...], rows: RowPlan, width: float) -> None:
    for index, row in enumerate(bars):
        if row.place:
            middle = rows.label_middle(index)
            pen.write("quiet-ink", width, middle, row.place, anchor="end")
