"""Whether anything has been done with a contact: then it may no longer be moved, taken or planned anew."""

from __future__ import annotations

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from surveys.models import Attempt, Contact, Edition, Response


def is_begun(path: str = "") -> ExpressionWrapper[Q]:
    """Of a contact in a query, or of what `path` leads to from there, such as `contact`: made, tried or written on."""
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
