"""One contact by hand: another day or window, another shopper, or back to be planned anew – never against a hard rule.

Whoever begins a contact holds the same edition, so nothing that is begun is moved, and nobody begins what is gone.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from kundeservice.core.acts import GIVEN, MOVED, TAKEN_BACK
from kundeservice.core.models import User
from kundeservice.core.services.audit import record_event
from kundeservice.core.templatetags.formatting import moment
from kundeservice.core.text import words_of
from shoppers import planner
from shoppers.models import Assignment, Shopper
from shoppers.queries.placing import (
    ContactStands,
    Surroundings,
    first_day_in_week,
    has_week_begun,
    place_of,
    surroundings_of,
    why_no_day_in_week,
)
from shoppers.services.refusals import PlanningRefused
from shoppers.services.thinking import REPAIR_PHASES, impossible
from surveys.models import Contact, Outcome
from surveys.queries.begun import beginning_of
from surveys.queries.versions import placing_lines, subject_of
from surveys.services import ReasonNeeded, check_seen, hold_contact

"""What the trail calls these acts. A line holds `before` and `after`: shopper, day and window."""


class MoveRefused(PlanningRefused):
    """The contact stays where it is; the text names the rule that forbids the move, or who has begun it."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of a contact: who loses and who gets it, where it changed hands; both must be told."""

    contact: Contact
    loses: Shopper | None = None
    gets: Shopper | None = None


@transaction.atomic
def move_contact(
    *,
    contact_id: int,
    by: User,
    at: dt.datetime,
    day: dt.date | None = None,
    window: str = "",
    shopper: str = "",
    reason: str = "",
    seen: str | None = None,
) -> Moved:
    """Give a contact another day, window or shopper; what is not given stays.

    Nobody must have begun it. When its week has begun a reason is needed, because the plan was spread over the weeks.
    `seen` is the version of its place that the page showed (`surveys.queries.versions`).

    Raises: ChangedMeanwhile, MoveRefused, PlanImpossible, ReasonNeeded, EditionLocked, EditionNotOpen, GoneMeanwhile.
    """
    contact, around = _open(contact_id, at=at, seen=seen)
    now = around.current
    wanted = replace(now, day=day or now.day, window=window or now.window, shopper=shopper or now.shopper)
    return _move(contact, around, wanted, reason=reason, by=by, at=at)


@transaction.atomic
def move_contact_to_week(
    *, contact_id: int, week: str, by: User, at: dt.datetime, reason: str = "", seen: str | None = None
) -> Moved:
    """Move a contact to the first day of an ISO week on which every rule allows it.

    Raises: as `move_contact`; MoveRefused when no day of the week will do.
    """
    contact, around = _open(contact_id, at=at, seen=seen)
    day = first_day_in_week(around, week)
    if day is None:
        raise MoveRefused(_no_day(around, week))
    return _move(contact, around, replace(around.current, day=day), reason=reason, by=by, at=at)


@transaction.atomic
def take_back_contact(
    *, contact_id: int, by: User, at: dt.datetime, reason: str = "", seen: str | None = None
) -> Shopper:
    """Take a contact that nobody has begun out of the plan. Who had it is told nothing more of it; a repair plans the
    participant's missing contact anew. Returns who had it. No rule is asked: what cannot be planned can be let go.

    Raises: as `move_contact`, but for PlanImpossible.
    """
    contact, current = _hold(contact_id, seen=seen)
    reason = _reason(contact, reason, at=at)
    loser = Shopper.objects.get(edition=contact.edition, code=current.shopper)
    _record(TAKEN_BACK, contact, before=current, after=None, reason=reason, by=by, at=at)
    contact.delete()
    return loser


def _no_day(around: Surroundings, week: str) -> str:
    reason = why_no_day_in_week(around, week)
    if not reason:
        return _("Uken har ingen virkedager som er igjen i feltperioden.")
    return _("Ingen dag i uken er ledig: %(reason)s. Velg en annen uke, eller gi henvendelsen til en annen.") % {
        "reason": reason
    }


