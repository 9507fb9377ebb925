"""Whose list of contacts is worth looking at."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Q

from kundeservice.core.models import Role, User
from kundeservice.core.queries.guides import finds_guide
from shoppers.models import Shopper
from surveys.engine.weeks import iso_week
from surveys.models import Edition, ReviewState


@finds_guide(Role.SHOPPER)
def busiest_shopper(at: dt.datetime) -> User | None:
    """The shopper with most to make up to the end of this week, then with most to mend; two queries.

    Looked for in the newest edition that takes answers.
    """
    edition = Edition.objects.open_for_answers().newest_first().first()
    if edition is None:
        return None
    this_week = iso_week(at.astimezone(edition.tzinfo))
    to_make = Q(assignments__contact__outcome="", assignments__contact__week__lte=this_week)
    to_mend = Q(assignments__contact__review=ReviewState.RETURNED)
    shopper = (
        Shopper.objects.filter(edition=edition, user__isnull=False)
        .select_related("user")
        .annotate(to_make=Count("assignments", filter=to_make), to_mend=Count("assignments", filter=to_mend))
        .order_by("-to_make", "-to_mend", "code")
        .first()
    )
    return shopper.user if shopper else None
