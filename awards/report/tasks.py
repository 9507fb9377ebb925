"""Making the reports of a count in the background."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awards.report.services import RENDER_REPORTS, BatchCount, release_orphans, render_batch
from kundeservice.core import clock
from kundeservice.core.job_kinds import Queue
from kundeservice.core.jobs import JobFailed, JobProgress, job_kind
from kundeservice.core.models import Job
from scoring.queries.counts import RunOutdated


@job_kind(RENDER_REPORTS, label=gettext_lazy("Lager rapporter"), queue=Queue.BATCH)
def render_reports(job_id: int, progress: JobProgress) -> None:
    """Make the reports of the count named in the job's payload. Killed and run again, it goes on where it was."""
    run_id = Job.objects.get(pk=job_id).payload["run"]

    def tell(count: BatchCount) -> None:
        message = _("%(failed)d mislyktes") % {"failed": count.failed} if count.failed else ""
        progress.report(current=count.done, total=count.total, message=message)

    release_orphans(job_id=job_id, run_id=run_id)
    try:
        count = render_batch(run_id=run_id, clock=clock.now, on_progress=tell)
    except RunOutdated as error:
        raise JobFailed(_("Svarene er endret siden resultatene ble beregnet. Beregn på nytt først.")) from error
    tell(count)
    if count.failed:
        raise JobFailed(
            _("%(failed)d av %(total)d rapporter kunne ikke lages. Årsaken står ved hver av dem.")
            % {"failed": count.failed, "total": count.total}
        )
