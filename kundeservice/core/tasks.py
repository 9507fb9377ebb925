"""What a worker does for the floor."""

from __future__ import annotations

import logging

from celery import Task, shared_task
from django.utils.translation import gettext_lazy as _

from kundeservice.core import clock, jobs
from kundeservice.core.job_kinds import Queue, name_job_kind
from kundeservice.core.queries.health import CHECK_DATA
from kundeservice.core.services import data_check

logger = logging.getLogger(__name__)


@shared_task(name=jobs.RUN_JOB_TASK, bind=True)
def run_job(self: Task[[int], None], job_id: int) -> None:
    """Do the job in the row `job_id`, unless somebody else has it or it is finished."""
    done = jobs.run_job(job_id, at=clock.now(), with_heartbeat=not self.request.is_eager)
    logger.info("Job %s %s.", job_id, "done" if done else "had nothing to claim")


@shared_task(name="core.sweep_jobs")
def sweep_jobs() -> None:
    """Give lost jobs to the queue again; sent every minute by beat."""
    result = jobs.sweep_jobs(at=clock.now())
    logger.info("Sweep: %s queued again, %s announced again, %s given up.", *_figures(result))


name_job_kind(CHECK_DATA, _("Kontroll av dataene"), queue=Queue.BATCH)


@shared_task(name=CHECK_DATA)
def check_data() -> None:
    """Check that the data hold together, and tell the operators when they do not; sent every night by beat."""
    data_check.tell_operators(data_check.check_data(at=clock.now()))


def _figures(result: jobs.SweepResult) -> tuple[int, int, int]:
    return result.requeued, result.announced, result.given_up
