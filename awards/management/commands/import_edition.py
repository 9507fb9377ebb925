"""Bring an edition in from files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from awards.package.format import PackageProblems, parse_package
from awards.package.services import ImportRefused, import_package
from kundeservice.core import clock


class Command(BaseCommand):
    help = "Imports an edition package: a folder of CSV files, a .zip of it, or an .xlsx workbook. All or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="folder, .zip or .xlsx")
        parser.add_argument("--replace", action="store_true", help="take the place of an edition with the same code")

    def handle(self, *args: Any, path: Path, replace: bool, **options: Any) -> None:
        try:
            edition = import_package(package=parse_package(path), replace=replace, at=clock.now())
        except (PackageProblems, ImportRefused) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("%(edition)s er importert.") % {"edition": edition.name})
