"""The pictures of the studies tell their figures in words too, as they are drawn."""

from __future__ import annotations

import pytest

from awards.models import StudyKind
from awards.studies.charts import interval_chart, rater_chart, source_chart, week_chart
from awards.studies.queries.confidence import read_confidence
from awards.studies.queries.severity import read_severity
from awards.studies.services import make_study
from kundeservice.core.charts import Dots
from kundeservice.core.numbers import format_number, format_share
from scoring.models import ScoreRun
from tests.factories import AT

pytestmark = pytest.mark.django_db


def assert_tells_its_dots(chart: Dots) -> None:
    for dot in chart.rows:
        assert dot.value is not None
        assert f"{dot.label}: {format_number(dot.value)}" in chart.text
        for edge in (dot.least, dot.most):
            assert edge is None or format_number(edge) in chart.text


def test_the_field_around_the_best_is_told_with_its_intervals(run: ScoreRun) -> None:
    page = read_confidence(make_study(run_id=run.pk, kind=StudyKind.CONFIDENCE, at=AT))

    for field in page.classes:
        assert_tells_its_dots(interval_chart(field))


def test_severity_is_told_by_source_shopper_and_week(run: ScoreRun) -> None:
    page = read_severity(make_study(run_id=run.pk, kind=StudyKind.SEVERITY, at=AT))

    assert_tells_its_dots(rater_chart(page))
    sources = source_chart(page)
    for source in page.sources:
        assert f"{source.label}: {format_share(source.share)}" in sources.text
    weeks = week_chart(page)
    assert weeks is not None
    for week in page.weeks:
        assert f"{week.label}: {format_number(week.effect.value)}" in weeks.text
