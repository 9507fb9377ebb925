"""A slow batch for real workers: the worker imports this module, and the test starts it as a program.

`python -m tests.core.slow_batch order PARTS` orders a job and prints its key; `read KEY` prints its row as JSON.
The handler makes one file per part and writes down which process made it; run again, it makes only what is missing.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import django

KIND = "tests.slow_batch"
SECONDS_PER_PART = 0.05


def make_parts(job_id: int, progress: JobProgress) -> None:
    job = Job.objects.get(pk=job_id)
    parts = Path(settings.DATA_DIR) / f"job{job_id}"
    parts.mkdir(exist_ok=True)
    total = job.payload["parts"]
    for number in range(total):
        part = parts / f"{number:03}.part"
        if part.exists():
            continue
        time.sleep(SECONDS_PER_PART)
        draft = part.with_suffix(f".{os.getpid()}")
        draft.write_text(str(os.getpid()))
        draft.rename(part)
        progress.report(current=number + 1, total=total)


def main() -> None:
    action, argument = sys.argv[1:]
    if action == "order":
        job_kind(KIND)(make_parts)
        job = enqueue_job(KIND, at=clock.now(), payload={"parts": int(argument)})
        sys.stdout.write(str(job.pk))
        return
    job = Job.objects.get(pk=int(argument))
    sys.stdout.write(json.dumps({"state": job.state, "current": job.current, "attempt": job.attempt}))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kundeservice.settings")
    django.setup()

from django.conf import settings  # noqa: E402

from kundeservice.core import clock  # noqa: E402
from kundeservice.core.jobs import JobProgress, enqueue_job, job_kind  # noqa: E402
from kundeservice.core.models import Job  # noqa: E402

if __name__ == "__main__":
    main()
else:
    job_kind(KIND)(make_parts)
