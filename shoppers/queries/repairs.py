"""What is wrong with a plan that stands: contacts that cannot be made any more, and contacts that are not there."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q

from shoppers.models import Assignment, Relation, Shopper
from shoppers.planner import Infeasible, Rule, remaining_contacts
from shoppers.queries.planning import demands_of
from shoppers.queries.refusals import WHY
from surveys.engine.weeks import iso_week
from surveys.models import Channel, Contact, Edition, Outcome, Participant
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


def contacts_to_repair(
    edition: Edition, *, at: dt.datetime, shopper: Shopper | None = None
) -> tuple[BrokenContact, ...]:
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


@dataclass(frozen=True)
class MissingContacts:
    """So many contacts a participant is to get on a channel, and nobody has: annulled, or taken out of the plan."""

    participant: str
    channel_label: str
    number: int


def missing_contacts(edition: Edition) -> tuple[MissingContacts, ...]:
    """What a repair would add, by participant and channel. Four queries; nothing where channels contradict themselves.

    A participant without a single contact was never planned for, and is not missing any.
    """
    try:
        demands = demands_of(edition)
    except Infeasible:
        return ()
    planned: dict[str, Counter[str]] = {}
    rows = (
        Contact.objects.filter(edition=edition)
        .order_by()
        .values_list("participant__code", "channel")
        .annotate(number=Count("pk", filter=~Q(outcome=Outcome.VOID)))
    )
    for participant, channel, number in rows:
        planned.setdefault(participant, Counter())[channel] = number
    names = dict(Participant.objects.filter(edition=edition).values_list("code", "name"))
    return tuple(
        MissingContacts(participant=names[demand.code], channel_label=str(Channel(channel).label), number=number)
        for demand in demands
        if demand.code in planned
        for channel, number in remaining_contacts(demand.contacts, planned[demand.code])
    )
