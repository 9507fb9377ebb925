"""What the project leader sees of shoppers and plans."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils import formats

from shoppers.models import Assignment, Plan, Shopper
from surveys.engine.weeks import iso_week
from surveys.models import Channel, Edition, Outcome, Participant, ReviewState


@dataclass(frozen=True)
class ShopperRow:
    """A shopper with what lies on her plate. `void` contacts are not counted."""

    code: str
    name: str
    county: str
    channels: str
    assigned: int
    limit: int
    made: int
    overdue: int
    returned: int


def list_shoppers(edition: Edition, *, at: dt.datetime) -> tuple[ShopperRow, ...]:
    """Every shopper of an edition by name. One query."""
    this_week = iso_week(at.astimezone(edition.tzinfo))
    live = ~Q(assignments__contact__outcome=Outcome.VOID)
    shoppers = (
        Shopper.objects.filter(edition=edition)
        .annotate(
            assigned=Count("assignments", filter=live),
            made=Count(
                "assignments", filter=Q(assignments__contact__outcome__in=(Outcome.ANSWERED, Outcome.NO_ANSWER))
            ),
            overdue=Count(
                "assignments", filter=Q(assignments__contact__outcome="", assignments__contact__week__lt=this_week)
            ),
            returned=Count("assignments", filter=Q(assignments__contact__review=ReviewState.RETURNED)),
        )
        .order_by("name", "code")
        .values("code", "name", "county", "channels", "max_contacts", "assigned", "made", "overdue", "returned")
    )
    return tuple(
        ShopperRow(
            code=row["code"],
            name=row["name"],
            county=row["county"],
            channels=", ".join(str(Channel(channel).label) for channel in row["channels"].split()),
            assigned=row["assigned"],
            limit=row["max_contacts"],
            made=row["made"],
            overdue=row["overdue"],
            returned=row["returned"],
        )
        for row in shoppers
    )


@dataclass(frozen=True)
class BoardCell:
    """A contact on the board. `mark` is the channel's letter, so that colour is never alone."""

    contact_code: str
    channel: str
    channel_label: str
    shopper: str
    day: dt.date | None
    window: str
    is_made: bool

    @property
    def mark(self) -> str:
        """One letter for the channel, the same in every cell."""
        return self.channel_label[:1]

    @property
    def words(self) -> str:
        """The whole contact in a line: «Telefon, 12.1.2027 09-11, Anne Ås»."""
        when = f"{formats.date_format(self.day, 'SHORT_DATE_FORMAT')} {self.window}".strip() if self.day else ""
        return ", ".join(part for part in (self.channel_label, when, self.shopper) if part)


@dataclass(frozen=True)
class BoardRow:
    """A participant and its contacts: (week, contacts) in the order of `Board.weeks`."""

    participant_code: str
    participant: str
    award_class: str
    weeks: tuple[tuple[str, tuple[BoardCell, ...]], ...]


@dataclass(frozen=True)
class Board:
    """Participants × weeks."""

    weeks: tuple[str, ...]
    rows: tuple[BoardRow, ...]


def read_board(edition: Edition, *, award_class: str = "") -> Board:
    """The plan as it stands, of one class or of all. Two queries, whatever the size."""
    assignments = (
        Assignment.objects.filter(contact__edition=edition)
        .exclude(contact__outcome=Outcome.VOID)
        .select_related("contact", "shopper")
        .order_by("contact__planned_on", "contact__code")
    )
    participants = edition.participants.select_related("award_class").order_by("award_class__name_nb", "name")
    if award_class:
        assignments = assignments.filter(contact__participant__award_class__code=award_class)
        participants = participants.filter(award_class__code=award_class)
    cells: dict[int, dict[str, list[BoardCell]]] = {}
    for assignment in assignments:
        contact = assignment.contact
        cells.setdefault(contact.participant_id, {}).setdefault(contact.week, []).append(_cell(assignment))
    weeks = _weeks_of(cells.values())
    rows = tuple(
        BoardRow(
            participant_code=participant.code,
            participant=participant.name,
            award_class=participant.award_class.name,
            weeks=tuple((week, tuple(cells.get(participant.pk, {}).get(week, ()))) for week in weeks),
        )
        for participant in participants
    )
    return Board(weeks=weeks, rows=rows)


def _weeks_of(cells: Iterable[dict[str, list[BoardCell]]]) -> tuple[str, ...]:
    return tuple(sorted({week for by_week in cells for week in by_week}))


def _cell(assignment: Assignment) -> BoardCell:
    contact = assignment.contact
    return BoardCell(
        contact_code=contact.code,
        channel=contact.channel,
        channel_label=str(Channel(contact.channel).label),
        shopper=assignment.shopper.name,
        day=contact.planned_on,
        window=contact.window,
        is_made=bool(contact.outcome),
    )


def latest_plan(edition: Edition) -> Plan | None:
    return Plan.objects.filter(edition=edition).first()


@dataclass(frozen=True)
class ChangeLine:
    """One change of a repair: before and after in words, empty where there was or is nothing."""

    kind: str
    contact_code: str
    participant: str
    channel_label: str
    before: str
    after: str
    to_notify: tuple[str, ...]


def plan_changes(plan: Plan) -> tuple[ChangeLine, ...]:
    """What a repair changed, and whom to tell. Two queries."""
    participants = dict(Participant.objects.filter(edition=plan.edition_id).values_list("code", "name"))
    shoppers = dict(Shopper.objects.filter(edition=plan.edition_id).values_list("code", "name"))

    def words(side: dict[str, str] | None) -> str:
        if side is None:
            return ""
        day = formats.date_format(dt.date.fromisoformat(side["day"]), "SHORT_DATE_FORMAT")
        return f"{shoppers.get(side['shopper'], side['shopper'])}, {day} {side['window']}".strip()

    def people(change: dict[str, Any]) -> tuple[str, ...]:
        sides = (side for side in (change["before"], change["after"]) if side)
        return tuple(dict.fromkeys(shoppers.get(side["shopper"], side["shopper"]) for side in sides))

    return tuple(
        ChangeLine(
            kind=change["kind"],
            contact_code=change["contact"],
            participant=participants.get(change["participant"], change["participant"]),
            channel_label=str(Channel(change["channel"]).label),
            before=words(change["before"]),
            after=words(change["after"]),
            to_notify=people(change),
        )
        for change in plan.changes
    )


def planned_assignments(edition: Edition) -> list[Assignment]:
    """Every live contact with its shopper, by week, day and participant. One query."""
    return list(
        Assignment.objects.filter(contact__edition=edition)
        .exclude(contact__outcome=Outcome.VOID)
        .select_related("contact__participant__award_class", "shopper")
        .order_by("contact__week", "contact__planned_on", "contact__participant__name", "contact__code")
    )
