"""A question with several answers is drawn as shares of those who answered, each for itself: no parts of a whole."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from awards.report.document.answers import question_line
from awards.report.document.figures import ticks_figure
from awards.report.document.rendering import report_html
from awards.report.queries.evidence import evidence_of
from awards.report.queries.reading import report_of
from awards.report.queries.report_data import Choice, ReportData, ReportQuestion
from kundeservice.core.charts import render_chart
from scoring.services import count_edition
from surveys.models import Answer, Area, Edition, Option, Question, QuestionKind
from tests.factories import AT, believable_edition
from tests.pdfs import figures_of, text_of
from tests.presses import WarmPress

pytestmark = pytest.mark.django_db

GREETING = (("name", "Navnet", 1), ("company", "Firmaet", 1), ("none", "Ingen av delene", 0))


def ask_for_the_greeting(edition: Edition) -> Question:
    """A question to tick all that apply of: everybody ticks the name, every other answer the company too."""
    question = Question.objects.create(
        edition=edition, code="greeting", area=Area.WELCOME, order=99, text_nb="Hva var med i hilsenen?",
        kind=QuestionKind.MULTI,
    )  # fmt: skip
    name, company, _none = (
        Option.objects.create(question=question, code=code, order=place, text_nb=text, points=Decimal(points))
        for place, (code, text, points) in enumerate(GREETING)
    )
    for place, contact in enumerate(edition.contacts.filter(outcome="answered").order_by("code")):
        Answer.objects.create(contact=contact, question=question, option=name)
        if place % 2:
            Answer.objects.create(contact=contact, question=question, option=company)
    return question


@pytest.fixture
def data() -> ReportData:
    edition = believable_edition(classes=1, participants=2, contacts=12)
    ask_for_the_greeting(edition)
    return report_of(evidence_of(count_edition(edition_id=edition.pk, at=AT)), "bank-1")


def greeting(data: ReportData) -> ReportQuestion:
    return next(row for row in data.questions if row.code == "greeting")


def shares(row: ReportQuestion) -> list[int]:
    """In whole per cent, half up."""
    return [(200 * choice.count + row.asked) // (2 * row.asked) for choice in row.choices]


def test_each_choice_has_its_own_share_of_those_who_answered(data: ReportData) -> None:
    row = greeting(data)

    figure = ticks_figure(question_line(row, data))

    assert row.takes_several
    assert [bar.label for bar in figure.rows] == ["Navnet", "Firmaet", "Ingen av delene"]
    assert [round(bar.value or 0) for bar in figure.rows] == shares(row)
    assert shares(row)[0] == 100 < sum(shares(row))
    assert figure.high == 100


def test_the_bars_are_written_as_per_cent(data: ReportData) -> None:
    row = ReportQuestion(
        code="q", area="welcome", text="Hva?", own=None, class_mean=None, all_mean=None, asked=3,
        choices=(Choice("A", 2, None, not_applicable=False), Choice("B", 3, None, not_applicable=False)),
        is_scale=False, takes_several=True,
    )  # fmt: skip
    line = question_line(row, data)

    svg = render_chart(ticks_figure(line), language="nb")

    assert ">67\u00a0%<" in svg
    assert ">100\u00a0%<" in svg


def test_on_paper_it_is_no_stacked_bar_and_says_what_the_shares_are_of(
    data: ReportData, shared_press: WarmPress
) -> None:
    row = greeting(data)
    only = replace(data, questions=(row,))
    html = report_html(only)

    assert "answer-bar" not in html
    pdf = shared_press.typeset(html)
    assert f"Flere svar mulig, andel av de {row.asked} som svarte" in " ".join(text_of(pdf).split())
    told = next(each for each in figures_of(pdf) if each.startswith(row.text))
    assert [int(found) for found in re.findall(r"(\d+)\s%", told)] == shares(row)
    assert f"Oftest: «Navnet», {row.asked} av {row.asked}" in told


def test_questions_of_one_answer_are_still_parts_of_one_bar(data: ReportData) -> None:
    rows = [row for row in data.questions if row.code != "greeting"]

    assert not any(row.takes_several for row in rows)
    assert "answer-bar" in report_html(replace(data, questions=tuple(rows)))
