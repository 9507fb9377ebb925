"""Read the published results of earlier years into the archive."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from awards.publication.services.archive import PUBLISHED_RESULTS, import_archive


class Command(BaseCommand):
    help = "Reads published winners of earlier years into the archive. Reading them again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "path", nargs="?", type=Path, default=PUBLISHED_RESULTS, help="a CSV file of the same columns"
        )

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        rows = import_archive(path=path)
        self.stdout.write(_("Arkivet har %(rows)d resultater fra %(file)s.") % {"rows": rows, "file": path.name})
