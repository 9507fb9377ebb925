"""Charts as slim server-side SVG, the same for pages and PDF.

Build a chart from exact figures (:mod:`specs`), hand it to :func:`render_chart`. Data → drawing → SVG.
"""

from kundeservice.core.charts.palette import LIGHT, PRINT, Palette
from kundeservice.core.charts.render import render_chart
from kundeservice.core.charts.specs import (
    Bar,
    Bars,
    Bullet,
    Bullets,
    Chart,
    Dot,
    Dots,
    Series,
    Stack,
    Stacks,
    Strip,
    Strips,
    WeekLine,
)

__all__ = [
    "LIGHT",
    "PRINT",
    "Bar",
    "Bars",
    "Bullet",
    "Bullets",
    "Chart",
    "Dot",
    "Dots",
    "Palette",
    "Series",
    "Stack",
    "Stacks",
    "Strip",
    "Strips",
    "WeekLine",
    "render_chart",
]
