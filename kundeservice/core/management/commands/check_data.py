"""`manage.py check_data`: whether the database holds together."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kundeservice.core import clock
from kundeservice.core.services.data_check import check_data


class Command(BaseCommand):
    """Check pages, indexes, references and guards; the outcome also shows on /healthz/."""

    help = "Check that the database holds together and that its guards stand. Exits with 1 when something is wrong."

    def handle(self, *args: Any, **options: Any) -> None:
        check = check_data(at=clock.now())
        if check.problems:
            raise CommandError("\n".join(check.problems))
        self.stdout.write(f"In order: {', '.join(check.looked_at)}.")
