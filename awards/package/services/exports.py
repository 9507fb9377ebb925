"""An edition out through the browser: written in the background, fetched when it is ready."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.conf import settings

from awards.package.format import EditionPackage, write_package
from awards.package.services.forgetting import EXPORTS
from awards.package.services.loading import load_package
from kundeservice.core.gone import still_there
from kundeservice.core.jobs import WAITING, enqueue_job
from kundeservice.core.models import Job, User
from kundeservice.core.services.audit import record_event
from surveys.models import Edition

EXPORT_PACKAGE = "awards.export_package"
ENDINGS = ("zip", "xlsx")


def export_edition(*, edition: Edition, path: Path, by: User | None, at: dt.datetime) -> EditionPackage:
    """Write the edition to `path`. The log tells of it first: a file half written may have been read all the same.

    Raises: OSError, PackageProblems.
    """
    package = load_package(edition)
    record_event(at=at, actor=by, action="edition.exported", subject=edition.code, detail={"what": path.name})
    write_package(package, path)
    return package


def order_export(*, edition_id: int, ending: str, by: User, at: dt.datetime) -> Job:
    """Order the edition as one file. `ending` is one of `ENDINGS`.

    One that waits for the same reader is enough: it reads the edition when it begins.
    """
    edition = still_there(Edition.objects.filter(pk=edition_id))
    payload = {"edition": edition.pk, "ending": ending, "reader": by.pk}
    return enqueue_job(
        EXPORT_PACKAGE, subject=edition.code, payload=payload, created_by=by, at=at, one_is_enough=WAITING
    )


def write_export(*, job_id: int) -> str:
    """Write the file a job asks for; its path below MEDIA_ROOT. Doing it again gives the same file."""
    job = Job.objects.get(pk=job_id)
    relative = f"{EXPORTS}/{job.pk}.{job.payload['ending']}"
    path = Path(settings.MEDIA_ROOT) / relative
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_package(load_package(Edition.objects.get(pk=job.payload["edition"])), path)
    return relative


def fetch_export(*, job: Job, by: User, at: dt.datetime) -> Path:
    """Where a finished export lies, after noting who fetched it. Raises FileNotFoundError when it is gone."""
    path = Path(settings.MEDIA_ROOT) / job.file
    if not job.file or not path.is_file():
        raise FileNotFoundError(job.file)
    record_event(at=at, actor=by, action="edition.exported", subject=job.subject, detail={"what": path.name})
    return path
