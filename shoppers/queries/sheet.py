"""One shopper as the project leader sees them: facts, contacts week by week, relations, what must be mended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from django.utils.translation import gettext as _

from shoppers.models import Assignment, Relation, Shopper
from shoppers.queries.planning import USUAL_PER_WEEK
from shoppers.queries.repairs import BrokenContact, contacts_to_repair
from surveys.engine.weeks import iso_week
from surveys.models import Channel, Contact, Outcome, Participant, ReviewState
from surveys.queries.begun import is_begun


@dataclass(frozen=True)
class SheetContact:
    """A contact and how far it has come. `is_open` ones can be moved; the others are looked at in the review."""

    code: str
    participant: str
    channel_label: str
    day: dt.date | None
    window: str
    mark: str
    state: str
    is_done: bool
    is_open: bool


Weeks = tuple[tuple[str, tuple[SheetContact, ...]], ...]
"""ISO weeks with their contacts, in order."""


@dataclass(frozen=True)
class ShopperSheet:
    """Everything about one shopper of an edition. `weeks` are those with something left to do, `past` the others."""

    shopper: Shopper
    channels: str
    max_per_week: int
    weeks: Weeks
    past: Weeks
    relations: tuple[Relation, ...]
    unrelated: tuple[Participant, ...]
    to_mend: tuple[BrokenContact, ...]
    left_in_this_week: int

    @property
    def assigned(self) -> int:
        return self.past_contacts + sum(len(contacts) for _week, contacts in self.weeks)

    @property
    def past_contacts(self) -> int:
        return sum(len(contacts) for _week, contacts in self.past)


def read_sheet(shopper: Shopper, *, at: dt.datetime) -> ShopperSheet:
    """A shopper with `edition` at hand. Four queries.

    `left_in_this_week` are contacts in the week that has begun which she will not be there to make: no repair moves
    them.
    """
    edition = shopper.edition
    this_week = iso_week(at.astimezone(edition.tzinfo))
    rows = (
        Assignment.objects.filter(shopper=shopper)
        .exclude(contact__outcome=Outcome.VOID)
        .annotate(begun=is_begun("contact"))
        .select_related("contact__participant")
        .order_by("contact__week", "contact__planned_on", "contact__code")
    )
    contacts = [(row.contact, row.begun) for row in rows]  # type: ignore[attr-defined]  # annotated above
    lines = [(contact.week, _contact(contact, begun=begun, this_week=this_week)) for contact, begun in contacts]
    relations = tuple(
        Relation.objects.filter(shopper=shopper).select_related("participant").order_by("participant__name")
    )
    weeks = tuple((week, tuple(line for _week, line in group)) for week, group in groupby(lines, key=itemgetter(0)))
    known = {relation.participant_id for relation in relations}
    return ShopperSheet(
        shopper=shopper,
        channels=", ".join(str(Channel(channel).label) for channel in shopper.channels.split()),
        max_per_week=USUAL_PER_WEEK if shopper.max_per_week is None else shopper.max_per_week,
        weeks=tuple((week, group) for week, group in weeks if _has_work_left(group)),
        past=tuple((week, group) for week, group in weeks if not _has_work_left(group)),
        relations=relations,
        unrelated=tuple(participant for participant in edition.participants.all() if participant.pk not in known),
        to_mend=contacts_to_repair(edition, at=at, shopper=shopper),
        left_in_this_week=sum(_is_left(contact, shopper, this_week) for contact, begun in contacts if not begun),
    )


def _has_work_left(contacts: Iterable[SheetContact]) -> bool:
    return any(not contact.is_done for contact in contacts)


def _is_left(contact: Contact, shopper: Shopper, this_week: str) -> bool:
    if contact.week != this_week or contact.planned_on is None or shopper.available_to is None:
        return False
    return contact.planned_on > shopper.available_to


def _contact(contact: Contact, *, begun: bool, this_week: str) -> SheetContact:
    mark, state = _state(contact, begun=begun, this_week=this_week)
    return SheetContact(
        code=contact.code,
        participant=contact.participant.name,
        channel_label=contact.get_channel_display(),
        day=contact.planned_on,
        window=contact.get_window_display(),
        mark=mark,
        state=state,
        is_done=bool(contact.outcome) and contact.review != ReviewState.RETURNED,
        is_open=not begun,
    )


def _state(contact: Contact, *, begun: bool, this_week: str) -> tuple[str, str]:
    """The shape of the chip, and the state in a word or two."""
    if contact.review == ReviewState.RETURNED:
        return "returned", _("Returnert")
    if contact.review == ReviewState.SUBMITTED:
        return "waiting", _("Til gjennomgang")
    if contact.outcome:
        return "done", contact.get_outcome_display()
    if begun:
        return "begun", _("Begynt")
    return ("problem", _("På overtid")) if contact.week < this_week else ("empty", _("Planlagt"))
