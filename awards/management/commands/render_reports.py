"""Make the reports of an edition's last count."""

import shutil
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from awards.lookup import EditionNotFound, edition_by_code
from awards.models import Report
from awards.report.services import (
    BatchCount,
    ReportFailed,
    ensure_report,
    order_reports,
    render_batch,
    render_report,
    report_path,
)
from kundeservice.core import clock
from scoring.models import ScoreRun
from scoring.queries.counts import NotScored, RunOutdated, current_run
from surveys.models import Participant
from surveys.services import note_copy

NAME = "render_reports"
"""What the log calls a use of this command: the reports lie open in the folder they are copied to."""


class Command(BaseCommand):
    help = "Makes the PDF reports of an edition's last count, all of them or one, and may copy them to a folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="the edition's code, such as ksp-2022")
        parser.add_argument("--participant", help="one participant's code; everybody if left out")
        parser.add_argument("--output", type=Path, help="copy the reports to this folder, named by participant code")

    def handle(self, *args: Any, code: str, participant: str | None, output: Path | None, **options: Any) -> None:
        try:
            run = current_run(edition_by_code(code))
            note_copy(
                edition_id=run.edition_id, by=None, at=clock.now(), what=" ".join(filter(None, (NAME, participant)))
            )
            reports = [self._one(run, participant)] if participant else self._everybody(run)
        except NotScored as error:
            raise CommandError(_("Resultatene er ikke beregnet. Kjør score_edition først.")) from error
        except RunOutdated as error:
            raise CommandError(
                _("Svarene er endret siden resultatene ble beregnet. Kjør score_edition på nytt først.")
            ) from error
        except (EditionNotFound, ReportFailed) as error:
            raise CommandError(str(error)) from error
        if output is not None:
            self._copy(reports, output)

    def _one(self, run: ScoreRun, code: str) -> Report:
        try:
            row = ensure_report(run_id=run.pk, participant_code=code)
        except Participant.DoesNotExist as error:
            raise CommandError(_("Årgangen har ingen deltaker med koden «%(code)s».") % {"code": code}) from error
        return render_report(report_id=row.pk, at=clock.now())

    def _everybody(self, run: ScoreRun) -> list[Report]:
        order_reports(run_id=run.pk)
        count = render_batch(run_id=run.pk, clock=clock.now, on_progress=self._tell)
        if self.stderr.isatty():
            self.stderr.write("")
        self.stdout.write(_("%(done)d av %(total)d rapporter er laget.") % {"done": count.done, "total": count.total})
        if count.failed:
            failed = run.reports.filter(state="failed").select_related("participant")
            raise CommandError("\n".join(f"{report.participant.code}: {report.error}" for report in failed))
        return list(run.reports.select_related("participant"))

    def _tell(self, count: BatchCount) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{count.settled}/{count.total}", ending="")

    def _copy(self, reports: list[Report], folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for report in reports:
                shutil.copyfile(report_path(report), folder / f"{report.participant.code}.pdf")
        except OSError as error:
            raise CommandError(
                _("Kan ikke skrive til %(folder)s: %(reason)s") % {"folder": folder, "reason": error.strerror}
            ) from error