def _hold(contact_id: int, *, seen: str | None) -> tuple[Contact, planner.PlannedContact]:
    """A contact that nobody has begun, behind the lock of its edition, and where it stands."""
    _edition, contact = hold_contact(contact_id, phases=REPAIR_PHASES)
    check_seen(placing_lines(contact), seen)
    try:
        return contact, place_of(contact)
    except ContactStands as error:
        raise MoveRefused(why_it_stands(contact)) from error


def _open(contact_id: int, *, at: dt.datetime, seen: str | None) -> tuple[Contact, Surroundings]:
    contact, _current = _hold(contact_id, seen=seen)
    try:
        return contact, surroundings_of(contact, at=at)
    except planner.Infeasible as contradiction:
        raise impossible(contact.edition_id, contradiction) from contradiction


def why_it_stands(contact: Contact) -> str:
    """Who has begun a contact, and when: why it can be neither moved nor taken."""
    if contact.outcome == Outcome.VOID:
        return _("Henvendelsen er annullert. Annulleringen kan tas tilbake i gjennomgangen.")
    beginning = beginning_of(contact)
    holder = Assignment.objects.filter(contact=contact).select_related("shopper").first()
    if beginning is None or holder is None:
        return _("Ingen mystery shopper har henvendelsen, så den kan ikke flyttes.")
    facts = {"name": holder.shopper.name, "at": moment(beginning.at) if beginning.at else ""}
    begun = _("%(name)s begynte på henvendelsen %(at)s.") if beginning.at else _("%(name)s har begynt på henvendelsen.")
    way_on = _("Da kan den ikke flyttes eller gis til en annen. Må den bort, kan den annulleres i gjennomgangen.")
    return f"{begun % facts} {way_on}"


def _move(
    contact: Contact,
    around: Surroundings,
    wanted: planner.PlannedContact,
    *,
    reason: str,
    by: User,
    at: dt.datetime,
) -> Moved:
    before = around.current
    if wanted == before:
        return Moved(contact)
    refusal = around.refusal(wanted)
    if refusal:
        raise MoveRefused(
            _("Det går ikke: %(reason)s. Velg en annen dag eller en annen mystery shopper.") % {"reason": refusal}
        )
    reason = _reason(contact, reason, at=at)
    changes_hands = wanted.shopper != before.shopper
    _record(GIVEN if changes_hands else MOVED, contact, before=before, after=wanted, reason=reason, by=by, at=at)
    contact.planned_on = wanted.day
    contact.week = planner.iso_week(wanted.day)
    contact.window = wanted.window
    contact.save(update_fields=["planned_on", "week", "window"])
    if not changes_hands:
        return Moved(contact)
    both = Shopper.objects.filter(edition=contact.edition, code__in=(before.shopper, wanted.shopper))
    people = {shopper.code: shopper for shopper in both}
    Assignment.objects.filter(contact=contact).update(shopper=people[wanted.shopper])
    return Moved(contact, loses=people[before.shopper], gets=people[wanted.shopper])


def _reason(contact: Contact, given: str, *, at: dt.datetime) -> str:
    reason = words_of(given)
    if not reason and has_week_begun(contact, at=at):
        raise ReasonNeeded
    return reason


def _record(
    action: str,
    contact: Contact,
    *,
    before: planner.PlannedContact,
    after: planner.PlannedContact | None,
    reason: str,
    by: User,
    at: dt.datetime,
) -> None:
    detail = {
        # What a calendar must know of a contact to take it out again, also when its row is gone.
        "participant": before.participant,
        "channel": before.channel,
        "before": _told(before),
        "after": _told(after) if after else None,
        **({"reason": reason} if reason else {}),
    }
    record_event(at=at, actor=by, action=action, subject=subject_of(contact), detail=detail)


def _told(planned: planner.PlannedContact) -> dict[str, str]:
    return {"shopper": planned.shopper, "day": planned.day.isoformat(), "window": planned.window}
