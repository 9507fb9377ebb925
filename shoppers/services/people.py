"""What changes about a shopper while an edition runs: dropping out, and relations that come to light."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kundeservice.core.gone import still_there
from kundeservice.core.models import User
from kundeservice.core.services.audit import record_event
from kundeservice.core.templatetags.formatting import shortdate
from shoppers.models import Assignment, Relation, RelationKind, Shopper
from shoppers.queries.versions import shopper_lines
from shoppers.services.refusals import ShopperRefused
from shoppers.services.thinking import FIRST_PLAN_PHASES
from surveys.models import Contact, Edition, Outcome, Participant
from surveys.queries.begun import is_begun
from surveys.services import check_seen, hold_edition

ONE_DAY = dt.timedelta(days=1)


@transaction.atomic
def drop_out(
    *, shopper_id: int, from_day: dt.date, by: User | None, at: dt.datetime, seen: str | None = None
) -> Shopper:
    """A shopper takes part no more from a day on. The plan is not touched: what is left over is for a repair.

    Raises: ShopperRefused for a day outside the field period, and when the shopper has begun something on that day or
    later; ChangedMeanwhile, EditionLocked, EditionNotOpen, GoneMeanwhile.
    """
    edition, shopper = _hold(shopper_id, seen=seen)
    if not edition.starts_on <= from_day <= edition.ends_on:
        period = {"first": shortdate(edition.starts_on), "last": shortdate(edition.ends_on)}
        raise ShopperRefused(_("Velg en dag i feltperioden, fra %(first)s til %(last)s.") % period)
    last_begun = _last_begun_on(shopper, edition)
    if last_begun is not None and last_begun >= from_day:
        facts = {"name": shopper.name, "day": shortdate(last_begun)}
        raise ShopperRefused(_("%(name)s har begynt på en henvendelse %(day)s. Velg en senere dag.") % facts)
    before = _availability(shopper)
    shopper.available_to = from_day - ONE_DAY
    if shopper.available_from is not None and shopper.available_to < shopper.available_from:
        # Never takes part: a day before the period, for a period of one's own must not be reversed.
        shopper.available_from = shopper.available_to = edition.starts_on - ONE_DAY
    shopper.save(update_fields=["available_from", "available_to"])
    what = f"{shopper.name}, {from_day.isoformat()}"
    _record("shopper.dropped_out", shopper, by=by, at=at, what=what, before=before)
    return shopper


@transaction.atomic
def stay_on(*, shopper_id: int, by: User | None, at: dt.datetime, seen: str | None = None) -> Shopper:
    """A shopper who was to leave takes part to the end after all.

    Raises: ChangedMeanwhile, EditionLocked, EditionNotOpen, GoneMeanwhile.
    """
    _edition, shopper = _hold(shopper_id, seen=seen)
    before = _availability(shopper)
    if shopper.available_from is not None and shopper.available_from == shopper.available_to:
        shopper.available_from = None
    shopper.available_to = None
    shopper.save(update_fields=["available_from", "available_to"])
    _record("shopper.stays", shopper, by=by, at=at, what=shopper.name, before=before)
    return shopper


@transaction.atomic
def add_relation(
    *,
    shopper_id: int,
    participant_code: str,
    kind: RelationKind,
    by: User | None,
    at: dt.datetime,
    seen: str | None = None,
) -> Relation:
    """A shopper and a participant must never meet. A contact planned between them is for a repair.

    Raises: ShopperRefused when they have met, or the relation is known; ChangedMeanwhile, EditionLocked,
    EditionNotOpen, GoneMeanwhile.
    """
    edition, shopper = _hold(shopper_id, seen=seen)
    participant = still_there(Participant.objects.filter(edition=edition, code=participant_code))
    facts = {"shopper": shopper.name, "participant": participant.name}
    if Relation.objects.filter(shopper=shopper, participant=participant).exists():
        raise ShopperRefused(_("%(shopper)s har alt et forhold til %(participant)s.") % facts)
    met = _begun(shopper).filter(contact__participant=participant).select_related("contact").first()
    if met is not None:
        raise ShopperRefused(
            _(
                "%(shopper)s har alt begynt på henvendelsen %(code)s hos %(participant)s. "
                "Annuller den i gjennomgangen først."
            )
            % {**facts, "code": met.contact.code}
        )
    relation = Relation.objects.create(shopper=shopper, participant=participant, kind=kind)
    _record("shopper.relation_added", shopper, by=by, at=at, what=_pair(relation), kind=kind.value)
    return relation


@transaction.atomic
def remove_relation(*, relation_id: int, by: User | None, at: dt.datetime, seen: str | None = None) -> None:
    """Take back a relation that was put in by mistake.

    Raises: ChangedMeanwhile, EditionLocked, EditionNotOpen, GoneMeanwhile.
    """
    _edition, shopper = _hold(
        still_there(Relation.objects.values_list("shopper", flat=True).filter(pk=relation_id)), seen=seen
    )
    relation = still_there(Relation.objects.select_related("shopper", "participant").filter(pk=relation_id))
    _record("shopper.relation_removed", shopper, by=by, at=at, what=_pair(relation), kind=relation.kind)
    relation.delete()


def _hold(shopper_id: int, *, seen: str | None) -> tuple[Edition, Shopper]:
    """The shopper behind the lock of the edition, while there is still something to plan, as `seen` by who acts.

    Raises: ChangedMeanwhile, EditionLocked, EditionNotOpen, GoneMeanwhile.
    """
    edition = hold_edition(
        still_there(Shopper.objects.values_list("edition", flat=True).filter(pk=shopper_id)),
        phases=FIRST_PLAN_PHASES,
    )
    shopper = still_there(Shopper.objects.select_related("edition").filter(pk=shopper_id))
    check_seen(shopper_lines(shopper), seen)
    return edition, shopper


def _last_begun_on(shopper: Shopper, edition: Edition) -> dt.date | None:
    """The last day on which the shopper did something; of an imported contact without times, the day it was planned."""
    rows = _begun(shopper).select_related("contact").prefetch_related("contact__attempts")
    days = [day for row in rows for day in _days_of(row.contact, edition)]
    return max(days, default=None)


def _days_of(contact: Contact, edition: Edition) -> list[dt.date]:
    moments = [attempt.started_at for attempt in contact.attempts.all()]
    if contact.contacted_at is not None:
        moments.append(contact.contacted_at)
    if moments:
        return [moment.astimezone(edition.tzinfo).date() for moment in moments]
    return [contact.planned_on] if contact.planned_on else []


def _begun(shopper: Shopper) -> QuerySet[Assignment]:
    """The shopper's contacts that are begun or made."""
    return (
        Assignment.objects.filter(shopper=shopper)
        .exclude(contact__outcome=Outcome.VOID)
        .filter(is_begun("contact"))
        .order_by("contact__code")
    )


def _availability(shopper: Shopper) -> list[str]:
    return [str(shopper.available_from or ""), str(shopper.available_to or "")]


def _pair(relation: Relation) -> str:
    return f"{relation.shopper.name} – {relation.participant.name}"


def _record(action: str, shopper: Shopper, *, by: User | None, at: dt.datetime, **detail: object) -> None:
    record_event(at=at, actor=by, action=action, subject=f"{shopper.edition.code}/{shopper.code}", detail=detail)
