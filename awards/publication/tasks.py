"""Locking when asked, and noting every minute what has been published by its plan."""

from __future__ import annotations

import logging

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from awards.publication.services.gates import lock_as_agreed
from awards.publication.services.publishing import (
    LOCK_EDITION,
    AlreadyLocked,
    PublicationRefused,
    publish_due_editions,
)
from kundeservice.core import clock
from kundeservice.core.jobs import JobFailed, JobProgress, job_kind
from kundeservice.core.models import Job

logger = logging.getLogger(__name__)


@shared_task(name="awards.publish_due_editions")
def publish_due() -> None:
    """Note every edition whose planned moment has come; sent by beat. Running it twice notes once.

    Nothing the public sees waits for this.
    """
    for code in publish_due_editions(at=clock.now()):
        logger.info("Edition %s is published.", code)


@job_kind(LOCK_EDITION, label=_("Låsing av årgangen"))
def lock_edition_job(job_id: int, progress: JobProgress) -> None:
    """Lock the edition named in the job's payload. After a crash it is open, or locked whole."""
    job = Job.objects.select_related("created_by").get(pk=job_id)
    try:
        lock_as_agreed(
            edition_id=job.payload["edition"],
            by=job.created_by,
            at=clock.now(),
            reason=job.payload.get("reason", ""),
        )
    except AlreadyLocked:
        logger.info("Edition %s was locked already.", job.subject)
    except PublicationRefused as refusal:
        raise JobFailed(str(refusal)) from refusal
    progress.report(current=1)
