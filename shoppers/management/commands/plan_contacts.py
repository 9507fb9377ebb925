"""Plan an edition from the command line."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from kundeservice.core import clock
from shoppers.models import Plan
from shoppers.reports.certificate import certificate_json
from shoppers.services import PlanningRefused, plan_edition
from shoppers.tasks import stage_in_words
from surveys.models import Edition
from surveys.services import SurveyRefusal


class Command(BaseCommand):
    help = "Decides who contacts whom, how and when; with --repair it mends the plan that stands."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="the edition's code, such as ksp-2022")
        parser.add_argument("--repair", action="store_true", help="keep what is made, change as little as possible")
        parser.add_argument("--json", action="store_true", help="print the plan's certificate as JSON")
        parser.add_argument("--seed", type=int, default=1, help="the same input and seed give the same plan")
        parser.add_argument("--seconds", type=float, default=60.0, help="the longest time to think")

    def handle(self, *args: Any, code: str, **options: Any) -> None:
        edition = Edition.objects.filter(code=code).first()
        if edition is None:
            raise CommandError(_("Det finnes ingen årgang med koden «%(code)s».") % {"code": code})
        try:
            plan = plan_edition(
                edition_id=edition.pk,
                seed=options["seed"],
                seconds=options["seconds"],
                repair=options["repair"],
                at=clock.now(),
                progress=self._show if self.stderr.isatty() else None,
            )
        except (PlanningRefused, SurveyRefusal) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(certificate_json(plan) if options["json"] else _in_words(plan))

    def _show(self, stage: str, done: int, total: int) -> None:
        self.stderr.write(f"\r{stage_in_words(stage)}: {done}/{total}", ending="")


def _in_words(plan: Plan) -> str:
    facts = {"edition": plan.edition.name, "contacts": plan.edition.contacts.count(), "changes": len(plan.changes)}
    if plan.is_repair:
        return _("Planen for %(edition)s er reparert: %(changes)s endringer.") % facts
    return _("%(edition)s er planlagt: %(contacts)s henvendelser.") % facts
