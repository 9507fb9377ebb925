"""The contacts of an edition, narrowed to those of one state: where the numbers of the overview lead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, Case, Q, Value, When
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shoppers.models import Assignment
from surveys.engine.weeks import iso_week
from surveys.models import Channel, Contact, Edition, Outcome, ReviewState, Window
from surveys.models.contact import ContactQuerySet
from surveys.queries.begun import is_begun

CONTACTS_PAGE = 50
"""Lines on one page: a screenful or two, and quick whatever the edition's size."""


class ContactState(StrEnum):
    """Which contacts a list shows. The words of `surveys.queries.gates.UndoneKind` mean the same here."""

    PLANNED = "planned"
    NOT_MADE = "not_made"
    NOT_BEGUN = "not_begun"
    BEGUN = "begun"
    OVERDUE = "overdue"
    MADE = "made"
    NO_ANSWER = "no_answer"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    VOID = "void"

    @property
    def label(self) -> str:
        return str(_LABELS[self])


_LABELS: Mapping[ContactState, str | Promise] = {
    ContactState.PLANNED: _("Alle som ikke er annullert"),
    ContactState.NOT_MADE: _("Ikke gjort"),
    ContactState.NOT_BEGUN: _("Ikke begynt"),
    ContactState.BEGUN: _("Begynt, men ikke gjort"),
    ContactState.OVERDUE: _("På overtid"),
    ContactState.MADE: _("Gjort"),
    ContactState.NO_ANSWER: _("Ikke svar"),
    ContactState.SUBMITTED: _("Til gjennomgang"),
    ContactState.RETURNED: _("Returnert"),
    ContactState.APPROVED: _("Godkjent"),
    ContactState.VOID: _("Annullert"),
}


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the list is narrowed to; an empty text narrows nothing."""

    state: ContactState = ContactState.PLANNED
    channel: str = ""
    week: str = ""
    participant: str = ""


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A line of the list. `is_open` when its page is the one in the plan, where it can be moved; else its response."""

    code: str
    participant: str
    channel_label: str
    week: str
    day: dt.date | None
    window: str
    shopper: str
    mark: str
    state: str
    is_open: bool


def list_contacts(
    edition: Edition, narrowed: Narrowed, *, at: dt.datetime, page: int | str = 1
) -> tuple[tuple[ContactRow, ...], Page[Any]]:
    """One page of the contacts, the oldest week first. Three queries."""
    contacts = _in_state(Contact.objects.filter(edition=edition), narrowed.state, at=at)
    if narrowed.channel:
        contacts = contacts.filter(channel=narrowed.channel)
    if narrowed.week:
        contacts = contacts.filter(week=narrowed.week)
    if narrowed.participant:
        contacts = contacts.filter(participant__code=narrowed.participant)
    begun = Case(When(is_begun(), then=Value(True)), default=Value(False), output_field=BooleanField())
    rows = contacts.select_related("participant").annotate(begun=begun)
    shown = Paginator(rows.order_by("week", "planned_on", "code"), CONTACTS_PAGE).get_page(page)
    this_week = iso_week(timezone.localtime(at))
    assignments = Assignment.objects.filter(contact__in=[contact.pk for contact in shown])
    shoppers = dict(assignments.values_list("contact_id", "shopper__name"))
    return tuple(_row(contact, shoppers.get(contact.pk, ""), this_week=this_week) for contact in shown), shown


def _in_state(contacts: ContactQuerySet, state: ContactState, *, at: dt.datetime) -> ContactQuerySet:
    undone, lasting = contacts.not_made(), contacts.exclude(outcome=Outcome.VOID)
    which = {
        ContactState.PLANNED: lasting,
        ContactState.NOT_MADE: undone,
        ContactState.NOT_BEGUN: undone.filter(~Q(is_begun())),
        ContactState.BEGUN: undone.filter(is_begun()),
        ContactState.OVERDUE: contacts.overdue(at=at),
        ContactState.MADE: lasting.made(),
        ContactState.NO_ANSWER: contacts.filter(outcome=Outcome.NO_ANSWER),
        ContactState.SUBMITTED: contacts.awaiting_review(),
        ContactState.RETURNED: contacts.filter(review=ReviewState.RETURNED),
        ContactState.APPROVED: lasting.filter(review=ReviewState.APPROVED),
        ContactState.VOID: contacts.filter(outcome=Outcome.VOID),
    }
    return which[state]


def _row(contact: Any, shopper: str, *, this_week: str) -> ContactRow:
    mark, state = _stands(contact, this_week=this_week)
    return ContactRow(
        code=contact.code,
        participant=contact.participant.name,
        channel_label=str(Channel(contact.channel).label),
        week=contact.week,
        day=contact.planned_on,
        window=str(Window(contact.window).label) if contact.window else "",
        shopper=shopper,
        mark=mark,
        state=state,
        is_open=not contact.begun,
    )


def _stands(contact: Any, *, this_week: str) -> tuple[str, str]:
    """The chip's shape and words: how far the contact has come, and whether it is late."""
    if contact.outcome == Outcome.VOID:
        return "quiet", ContactState.VOID.label
    if contact.review:
        mark = {ReviewState.SUBMITTED: "waiting", ReviewState.RETURNED: "returned"}.get(contact.review, "done")
        return mark, str(ReviewState(contact.review).label)
    if contact.outcome:
        return "done", ContactState.MADE.label
    state = ContactState.BEGUN if contact.begun else ContactState.NOT_BEGUN
    if contact.week < this_week:
        return "problem", f"{ContactState.OVERDUE.label} · {state.label}"
    return ("begun" if contact.begun else "empty"), state.label
