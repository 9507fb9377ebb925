"""What the project leader sees of shoppers and plans."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q

from shoppers.models import Assignment, Plan, Shopper
from surveys.engine.weeks import iso_week
from surveys.models import Channel, Edition, Outcome, ReviewState


@dataclass(frozen=True)
class ShopperRow:
    """A shopper with what lies on her plate. `void` contacts are not counted."""

    code: str
    name: str
    county: str
    channels: str
    assigned: int
    limit: int
    made: int
    overdue: int
    returned: int


def list_shoppers(edition: Edition, *, at: dt.datetime) -> tuple[ShopperRow, ...]:
    """Every shopper of an edition by name. One query."""
    this_week = iso_week(at.astimezone(edition.tzinfo))
    live = ~Q(assignments__contact__outcome=Outcome.VOID)
    shoppers = (
        Shopper.objects.filter(edition=edition)
        .annotate(
            assigned=Count("assignments", filter=live),
            made=Count(
                "assignments", filter=Q(assignments__contact__outcome__in=(Outcome.ANSWERED, Outcome.NO_ANSWER))
            ),
            overdue=Count(
                "assignments", filter=Q(assignments__contact__outcome="", assignments__contact__week__lt=this_week)
            ),
            returned=Count("assignments", filter=Q(assignments__contact__review=ReviewState.RETURNED)),
        )
        .order_by("name", "code")
        .values("code", "name", "county", "channels", "max_contacts", "assigned", "made", "overdue", "returned")
    )
    return tuple(
        ShopperRow(
            code=row["code"],
            name=row["name"],
            county=row["county"],
            channels=", ".join(str(Channel(channel).label) for channel in row["channels"].split()),
            assigned=row["assigned"],
            limit=row["max_contacts"],
            made=row["made"],
            overdue=row["overdue"],
            returned=row["returned"],
        )
        for row in shoppers
    )


def latest_plan(edition: Edition) -> Plan | None:
    return Plan.objects.filter(edition=edition).first()


def planned_assignments(edition: Edition) -> list[Assignment]:
    """Every live contact with its shopper, by week, day and participant. One query."""
    return list(
        Assignment.objects.filter(contact__edition=edition)
        .exclude(contact__outcome=Outcome.VOID)
        .select_related("contact__participant__award_class", "shopper")
        .order_by("contact__week", "contact__planned_on", "contact__participant__name", "contact__code")
    )
