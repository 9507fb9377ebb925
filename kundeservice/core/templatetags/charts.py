"""Charts in templates: `{% chart spec %}` for a figure, `{% bar value %}` for a small bar in a table cell."""

from __future__ import annotations

from fractions import Fraction

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from kundeservice.core.charts import LIGHT, Chart, render_chart
from kundeservice.core.charts.palette import Role
from kundeservice.core.numbers import Exact

register = template.Library()

WIDE, NARROW = 640, 340
"""Widths in px: the text column of a screen, and a phone held upright."""

BAR_WIDTH, BAR_HEIGHT = 96, 10
"""A cell bar in px: readable at a glance, one line high."""


@register.simple_tag
def chart(spec: Chart, width: int = 0) -> SafeString:
    """The chart as one SVG of `width` px; without a width as a figure that fits wide and narrow screens."""
    if width:
        return render_chart(spec, width=width)
    return render_to_string(
        "charts/figure.html", {"wide": render_chart(spec, width=WIDE), "narrow": render_chart(spec, width=NARROW)}
    )


@register.simple_tag
def bar(value: Exact | None, reference: Exact | None = None, maximum: int = 100, tone: Role = "quiet") -> SafeString:
    """A decorative bar of `value` out of `maximum`, with a tick at `reference`; the number itself stands beside it."""
    return render_to_string(
        "charts/bar.svg",
        {
            "width": BAR_WIDTH,
            "height": BAR_HEIGHT,
            "length": _pixels(value, maximum),
            "tick": None if reference is None else _pixels(reference, maximum),
            "tone": tone,
            "colour": LIGHT.colours[tone],
        },
    )


def _pixels(value: Exact | None, maximum: int) -> int:
    share = Fraction(value or 0) / maximum
    return int(BAR_WIDTH * min(max(share, Fraction(0)), Fraction(1)))
