"""Progress of background work."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache

from kundeservice.core import clock
from kundeservice.core.models import Job
from kundeservice.core.queries.jobs import read_job_progress
from kundeservice.core.rules import jobs_visible_to

HTTP_286_STOP_POLLING = 286


@never_cache
def job_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far a job has come: the fragment alone to htmx, which asks again until the job is finished."""
    job = get_object_or_404(jobs_visible_to(request.user, Job.objects.all()), pk=pk)
    progress = read_job_progress(job=job, at=clock.now())
    if request.htmx:  # type: ignore[attr-defined]  # set by HtmxMiddleware
        status = HTTP_286_STOP_POLLING if progress.is_finished else 200
        return render(request, "partials/job_progress.html", {"job": progress}, status=status)
    return render(request, "core/job.html", {"job": progress})
