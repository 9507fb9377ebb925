"""Packages in and out, in the background."""

from __future__ import annotations

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from awards.package.format import PackageProblems
from awards.package.services.exports import EXPORT_PACKAGE, write_export
from awards.package.services.forgetting import forget_old_files
from awards.package.services.uploads import CHECK_PACKAGE, IMPORT_PACKAGE, ImportRefused, check_upload, import_upload
from kundeservice.core import clock
from kundeservice.core.jobs import JobFailed, JobProgress, job_kind
from kundeservice.core.models import Job


@shared_task(name="awards.forget_old_files")
def forget_files() -> None:
    """Take away packages nobody needs any more; sent by beat every night. Running it twice takes away nothing more."""
    forget_old_files(at=clock.now())


@job_kind(CHECK_PACKAGE, label=_("Kontroll av pakken"))
def check_package(job_id: int, progress: JobProgress) -> None:
    """Check the upload named in the job's payload. Safe to repeat."""
    job = Job.objects.get(pk=job_id)
    progress.report(current=0, total=1)
    check_upload(upload_id=job.payload["upload"], at=clock.now())
    progress.report(current=1, total=1)


@job_kind(IMPORT_PACKAGE, label=_("Import av årgangen"))
def import_checked_package(job_id: int, progress: JobProgress) -> None:
    """Take over the upload named in the job's payload. Safe to repeat."""
    job = Job.objects.select_related("created_by").get(pk=job_id)
    progress.report(current=0, total=1)
    try:
        import_upload(upload_id=job.payload["upload"], by=job.created_by, at=clock.now())
    except (PackageProblems, ImportRefused) as error:
        raise JobFailed(str(error)) from error
    progress.report(current=1, total=1)


@job_kind(EXPORT_PACKAGE, label=_("Eksport av årgangen"))
def export_package(job_id: int, progress: JobProgress) -> None:
    """Write the edition named in the job's payload to a file. Safe to repeat."""
    progress.report(current=0, total=1)
    progress.attach_file(write_export(job_id=job_id))
    progress.report(current=1, total=1)
