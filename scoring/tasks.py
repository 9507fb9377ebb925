"""Counting in the background, because a whole edition takes longer than a page may."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kundeservice.core import clock
from kundeservice.core.jobs import JobFailed, JobProgress, job_kind
from kundeservice.core.models import Job
from scoring.services import COUNT_EDITION, ScoringProblems, count_edition

SHOWN_PROBLEMS = 20


@job_kind(COUNT_EDITION, label=_("Beregning av resultatene"))
def count_edition_job(job_id: int, progress: JobProgress) -> None:
    """Count the edition named in the job's payload. Safe to repeat: the same answers give the same figures."""
    job = Job.objects.select_related("created_by").get(pk=job_id)
    progress.report(current=0, total=1)
    try:
        count_edition(edition_id=job.payload["edition"], at=clock.now(), by=job.created_by)
    except ScoringProblems as error:
        raise JobFailed("\n".join(_shortened(error.sentences))) from error
    progress.report(current=1, total=1)


def _shortened(sentences: tuple[str, ...]) -> tuple[str, ...]:
    if len(sentences) <= SHOWN_PROBLEMS:
        return sentences
    rest = len(sentences) - SHOWN_PROBLEMS
    return (*sentences[:SHOWN_PROBLEMS], gettext("… og %(rest)s til.") % {"rest": rest})
