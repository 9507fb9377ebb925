"""Writing down what a new plan or an import takes from shoppers, so that it is told and called off in calendars."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db.models import QuerySet

from shoppers.models import Assignment, LostAssignment, Shopper
from surveys.models import Edition, Outcome

ROWS_PER_STATEMENT = 1_000


def held_now(edition: Edition) -> dict[str, Assignment]:
    """Contact's code → who has it, for every contact that is not annulled. One query."""
    return {row.contact.code: row for row in _held(edition).select_related("contact__participant")}


def _held(edition: Edition) -> QuerySet[Assignment]:
    return Assignment.objects.filter(contact__edition=edition).exclude(contact__outcome=Outcome.VOID)


def note_losses(edition: Edition, *, before: Mapping[str, Assignment], at: dt.datetime) -> None:
    """Keep what shoppers had `before` and have no more. Whoever is no shopper of the edition any more is told nothing.

    Must be called behind the lock of the edition, with everything written.

    Three queries, two queries where nothing is lost.
    """
    if not before:
        return
    now = dict(_held(edition).values_list("contact__code", "shopper"))
    known = set(Shopper.objects.filter(edition=edition).values_list("pk", flat=True))
    LostAssignment.objects.bulk_create(
        (
            LostAssignment(
                shopper_id=row.shopper_id,
                contact_code=code,
                participant=row.contact.participant.name,
                channel=row.contact.channel,
                planned_on=row.contact.planned_on,
                window=row.contact.window,
                lost_at=at,
            )
            for code, row in before.items()
            if row.contact.planned_on is not None and now.get(code) != row.shopper_id and row.shopper_id in known
        ),
        batch_size=ROWS_PER_STATEMENT,
    )
