"""Copy the public site to a folder of files."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from awards.publication.services.site import ExportRefused, export_site
from kundeservice.core import clock


class Command(BaseCommand):
    help = "Copies the public pages to a folder that any web server can serve, once the edition is published."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="the code of a published edition, such as ksp-2022")
        parser.add_argument("folder", type=Path, help="a new or empty folder")

    def handle(self, *args: Any, code: str, folder: Path, **options: Any) -> None:
        try:
            files = export_site(edition_code=code, folder=folder, at=clock.now())
        except ExportRefused as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(
                _("Kan ikke skrive til %(folder)s: %(reason)s") % {"folder": folder, "reason": error.strerror}
            ) from error
        self.stdout.write(_("%(files)d filer er skrevet til %(folder)s.") % {"files": files, "folder": folder})
