"""Count an edition from the command line."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from kundeservice.core import clock
from scoring.services import ScoringProblems, count_edition
from surveys.models import Edition


class Command(BaseCommand):
    help = "Counts every figure, place and award of an edition and keeps them as a new run."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="the edition's code, such as ksp-2022")

    def handle(self, *args: Any, code: str, **options: Any) -> None:
        edition = Edition.objects.filter(code=code).first()
        if edition is None:
            raise CommandError(_("Det finnes ingen årgang med koden «%(code)s».") % {"code": code})
        try:
            run = count_edition(edition_id=edition.pk, at=clock.now())
        except ScoringProblems as error:
            raise CommandError("\n".join(str(problem) for problem in error.problems)) from error
        self.stdout.write(
            _("%(edition)s er beregnet: %(contacts)s tellende henvendelser, %(answered)s besvarte.")
            % {"edition": edition.name, "contacts": run.contacts, "answered": run.answered}
        )
