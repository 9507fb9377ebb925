"""Editions in and out through the browser."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from awards.access import leader_only
from awards.forms import PackageUploadForm
from awards.models import PackageUpload
from awards.package.services.exports import ENDINGS, EXPORT_PACKAGE, fetch_export, order_export
from awards.package.services.forgetting import EXPORTS, KEPT
from awards.package.services.uploads import CHECK_PACKAGE, IMPORT_PACKAGE, UploadRefused, order_import, take_in_upload
from kundeservice.core import clock
from kundeservice.core.models import Job
from kundeservice.core.queries.jobs import JobStatus, read_job_status
from kundeservice.core.rules import person_of
from kundeservice.core.views.orders import warn_if_order_waits
from kundeservice.core.views.presses import pressed
from surveys.models import Edition


@require_http_methods(["GET", "HEAD", "POST"])
@leader_only
def upload_package(request: HttpRequest) -> HttpResponse:
    form = PackageUploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            upload = take_in_upload(
                upload=form.cleaned_data["package"],
                replace=form.cleaned_data["replace"],
                by=person_of(request),
                at=clock.now(),
            )
        except UploadRefused as refused:
            form.add_error("package", str(refused))
        else:
            warn_if_order_waits(request, payload__upload=upload.pk)
            return redirect("office:import_job", upload.pk)
    recent = PackageUpload.objects.select_related("uploaded_by")[:10]
    return render(request, "awards/package/import.html", {"form": form, "recent": recent})


@require_safe
@leader_only
def show_import(request: HttpRequest, upload_id: int) -> HttpResponse:
    """The check's progress, then what is in the package or everything that is wrong with it."""
    upload = get_object_or_404(PackageUpload, pk=upload_id)
    context = {
        "upload": upload,
        "more": upload.problem_count - len(upload.problems),
        "check": _job_about(upload, CHECK_PACKAGE),
        "importing": _job_about(upload, IMPORT_PACKAGE),
    }
    return render(request, "awards/package/import_upload.html", context)


@require_POST
@leader_only
def confirm_import(request: HttpRequest, upload_id: int) -> HttpResponse:
    upload = get_object_or_404(PackageUpload, pk=upload_id)
    try:
        order_import(upload_id=upload.pk, by=person_of(request), at=clock.now())
    except UploadRefused as refused:
        messages.error(request, str(refused))
    else:
        warn_if_order_waits(request, payload__upload=upload.pk)
    return redirect("office:import_job", upload.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@leader_only
def start_export(request: HttpRequest, edition_code: str) -> HttpResponse:
    edition = get_object_or_404(Edition, code=edition_code)
    if request.method == "POST":
        ending = pressed(request, "ending", {ending: ending for ending in ENDINGS})
        job = order_export(edition_id=edition.pk, ending=ending, by=person_of(request), at=clock.now())
        warn_if_order_waits(request, pk=job.pk)
        return redirect("office:export_job", edition.code, job.pk)
    return render(request, "awards/package/export.html", {"edition": edition, "days": KEPT[EXPORTS].days})


@require_safe
@leader_only
def show_export(request: HttpRequest, edition_code: str, job_id: int) -> HttpResponse:
    edition = get_object_or_404(Edition, code=edition_code)
    job = get_object_or_404(Job, pk=job_id, kind=EXPORT_PACKAGE, subject=edition.code)
    context = {"edition": edition, "job": read_job_status(job=job, at=clock.now())}
    return render(request, "awards/package/export.html", context)


@require_safe
@leader_only
def download_export(request: HttpRequest, edition_code: str, job_id: int) -> HttpResponse | FileResponse:
    job = get_object_or_404(Job, pk=job_id, kind=EXPORT_PACKAGE, subject=edition_code)
    try:
        path = fetch_export(job=job, by=person_of(request), at=clock.now())
    except FileNotFoundError:
        messages.error(request, _("Filen er ikke her lenger. Lag den på nytt."))
        return redirect("office:export", edition_code)
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"{edition_code}{path.suffix}")


def _job_about(upload: PackageUpload, kind: str) -> JobStatus | None:
    job = Job.objects.filter(kind=kind, payload__upload=upload.pk).first()
    return None if job is None else read_job_status(job=job, at=clock.now())
