"""Jobs that do next to nothing, for real workers: `python -m tests.core.tiny_jobs COUNT` orders them one by one.

Prints the key of the last. The worker imports this module.
"""

from __future__ import annotations

import os
import sys

import django

KIND = "tests.tiny"


def do_next_to_nothing(job_id: int, progress: JobProgress) -> None:
    progress.report(current=1, total=1)


def main() -> None:
    (count,) = sys.argv[1:]
    jobs = [enqueue_job(KIND, at=clock.now()) for _ in range(int(count))]
    sys.stdout.write(str(jobs[-1].pk))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kundeservice.settings")
    django.setup()

from kundeservice.core import clock  # noqa: E402
from kundeservice.core.jobs import JobProgress, enqueue_job, job_kind  # noqa: E402

job_kind(KIND)(do_next_to_nothing)

if __name__ == "__main__":
    main()
