"""Publish an edition now or at a time."""

import argparse
import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from awards.lookup import EditionNotFound, edition_by_code
from awards.publication.services.publishing import PublicationRefused, publish_edition, schedule_publication
from kundeservice.core import clock
from kundeservice.core.local_time import FIRST_YEAR, LAST_YEAR, NoSuchMoment, is_of_our_time, moment_of


def moment(text: str) -> dt.datetime:
    """A point in time in ISO 8601; without offset it is read in the edition's own time zone."""
    try:
        written = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"not a time in ISO 8601: {text}") from error
    if not is_of_our_time(written):
        raise argparse.ArgumentTypeError(f"not in a year from {FIRST_YEAR} to {LAST_YEAR}: {text}")
    return written


class Command(BaseCommand):
    help = "Publishes an edition's results now, or plans it for a time. Locks the edition if nobody has."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="the edition's code, such as ksp-2022")
        parser.add_argument("--at", type=moment, dest="publish_at", help="publish then, such as 2022-04-28T20:00")

    def handle(self, *args: Any, code: str, publish_at: dt.datetime | None, **options: Any) -> None:
        try:
            edition = edition_by_code(code)
            if publish_at is None:
                publish_edition(edition_id=edition.pk, at=clock.now())
                self.stdout.write(_("%(edition)s er publisert.") % {"edition": edition.name})
                return
            if publish_at.tzinfo is None:
                publish_at = moment_of(publish_at, edition.tzinfo)
            schedule_publication(edition_id=edition.pk, publish_at=publish_at, by=None, at=clock.now())
        except (EditionNotFound, NoSuchMoment, PublicationRefused) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            _("%(edition)s publiseres %(at)s.")
            % {"edition": edition.name, "at": publish_at.astimezone(edition.tzinfo).isoformat(timespec="minutes")}
        )
