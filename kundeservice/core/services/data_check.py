"""The nightly check of the data: done, kept, and told to whoever runs the installation when something is wrong."""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import DatabaseError, connection

from kundeservice.core import clock
from kundeservice.core.mail import hand_over
from kundeservice.core.models import Job, JobState
from kundeservice.core.queries.data_check import DataCheck, check_database
from kundeservice.core.queries.health import CHECK_DATA

logger = logging.getLogger(__name__)


def check_data(*, at: datetime) -> DataCheck:
    """Check the database and keep the outcome as a finished piece of work, where the health page finds it.

    A database too ill to keep it raises nothing: whoever called has the outcome.
    """
    check = check_database(connection)
    state = JobState.FAILED if check.problems else JobState.DONE
    try:
        Job.objects.create(
            kind=CHECK_DATA, state=state, error="\n".join(check.problems), created_at=at, finished_at=clock.now()
        )
    except DatabaseError:
        logger.exception("The outcome of the check of the data could not be kept.")
    return check


def tell_operators(check: DataCheck) -> None:
    """Log what was found; when something is wrong, as an error, and by mail to `OPERATOR_EMAILS`."""
    if not check.problems:
        logger.info("The data hold together: %s.", ", ".join(check.looked_at))
        return
    for problem in check.problems:
        logger.error("Check of the data: %s", problem)
    if settings.OPERATOR_EMAILS:
        body = "\n".join((*check.problems, "", f"{settings.SITE_URL}/healthz/", "See docs/operation.md."))
        hand_over(
            EmailMessage(
                subject=f"{settings.SITE_HOST}: the data do not hold together", body=body, to=settings.OPERATOR_EMAILS
            )
        )
