"""Writing a plan: contacts, who makes them, and what a repair changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from shoppers import planner
from shoppers.models import Assignment, Plan, Shopper
from surveys.models import Contact, Edition, Participant

Planned = planner.PlannedContact
Pairs = list[tuple[Planned, Planned]]

_PLANNED_CODE = re.compile(r"^c(\d+)$")


def replace_everything(edition: Edition, plan: Plan, contacts: Sequence[Planned]) -> None:
    """Drop every contact of the edition and store these, numbered from the beginning."""
    Contact.objects.filter(edition=edition).delete()
    _add(edition, plan, contacts, first_number=1)


def mend_rows(
    edition: Edition, plan: Plan, *, before: Sequence[Planned], after: Sequence[Planned]
) -> list[dict[str, Any]]:
    """Bring open contacts (`before`, keyed by code) in line with what is planned now; returns a line per change.

    A shopper who still meets a participant keeps the contact. Freed contacts of the same participant and channel are
    handed to the new shoppers. Only what then remains is added or removed.
    """
    kept, left_before, left_after = _paired(before, after, _meeting)
    handed, removed, added = _paired(left_before, left_after, _place_of)
    moved = [(old, new) for old, new in (*kept, *handed) if not _is_same(old, new)]
    _move(edition, plan, moved)
    Contact.objects.filter(edition=edition, code__in=[old.key for old in removed]).delete()
    new_codes = _add(edition, plan, added, first_number=_next_number(edition))
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
            channel=contact.channel,
            **_time_of(contact),
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
        for name, value in _time_of(new).items():
            setattr(rows[old.key], name, value)
    Contact.objects.bulk_update(rows.values(), ["week", "planned_on", "window"], batch_size=200)
    shoppers = _shoppers(edition)
    handed = {rows[old.key].pk: shoppers[new.shopper] for old, new in pairs if old.shopper != new.shopper}
    assignments = list(Assignment.objects.filter(contact__in=handed))
    for assignment in assignments:
        assignment.shopper_id = handed[assignment.contact_id]
        assignment.plan = plan
    Assignment.objects.bulk_update(assignments, ["shopper", "plan"], batch_size=200)


def _shoppers(edition: Edition) -> dict[str, int]:
    return dict(Shopper.objects.filter(edition=edition).values_list("code", "pk"))


def _time_of(contact: Planned) -> dict[str, Any]:
    return {"week": planner.iso_week(contact.day), "planned_on": contact.day, "window": contact.window}


def _next_number(edition: Edition) -> int:
    codes = Contact.objects.filter(edition=edition).values_list("code", flat=True)
    numbers = (match for match in map(_PLANNED_CODE.match, codes) if match)
    return max((int(match[1]) for match in numbers), default=0) + 1


def _meeting(contact: Planned) -> tuple[str, ...]:
    return contact.participant, contact.channel, contact.shopper


def _place_of(contact: Planned) -> tuple[str, ...]:
    return contact.participant, contact.channel


def _paired(
    before: Iterable[Planned], after: Iterable[Planned], key: Callable[[Planned], tuple[str, ...]]
) -> tuple[Pairs, list[Planned], list[Planned]]:
    """Old and new contacts with the same key in pairs; and the old and new ones without a counterpart."""
    waiting: dict[tuple[str, ...], list[Planned]] = {}
    for old in before:
        waiting.setdefault(key(old), []).append(old)
    pairs: Pairs = []
    lonely: list[Planned] = []
    for new in after:
        candidates = waiting.get(key(new))
        if candidates:
            pairs.append((candidates.pop(0), new))
        else:
            lonely.append(new)
    return pairs, [old for candidates in waiting.values() for old in candidates], lonely


def _is_same(old: Planned, new: Planned) -> bool:
    return (old.shopper, old.day, old.window) == (new.shopper, new.day, new.window)


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
