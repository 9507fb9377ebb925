"""Distribution strips: one dot per participant, stacked where they crowd; the own one pointed at from below."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from kundeservice.core.charts.drawing import Drawing, Frame, Pen
from kundeservice.core.charts.legend import Entry, plan_legend
from kundeservice.core.charts.metrics import break_lines
from kundeservice.core.charts.scale import Scale
from kundeservice.core.charts.specs import Strip, Strips
from kundeservice.core.charts.words import best_word, everyone_word, figure, mean_word, own_word

_TALLEST = 5.0  # of a pile, in text sizes


@dataclass(frozen=True)
class _Piles:
    """How big a dot is and how far apart dots of a pile stand."""

    radius: float
    rise: float
    height: float


def lay_out_strips(chart: Strips, frame: Frame) -> Drawing:
    pen = Pen(frame)
    size = frame.size
    legend = plan_legend(pen, _entries(chart))
    top = legend.height + size * 0.3
    scale = Scale(chart.low, chart.high, size * 0.7, frame.width - size * 0.7)
    piles = _plan_piles(chart, scale, size)
    label_height = size * 1.5 if any(row.label for row in chart.rows) else 0.0
    row_height = label_height + piles.height + size * 3.1
    for index, row in enumerate(chart.rows):
        start = top + index * row_height
        base = start + label_height + piles.height + size * 0.2
        if row.label:
            pen.write("ink", 0, start + size * 0.5, break_lines(row.label, size, frame.width, most=1)[0])
        _draw_axis(pen, scale, base)
        _draw_row(pen, row, scale, piles, base=base, decimals=chart.decimals)
    legend.draw(pen)
    return pen.finish(title=chart.title, text=chart.text, height=top + len(chart.rows) * row_height)


def _entries(chart: Strips) -> list[Entry]:
    entries = []
    if any(row.own is not None for row in chart.rows):
        entries.append(Entry("pointer", "own", chart.own_label or own_word()))
    if any(row.mean is not None for row in chart.rows):
        entries.append(Entry("tick", "mean", chart.mean_label or mean_word()))
    if any(row.best is not None for row in chart.rows):
        entries.append(Entry("ring", "best", chart.best_label or best_word()))
    entries.append(Entry("dot", "crowd", chart.everyone_label or everyone_word()))
    return entries


def _plan_piles(chart: Strips, scale: Scale, size: float) -> _Piles:
    radius = size * (0.2 if scale.end - scale.start < 34 * size else 0.23)
    pitch = 2 * radius + 0.8
    highest = max((max(_piles_of(row, scale, pitch).values(), default=1) for row in chart.rows), default=1)
    rise = min(pitch, _TALLEST * size / highest)
    return _Piles(radius, rise, max(rise * (highest - 1) + 2 * radius, size * 1.1))


def _piles_of(row: Strip, scale: Scale, pitch: float) -> Counter[int]:
    return Counter(round(scale.at(value) / pitch) for value in row.everyone)


def _draw_axis(pen: Pen, scale: Scale, base: float) -> None:
    size = pen.frame.size
    pen.line("quiet-ink", [(scale.start, base), (scale.end, base)])
    for tick in scale.ticks(5 if pen.frame.narrow else 6):
        x = scale.at(tick)
        pen.line("quiet-ink", [(x, base), (x, base + size * 0.25)])
        pen.write("quiet-ink", x, base + size * 1.0, str(tick).replace("-", "−"), anchor="middle", scale=0.86)


def _draw_row(pen: Pen, row: Strip, scale: Scale, piles: _Piles, *, base: float, decimals: int) -> None:
    size, pitch = pen.frame.size, 2 * piles.radius + 0.8
    for pile, count in sorted(_piles_of(row, scale, pitch).items()):
        for step in range(count):
            pen.bead("crowd", pile * pitch, base - 1 - piles.radius - step * piles.rise, piles.radius)
    if row.mean is not None:
        x = scale.at(row.mean)
        pen.line("mean", [(x, base - piles.height), (x, base + size * 0.35)], 2)
    if row.best is not None:
        pen.ring("best", scale.at(row.best), base - 1 - piles.radius, piles.radius * 1.5)
    if row.own is not None:
        x = scale.at(row.own)
        pen.line("own", [(x, base - piles.height), (x, base)], 2)
        pen.triangle("own", x, base, size * 0.62)
        number = figure(row.own, decimals, pen.frame.language)
        half = pen.width_of(number, bold=True) / 2
        middle = min(max(x, half), pen.frame.width - half)
        pen.write("own", middle, base + size * 2.0, number, anchor="middle", bold=True)
