"""A package through the browser: kept as a file, checked in the background, shown, and taken over when asked."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path, PurePath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from awards.models import PackageUpload
from awards.package.format import EditionPackage, PackageProblems, parse_package
from awards.package.format.differences import differences
from awards.package.format.limits import LIMITS, MEGABYTE
from awards.package.services.forgetting import UPLOADS
from awards.package.services.loading import load_package
from awards.package.services.storing import ImportRefused, import_package, why_not
from awards.package.services.work import named
from kundeservice.core.gone import still_there
from kundeservice.core.jobs import UNFINISHED, enqueue_job
from kundeservice.core.models import Job, User
from kundeservice.core.text import clean_text
from surveys.models import Edition

CHECK_PACKAGE = "awards.check_package"
IMPORT_PACKAGE = "awards.import_package"
LISTS = {
    "edition": gettext_noop("Innstillinger"),
    "classes": gettext_noop("Klasser"),
    "participants": gettext_noop("Deltakere"),
    "shoppers": gettext_noop("Mystery shoppere"),
    "relations": gettext_noop("Par som ikke må møtes"),
    "questions": gettext_noop("Spørsmål"),
    "options": gettext_noop("Svaralternativer"),
    "wait_bands": gettext_noop("Grenser for ventetid"),
    "roleplays": gettext_noop("Rollespill"),
    "contacts": gettext_noop("Henvendelser"),
}
"""What each list of a package is called on the screen."""
ENDINGS = (".zip", ".xlsx")


class UploadRefused(Exception):
    """The file is not taken in at all; the text says why."""


@transaction.atomic
def take_in_upload(*, upload: UploadedFile[bytes], replace: bool, by: User, at: dt.datetime) -> PackageUpload:
    """Keep the file under a name of our own and order its check.

    Raises: UploadRefused for a file that is too large or, by its ending, no package.
    """
    name = clean_text(upload.name or "")
    if PurePath(name).suffix.lower() not in ENDINGS:
        raise UploadRefused(_("Velg en .zip- eller .xlsx-fil."))
    if (upload.size or 0) > LIMITS.file_bytes:
        raise UploadRefused(
            _("Filen er større enn %(most)s MB. Fjern det som ikke hører til.")
            % {"most": LIMITS.file_bytes // MEGABYTE}
        )
    kept = PackageUpload.objects.create(
        file=_keep(upload, PurePath(name).suffix.lower()),
        name=name[-255:],
        size=upload.size or 0,
        replace=replace,
        uploaded_at=at,
        uploaded_by=by,
    )
    enqueue_job(CHECK_PACKAGE, payload={"upload": kept.pk}, created_by=by, at=at)
    return kept


def check_upload(*, upload_id: int, at: dt.datetime) -> PackageUpload:
    """Read the whole package and write down what is in it, or everything that is wrong, in the uploader's language."""
    upload = still_there(PackageUpload.objects.select_related("uploaded_by").filter(pk=upload_id))
    with override(upload.uploaded_by.language if upload.uploaded_by else settings.LANGUAGE_CODE):
        try:
            package = parse_package(upload_path(upload), name=upload.name)
        except PackageProblems as found:
            upload.problems = [
                {"file": p.file, "row": p.row, "column": p.column, "value": p.value, "message": str(p.message)}
                for p in found.problems
            ]
            upload.problem_count = found.total
            upload.preview = {}
        else:
            upload.problems, upload.problem_count = [], 0
            upload.preview = preview_of(package)
    upload.checked_at = at
    upload.save()
    return upload


@transaction.atomic
def order_import(*, upload_id: int, by: User, at: dt.datetime) -> Job:
    """Order that a sound package is taken over; one order is enough.

    Raises: UploadRefused while it has problems, or when it has been imported already.
    """
    upload = still_there(PackageUpload.objects.select_for_update().filter(pk=upload_id))
    if not upload.is_sound:
        raise UploadRefused(_("Pakken har feil og kan ikke importeres."))
    if upload.preview.get("refusal"):
        raise UploadRefused(upload.preview["refusal"])
    if upload.imported_at is not None:
        raise UploadRefused(_("Pakken er allerede importert."))
    if not upload_path(upload).exists():
        raise UploadRefused(_("Filen er ikke her lenger. Send den inn på nytt."))
    return enqueue_job(
        IMPORT_PACKAGE,
        subject=upload.preview["code"],
        payload={"upload": upload.pk},
        created_by=by,
        at=at,
        one_is_enough=UNFINISHED,
    )


@transaction.atomic
def import_upload(*, upload_id: int, by: User | None, at: dt.datetime) -> Edition:
    """Take the package over. Once done, doing it again changes nothing.

    Raises: PackageProblems, ImportRefused.
    """
    upload = still_there(PackageUpload.objects.select_for_update().filter(pk=upload_id))
    if upload.imported_at is not None:
        return Edition.objects.get(code=upload.preview["code"])
    package = parse_package(upload_path(upload), name=upload.name)
    edition = import_package(package=package, replace=upload.replace, by=by, at=at)
    upload.imported_at = at
    upload.save(update_fields=["imported_at"])
    return edition


def upload_path(upload: PackageUpload) -> Path:
    return Path(settings.MEDIA_ROOT) / upload.file


def preview_of(package: EditionPackage) -> dict[str, object]:
    """What a leader wants to see before taking a package over: which edition, and how much of everything."""
    given = package.edition
    existing = Edition.objects.filter(code=given.code).first()
    return {
        **(_what_replacing_does(existing, package) if existing else {}),
        "code": given.code,
        "name": given.name_nb or f"{given.award} {given.year}",
        "starts_on": given.starts_on.isoformat(),
        "ends_on": given.ends_on.isoformat(),
        "exists": existing is not None,
        "classes": len(package.classes),
        "participants": len(package.participants),
        "shoppers": len(package.shoppers),
        "relations": len(package.relations),
        "questions": len(package.questions),
        "roleplays": len(package.roleplays),
        "contacts": len(package.contacts),
        "answers": len(package.answers),
    }


def _what_replacing_does(existing: Edition, package: EditionPackage) -> dict[str, object]:
    """What taking the package over would change in the edition that is there, list by list, and whether it may."""
    return {
        "refusal": why_not(existing, package),
        "changes": [
            {
                "label": _(LISTS[change.table]),
                **{
                    name: {"number": len(names), "names": named(names) if names else ""}
                    for name, names in (("new", change.new), ("changed", change.changed), ("removed", change.removed))
                },
            }
            for change in differences(load_package(existing), package)
        ],
    }


def _keep(upload: UploadedFile[bytes], ending: str) -> str:
    """Write the file where no server serves it; its name says nothing of what is in it."""
    relative = f"{UPLOADS}/{uuid.uuid4().hex}{ending}"
    path = Path(settings.MEDIA_ROOT) / relative
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("wb") as file:
        for chunk in upload.chunks():
            file.write(chunk)
    return relative


__all__ = [
    "CHECK_PACKAGE",
    "IMPORT_PACKAGE",
    "ImportRefused",
    "UploadRefused",
    "check_upload",
    "import_upload",
    "order_import",
    "preview_of",
    "take_in_upload",
    "upload_path",
]
