"""A batch for real workers that stops where it is told to, so that it can be killed in the middle however fast it is.

`python -m tests.core.slow_batch PARTS` orders a job and prints its key. The worker imports this module.
The handler makes one file per part and writes down which process made it; run again, it makes only what is missing.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import django

KIND = "tests.slow_batch"


def barrier(folder: Path, number: int) -> Path:
    """Return the file that keeps the batch from making part `number` as long as it exists."""
    return folder / f"wait-before-{number}"


def make_parts(job_id: int, progress: JobProgress) -> None:
    job = Job.objects.get(pk=job_id)
    parts = Path(settings.DATA_DIR) / f"job{job_id}"
    parts.mkdir(exist_ok=True)
    total = job.payload["parts"]
    for number in range(total):
        part = parts / f"{number:03}.part"
        if part.exists():
            continue
        while barrier(Path(settings.DATA_DIR), number).exists():
            time.sleep(0.05)
        draft = part.with_suffix(f".{os.getpid()}")
        draft.write_text(str(os.getpid()))
        draft.rename(part)
        progress.report(current=number + 1, total=total)


def main() -> None:
    (parts,) = sys.argv[1:]
    job = enqueue_job(KIND, at=clock.now(), payload={"parts": int(parts)})
    sys.stdout.write(str(job.pk))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kundeservice.settings")
    django.setup()

from django.conf import settings  # noqa: E402

from kundeservice.core import clock  # noqa: E402
from kundeservice.core.job_kinds import Queue  # noqa: E402
from kundeservice.core.jobs import JobProgress, enqueue_job, job_kind  # noqa: E402
from kundeservice.core.models import Job  # noqa: E402

job_kind(KIND, queue=Queue.BATCH)(make_parts)

if __name__ == "__main__":
    main()
