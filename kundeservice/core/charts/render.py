"""From what a chart shows to SVG: one door for pages and paper."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import override

from kundeservice.core.charts.drawing import Drawing, Frame
from kundeservice.core.charts.layouts.bars import lay_out_bars
from kundeservice.core.charts.layouts.bullets import lay_out_bullets
from kundeservice.core.charts.layouts.dots import lay_out_dots
from kundeservice.core.charts.layouts.stacks import lay_out_stacks
from kundeservice.core.charts.layouts.strips import lay_out_strips
from kundeservice.core.charts.layouts.week_line import lay_out_week_line
from kundeservice.core.charts.palette import LIGHT, Palette
from kundeservice.core.charts.specs import Bars, Bullets, Chart, Dots, Stacks, Strips, WeekLine
from kundeservice.core.language import reader_language


def lay_out(chart: Chart, frame: Frame) -> Drawing:
    """Pure but for the words of the active language. Raises ValueError for figures the chart cannot hold."""
    match chart:
        case Bars():
            return lay_out_bars(chart, frame)
        case Bullets():
            return lay_out_bullets(chart, frame)
        case Strips():
            return lay_out_strips(chart, frame)
        case Dots():
            return lay_out_dots(chart, frame)
        case WeekLine():
            return lay_out_week_line(chart, frame)
        case Stacks():
            return lay_out_stacks(chart, frame)


def render_chart(
    chart: Chart,
    *,
    palette: Palette = LIGHT,
    width: int = 640,
    language: str | None = None,
    title_says_all: bool = False,
) -> SafeString:
    """The chart as an SVG element, ``width`` px wide (642 px fill the text block of A4 with 20 mm margins).

    Escaped by the template engine; ``language`` defaults to the active one. ``title_says_all`` is for programs that
    read the title only: the sentence then stands in it.
    """
    chosen = language or reader_language()
    with override(chosen):
        drawing = lay_out(chart, Frame(width, palette, chosen))
        return render_to_string("charts/chart.svg", {"drawing": drawing, "title_says_all": title_says_all})
