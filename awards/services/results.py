"""Giving the results away as a file."""

from __future__ import annotations

from awards.package.digest import package_digest
from awards.queries.counts import current_run
from awards.queries.results import results_of
from awards.reports.results_file import write_results
from awards.services.packages import load_package
from surveys.models import Edition


def export_results(*, edition_id: int, file_format: str) -> bytes:
    """The results of the edition's last count as `csv`, `json` or `xlsx`; the same results are the same bytes.

    Raises: NotScored, RunOutdated.
    """
    edition = Edition.objects.get(pk=edition_id)
    results = results_of(current_run(edition))
    return write_results(results, file_format=file_format, computed_from=package_digest(load_package(edition)))
