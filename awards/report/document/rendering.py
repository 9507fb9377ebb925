"""From a report's data to its HTML, always in bokmål."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import override

from awards.report.document.composing import compose
from awards.report.document.figures import ticks_figure
from awards.report.document.pages import Document, Page, QuestionLine
from awards.report.document.picture_words import answers_words
from awards.report.queries.report_data import ReportData
from kundeservice.core.charts import PRINT, Chart, Palette, render_chart
from kundeservice.core.charts.palette import STEPS

LANGUAGE = "nb"
TEXT_WIDTH = 642
"""170 mm, the width between the margins, in CSS pixels."""
FEW_ROWS = 5
LARGE_PRINT: Palette = replace(PRINT, text_size=14)
TICKS_WIDTH = 440
BAR_WIDTH, BAR_HEIGHT = 240, 11
NOT_APPLICABLE_COLOUR = "#FFFFFF"


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A page with its pictures drawn: `figures` large ones under their titles, `questions` each line with its own."""

    page: Page
    figures: tuple[tuple[str, SafeString], ...]
    questions: tuple[tuple[QuestionLine, SafeString], ...]


def report_html(data: ReportData) -> str:
    """The whole report as one HTML document without links to anything but itself."""
    with override(LANGUAGE):
        return document_html(compose(data))


def document_html(document: Document) -> str:
    """A composed report as HTML."""
    pages = tuple(_drawn(page) for page in document.pages)
    return render_to_string("awards/report/document/report.html", {"document": document, "pages": pages})


def _drawn(page: Page) -> DrawnPage:
    return DrawnPage(
        page=page,
        figures=tuple((_printed_title(chart, page), _figure(chart)) for chart in page.charts),
        questions=tuple((line, _answer_picture(line)) for line in page.questions),
    )


def _printed_title(chart: Chart, page: Page) -> str:
    """Pictures that share a page are told apart; one alone has the headline, and one of a single row its label."""
    labels = [row.label for row in getattr(chart, "rows", ())]
    return "" if len(page.charts) == 1 or labels == [chart.title] else chart.title


def _figure(chart: Chart) -> SafeString:
    """A chart in the colours of paper; one of few rows is drawn larger, for it has the page to itself."""
    few = len(getattr(chart, "rows", ())) <= FEW_ROWS
    return _draw(chart, width=TEXT_WIDTH, palette=LARGE_PRINT if few else PRINT)


def _draw(chart: Chart, *, width: int, palette: Palette = PRINT) -> SafeString:
    # A PDF keeps the title of a picture and nothing else of what it says.
    return render_chart(chart, palette=palette, width=width, language=LANGUAGE, title_says_all=True)


def _answer_picture(line: QuestionLine) -> SafeString:
    """How the answers to one question were spread; the figures stand beside it in words. Nothing where nobody did."""
    if not any(segment.count for segment in line.segments):
        return SafeString("")
    return _draw(ticks_figure(line), width=TICKS_WIDTH) if line.takes_several else _answer_bar(line)


def _answer_bar(line: QuestionLine) -> SafeString:
    """One bar, for answers that are parts of a whole."""
    total = sum(segment.count for segment in line.segments)
    parts = []
    start = 0
    for segment in line.segments:
        if segment.count:
            left, right = (round(BAR_WIDTH * edge / total, 1) for edge in (start, start + segment.count))
            parts.append((_colour(segment.step), f"M{left} 0H{right}V{BAR_HEIGHT}H{left}z"))
        start += segment.count
    return format_html(
        '<svg class="answer-bar" viewBox="0 0 {width} {height}" preserveAspectRatio="none">'
        "<title>{words}</title>{paths}</svg>",
        width=BAR_WIDTH,
        height=BAR_HEIGHT,
        words=f"{line.text} {answers_words(line)}",
        paths=format_html_join("", '<path fill="{}" stroke="#5B6B78" stroke-width=".4" d="{}"/>', parts),
    )


def _colour(step: int) -> str:
    return PRINT.colours[STEPS[step - 1]] if step else NOT_APPLICABLE_COLOUR
