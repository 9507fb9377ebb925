"""Planned contacts that cannot be made as they stand any more, because something about the shopper has changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q

from shoppers.models import Assignment, Relation, Shopper
from shoppers.planner import Rule
from shoppers.queries.refusals import WHY
from surveys.engine.weeks import iso_week
from surveys.models import Channel, Edition, Outcome
from surveys.queries.begun import is_begun


@dataclass(frozen=True)
class BrokenContact:
    """An open contact and the rule it breaks, in words."""

    code: str
    participant: str
    channel_label: str
    week: str
    day: dt.date | None
    shopper_code: str
    shopper: str
    why: str


def contacts_to_mend(edition: Edition, *, at: dt.datetime, shopper: Shopper | None = None) -> tuple[BrokenContact, ...]:
    """Open contacts in weeks to come whose shopper is related, away, or does not use the channel. One query."""
    this_week = iso_week(at.astimezone(edition.tzinfo))
    assignments = Assignment.objects.filter(contact__edition=edition, contact__week__gt=this_week)
    if shopper is not None:
        assignments = assignments.filter(shopper=shopper)
    rows = (
        assignments.exclude(contact__outcome=Outcome.VOID)
        .annotate(
            begun=is_begun("contact"),
            is_related=Exists(
                Relation.objects.filter(shopper=OuterRef("shopper"), participant=OuterRef("contact__participant"))
            ),
        )
        .filter(begun=False)
        .filter(Q(is_related=True) | _AWAY | ~Q(shopper__channels__contains=F("contact__channel")))
        .select_related("contact__participant", "shopper")
        .order_by("contact__week", "contact__planned_on", "contact__code")
    )
    return tuple(_broken(row) for row in rows)


_AWAY = Q(contact__planned_on__lt=F("shopper__available_from")) | Q(contact__planned_on__gt=F("shopper__available_to"))


def _broken(row: Assignment) -> BrokenContact:
    contact, shopper = row.contact, row.shopper
    return BrokenContact(
        code=contact.code,
        participant=contact.participant.name,
        channel_label=str(Channel(contact.channel).label),
        week=contact.week,
        day=contact.planned_on,
        shopper_code=shopper.code,
        shopper=shopper.name,
        why=str(WHY[_rule(row)]),
    )


def _rule(row: Assignment) -> Rule:
    if row.is_related:  # type: ignore[attr-defined]  # annotated above
        return Rule.UNRELATED
    if row.contact.channel not in row.shopper.channel_set:
        return Rule.USABLE_CHANNEL
    return Rule.AVAILABILITY
