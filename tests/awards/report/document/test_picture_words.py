"""Those who do not see a picture are told every figure in it: own, what it is held against, and what that comes to.

Read out of a real PDF's structure and held against the report's data; the expected words are written here anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

import pytest

from awards.report.document.figures import SHOWN_LOSSES
from awards.report.document.rendering import report_html
from awards.report.queries.evidence import evidence_of
from awards.report.queries.reading import report_of
from awards.report.queries.report_data import ComparedFigure, Loss, ReportData, ReportQuestion, losses_by_area
from kundeservice.core.numbers import format_number
from scoring.services import count_edition
from surveys.models import Metric
from tests.factories import AT, believable_edition
from tests.pdfs import figures_of
from tests.presses import WarmPress

pytestmark = pytest.mark.django_db

WHOLE = {Metric.NPS.value: 0}
"""Figures that are shown without a decimal."""


def shown(value: Fraction | Decimal | int | None, decimals: int = 1) -> str:
    return "mangler" if value is None else format_number(value, decimals)


def report(code: str, *, classes: int = 2, participants: int = 3) -> ReportData:
    edition = believable_edition(classes=classes, participants=participants, contacts=12)
    return report_of(evidence_of(count_edition(edition_id=edition.pk, at=AT)), code)


def told(figures: Iterable[str], title: str) -> str:
    (found,) = [figure for figure in figures if figure.startswith(title)]
    return found


def numbers(text: str, *labels: str) -> list[str]:
    """The figures of a text, less those in the labels of its rows."""
    for label in labels:
        text = text.replace(label, "")
    return sorted(re.findall(r"−?\d+(?:,\d+)?", text.replace("\u00a0", "")))


def figures_in(row: ComparedFigure, *, alone: bool, decimals: int = 1) -> list[str]:
    """Own, mean, best in the class and the span of everybody, as a row of the picture has them."""
    values = [row.own, row.all_mean] if alone else [row.own, row.class_mean, row.class_best]
    return [shown(value, decimals) for value in (*values, min(row.everyone), max(row.everyone))]


def distances(rows: Iterable[ComparedFigure], *, alone: bool, decimals: int = 1) -> list[str]:
    """The distance to the mean: of one row its own, of several the greatest above and the greatest below."""
    nothing = Fraction(0)
    found = [(row.own or nothing) - ((row.all_mean if alone else row.class_mean) or nothing) for row in rows]
    ends = found if len(found) == 1 else [max(nothing, *found), min(nothing, *found)]
    return [text for end in ends if (text := shown(abs(end), decimals)).strip("0,")]


def assert_tells(text: str, title: str, rows: list[ComparedFigure], *, alone: bool, decimals: int = 1) -> None:
    expected = [number for row in rows for number in figures_in(row, alone=alone, decimals=decimals)]
    labels = (title, *(row.label for row in rows))
    assert numbers(text, *labels) == sorted([*expected, *distances(rows, alone=alone, decimals=decimals)]), text
    for row in rows:
        assert f"{row.label}: {shown(row.own, decimals)}, " in text


@pytest.mark.parametrize("participants", [3, 1])
def test_every_figure_of_a_report_says_its_numbers(participants: int, shared_press: WarmPress) -> None:
    data = report("bank-1", participants=participants)
    alone = participants == 1
    figures = figures_of(shared_press.typeset(report_html(data)))

    assert data.is_alone == alone
    assert all(figures)
    assert_tells(told(figures, "Områdene."), "Områdene", list(data.areas), alone=alone)
    channels = [facts.comparison for facts in data.channels]
    assert_tells(told(figures, "Kontaktmåtene."), "Kontaktmåtene", channels, alone=alone)
    for scale in ({"ces"}, {"csat"}, {"nps"}):
        rows = [metric for metric in data.metrics if metric.key in scale]
        title = ", ".join(row.label for row in rows)
        decimals = WHOLE.get(rows[0].key, 1)
        assert_tells(told(figures, f"{title}."), f"{title}.", rows, alone=alone, decimals=decimals)


def test_the_total_is_told_beside_class_best_and_everybody(shared_press: WarmPress) -> None:
    data = report("bank-2")
    figures = figures_of(shared_press.typeset(report_html(data)))
    total, interval = data.total, data.interval
    assert total.own is not None
    assert total.class_mean is not None
    assert interval is not None

    text = told(figures, "Totalresultatet blant de andre")
    assert f"Deres {shown(total.own)}, klassesnittet {shown(total.class_mean)}, best i klassen" in text
    expected = [*figures_in(total, alone=False), shown(total.all_mean), *distances([total], alone=False)]
    assert numbers(text) == sorted(expected)

    text = told(figures, "Hvor sikkert totalresultatet er")
    edges = [Decimal(str(round(edge, 1))) for edge in (interval.low, interval.high)]
    assert numbers(text) == sorted(["95", shown(total.own), shown(total.class_mean), *map(shown, edges)])
    is_inside = edges[0] <= Decimal(shown(total.class_mean).replace(",", ".")) <= edges[1]
    assert ("ligger innenfor" in text) == is_inside


def test_losses_are_told_beside_the_class_s_and_the_dearest_is_named(shared_press: WarmPress) -> None:
    data = report("bank-2")
    figures = figures_of(shared_press.typeset(report_html(data)))
    asked = [loss for loss in data.losses if loss.key != loss.area and loss.area and loss.own][:SHOWN_LOSSES]

    for title, losses in {
        "Hvor poengene ble borte.": list(losses_by_area(data.losses, data.areas)),
        "Spørsmålene som kostet mest.": asked,
    }.items():
        text = told(figures, title)
        assert numbers(text, title, *(loss.label for loss in losses)) == sorted(_loss_figures(losses))
        assert "kostet mest" in text.removeprefix(title)


def _loss_figures(losses: list[Loss]) -> list[str]:
    most = max(loss.own for loss in losses)
    return [*(shown(value) for loss in losses for value in (loss.own, loss.class_mean)), shown(most)]


def test_answers_and_waits_are_told_with_their_counts(shared_press: WarmPress) -> None:
    data = report("bank-2")
    figures = figures_of(shared_press.typeset(report_html(data)))

    text = told(figures, "Svar og ventetid på hver kontaktmåte")
    assert f"Til sammen {data.contacts - data.answered} av {data.contacts} uten svar" in text
    for facts in data.channels:
        full = sum(count for _limit, percent, count in facts.bands if percent == 100)
        counts = f"{full} med full score, {facts.answered - full} senere, {facts.contacts - facts.answered} uten svar"
        assert f"{facts.comparison.label}: {counts}" in text

    for row in (row for row in data.questions if row.asked):
        assert_tells_the_answers(told(figures, row.text), row)


def assert_tells_the_answers(text: str, row: ReportQuestion) -> None:
    if not row.is_scale:
        for choice in row.choices:
            assert f"{choice.label}: {choice.count}" in text
        most = max(choice.count for choice in row.choices)
        assert f"{most} av {row.asked}" in text
    if row.own is not None:
        assert f"Score {shown(row.own)}, klassesnitt {shown(row.class_mean)}, alle {shown(row.all_mean)}" in text
