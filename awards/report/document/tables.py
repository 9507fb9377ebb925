"""The tables of a report: figures as they are printed, one decimal half up from the exact value."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from awards.report.document import sentences
from awards.report.document.pages import Cell, Table
from awards.report.queries.report_data import ChannelFacts, ComparedFigure
from kundeservice.core.numbers import DASH, Exact, format_number, format_share, format_signed
from scoring.engine.confidence import Interval
from surveys.models import Metric

SECONDS_IN_MINUTE = 60


def comparison_table(caption: str, rows: Sequence[ComparedFigure], *, alone: bool) -> Table:
    """Own figures beside class mean, class best and everybody; beside everybody only for one alone in the class."""
    head: tuple[str, ...] = ("", "Dere", "Klassesnitt", "Forskjell", "Best i klassen", "Alle")
    if alone:
        head = ("", "Dere", "Alle", "Forskjell")
    return Table(caption, head, tuple(_comparison_cells(row, alone=alone) for row in rows))


def _comparison_cells(row: ComparedFigure, *, alone: bool) -> tuple[Cell, ...]:
    label = row.label if row.weight is None else f"{row.label} ({format_number(row.weight, 0)} %)"
    mean, _whom = sentences.reference(row, alone=alone)
    difference = difference_cell(None if row.own is None or mean is None else row.own - mean)
    if alone:
        return (Cell(label), Cell(score_text(row.own)), Cell(score_text(row.all_mean)), difference)
    values = (Cell(score_text(row.class_best)), Cell(score_text(row.all_mean)))
    return (Cell(label), Cell(score_text(row.own)), Cell(score_text(row.class_mean)), difference, *values)


def band_words(facts: ChannelFacts) -> str:
    """``innen 1 min (100): 8 · innen 3 min (60): 3``."""
    parts = []
    for limit, percent, count in facts.bands:
        words = "senere" if limit is None else f"innen {_limit(limit, in_working_days=facts.in_working_days)}"
        parts.append(f"{words} ({format_number(percent, 0)}): {count}")
    return " · ".join(parts)


def _limit(limit: Decimal, *, in_working_days: bool) -> str:
    if in_working_days:
        return f"{format_number(limit, 0)} {'virkedag' if limit == 1 else 'virkedager'}"
    minutes, seconds = divmod(int(limit), SECONDS_IN_MINUTE)
    if not minutes:
        return f"{seconds} s"
    return f"{minutes} min" if not seconds else f"{minutes} min {seconds} s"


def score_text(value: Exact | None) -> str:
    """``74,3``, or a dash where there is no basis."""
    return DASH if value is None else format_number(value)


def share_text(value: Fraction | None) -> str:
    """``16 %`` of a share between 0 and 1."""
    return DASH if value is None else format_share(value)


def metric_text(key: str, value: Fraction | None) -> str:
    """An experience metric as it is usually written: NPS whole and signed."""
    if value is None:
        return DASH
    return format_signed(value, 0) if key == Metric.NPS.value else format_number(value)


def difference_cell(value: Fraction | None) -> Cell:
    """``+5,1``, marked as good or bad."""
    if value is None:
        return Cell(DASH)
    mark = "" if sentences.is_level(value) else ("good" if value > 0 else "bad")
    return Cell(format_signed(value), mark)


def interval_edges(interval: Interval) -> tuple[Decimal, Decimal]:
    """Where an interval begins and ends, with the one decimal it is told with. It is an estimate, not a result."""
    return Decimal(str(round(interval.low, 1))), Decimal(str(round(interval.high, 1)))
