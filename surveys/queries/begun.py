"""Whether anything has been done with a contact: then it may no longer be moved, taken or planned anew."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import BooleanField, Exists, ExpressionWrapper, Min, OuterRef, Q, QuerySet

from surveys.models import Attempt, Contact, Edition, Response


def is_begun(path: str = "") -> ExpressionWrapper[Q]:
    """Of a contact in a query set, or of what `path` leads to from there (`contact`): made, tried or written on."""
    lead, key = (f"{path}__", path) if path else ("", "pk")
    return ExpressionWrapper(
        ~Q(**{f"{lead}outcome": ""})
        | Q(**{f"{lead}contacted_at__isnull": False})
        | Q(Exists(Attempt.objects.filter(contact=OuterRef(key))))
        | Q(Exists(Response.objects.filter(contact=OuterRef(key)))),
        output_field=BooleanField(),
    )


def begun_contacts(edition: Edition) -> QuerySet[Contact]:
    """The edition's contacts that somebody has begun."""
    return Contact.objects.filter(is_begun(), edition=edition)


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
