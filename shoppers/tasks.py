"""Planning in the background."""

from __future__ import annotations

import logging
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kundeservice.core import clock
from kundeservice.core.jobs import JobFailed, JobProgress, job_kind
from kundeservice.core.models import Job
from shoppers.services import PlanningRefused
from shoppers.services.proposing import PROPOSE_PLAN, propose_plan
from shoppers.services.thinking import Progress
from surveys.services import SurveyRefusal

logger = logging.getLogger(__name__)

DEFAULT_SEED = 1
PLANNING_SECONDS = 60.0


@job_kind(PROPOSE_PLAN, label=gettext_lazy("Lager et forslag til plan"))
def propose(job_id: int, progress: JobProgress) -> None:
    """Find a plan for the edition named by the payload and keep it aside. Run twice, the second replaces the first.

    The payload holds `edition` (key), and if wanted `seed`, `seconds` and `repair`.
    """
    job = Job.objects.get(pk=job_id)
    try:
        made = propose_plan(**_wanted(job), progress=_teller(progress))
    except (PlanningRefused, SurveyRefusal) as refusal:
        raise JobFailed(str(refusal)) from refusal
    logger.info("Job %s made proposal %s for edition %s.", job_id, made.pk, job.subject)


def _wanted(job: Job) -> dict[str, Any]:
    return {
        "edition_id": job.payload["edition"],
        "seed": job.payload.get("seed", DEFAULT_SEED),
        "seconds": job.payload.get("seconds", PLANNING_SECONDS),
        "repair": job.payload.get("repair", False),
        "by": job.created_by,
        "at": clock.now(),
    }


def _teller(progress: JobProgress) -> Progress:
    def tell(stage: str, done: int, total: int) -> None:
        progress.report(current=done, total=total, message=stage_in_words(stage))

    return tell


def stage_in_words(stage: str) -> str:
    """What the planner is doing just now."""
    words = {
        "assign": _("Fordeler henvendelsene på mystery shopperne"),
        "dates": _("Finner uker og dager"),
        "polish": _("Jevner ut dager og tidsrom"),
    }
    return words.get(stage, _("Planlegger"))
