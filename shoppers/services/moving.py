"""Moving one contact by hand: another day, another window, another shopper – never against a hard rule."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from kundeservice.core.models import User
from kundeservice.core.services.audit import record_event
from shoppers import planner
from shoppers.models import Assignment, Shopper
from shoppers.queries.placing import ContactStands, Surroundings, first_day_in_week, surroundings_of, why_no_day_in_week
from shoppers.services.refusals import PlanningRefused
from shoppers.services.thinking import REPAIR_PHASES
from surveys.models import Contact
from surveys.queries.versions import placing_lines
from surveys.services import check_seen, hold_contact


class MoveRefused(PlanningRefused):
    """The contact stays where it is; the text names the rule that forbids the move."""


@transaction.atomic
def move_contact(
    *,
    contact_id: int,
    by: User,
    at: dt.datetime,
    day: dt.date | None = None,
    window: str = "",
    shopper: str = "",
    seen: str | None = None,
) -> Contact:
    """Give a contact another day, window or shopper; what is not given stays.

    `seen` is the version of its place that the page showed (`surveys.queries.versions`).

    Raises: ChangedMeanwhile, MoveRefused, EditionSealed, EditionNotOpen, Contact.DoesNotExist.
    """
    contact, around = _open(contact_id, at=at, seen=seen)
    now = around.current
    wanted = replace(now, day=day or now.day, window=window or now.window, shopper=shopper or now.shopper)
    return _move(contact, around, wanted, by=by, at=at)


@transaction.atomic
def move_contact_to_week(*, contact_id: int, week: str, by: User, at: dt.datetime, seen: str | None = None) -> Contact:
    """Move a contact to the first day of an ISO week on which every rule allows it.

    Raises: as `move_contact`; MoveRefused when no day of the week will do.
    """
    contact, around = _open(contact_id, at=at, seen=seen)
    day = first_day_in_week(around, week)
    if day is None:
        raise MoveRefused(_no_day(around, week))
    return _move(contact, around, replace(around.current, day=day), by=by, at=at)


def _no_day(around: Surroundings, week: str) -> str:
    reason = why_no_day_in_week(around, week)
    if not reason:
        return _("Uken har ingen virkedager som er igjen i feltperioden.")
    return _("Ingen dag i uken er ledig: %(reason)s.") % {"reason": reason}


def _open(contact_id: int, *, at: dt.datetime, seen: str | None) -> tuple[Contact, Surroundings]:
    edition, contact = hold_contact(contact_id, phases=REPAIR_PHASES)
    contact.edition = edition
    check_seen(placing_lines(contact), seen)
    try:
        return contact, surroundings_of(contact, at=at)
    except ContactStands as error:
        raise MoveRefused(
            _("Henvendelsen er gjort eller begynt, eller uken er i gang. Den kan ikke flyttes.")
        ) from error


def _move(
    contact: Contact, around: Surroundings, wanted: planner.PlannedContact, *, by: User, at: dt.datetime
) -> Contact:
    refusal = around.refusal(wanted)
    if refusal:
        raise MoveRefused(_("Det går ikke: %(reason)s.") % {"reason": refusal})
    before = around.current
    if wanted == before:
        return contact
    contact.planned_on = wanted.day
    contact.week = planner.iso_week(wanted.day)
    contact.window = wanted.window
    contact.save(update_fields=["planned_on", "week", "window"])
    if wanted.shopper != before.shopper:
        taker = Shopper.objects.get(edition=contact.edition, code=wanted.shopper)
        Assignment.objects.filter(contact=contact).update(shopper=taker)
    record_event(
        at=at,
        actor=by,
        action="contact.moved",
        subject=f"{contact.edition.code}/{contact.code}",
        detail={"before": _told(before), "after": _told(wanted)},
    )
    return contact


def _told(planned: planner.PlannedContact) -> dict[str, str]:
    return {"shopper": planned.shopper, "day": planned.day.isoformat(), "window": planned.window}
