"""What a repair changes in a plan, and whom to tell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kundeservice.core.templatetags.formatting import shortdate
from shoppers.models import Shopper
from shoppers.planner import ChangeKind
from surveys.models import Channel, Participant, Window

Change = Mapping[str, Any]
"""A line of `Plan.changes`."""

KINDS: Mapping[str, str | Promise] = {
    ChangeKind.ADDED: _("ny"),
    ChangeKind.REMOVED: _("utgår"),
    ChangeKind.REPLACED: _("ny mystery shopper"),
    ChangeKind.MOVED: _("flyttet"),
}


@dataclass(frozen=True)
class ChangeLine:
    """One change of a repair: before and after in words, empty where there was or is nothing."""

    kind: str
    contact_code: str
    participant: str
    channel_label: str
    before: str
    after: str


@dataclass(frozen=True)
class Notice:
    """Somebody who must be told of a repair: how many contacts they get, lose, and have at another time."""

    name: str
    email: str
    gets: int
    loses: int
    moved: int


def change_lines(edition_id: int, changes: Sequence[Change]) -> tuple[ChangeLine, ...]:
    """What a repair changed, in words. Two queries."""
    participants = dict(Participant.objects.filter(edition=edition_id).values_list("code", "name"))
    shoppers = dict(Shopper.objects.filter(edition=edition_id).values_list("code", "name"))

    def words(side: Mapping[str, str] | None) -> str:
        if side is None:
            return ""
        day = shortdate(dt.date.fromisoformat(side["day"]))
        return f"{shoppers.get(side['shopper'], side['shopper'])}, {day} {_hours(side['window'])}".strip()

    return tuple(
        ChangeLine(
            kind=str(KINDS.get(change["kind"], change["kind"])),
            contact_code=change["contact"],
            participant=participants.get(change["participant"]) or change["participant"],
            channel_label=str(Channel(change["channel"]).label),
            before=words(change["before"]),
            after=words(change["after"]),
        )
        for change in changes
    )


def notices(edition_id: int, changes: Iterable[Change]) -> tuple[Notice, ...]:
    """Everybody a repair concerns, by name. One query."""
    gets: dict[str, int] = {}
    loses: dict[str, int] = {}
    moved: dict[str, int] = {}
    for change in changes:
        before, after = _shopper(change["before"]), _shopper(change["after"])
        if before == after:
            moved[after] = moved.get(after, 0) + 1
            continue
        if before:
            loses[before] = loses.get(before, 0) + 1
        if after:
            gets[after] = gets.get(after, 0) + 1
    concerned = {*gets, *loses, *moved}
    people = Shopper.objects.filter(edition=edition_id, code__in=concerned).order_by("name", "code")
    return tuple(
        Notice(name, email, gets.get(code, 0), loses.get(code, 0), moved.get(code, 0))
        for code, name, email in people.values_list("code", "name", "email")
    )


def _hours(window: str) -> str:
    return str(Window(window).label) if window else ""


def _shopper(side: Mapping[str, str] | None) -> str:
    return side["shopper"] if side else ""
