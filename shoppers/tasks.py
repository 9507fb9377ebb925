"""Planning in the background."""

from __future__ import annotations

import logging

from django.utils.translation import gettext as _

from kundeservice.core import clock
from kundeservice.core.jobs import JobFailed, JobProgress, job_kind
from kundeservice.core.models import Job
from shoppers.services import PlanningRefused, plan_edition
from surveys.services import SurveyRefusal

logger = logging.getLogger(__name__)

DEFAULT_SEED = 1
PLANNING_SECONDS = 60.0


@job_kind("shoppers.plan_edition")
def plan(job_id: int, progress: JobProgress) -> None:
    """Plan the edition named by the payload: `edition` (key), and if wanted `seed` and `repair`.

    Run twice it makes the same plan twice, for the seed fixes it; a plan somebody has begun to use is left alone.
    """
    job = Job.objects.get(pk=job_id)

    def tell(stage: str, done: int, whole: int) -> None:
        progress.report(current=done, total=whole, message=stage_in_words(stage))

    try:
        made = plan_edition(
            edition_id=job.payload["edition"],
            seed=job.payload.get("seed", DEFAULT_SEED),
            seconds=PLANNING_SECONDS,
            repair=job.payload.get("repair", False),
            by=job.created_by,
            at=clock.now(),
            progress=tell,
        )
    except (PlanningRefused, SurveyRefusal) as refusal:
        raise JobFailed(str(refusal)) from refusal
    logger.info("Job %s made plan %s of edition %s.", job_id, made.pk, job.subject)


def stage_in_words(stage: str) -> str:
    """What the planner is doing just now."""
    words = {
        "assign": _("Fordeler henvendelsene på mystery shopperne"),
        "dates": _("Finner uker og dager"),
        "polish": _("Jevner ut dager og tidsrom"),
    }
    return words.get(stage, _("Planlegger"))
