"""Lines week by week, each named where it ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kundeservice.core.charts.drawing import Drawing, Frame, Pen
from kundeservice.core.charts.palette import Role
from kundeservice.core.charts.scale import Scale
from kundeservice.core.charts.specs import Series, WeekLine
from kundeservice.core.charts.words import figure, week_word
from kundeservice.core.numbers import Exact

_HEIGHT = 13.0  # of the plot, in text sizes


def lay_out_week_line(chart: WeekLine, frame: Frame) -> Drawing:
    """Raises ValueError when a series has not one value per week."""
    _check_lengths(chart)
    pen = Pen(frame)
    size = frame.size
    top, bottom = size * 0.8, size * (0.8 + _HEIGHT)
    heights = Scale(chart.low, chart.high, bottom, top)
    left = max(pen.width_of(str(tick), scale=0.86) for tick in heights.ticks()) + size * 0.6
    ends = [_end_label(series, chart.decimals, frame.language) for series in chart.series]
    tail = max((pen.width_of(end, bold=True, scale=0.92) for end in ends), default=0.0) + size * 0.9
    right = frame.width - (size if frame.narrow else tail)
    xs = _week_places(len(chart.weeks), left + size * 0.4, right)
    _draw_grid(pen, heights, left, right)
    _write_weeks(pen, chart.weeks, xs, bottom)
    used = bottom + size * 1.6
    for series in sorted(chart.series, key=lambda series: series.tone == "own"):
        _draw_series(pen, series, xs, heights)
    if frame.narrow:
        used = _write_names_below(pen, chart.series, ends, used)
    else:
        _write_names_at_ends(pen, chart.series, ends, heights, right + size * 0.6)
    return pen.finish(title=chart.title, text=chart.text, height=used)


def _check_lengths(chart: WeekLine) -> None:
    for series in chart.series:
        if len(series.values) != len(chart.weeks):
            raise ValueError(f"{series.label!r} has {len(series.values)} values for {len(chart.weeks)} weeks")


def _end_label(series: Series, decimals: int, language: str) -> str:
    last = _last(series)
    return series.label if last is None else f"{series.label} {figure(last, decimals, language)}"


def _last(series: Series) -> Exact | None:
    return next((value for value in reversed(series.values) if value is not None), None)


def _week_places(count: int, start: float, end: float) -> list[float]:
    if count < 2:
        return [(start + end) / 2] * count
    return [start + (end - start) * index / (count - 1) for index in range(count)]


def _draw_grid(pen: Pen, heights: Scale, left: float, right: float) -> None:
    for tick in heights.ticks():
        y = heights.at(tick)
        pen.line("grid", [(left, y), (right, y)])
        words = str(tick).replace("-", "−")
        pen.write("quiet-ink", left - pen.frame.size * 0.5, y, words, anchor="end", scale=0.86)


def _write_weeks(pen: Pen, weeks: Sequence[str], xs: Sequence[float], bottom: float) -> None:
    """Week numbers below; every second, third … where they would run together. The first one says the word."""
    size = pen.frame.size
    if not weeks:
        return
    gap = xs[1] - xs[0] if len(xs) > 1 else pen.frame.width
    every = max(1, -(-int(size * 1.9) // max(1, int(gap))))
    for index in range(0, len(weeks), every):
        number = str(int(weeks[index].rpartition("W")[2]))
        pen.line("quiet-ink", [(xs[index], bottom), (xs[index], bottom + size * 0.25)])
        pen.write("quiet-ink", xs[index], bottom + size * 0.95, number, anchor="middle", scale=0.86)
    if xs[0] > pen.width_of(week_word(), scale=0.86) + size * 0.6:
        pen.write("quiet-ink", 0, bottom + size * 0.95, week_word(), scale=0.86)


def _draw_series(pen: Pen, series: Series, xs: Sequence[float], heights: Scale) -> None:
    role: Role = series.tone
    stroke = 2.5 if series.tone == "own" else 1.5
    for run in _unbroken(series.values, xs, heights):
        if len(run) > 1:
            pen.line(role, run, stroke)
        for x, y in run:
            if series.tone == "own" or len(run) == 1:
                pen.disc(role, x, y, pen.frame.size * 0.22)


def _unbroken(
    values: Sequence[Exact | None], xs: Sequence[float], heights: Scale
) -> Iterator[list[tuple[float, float]]]:
    run: list[tuple[float, float]] = []
    for value, x in zip(values, xs, strict=True):
        if value is not None:
            run.append((x, heights.at(value)))
            continue
        if run:
            yield run
        run = []
    if run:
        yield run


def _write_names_at_ends(pen: Pen, series: Sequence[Series], ends: Sequence[str], heights: Scale, x: float) -> None:
    size = pen.frame.size
    wanted = [heights.start if (last := _last(each)) is None else heights.at(last) for each in series]
    for index, y in _kept_apart(wanted, size * 1.25, heights.end, heights.start):
        own = series[index].tone == "own"
        pen.write(_text_role(series[index]), x, y, ends[index], bold=own, scale=0.92)


def _kept_apart(wanted: Sequence[float], gap: float, top: float, bottom: float) -> list[tuple[int, float]]:
    """Labels as near their lines as they can be without touching each other or leaving the plot."""
    placed: list[tuple[int, float]] = []
    floor = top
    for index in sorted(range(len(wanted)), key=lambda index: wanted[index]):
        y = max(wanted[index], floor)
        placed.append((index, y))
        floor = y + gap
    excess = max(0.0, placed[-1][1] - bottom) if placed else 0.0
    return [(index, y - excess) for index, y in placed]


def _write_names_below(pen: Pen, series: Sequence[Series], ends: Sequence[str], top: float) -> float:
    size = pen.frame.size
    for index, each in enumerate(series):
        middle = top + size * (0.8 + 1.4 * index)
        pen.line(each.tone, [(0, middle), (size * 1.1, middle)], 2)
        pen.write(_text_role(each), size * 1.6, middle, ends[index], bold=each.tone == "own", scale=0.92)
    return top + size * (0.6 + 1.4 * len(series))


def _text_role(series: Series) -> Role:
    """Pale lines are named in the colour of secondary text, or the name could not be read."""
    return "quiet-ink" if series.tone in ("mean", "quiet") else series.tone
