"""Writing a plan: contacts, who makes them, and what a repair changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from shoppers import planner
from shoppers.models import Assignment, Plan, Shopper
from shoppers.services.losses import held_now, note_losses
from surveys.models import Contact, Edition, Participant

Planned = planner.PlannedContact
Pairs = list[tuple[Planned, Planned]]

_PLANNED_CODE = re.compile(r"^c(\d+)$")


def replace_everything(edition: Edition, plan: Plan, contacts: Sequence[Planned]) -> None:
    """Drop every contact of the edition and store these, numbered from the beginning. What shoppers lose is noted."""
    before = held_now(edition)
    Contact.objects.filter(edition=edition).delete()
    _add(edition, plan, contacts, first_number=1)
    note_losses(edition, before=before, at=plan.created_at)


def repair_rows(
    edition: Edition, plan: Plan, *, before: Sequence[Planned], after: Sequence[Planned]
) -> list[dict[str, Any]]:
    """Bring open contacts in line with what is planned now; returns a line per change.

    Both sides are keyed by contact code: the same code is the same contact, a contact without one is new, and one that
    is no longer planned is dropped.
    """
    moved, removed, added = _compared(before, after)
    _move(edition, plan, moved)
    Contact.objects.filter(edition=edition, code__in=[old.key for old in removed]).delete()
    return _lines(moved, removed, added, new_codes=_add(edition, plan, added, first_number=_next_number(edition)))


def changes_between(before: Sequence[Planned], after: Sequence[Planned]) -> list[dict[str, Any]]:
    """The lines `repair_rows` would return, with nothing written. New contacts have no code yet."""
    moved, removed, added = _compared(before, after)
    return _lines(moved, removed, added, new_codes=[""] * len(added))


def _compared(before: Sequence[Planned], after: Sequence[Planned]) -> tuple[Pairs, list[Planned], list[Planned]]:
    planned = {contact.key: contact for contact in after if contact.key}
    moved = [(old, planned[old.key]) for old in before if old.key in planned and planned[old.key] != old]
    removed = [old for old in before if old.key not in planned]
    return moved, removed, [contact for contact in after if not contact.key]


def _lines(
    moved: Pairs, removed: Sequence[Planned], added: Sequence[Planned], *, new_codes: Sequence[str]
) -> list[dict[str, Any]]:
    return [
        *(_line(_kind(old, new), old.key, old, new) for old, new in moved),
        *(_line(planner.ChangeKind.REMOVED, old.key, old, None) for old in removed),
        *(_line(planner.ChangeKind.ADDED, code, None, new) for code, new in zip(new_codes, added, strict=True)),
    ]


def _add(edition: Edition, plan: Plan, contacts: Sequence[Planned], *, first_number: int) -> list[str]:
    """Store new contacts, numbered in the order given, and tie each to its shopper. Returns their codes."""
    participants = dict(Participant.objects.filter(edition=edition).values_list("code", "pk"))
    shoppers = _shoppers(edition)
    rows = Contact.objects.bulk_create(
        Contact(
            edition=edition,
            participant_id=participants[contact.participant],
            code=f"c{number:04d}",
            **_how_and_when(contact),
        )
        for number, contact in enumerate(contacts, start=first_number)
    )
    Assignment.objects.bulk_create(
        Assignment(contact=row, shopper_id=shoppers[contact.shopper], plan=plan)
        for row, contact in zip(rows, contacts, strict=True)
    )
    return [row.code for row in rows]


def _move(edition: Edition, plan: Plan, pairs: Pairs) -> None:
    rows = {row.code: row for row in Contact.objects.filter(edition=edition, code__in=[old.key for old, _ in pairs])}
    for old, new in pairs:
        for name, value in _how_and_when(new).items():
            setattr(rows[old.key], name, value)
    Contact.objects.bulk_update(rows.values(), ["channel", "week", "planned_on", "window"], batch_size=200)
    shoppers = _shoppers(edition)
    handed = {rows[old.key].pk: shoppers[new.shopper] for old, new in pairs if old.shopper != new.shopper}
    assignments = list(Assignment.objects.filter(contact__in=handed))
    for assignment in assignments:
        assignment.shopper_id = handed[assignment.contact_id]
        assignment.plan = plan
    Assignment.objects.bulk_update(assignments, ["shopper", "plan"], batch_size=200)


def _shoppers(edition: Edition) -> dict[str, int]:
    return dict(Shopper.objects.filter(edition=edition).values_list("code", "pk"))


def _how_and_when(contact: Planned) -> dict[str, Any]:
    return {
        "channel": contact.channel,
        "week": planner.iso_week(contact.day),
        "planned_on": contact.day,
        "window": contact.window,
    }


def _next_number(edition: Edition) -> int:
    codes = Contact.objects.filter(edition=edition).values_list("code", flat=True)
    numbers = (match for match in map(_PLANNED_CODE.match, codes) if match)
    return max((int(match[1]) for match in numbers), default=0) + 1


def _kind(old: Planned, new: Planned) -> planner.ChangeKind:
    return planner.ChangeKind.MOVED if old.shopper == new.shopper else planner.ChangeKind.REPLACED


def _line(kind: planner.ChangeKind, code: str, before: Planned | None, after: Planned | None) -> dict[str, Any]:
    either = after or before
    return {
        "kind": kind.value,
        "contact": code,
        "participant": either.participant if either else "",
        "channel": either.channel if either else "",
        "before": _when_and_who(before),
        "after": _when_and_who(after),
    }


def _when_and_who(contact: Planned | None) -> dict[str, str] | None:
    if contact is None:
        return None
    return {"shopper": contact.shopper, "day": contact.day.isoformat(), "window": contact.window}
