"""What was answered and written: question lines, comments and the timetable of contacts, ready to print."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from awards.report.document.pages import ContactLine, QuestionLine, QuotationBlock, Segment
from awards.report.document.quoting import breakable
from awards.report.document.sentences import MONTHS
from awards.report.document.tables import difference_cell, score_text
from awards.report.queries.report_data import Choice, Quotation, ReportContact, ReportData, ReportQuestion
from kundeservice.core.numbers import DASH, format_number, round_half_up
from surveys.models import Channel, CommentArea, Window

PROMOTER_FROM, PASSIVE_FROM = 9, 7
MOST_SHADES = 7
FAR_APART = (1, 4, 6)
"""Shades for two or three answers: easier to tell from each other than neighbours."""


def question_line(row: ReportQuestion, data: ReportData) -> QuestionLine:
    """One question with its scores and how the answers were spread."""
    mean = row.all_mean if data.is_alone else row.class_mean
    return QuestionLine(
        text=row.text,
        own=score_text(row.own),
        class_mean=score_text(row.class_mean),
        all_mean=score_text(row.all_mean),
        difference=difference_cell(None if row.own is None or mean is None else row.own - mean),
        asked=row.asked,
        segments=_scale_segments(row) if row.is_scale else _option_segments(row.choices),
        takes_several=row.takes_several,
    )


def _option_segments(choices: Sequence[Choice]) -> tuple[Segment, ...]:
    """Best answer first; answers without points keep their order, «ikke aktuelt» comes last and pale."""
    ordered = sorted(choices, key=lambda choice: (choice.not_applicable, -(choice.points or 0)))
    counting = [choice for choice in ordered if not choice.not_applicable]
    steps = _steps(len(counting))
    shades = {id(choice): step for choice, step in zip(counting, steps, strict=True)}
    return tuple(Segment(choice.label, choice.count, shades.get(id(choice), 0)) for choice in ordered)


def _scale_segments(row: ReportQuestion) -> tuple[Segment, ...]:
    """A scale of eleven is told in the three groups NPS is made of; shorter ones value by value, the highest first."""
    values = [(int(choice.label), choice.count) for choice in row.choices]
    if len(values) > 7:
        groups = (
            ("ga 9–10", PROMOTER_FROM, 10),
            ("ga 7–8", PASSIVE_FROM, PROMOTER_FROM - 1),
            ("ga 0–6", 0, PASSIVE_FROM - 1),
        )
        counts = [sum(count for value, count in values if low <= value <= high) for _label, low, high in groups]
        return tuple(
            Segment(label, count, step) for (label, *_), count, step in zip(groups, counts, FAR_APART, strict=True)
        )
    steps = _steps(len(values))
    highest_first = zip(reversed(values), steps, strict=True)
    return tuple(Segment(f"ga {value}", count, step) for (value, count), step in highest_first)


def _steps(parts: int) -> tuple[int, ...]:
    """Shades from dark to pale, spread over the seven there are."""
    if parts <= len(FAR_APART):
        return FAR_APART[:parts]
    return tuple(1 + round(index * (MOST_SHADES - 1) / (parts - 1)) for index in range(parts))


def quotation_blocks(quotations: Sequence[Quotation]) -> tuple[tuple[str, tuple[QuotationBlock, ...]], ...]:
    """Comments by the area they are about."""
    labels = {area.value: str(area.label) for area in CommentArea}
    return tuple(
        (labels[area], tuple(_quotation(row) for row in rows))
        for area, rows in groupby(quotations, key=lambda row: row.area)
    )


def contact_lines(contacts: Sequence[ReportContact]) -> tuple[tuple[ContactLine, ...], ...]:
    """The timetable: the contacts of each week, in the order given. The week stands on its first line only."""
    channels = {channel.value: str(channel.label) for channel in Channel}
    windows = {window.value: str(window.label) for window in Window}
    return tuple(
        tuple(
            ContactLine(
                week=str(int(week.split("-W")[1])) if not index else "",
                window=windows.get(row.window, DASH),
                channel=channels[row.channel],
                score=format_number(row.score) if row.answered else "Ikke svar",
                width=int(round_half_up(row.score, 0)) if row.answered else None,
            )
            for index, row in enumerate(rows)
        )
        for week, rows in groupby(contacts, key=lambda row: row.week)
    )


def _quotation(row: Quotation) -> QuotationBlock:
    channel = str(Channel(row.channel).label)
    return QuotationBlock(
        paragraphs=tuple(paragraph for paragraph in breakable(row.text).split("\n\n") if paragraph),
        source=f"{channel}, {MONTHS[row.month - 1]}",
    )
