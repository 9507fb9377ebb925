"""Who may enter a shopper's pages, and whose contact it is."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from rules.contrib.views import permission_required

from kundeservice.core.rules import person_of
from shoppers.queries.errands import visible_assignments
from surveys.models import Contact

shoppers_only = permission_required("shoppers.make_contact", raise_exception=True)


def my_contact_or_404(request: HttpRequest, edition_code: str, contact_code: str) -> Contact:
    """The shopper's own contact. Anybody else's is not there, whether it exists or not."""
    assignment = get_object_or_404(
        visible_assignments(person_of(request)), contact__edition__code=edition_code, contact__code=contact_code
    )
    return assignment.contact
