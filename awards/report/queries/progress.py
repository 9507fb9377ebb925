"""How far the reports of a count have come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count

from awards.models import Report, ReportState
from scoring.models import ScoreRun


@dataclass(frozen=True)
class ReportProgress:
    """How many reports of a count are finished, waiting or failed."""

    done: int = 0
    waiting: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        return self.done + self.waiting + self.failed


def report_progress(run: ScoreRun) -> ReportProgress:
    counts: Mapping[str, int] = dict(
        Report.objects.filter(run=run).order_by().values_list("state").annotate(number=Count("pk"))
    )
    return ReportProgress(
        done=counts.get(ReportState.DONE, 0),
        waiting=counts.get(ReportState.QUEUED, 0) + counts.get(ReportState.RENDERING, 0),
        failed=counts.get(ReportState.FAILED, 0),
    )
