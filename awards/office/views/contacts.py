"""The contacts of an edition, narrowed by the address."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from awards.access import leader_only
from awards.office.queries.contacts import ContactState, Narrowed, list_contacts
from kundeservice.core import clock
from surveys.models import Channel, Edition

WEEK = re.compile(r"\d{4}-W\d{2}")


@require_safe
@leader_only
def show_contacts(request: HttpRequest, edition_code: str) -> HttpResponse:
    """One page of contacts; `tilstand`, `kontaktmate`, `uke` and `deltaker` narrow it, unknown words do nothing."""
    edition = get_object_or_404(Edition, code=edition_code)
    participants = tuple(edition.participants.order_by("name").values_list("code", "name"))
    narrowed = _narrowed(request, participants=frozenset(code for code, _name in participants))
    rows, page = list_contacts(edition, narrowed, at=clock.now(), page=request.GET.get("page", 1))
    context = {
        "edition": edition,
        "rows": rows,
        "page_obj": page,
        "narrowed": narrowed,
        "states": [(state.value, state.label) for state in ContactState],
        "channels": Channel.choices,
        "participants": participants,
    }
    return render(request, "awards/office/contacts.html", context)


def _narrowed(request: HttpRequest, *, participants: frozenset[str]) -> Narrowed:
    state, channel = request.GET.get("tilstand", ""), request.GET.get("kontaktmate", "")
    week, participant = request.GET.get("uke", ""), request.GET.get("deltaker", "")
    return Narrowed(
        state=ContactState(state) if state in list(ContactState) else ContactState.PLANNED,
        channel=channel if channel in Channel.values else "",
        week=week if WEEK.fullmatch(week) else "",
        participant=participant if participant in participants else "",
    )
