"""Give the first person a way in."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from kundeservice.core.login_links import LinkKind, login_link
from kundeservice.core.models import Role
from kundeservice.core.services.people import ensure_person


class Command(BaseCommand):
    """Make a project leader, or make somebody one."""

    help = "Creates a project leader and prints a log-in link. A person who exists keeps the roles they have."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")

    def handle(self, *args: Any, email: str, name: str, **options: Any) -> None:
        try:
            person = ensure_person(email=email, display_name=name, roles=(Role.LEADER,))
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from problem
        self.stdout.write(login_link(person, kind=LinkKind.PRINTED))
