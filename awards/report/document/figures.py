"""The pictures of a report: chart specifications from exact figures."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby

from awards.report.document.pages import QuestionLine
from awards.report.document.picture_words import (
    Manner,
    comparison_words,
    interval_words,
    losses_words,
    share_of,
    ticks_words,
    totals_words,
    waits_words,
)
from awards.report.document.tables import interval_edges
from awards.report.queries.report_data import ChannelFacts, ComparedFigure, Loss, ReportData
from kundeservice.core.charts import Bar, Bars, Bullet, Bullets, Dot, Dots, Stack, Stacks, Strip, Strips
from surveys.models import Metric

SHOWN_LOSSES = 6
METRIC_SCALES = {
    Metric.CES.value: (1, 7, 1),
    Metric.CSAT.value: (1, 5, 1),
    Metric.NPS.value: (-100, 100, 0),
    Metric.VES1.value: (1, 7, 1),
    Metric.VES2.value: (1, 7, 1),
}
"""Lowest and highest value, and decimals shown."""


def totals_figure(data: ReportData) -> Strips | None:
    """Every total as a dot: the class above, everybody below."""
    rows = []
    if not data.is_alone and data.total.classmates:
        rows.append(
            Strip(
                label=data.class_name,
                everyone=data.total.classmates,
                own=data.total.own,
                mean=data.total.class_mean,
                best=data.total.class_best,
            )
        )
    if data.total.everyone:
        rows.append(
            Strip(label="Alle deltakere", everyone=data.total.everyone, own=data.total.own, mean=data.total.all_mean)
        )
    if not rows:
        return None
    return Strips(
        title="Totalresultatet blant de andre",
        text=totals_words(data),
        rows=tuple(rows),
        # The same tick stands for two means: that of the line it is on.
        mean_label="Snittet på linjen" if len(rows) > 1 else "Snitt for alle",
    )


def interval_figure(data: ReportData) -> Dots | None:
    """The total with the interval it may lie in."""
    if data.interval is None or data.total.own is None:
        return None
    least, most = interval_edges(data.interval)
    return Dots(
        title="Hvor sikkert totalresultatet er",
        text=interval_words(data, least, most),
        rows=(Dot(label="Totalresultat", value=data.total.own, least=least, most=most),),
        whisker_label="95 prosent intervall",
    )


def loss_figures(by_area: Sequence[Loss], losses: Sequence[Loss]) -> tuple[Bars, ...]:
    """What each area cost and which questions cost most, with what they cost the class as a tick.

    They stand on one page and are drawn to one scale: a bar twice as long cost twice as much, in either.
    """
    asked = [loss for loss in losses if loss.key != loss.area and loss.area and loss.own][:SHOWN_LOSSES]
    shown = {"Hvor poengene ble borte": by_area, "Spørsmålene som kostet mest": asked}
    drawn = {title: each for title, each in shown.items() if any(loss.own for loss in each)}
    high = _round_top(max((max(loss.own, loss.class_mean) for each in drawn.values() for loss in each), default=0))
    return tuple(_losses_figure(title, each, high=high) for title, each in drawn.items())


def _losses_figure(title: str, losses: Sequence[Loss], *, high: int) -> Bars:
    return Bars(
        title=title,
        text=losses_words(losses),
        rows=tuple(Bar(label=loss.label, value=loss.own, reference=loss.class_mean, tone="bad") for loss in losses),
        high=high,
        reference_label="Klassesnitt",
    )


def comparison_figure(title: str, rows: Sequence[ComparedFigure], *, alone: bool) -> Bullets | None:
    """Own value solid, class mean a tick, class best a ring, everybody a pale strip; 0–100."""
    shown = [row for row in rows if row.own is not None]
    if not shown:
        return None
    return Bullets(
        title=title,
        text=comparison_words(shown, Manner(alone)),
        rows=tuple(
            Bullet(
                label=row.label,
                own=row.own,
                mean=row.all_mean if alone else row.class_mean,
                best=None if alone else row.class_best,
                everyone=row.everyone,
            )
            for row in shown
        ),
        mean_label="Snitt for alle" if alone else "",
    )


def answers_figure(channels: Sequence[ChannelFacts]) -> Stacks | None:
    """Each channel's contacts by how soon they were answered."""
    if not channels:
        return None
    speeds = [_speeds(facts) for facts in channels]
    return Stacks(
        title="Svar og ventetid på hver kontaktmåte",
        text=waits_words(channels, speeds),
        parts=("Svar med full score for ventetid", "Senere svar", "Ikke svar"),
        rows=tuple(
            Stack(label=facts.comparison.label, counts=counts) for facts, counts in zip(channels, speeds, strict=True)
        ),
    )


def metric_figures(metrics: Sequence[ComparedFigure], *, alone: bool) -> tuple[Bullets, ...]:
    """The experience metrics, those of one scale together."""
    measured = sorted(
        (metric for metric in metrics if metric.own is not None), key=lambda each: METRIC_SCALES[each.key]
    )
    return tuple(
        _metric_figure(tuple(group), *scale, alone=alone)
        for scale, group in groupby(measured, key=lambda metric: METRIC_SCALES[metric.key])
    )


def _metric_figure(metrics: Sequence[ComparedFigure], low: int, high: int, decimals: int, *, alone: bool) -> Bullets:
    return Bullets(
        title=", ".join(metric.label for metric in metrics),
        text=comparison_words(metrics, Manner(alone, decimals)),
        rows=tuple(
            Bullet(
                label=metric.label,
                own=metric.own,
                mean=metric.all_mean if alone else metric.class_mean,
                best=None if alone else metric.class_best,
                everyone=metric.everyone,
            )
            for metric in metrics
        ),
        low=low,
        high=high,
        decimals=decimals,
        mean_label="Snitt for alle" if alone else "",
    )


def _speeds(facts: ChannelFacts) -> tuple[int, int, int]:
    fast = sum(count for _limit, percent, count in facts.bands if percent == 100)
    return fast, facts.answered - fast, facts.contacts - facts.answered


def ticks_figure(line: QuestionLine) -> Bars:
    """A question with several answers: a bar for each, as long as its share of those who answered."""
    return Bars(
        title=line.text,
        text=ticks_words(line),
        rows=tuple(
            Bar(label=segment.label, value=100 * share_of(segment, line), tone="own") for segment in line.segments
        ),
        decimals=0,
        is_share=True,
    )


def _round_top(value: Fraction | int) -> int:
    """A round end of the scale at or above the value."""
    steps = (1, 2, 5, 10, 20, 30, 40, 50, 60, 80, 100)
    return next(step for step in steps if step >= value)
