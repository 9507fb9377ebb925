"""Answers as 100 %: one bar per question, one shade per answer, best first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from kundeservice.core.charts.drawing import Drawing, Frame, Pen
from kundeservice.core.charts.legend import Entry, plan_legend
from kundeservice.core.charts.palette import STEPS, Role
from kundeservice.core.charts.rows import RowPlan, plan_rows
from kundeservice.core.charts.specs import Stack, Stacks
from kundeservice.core.numbers import format_share

# by number of answers, so that few answers are told apart by large steps
_SHADES: dict[int, tuple[int, ...]] = {
    1: (0,), 2: (0, 4), 3: (0, 3, 5), 4: (0, 2, 4, 6), 5: (0, 1, 3, 4, 6), 6: (0, 1, 2, 3, 5, 6), 7: tuple(range(7)),
}  # fmt: skip
_LIGHT_TEXT_ON = frozenset(STEPS[:2])


def lay_out_stacks(chart: Stacks, frame: Frame) -> Drawing:
    """Raises ValueError for more than seven answers or a row with another number of counts than answers."""
    roles = _roles(chart)
    pen = Pen(frame)
    legend = plan_legend(pen, [Entry("bar", role, part) for role, part in zip(roles, chart.parts, strict=True)])
    bases = [f"n = {sum(row.counts)}" for row in chart.rows]
    rows = plan_rows(
        pen,
        [row.label for row in chart.rows],
        top=legend.height,
        thickness=frame.size * 1.5,
        tail=max((pen.width_of(base, scale=0.86) for base in bases), default=0.0) + frame.size * 0.7,
    )
    for index, row in enumerate(chart.rows):
        _draw_stack(pen, row, roles, rows, index)
        pen.write("quiet-ink", frame.width, rows.middle(index), bases[index], anchor="end", scale=0.86)
    legend.draw(pen)
    rows.write_labels(pen)
    return pen.finish(title=chart.title, text=chart.text, height=rows.bottom)


def _roles(chart: Stacks) -> list[Role]:
    if len(chart.parts) not in _SHADES:
        raise ValueError(f"a stack shows one to seven answers, not {len(chart.parts)}")
    for row in chart.rows:
        if len(row.counts) != len(chart.parts):
            raise ValueError(f"{row.label!r} has {len(row.counts)} counts for {len(chart.parts)} answers")
    return [STEPS[step] for step in _SHADES[len(chart.parts)]]


def _draw_stack(pen: Pen, row: Stack, roles: Sequence[Role], rows: RowPlan, index: int) -> None:
    size = pen.frame.size
    left = 0.0 if pen.frame.narrow else rows.left
    middle, half = rows.middle(index), size * 0.7
    for role, share, start, end in _segments(row, roles, left, rows.right):
        pen.rect(role, start, middle - half, end - start, 2 * half)
        words = format_share(share, language=pen.frame.language)
        if pen.width_of(words, scale=0.86) + size * 0.5 <= end - start:
            ink: Role = "on-dark" if role in _LIGHT_TEXT_ON else "on-pale"
            pen.write(ink, (start + end) / 2, middle, words, anchor="middle", scale=0.86)


def _segments(
    row: Stack, roles: Sequence[Role], left: float, right: float
) -> Iterator[tuple[Role, Fraction, float, float]]:
    base = sum(row.counts)
    before = 0
    for role, count in zip(roles, row.counts, strict=True):
        if count:
            start = left + (right - left) * before / base
            end = left + (right - left) * (before + count) / base
            yield role, Fraction(count, base), start, max(end - 1, start)
        before += count
