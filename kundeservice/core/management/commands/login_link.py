"""`manage.py login_link`: a log-in link for somebody, printed in the terminal."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kundeservice.core import clock
from kundeservice.core.addresses import normalised_address
from kundeservice.core.login_links import LinkKind, login_link
from kundeservice.core.models import Role, User
from kundeservice.core.queries.guides import guide_of


class Command(BaseCommand):
    """Print links that log people in for twelve hours; only who can run commands here can make one."""

    help = "Print a log-in link that works for 12 hours: for one address, or (--demo) for one person of each role."

    def add_arguments(self, parser: ArgumentParser) -> None:
        whom = parser.add_mutually_exclusive_group(required=True)
        whom.add_argument("email", nargs="?", help="whose link to print")
        whom.add_argument("--demo", action="store_true", help="one link for each role, for somebody with work to do")

    def handle(self, *args: Any, email: str | None, demo: bool, **options: Any) -> None:
        if demo:
            self._print_one_of_each_role()
            return
        user = User.objects.filter(email=normalised_address(email or ""), is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody active has the address {email}.")
        self.stdout.write(login_link(user, kind=LinkKind.PRINTED))

    def _print_one_of_each_role(self) -> None:
        for role in Role:
            user = guide_of(role, at=clock.now())
            if user is None:
                self.stdout.write(f"{role.label:<20} (nobody has this role)")
                continue
            self.stdout.write(f"{role.label:<20} {user.email}")
            self.stdout.write(f"    {login_link(user, kind=LinkKind.PRINTED)}")
