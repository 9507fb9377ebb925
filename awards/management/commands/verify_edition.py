"""Recount an edition from its package alone."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from awards.lookup import EditionNotFound, edition_by_code
from awards.package.format import EditionPackage, PackageProblems, parse_package
from awards.package.services import load_package
from awards.publication.services.verification import verify_counts, verify_package
from kundeservice.core import clock
from scoring.engine import DataError
from scoring.reports import sentences_of


class Command(BaseCommand):
    help = "Recounts an edition here, an exported package, or all locked editions, and compares with what was counted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("edition", nargs="?", help="the edition's code, or the path of an exported package")
        parser.add_argument("--all", action="store_true", dest="every", help="every locked and published edition here")
        parser.add_argument(
            "--hash", default="", dest="published_hash", help="the hash published before the announcement"
        )

    def handle(self, *args: Any, edition: str | None, published_hash: str, every: bool = False, **options: Any) -> None:
        if every and not edition:
            self._verify_all()
        elif edition and not every:
            self._verify_one(edition, published_hash)
        else:
            raise CommandError(_("Oppgi enten en årgang eller --all."))

    def _verify_all(self) -> None:
        wrong = 0
        for check in verify_counts(at=clock.now()):
            wrong += bool(check.differences)
            lines = check.differences or (_("stemmer for %(count)s deltakere.") % {"count": check.participants},)
            self.stdout.write("\n".join(f"{check.code}: {line}" for line in lines))
        if wrong:
            raise CommandError(_("%(count)s årganger stemmer ikke.") % {"count": wrong})

    def _verify_one(self, edition: str, published_hash: str) -> None:
        try:
            found = verify_package(_read(edition), published_hash=published_hash, at=clock.now())
        except (EditionNotFound, PackageProblems) as error:
            raise CommandError(str(error)) from error
        except DataError as error:
            raise CommandError("\n".join(sentences_of(error.problems))) from error
        self.stdout.write(found.root_hash)
        if not found.agrees:
            raise CommandError("\n".join(found.differences))
        self.stdout.write(
            _agreement(found.compared_with_lock, found.compared_with_count) % {"count": found.participants}
        )


def _read(edition: str) -> EditionPackage:
    path = Path(edition)
    return parse_package(path) if path.exists() else load_package(edition_by_code(edition))


def _agreement(with_lock: bool, with_count: bool) -> str:
    if with_lock:
        return _("Alt stemmer med det som ble låst: summen, og hvert tall for %(count)s deltakere.")
    if with_count:
        return _("Alt stemmer med siste beregning for %(count)s deltakere. Årgangen er ikke låst.")
    return _("Pakken lar seg regne for %(count)s deltakere. Her finnes ingen beregning å sammenlikne med.")
