"""Count editions from the command line."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from kundeservice.core import clock
from scoring.services import ScoringProblems, count_edition
from surveys.models import Edition, Phase


class Command(BaseCommand):
    help = "Counts every figure, place and award of one or more editions and keeps them as new runs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("codes", nargs="*", metavar="code", help="an edition's code, such as ksp-2022")
        parser.add_argument("--all", action="store_true", dest="everything", help="every edition with contacts made")

    def handle(self, *args: Any, codes: list[str], everything: bool, **options: Any) -> None:
        """Count one after the other. One that cannot be counted is told at the end and holds back no other."""
        editions = self._everything() if everything and not codes else self._named(codes)
        stopped = []
        for edition in editions:
            try:
                run = count_edition(edition_id=edition.pk, at=clock.now())
            except ScoringProblems as problems:
                stopped += [f"{edition.code}: {sentence}" for sentence in problems.sentences]
                continue
            self.stdout.write(
                _("%(edition)s er beregnet: %(contacts)s tellende henvendelser, %(answered)s besvarte.")
                % {"edition": edition.name, "contacts": run.contacts, "answered": run.answered}
            )
        if stopped:
            raise CommandError("\n".join(stopped))

    def _everything(self) -> list[Edition]:
        return list(Edition.objects.filter(phase__gte=Phase.FIELD).order_by("year", "code"))

    def _named(self, codes: list[str]) -> list[Edition]:
        """The editions in the order given; a code nobody knows stops everything before anything is counted."""
        if not codes:
            raise CommandError(_("Oppgi koden til minst én årgang, eller bruk --all."))
        known = {edition.code: edition for edition in Edition.objects.filter(code__in=codes)}
        for code in codes:
            if code not in known:
                raise CommandError(_("Det finnes ingen årgang med koden «%(code)s».") % {"code": code})
        return [known[code] for code in codes]
