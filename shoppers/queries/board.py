"""The board: participants × weeks, and a mark for every contact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kundeservice.core.templatetags.formatting import shortdate
from kundeservice.core.text import in_alphabet
from shoppers.models import Assignment
from shoppers.queries.versions import board_versions
from surveys.engine.weeks import iso_week
from surveys.models import AwardClass, Channel, Edition, Outcome, Participant, Window
from surveys.queries.begun import is_begun

MANY_PARTICIPANTS = 40
"""An edition with more than this opens its board on the first class: all of it is too much to see at once."""


@dataclass(frozen=True, slots=True)
class BoardCell:
    """A contact on the board. `mark` is the channel's letter, so that colour is never alone.

    `is_late` when its week is past and it is not made.
    `seen` is the version of its place, which a move of it must name.
    """

    contact_code: str
    channel: str
    channel_label: str
    shopper: str
    day: dt.date | None
    window: str
    is_made: bool
    is_open: bool
    is_late: bool
    seen: str

    @property
    def mark(self) -> str:
        """One letter for the channel, the same in every cell."""
        return self.channel_label[:1]

    @property
    def words(self) -> str:
        """The whole contact in a line: «Telefon, 12.1.2027 09–11, Anne Ås»."""
        when = f"{shortdate(self.day)} {self.window}".strip() if self.day else ""
        late = _("på overtid") if self.is_late else ""
        return ", ".join(part for part in (self.channel_label, when, self.shopper, late) if part)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A participant and its contacts: (week, contacts) in the order of `Board.weeks`."""

    participant_code: str
    participant: str
    award_class: str
    weeks: tuple[tuple[str, tuple[BoardCell, ...]], ...]


@dataclass(frozen=True, slots=True)
class Board:
    """Participants × weeks. `this_week` and those before it are closed for changes."""

    weeks: tuple[str, ...]
    rows: tuple[BoardRow, ...]
    this_week: str


def first_shown_class(edition: Edition) -> str:
    """The class a large edition's board opens on; empty where all of it can be shown. One or two queries."""
    if Participant.objects.filter(edition=edition).count() <= MANY_PARTICIPANTS:
        return ""
    return next((award_class.code for award_class in classes_of(edition)), "")


def classes_of(edition: Edition) -> tuple[AwardClass, ...]:
    """The edition's classes in the order people look them up in. One query."""
    return tuple(sorted(edition.classes.all(), key=lambda award_class: in_alphabet(award_class.name)))


def read_board(edition: Edition, *, at: dt.datetime, award_class: str = "") -> Board:
    """The plan as it stands, of one class or of all. Three queries, whatever the size."""
    version = board_versions(edition)
    this_week = iso_week(at.astimezone(edition.tzinfo))
    participants = edition.participants.select_related("award_class")
    assignments = Assignment.objects.filter(contact__edition=edition)
    if award_class:
        assignments = assignments.filter(contact__participant__award_class__code=award_class)
        participants = participants.filter(award_class__code=award_class)
    cells: dict[int, dict[str, list[BoardCell]]] = {}
    for participant_id, week, cell in _cells(assignments, this_week=this_week, version=version):
        cells.setdefault(participant_id, {}).setdefault(week, []).append(cell)
    weeks = _weeks_of(cells.values())
    rows = tuple(
        BoardRow(
            participant_code=participant.code,
            participant=participant.name,
            award_class=participant.award_class.name,
            weeks=tuple((week, tuple(cells.get(participant.pk, {}).get(week, ()))) for week in weeks),
        )
        for participant in sorted(
            participants, key=lambda one: (in_alphabet(one.award_class.name), in_alphabet(one.name))
        )
    )
    return Board(weeks=weeks, rows=rows, this_week=this_week)


def _cells(
    assignments: QuerySet[Assignment], *, this_week: str, version: Callable[[str], str]
) -> Iterable[tuple[int, str, BoardCell]]:
    labels = {channel.value: str(channel.label) for channel in Channel}
    hours = {window.value: str(window.label) for window in Window}
    rows = (
        assignments.exclude(contact__outcome=Outcome.VOID)
        .annotate(begun=is_begun("contact"))
        .order_by("contact__planned_on", "contact__code")
        .values_list(
            "contact__participant",
            "contact__week",
            "contact__code",
            "contact__channel",
            "shopper__name",
            "contact__planned_on",
            "contact__window",
            "contact__outcome",
            "begun",
        )
    )
    for participant, week, code, channel, shopper, day, window, outcome, begun in rows.iterator():
        cell = BoardCell(
            contact_code=code,
            channel=channel,
            channel_label=labels[channel],
            shopper=shopper,
            day=day,
            window=hours.get(window, ""),
            is_made=bool(outcome),
            is_open=not begun and week > this_week,
            is_late=not outcome and week < this_week,
            seen=version(code),
        )
        yield participant, week, cell


def _weeks_of(cells: Iterable[dict[str, list[BoardCell]]]) -> tuple[str, ...]:
    return tuple(sorted({week for by_week in cells for week in by_week}))
