"""Studies of a count in the background."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from awards.models import StudyKind
from awards.studies.services import STUDY_RUN, StudyRefused, make_study
from kundeservice.core import clock
from kundeservice.core.job_kinds import Queue
from kundeservice.core.jobs import JobFailed, JobProgress, job_kind
from kundeservice.core.models import Job


@job_kind(STUDY_RUN, label=_("Undersøkelse av resultatene"), queue=Queue.BATCH)
def study_run(job_id: int, progress: JobProgress) -> None:
    """Make every study of the count named in the job's payload. Safe to repeat: what is made stays as it is.

    One that cannot be made holds back no other; the job fails when all have had their turn.
    """
    run_id = Job.objects.get(pk=job_id).payload["run"]
    refused = []
    broken: list[Exception] = []
    for done, kind in enumerate(StudyKind):
        progress.report(current=done, total=len(StudyKind), message=str(kind.label))
        try:
            make_study(run_id=run_id, kind=kind, at=clock.now())
        except StudyRefused as refusal:
            refused.append(f"{kind.label}: {refusal}")
        except Exception as error:  # noqa: BLE001 - one study must not stop the others; raised again below
            broken.append(error)
    progress.report(current=len(StudyKind), message="")
    if broken:
        raise broken[0]
    if refused:
        raise JobFailed("\n".join(refused))
