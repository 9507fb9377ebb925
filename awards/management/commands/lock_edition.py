"""Close an edition's answers and rules for good."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from awards.lookup import EditionNotFound, edition_by_code
from awards.publication.services.publishing import PublicationRefused, lock_edition
from kundeservice.core import clock


class Command(BaseCommand):
    help = "Locks an edition: its answers and rules cannot be changed any more."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="the edition's code, such as ksp-2022")

    def handle(self, *args: Any, code: str, **options: Any) -> None:
        try:
            edition = edition_by_code(code)
            lock = lock_edition(edition_id=edition.pk, by=None, at=clock.now())
        except (EditionNotFound, PublicationRefused) as error:
            raise CommandError(str(error)) from error
        self.stderr.write(
            _("%(edition)s er låst. Summen under kan offentliggjøres før kåringen.") % {"edition": edition.name}
        )
        self.stdout.write(lock.root_hash)
