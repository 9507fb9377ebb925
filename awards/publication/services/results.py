"""Giving the results away as a file."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from awards.package.format.digest import package_digest
from awards.package.services import load_package
from awards.publication.files.results import write_results
from awards.publication.queries.results import results_of
from kundeservice.core.gone import still_there
from scoring.queries.counts import current_run
from surveys.models import Edition
from surveys.services import note_copy

if TYPE_CHECKING:
    from kundeservice.core.models import User


def export_results(*, edition_id: int, file_format: str, by: User | None = None, at: dt.datetime) -> bytes:
    """The results of the edition's last count as `csv`, `json` or `xlsx`; the same results are the same bytes.

    Before publication every use is logged. Raises: NotScored, RunOutdated.
    """
    edition = still_there(Edition.objects.filter(pk=edition_id))
    results = results_of(current_run(edition))
    note_copy(edition_id=edition.pk, by=by, at=at, what="export_results")
    return write_results(results, file_format=file_format, computed_from=package_digest(load_package(edition)))
