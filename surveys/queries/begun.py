"""Whether anything has been done with a contact: then it may no longer be moved, taken or planned anew."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import BooleanField, Exists, ExpressionWrapper, Min, OuterRef, Q, QuerySet

from surveys.models import Attempt, Contact, Edition, Outcome, Response, Voiding

_was_made = Voiding.objects.in_force().filter(kept__outcome__in=(Outcome.ANSWERED, Outcome.NO_ANSWER))


def is_begun(path: str = "") -> ExpressionWrapper[Q]:
    """Of a contact in a query set, or of what `path` leads to from there (`contact`): made, tried or written on.

    One that is annulled is begun when it was begun before: what a leader does with it is not what a shopper did.
    """
    lead, key = (f"{path}__", path) if path else ("", "pk")
    return ExpressionWrapper(
        ~Q(**{f"{lead}outcome__in": ("", Outcome.VOID)})
        | Q(**{f"{lead}contacted_at__isnull": False})
        | Q(Exists(Attempt.objects.filter(contact=OuterRef(key))))
        | Q(Exists(Response.objects.filter(contact=OuterRef(key))))
        | Q(**{f"{lead}outcome": Outcome.VOID}) & Q(Exists(_was_made.filter(contact=OuterRef(key)))),
        output_field=BooleanField(),
    )


def begun_contacts(edition: Edition) -> QuerySet[Contact]:
    """The edition's contacts that somebody has begun."""
    return Contact.objects.filter(is_begun(), edition=edition)


def lasting_contacts(edition: Edition) -> QuerySet[Contact]:
    """The edition's contacts that no new plan may replace: begun, or annulled with what was said about it."""
    return Contact.objects.filter(Q(is_begun()) | Q(outcome=Outcome.VOID), edition=edition)


@dataclass(frozen=True, slots=True)
class Beginning:
    """That a contact is begun or made. `at` is when, where anything tells: an imported contact may have no times."""

    at: dt.datetime | None


def beginning_of(contact: Contact) -> Beginning | None:
    """Since when a contact is begun; None while nobody has done anything with it. One query."""
    times = (
        Contact.objects.filter(is_begun(), pk=contact.pk)
        .annotate(first_attempt=Min("attempts__started_at"))
        .values_list("first_attempt", "contacted_at", "response__saved_at")
        .first()
    )
    if times is None:
        return None
    return Beginning(min((moment for moment in times if moment is not None), default=None))
