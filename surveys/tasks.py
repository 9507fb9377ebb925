"""Approving many in the background."""

from __future__ import annotations

import logging

from django.utils.translation import gettext_lazy

from kundeservice.core import clock
from kundeservice.core.jobs import JobFailed, JobProgress, job_kind
from kundeservice.core.models import Job
from surveys.services import SurveyRefusal
from surveys.services.approving import APPROVE_CLEAN, approve_clean

logger = logging.getLogger(__name__)


@job_kind(APPROVE_CLEAN, label=gettext_lazy("Godkjenner besvarelser"))
def approve(job_id: int, progress: JobProgress) -> None:
    """Approve what was clean as the payload's page was opened. Run again it goes on where it was."""
    job = Job.objects.select_related("created_by").get(pk=job_id)
    wanted = job.payload
    try:
        done = approve_clean(
            edition_id=wanted["edition"],
            without=wanted["without"],
            seen=wanted["seen"],
            channel=wanted["channel"],
            by=job.created_by,
            at=clock.now(),
            progress=lambda number, total: progress.report(current=number, total=total),
        )
    except SurveyRefusal as refusal:
        raise JobFailed(str(refusal)) from refusal
    progress.report(current=done.number, total=done.number, message=done.in_words)
    logger.info("Job %s approved %s responses of edition %s.", job_id, done.number, job.subject)
