"""Who may enter a shopper's pages, whose contact it is, and how long a shopper stays logged in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from rules.contrib.views import permission_required

from kundeservice.core import clock
from kundeservice.core.gone import GoneMeanwhile, still_there
from kundeservice.core.models import Role
from kundeservice.core.rules import person_of
from shoppers.queries.errands import contacts_of, last_field_day, visible_assignments
from surveys.models import Contact

View = Callable[..., HttpResponseBase]
RENEWED_ON = "shopper_session_renewed_on"


def shoppers_only(view: View) -> View:
    """For shoppers alone, and every visit keeps them logged in (`keep_logged_in`).

    A contact that was given away or taken back between the look and the press is not there, as anybody else's.
    """

    @wraps(view)
    def stay_and_look(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        keep_logged_in(request, at=clock.now())
        try:
            return view(request, *args, **kwargs)
        except GoneMeanwhile as gone:
            raise Http404 from gone

    return permission_required("shoppers.make_contact", raise_exception=True)(stay_and_look)


def keep_logged_in(request: HttpRequest, *, at: dt.datetime) -> None:
    """Let a shopper's session last two weeks from now, and at least as long after the last field period of theirs.

    Whoever has another role as well stays logged in as long as that role does, and no longer. Once a day; on other
    visits it costs no query.
    """
    today = at.date().isoformat()
    if request.session.get(RENEWED_ON) == today:
        return
    person = person_of(request)
    if person.roles != {Role.SHOPPER} or person.is_staff:
        return
    usual = dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)
    field_ends = last_field_day(person)
    midnight = dt.datetime.combine(field_ends, dt.time.max, dt.UTC) if field_ends else at
    request.session[RENEWED_ON] = today
    request.session.set_expiry(max(at, midnight) + usual)


def my_contact_or_404(request: HttpRequest, edition_code: str, contact_code: str) -> Contact:
    """The shopper's own contact. Anybody else's is not there, whether it exists or not."""
    assignment = get_object_or_404(
        visible_assignments(person_of(request)), contact__edition__code=edition_code, contact__code=contact_code
    )
    return assignment.contact


def my_contact_again(request: HttpRequest, contact: Contact) -> Contact:
    """The shopper's contact as it stands after something was refused, also when it was annulled or locked meanwhile.

    Raises: GoneMeanwhile.
    """
    mine = my_contacts(request).select_related("participant__award_class", "edition")
    return still_there(mine.filter(pk=contact.pk))


def my_contacts(request: HttpRequest) -> QuerySet[Contact]:
    """The shopper's own contacts, for a service to look through once more behind its lock."""
    return contacts_of(person_of(request))
