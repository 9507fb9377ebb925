"""Progress of background work."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache

from kundeservice.core import clock
from kundeservice.core.models import Job
from kundeservice.core.queries.jobs import read_job_status
from kundeservice.core.rules import jobs_visible_to

HTTP_286_STOP_POLLING = 286


@never_cache
def job_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far a job has come: the fragment alone to htmx, which asks again until the job is finished.

    The fragment gets `poll_url`, this address, and `done_url`, the page that htmx asks from.
    """
    job = get_object_or_404(jobs_visible_to(request.user, Job.objects.all()), pk=pk)
    status = read_job_status(job=job, at=clock.now())
    htmx = request.htmx  # type: ignore[attr-defined]  # set by HtmxMiddleware
    context = {"job": status, "poll_url": request.path, "done_url": htmx.current_url_abs_path or request.path}
    if not htmx:
        return render(request, "core/job.html", context)
    http_status = HTTP_286_STOP_POLLING if status.is_finished else HTTPStatus.OK
    return render(request, "partials/job_progress.html", context, status=http_status)
