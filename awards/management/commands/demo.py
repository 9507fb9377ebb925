"""Build an invented edition to look at."""

import argparse
import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from awards.demo.services import DemoExists, build_demo
from awards.demo.world import Stage
from awards.demo.world.attempts import OSLO
from awards.package.services import ImportRefused
from kundeservice.core import clock
from kundeservice.core.local_time import FIRST_YEAR, LAST_YEAR, is_of_our_time
from shoppers.services import PlanningRefused

NOON = dt.time(12)


def day(text: str) -> dt.date:
    """A date in ISO 8601."""
    try:
        written = dt.date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"not a date in ISO 8601: {text}") from error
    if not is_of_our_time(written):
        raise argparse.ArgumentTypeError(f"not in a year from {FIRST_YEAR} to {LAST_YEAR}: {text}")
    return written


class Command(BaseCommand):
    help = "Builds an invented edition of 190 participants, as far along as you like, through the ordinary services."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--stage",
            choices=[stage.value for stage in Stage],
            default=Stage.PUBLISHED.value,
            help="how far it has come; each stage holds those before it (default: published)",
        )
        parser.add_argument("--seed", type=int, default=1, help="the same seed and day give the same edition package")
        parser.add_argument("--today", type=day, help="the day on which it has come so far (default: today)")
        parser.add_argument("--code", default="", help="the edition's code (default: demo- and its year)")
        parser.add_argument("--participants", type=int, default=190, help="a smaller edition is built sooner")
        parser.add_argument("--shoppers", type=int, default=88, help="fewer than 36 may be too few")
        parser.add_argument("--replace", action="store_true", help="take the place of an edition with the same code")

    def handle(self, *args: Any, stage: str, today: dt.date | None, **options: Any) -> None:
        self._last = ""
        try:
            edition = build_demo(
                stage=Stage(stage),
                seed=options["seed"],
                at=dt.datetime.combine(today, NOON, OSLO) if today else clock.now(),
                tell=self._tell,
                code=options["code"],
                participants=options["participants"],
                shoppers=options["shoppers"],
                replace=options["replace"],
            )
        except DemoExists as existing:
            self.stdout.write(str(existing))
            return
        except (ImportRefused, PlanningRefused, ValueError) as error:
            raise CommandError(str(error)) from error
        self._end_line()
        self.stdout.write(
            _("%(edition)s («%(code)s») er klar: %(phase)s.")
            % {"edition": edition.name, "code": edition.code, "phase": edition.get_phase_display().lower()}
        )

    def _tell(self, what: str, done: int, total: int) -> None:
        """A line per step; on a terminal it also counts."""
        if what != self._last:
            self._end_line()
            self._last = what
            self.stderr.write(what, ending="")
        if self.stderr.isatty() and total > 1:
            self.stderr.write(f"\r{what}: {done}/{total}", ending="")
        self.stderr.flush()

    def _end_line(self) -> None:
        if self._last:
            self.stderr.write("")
