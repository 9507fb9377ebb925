"""What a report is made of: pages of words, figures already written, and the charts that go with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

from kundeservice.core.charts import Chart
from kundeservice.core.charts.metrics import text_width

TEXT_SIZE, HALF_WIDTH = 10.0, 215.0
"""Points: the letters of a comment and half the width of the page, as the style sheet has them."""
MOST_LINES_BESIDE = 14
"""Lines of a comment that may stand beside another: such a pair cannot be broken, so it must be low."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell as it is printed; `mark` is `good`, `bad` or empty and is never the only sign of it."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the first column names the row, the others hold figures. `caption` tells what it is."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of an answer bar; `step` is its shade, 1 the darkest = the best answer, 0 = not applicable."""

    label: str
    count: int
    step: int


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """One question in an area's table."""

    text: str
    own: str
    class_mean: str
    all_mean: str
    difference: Cell
    asked: int
    segments: tuple[Segment, ...]
    takes_several: bool = False
    """Whether the segments are shares of those who answered, each for itself, and no parts of one bar."""

    @property
    def several_note(self) -> str:
        """What the shares of a question with several answers are shares of."""
        return f"Flere svar mulig, andel av de {self.asked} som svarte"


@dataclass(frozen=True, slots=True)
class ContactLine:
    """One contact in the timetable. `width` is the score in whole per cent for the bar; None = no answer."""

    week: str
    window: str
    channel: str
    score: str
    width: int | None


@dataclass(frozen=True, slots=True)
class QuotationBlock:
    """A comment: its paragraphs of one or more lines, and the channel and month it belongs to."""

    paragraphs: tuple[str, ...]
    source: str

    @property
    def is_short(self) -> bool:
        """Whether two such can stand beside each other; a high one must be free to go on to the next page."""
        return lines_at_half_width(self.paragraphs) <= MOST_LINES_BESIDE


def lines_at_half_width(paragraphs: Iterable[str]) -> int:
    """How many lines the paragraphs fill, about: what counts on paper is height, and a line may be one sign."""
    lines = (line for paragraph in paragraphs for line in paragraph.split("\n"))
    return sum(max(1, ceil(text_width(line, TEXT_SIZE) / HALF_WIDTH)) for line in lines)


@dataclass(frozen=True, slots=True)
class Page:
    """One message. `kind` chooses the layout; what a layout does not use stays empty."""

    kind: str
    anchor: str
    short: str
    headline: str
    intro: str = ""
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    questions: tuple[QuestionLine, ...] = ()
    quotations: tuple[tuple[str, tuple[QuotationBlock, ...]], ...] = ()
    contacts: tuple[tuple[ContactLine, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report."""

    title: str
    award: str
    edition: str
    name: str
    name_size: str
    class_name: str
    total: str
    facts: tuple[tuple[str, str], ...]
    prizes: tuple[str, ...]
    pages: tuple[Page, ...]
