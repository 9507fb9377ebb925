"""A batch of reports for real workers, in an installation of its own: `python -m tests.awards.report.batch order`."""

from __future__ import annotations

import json
import os
import sys

import django

PARTICIPANTS = 8


def order() -> None:
    """Lay down a counted edition, order its reports, print the key of the job."""
    edition = believable_edition(classes=2, participants=PARTICIPANTS // 2, contacts=3)
    run = count_edition(edition_id=edition.pk, at=clock.now())
    sys.stdout.write(str(queue_reports(run_id=run.pk, by=None, at=clock.now()).pk))


def read() -> None:
    """Print the job and the reports as they are."""
    job = Job.objects.get()
    rows = Report.objects.order_by("pk").values("participant", "state", "sha256", "size", "attempt")
    sys.stdout.write(
        json.dumps({"state": job.state, "current": job.current, "error": job.error, "reports": list(rows)})
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kundeservice.settings")
    django.setup()

from awards.models import Report  # noqa: E402
from awards.report.services import queue_reports  # noqa: E402
from kundeservice.core import clock  # noqa: E402
from kundeservice.core.models import Job  # noqa: E402
from scoring.services import count_edition  # noqa: E402
from tests.factories import believable_edition  # noqa: E402

if __name__ == "__main__":
    {"order": order, "read": read}[sys.argv[1]]()
