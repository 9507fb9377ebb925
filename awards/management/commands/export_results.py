"""Write the results of an edition's last count."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from awards.lookup import EditionNotFound, edition_by_code
from awards.publication.files.results import FORMATS
from awards.publication.services.results import export_results
from kundeservice.core import clock
from scoring.queries.counts import NotScored, RunOutdated

ZIP_SIGNATURE = b"PK"


class Command(BaseCommand):
    help = "Writes an edition's results as CSV, JSON or a workbook, to a file or to standard output."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="the edition's code, such as ksp-2022")
        parser.add_argument("--format", choices=FORMATS, dest="file_format", help="default: by the file's name, or csv")
        parser.add_argument("--output", type=Path, help="the file to write; standard output if left out")

    def handle(self, *args: Any, code: str, file_format: str | None, output: Path | None, **options: Any) -> None:
        try:
            edition = edition_by_code(code)
            file_format = file_format or _format_of(output)
            content = export_results(edition_id=edition.pk, file_format=file_format, at=clock.now())
        except EditionNotFound as error:
            raise CommandError(str(error)) from error
        except NotScored as error:
            raise CommandError(_("Resultatene er ikke beregnet. Kjør score_edition først.")) from error
        except RunOutdated as error:
            raise CommandError(
                _("Svarene er endret siden resultatene ble beregnet. Kjør score_edition på nytt først.")
            ) from error
        if output is None:
            self._print(content)
            return
        try:
            output.write_bytes(content)
        except OSError as error:
            raise CommandError(
                _("Kan ikke skrive %(file)s: %(reason)s") % {"file": output, "reason": error.strerror}
            ) from error

    def _print(self, content: bytes) -> None:
        """A workbook is not text: it goes past the command's own output, which writes text only."""
        if content.startswith(ZIP_SIGNATURE):
            sys.stdout.buffer.write(content)
            return
        self.stdout.write(content.decode(), ending="")


def _format_of(output: Path | None) -> str:
    suffix = output.suffix.removeprefix(".") if output else ""
    return suffix if suffix in FORMATS else "csv"
