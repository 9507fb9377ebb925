"""Take an edition out as files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from awards.lookup import EditionNotFound, edition_by_code
from awards.package.format import PackageProblems, package_digest
from awards.package.services.exports import export_edition
from kundeservice.core import clock


class Command(BaseCommand):
    help = "Exports an edition as a package: .zip and .xlsx by the path's ending, otherwise a folder of CSV files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="the edition's code, such as ksp-2022")
        parser.add_argument("path", type=Path, help="where to write: NAME.zip, NAME.xlsx or a folder")

    def handle(self, *args: Any, code: str, path: Path, **options: Any) -> None:
        try:
            package = export_edition(edition=edition_by_code(code), path=path, by=None, at=clock.now())
        except (EditionNotFound, PackageProblems, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(package_digest(package))
