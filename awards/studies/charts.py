"""Pictures of what the studies found. Their sentences tell every figure that is drawn, for those who do not see it."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import ceil, floor

from django.utils.translation import gettext as _

from awards.studies.certainty import who_could_be_best
from awards.studies.queries.confidence import Field, SureRow
from awards.studies.queries.reading import Estimate
from awards.studies.queries.severity import RaterRow, SeverityPage
from kundeservice.core.charts import Bar, Bars, Dot, Dots, Series, WeekLine
from kundeservice.core.language import reader_language
from kundeservice.core.numbers import DASH, Exact, format_number, format_share

MOST_DOTS = 20
"""Rows of a dot plot that can still be taken in."""
EXTREMES = 8
"""Shoppers shown at either end."""


def interval_chart(field: Field) -> Dots:
    """The totals of a class, or of the best overall, with what the sentence about the best rests on.

    Each line reaches as high as the total could lie, measured against the highest of the others: the lines that reach
    that far are those of `field.contenders`, and no others. Where nobody is compared, and in studies from before, the
    lines are the intervals.
    """
    rows = field.rows[:MOST_DOTS]
    if any(row.reach is None for row in rows):
        return _plain_intervals(field, rows)
    low, high = _bounds([row.total for row in rows], [row.reach for row in rows], step=10)
    dots = tuple(
        Dot(
            label=row.name,
            value=row.total,
            least=row.total,
            most=row.reach,
            tone="award" if row.place == 1 else "own" if row in field.contenders else "quiet",
        )
        for row in rows
    )
    return Dots(
        title=_("Hvem kan være best?"),
        text=f"{who_could_be_best(field.verdict)} "
        + _("%(leader)s har høyest total. De som kan være best, har en strek som når opp til den høyeste av de andre.")
        % {"leader": field.leader.name}
        + f" {_in_words(dots)}",
        rows=dots,
        low=max(0, low),
        high=min(100, high),
        whisker_label=_("Så høyt kan den ligge, målt mot den beste"),
    )


def _plain_intervals(field: Field, rows: tuple[SureRow, ...]) -> Dots:
    low, high = _bounds([row.total for row in rows], [row.low for row in rows], [row.high for row in rows], step=10)
    dots = tuple(
        Dot(
            label=row.name,
            value=row.total,
            least=row.low,
            most=row.high,
            tone="award" if row.place == 1 else "own",
        )
        for row in rows
    )
    return Dots(
        title=_("Totalresultat med usikkerhet"),
        text=_("%(leader)s har høyest total. Streken viser hvor totalen kan ligge.") % {"leader": field.leader.name}
        + f" {_in_words(dots)}",
        rows=dots,
        low=max(0, low),
        high=min(100, high),
        whisker_label=_("Usikkerhet"),
    )


def source_chart(page: SeverityPage) -> Bars:
    """How much of the differences between scores each source stands for, in per cent."""
    largest = max(page.sources, key=lambda source: source.share)
    return Bars(
        title=_("Hvor forskjellene kommer fra"),
        text=_("%(source)s står for mest av forskjellene mellom henvendelsene.") % {"source": largest.label}
        + f" {_told((source.label, _share(source.share)) for source in page.sources)}",
        rows=tuple(Bar(label=source.label, value=source.share * 100) for source in page.sources),
        decimals=0,
        is_share=True,
    )


def rater_chart(page: SeverityPage) -> Dots:
    """The severest and the mildest shoppers with their intervals."""
    rows = _extremes(page.raters)
    low, high = _effect_bounds(row.effect for row in rows)
    dots = tuple(
        Dot(
            label=row.name,
            value=row.effect.value,
            least=row.effect.low,
            most=row.effect.high,
            tone="bad" if row.stands_out else "quiet",
        )
        for row in rows
    )
    return Dots(
        title=_("De strengeste og de mildeste"),
        text=_("%(severe)s er strengest og %(mild)s mildest, målt i poeng fra snittet av alle.")
        % {"severe": page.raters[0].name, "mild": page.raters[-1].name}
        + f" {_in_words(dots)}",
        rows=dots,
        low=low,
        high=high,
        whisker_label=_("Usikkerhet"),
    )


def week_chart(page: SeverityPage) -> WeekLine | None:
    """How far each week lies from the straight line through the field period; None where weeks were not told apart."""
    if not page.weeks:
        return None
    low, high = _bounds([row.effect.value for row in page.weeks], step=2)
    return WeekLine(
        title=_("Uke for uke"),
        text=_("Avvik fra den rette linjen gjennom feltperioden, i poeng.")
        + f" {_told((row.label, _number(row.effect.value)) for row in page.weeks)}",
        weeks=tuple(row.label for row in page.weeks),
        series=(Series(label=_("Avvik"), values=tuple(row.effect.value for row in page.weeks)),),
        low=low,
        high=high,
    )


def _in_words(dots: Iterable[Dot]) -> str:
    return _told((dot.label, _with_whisker(dot)) for dot in dots)


def _with_whisker(dot: Dot) -> str:
    if dot.least is None or dot.most is None:
        return _number(dot.value)
    told = {"value": _number(dot.value), "least": _number(dot.least), "most": _number(dot.most)}
    return _("%(value)s (%(least)s til %(most)s)") % told


def _told(rows: Iterable[tuple[str, str]]) -> str:
    return "; ".join(f"{label}: {number}" for label, number in rows) + "."


def _number(value: Exact | None) -> str:
    return DASH if value is None else format_number(value, language=reader_language())


def _extremes(raters: tuple[RaterRow, ...]) -> tuple[RaterRow, ...]:
    return raters if len(raters) <= 2 * EXTREMES else (*raters[:EXTREMES], *raters[-EXTREMES:])


def _effect_bounds(effects: Iterable[Estimate]) -> tuple[int, int]:
    found = list(effects)
    return _bounds([effect.low for effect in found], [effect.high for effect in found], step=5)


def _bounds(*values: Iterable[Exact | None], step: int) -> tuple[int, int]:
    """Whole multiples of `step` with every value between them."""
    numbers = [Fraction(value) for group in values for value in group if value is not None]
    low = floor(min(numbers) / step) * step
    high = ceil(max(numbers) / step) * step
    return low, high if high > low else low + step


def _share(value: Exact) -> str:
    return format_share(value, language=reader_language())
