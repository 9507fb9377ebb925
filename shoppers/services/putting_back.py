"""Putting an annulled contact back, where the plan still has room for it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from kundeservice.core.models import User
from shoppers.planner import Infeasible
from shoppers.queries.putting_back import objection_to
from shoppers.services.refusals import PlanningRefused
from shoppers.services.thinking import REPAIR_PHASES, impossible
from surveys.models import Contact
from surveys.services.voiding import lift_voiding


class PutBackRefused(PlanningRefused):
    """The contact stays annulled; the text names the rule it would break, and what can be done."""


@transaction.atomic
def put_back_contact(*, contact_id: int, by: User, note: str, at: dt.datetime, seen: str | None = None) -> Contact:
    """Take an annulment back as `lift_voiding` does, unless the plan has filled the contact's place meanwhile.

    While it was annulled its day, its shopper's week and the relations may have become others.

    Raises: PutBackRefused, PlanImpossible, and those of `surveys.services.voiding.lift_voiding`.
    """
    contact = lift_voiding(contact_id=contact_id, by=by, note=note, at=at, seen=seen)
    try:
        objection = objection_to(contact, at=at)
    except Infeasible as contradiction:
        raise impossible(contact.edition_id, contradiction) from contradiction
    if objection is not None:
        refused = _("Henvendelsen kan ikke settes tilbake: %(why)s.") % {"why": objection.why}
        raise PutBackRefused(" ".join(part for part in (refused, objection.way_on, _otherwise(contact)) if part))
    return contact


def _otherwise(contact: Contact) -> str:
    if contact.edition.phase in REPAIR_PHASES:
        return _("Ellers kan den stå annullert: reparer planen, så blir en ny planlagt i stedet.")
    return _("Ellers blir den stående som annullert.")
