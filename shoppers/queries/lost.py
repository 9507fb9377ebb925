"""Contacts a shopper had and has no more: given to somebody else, taken by a leader, a plan or an import, or annulled.

The audit trail, the repairs and what new plans and imports have written down know who had what. A shopper may have put
the contact in a calendar, which keeps it until a newer file says that it is off.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kundeservice.core.acts import ANNULLED, GIVEN, MOVED, TAKEN_BACK
from kundeservice.core.models import AuditEvent, User
from shoppers.models import Assignment, LostAssignment, Plan, Shopper
from shoppers.queries.errands import SHOWN_PHASES
from surveys.models import Channel, Edition, Outcome, Participant, Window

HANDED_ON = (MOVED, GIVEN, TAKEN_BACK)
TOLD_FOR = dt.timedelta(days=14)
"""So long a shopper's list says that something is no longer theirs."""

Loss = tuple[str, "LostErrand"]
"""Who lost it, by the shopper's code, and what."""


@dataclass(frozen=True, slots=True)
class LostErrand:
    """A contact as the shopper last had it. `at` is when it was lost, where anything tells."""

    edition_code: str
    code: str
    participant: str
    channel: str
    day: dt.date
    window: str
    at: dt.datetime | None

    @property
    def channel_label(self) -> str:
        return str(Channel(self.channel).label)

    @property
    def window_label(self) -> str:
        return str(Window(self.window).label) if self.window else ""


def lost_errands(
    edition: Edition, *, shoppers: Collection[str] | None = None, since: dt.datetime | None = None
) -> dict[str, tuple[LostErrand, ...]]:
    """Shopper's code → what they have lost, by day: all of it, or only what was lost after `since`; of everybody where
    `shoppers` are not named. The last loss of each contact is told.

    Five queries, three queries where nothing was lost after `since`.
    """
    events = AuditEvent.objects.filter(subject__startswith=f"{edition.code}/", action__in=(*HANDED_ON, ANNULLED))
    repairs = Plan.objects.filter(edition=edition, is_repair=True)
    taken = LostAssignment.objects.filter(shopper__edition=edition).select_related("shopper")
    if shoppers is not None:
        taken = taken.filter(shopper__code__in=shoppers)
    if since is not None:
        events, repairs = events.filter(at__gt=since), repairs.filter(created_at__gt=since)
        taken = taken.filter(lost_at__gt=since)
    acts = list(events.order_by("pk"))
    changes = list(repairs.order_by("created_at", "pk").values_list("created_at", "changes"))
    written_down = list(taken)
    if since is not None and not acts and not changes and not written_down:
        return {}
    names = dict(Participant.objects.filter(edition=edition).values_list("code", "name"))
    assignments = Assignment.objects.filter(contact__edition=edition)
    if shoppers is not None:
        assignments = assignments.filter(shopper__code__in=shoppers)
    rows = list(assignments.select_related("contact__participant", "shopper"))
    holders = {row.contact.code: row.shopper.code for row in rows if row.contact.outcome != Outcome.VOID}
    found: dict[tuple[str, str], LostErrand] = {}
    losses = (
        *_repaired(edition, names, changes),
        *_written_down(edition, written_down),
        *_handed_on(edition, names, acts),
        *_annulled(edition, rows, acts),
    )
    for holder, errand in sorted(losses, key=_moment_of):
        is_asked_for = shoppers is None or holder in shoppers
        if is_asked_for and holders.get(errand.code) != holder and (since is None or errand.at is not None):
            found[holder, errand.code] = errand
    lost: dict[str, tuple[LostErrand, ...]] = {}
    for (holder, _code), errand in sorted(found.items(), key=lambda item: (item[1].day, item[1].code)):
        lost[holder] = (*lost.get(holder, ()), errand)
    return lost


def _moment_of(loss: Loss) -> float:
    """The oldest first, and before it what is annulled and nobody knows when: what has a time says more."""
    at = loss[1].at
    return -math.inf if at is None else at.timestamp()


def my_lost_errands(user: User, *, at: dt.datetime) -> tuple[LostErrand, ...]:
    """What was lately taken off a person's list.

    For an edition that runs six queries, or four queries where nothing was lost of it; one query without any.
    """
    places = Shopper.objects.visible_to(user).filter(edition__phase__in=SHOWN_PHASES).select_related("edition")
    return tuple(
        errand
        for place in places
        for errand in lost_errands(place.edition, shoppers={place.code}, since=at - TOLD_FOR).get(place.code, ())
    )


def _handed_on(edition: Edition, names: Mapping[str, str], acts: Iterable[AuditEvent]) -> Iterator[Loss]:
    """By hand."""
    for act in acts:
        # An older line does not say where the contact was made, and nobody has lost anything by it that is still here.
        if act.action in HANDED_ON and "participant" in act.detail:
            code = act.subject.removeprefix(f"{edition.code}/")
            yield from _lost(edition, names, {**act.detail, "contact": code}, at=act.at)


def _repaired(
    edition: Edition, names: Mapping[str, str], repairs: Iterable[tuple[dt.datetime, list[dict[str, Any]]]]
) -> Iterator[Loss]:
    for made_at, changes in repairs:
        for change in changes:
            yield from _lost(edition, names, change, at=made_at)


def _lost(edition: Edition, names: Mapping[str, str], change: Mapping[str, Any], *, at: dt.datetime) -> Iterator[Loss]:
    """Who lost the contact in one change of the plan, and how it stood; nothing where it stayed with its shopper."""
    before, after = change["before"], change["after"]
    if before is None or (after is not None and after["shopper"] == before["shopper"]):
        return
    yield (
        before["shopper"],
        LostErrand(
            edition_code=edition.code,
            code=change["contact"],
            participant=names.get(change["participant"], change["participant"]),
            channel=change["channel"],
            day=dt.date.fromisoformat(before["day"]),
            window=before["window"],
            at=at,
        ),
    )


def _written_down(edition: Edition, rows: Iterable[LostAssignment]) -> Iterator[Loss]:
    """By a new plan or an import."""
    for row in rows:
        yield (
            row.shopper.code,
            LostErrand(
                edition_code=edition.code,
                code=row.contact_code,
                participant=row.participant,
                channel=row.channel,
                day=row.planned_on,
                window=row.window,
                at=row.lost_at,
            ),
        )


def _annulled(edition: Edition, rows: Iterable[Assignment], acts: Iterable[AuditEvent]) -> Iterator[Loss]:
    """Annulled contacts still know who had them."""
    when = {act.subject: act.at for act in acts if act.action == ANNULLED}
    for row in rows:
        contact = row.contact
        if contact.outcome == Outcome.VOID and contact.planned_on is not None:
            yield (
                row.shopper.code,
                LostErrand(
                    edition_code=edition.code,
                    code=contact.code,
                    participant=contact.participant.name,
                    channel=contact.channel,
                    day=contact.planned_on,
                    window=contact.window,
                    at=when.get(f"{edition.code}/{contact.code}"),
                ),
            )
