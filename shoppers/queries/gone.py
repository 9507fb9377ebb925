"""What the trail knows of a contact that somebody took out of the plan: its row is gone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kundeservice.core.acts import TAKEN_BACK
from kundeservice.core.models import AuditEvent
from shoppers.models import Shopper
from surveys.models import Channel, Edition, Participant, Window


@dataclass(frozen=True, slots=True)
class GoneContact:
    """A contact that was in the plan: whose it was, when it was to be made, and who took it out, when and why."""

    code: str
    participant: str
    channel_label: str
    shopper: str
    day: dt.date
    window: str
    taken_by: str
    taken_at: dt.datetime
    reason: str


def gone_contact(edition: Edition, code: str) -> GoneContact | None:
    """The contact that was called `code`, None where nobody took such a one out of the plan.

    Three queries, one query where nobody did.
    """
    acts = AuditEvent.objects.filter(subject=f"{edition.code}/{code}", action=TAKEN_BACK).select_related("actor")
    act = acts.order_by("-at", "-pk").first()
    if act is None:
        return None
    before = act.detail["before"]
    participant, shopper = act.detail["participant"], before["shopper"]
    names = Participant.objects.filter(edition=edition, code=participant).values_list("name", flat=True)
    shoppers = Shopper.objects.filter(edition=edition, code=shopper).values_list("name", flat=True)
    return GoneContact(
        code=code,
        participant=names.first() or participant,
        channel_label=str(Channel(act.detail["channel"]).label),
        shopper=shoppers.first() or shopper,
        day=dt.date.fromisoformat(before["day"]),
        window=str(Window(before["window"]).label) if before["window"] else "",
        taken_by=str(act.actor or ""),
        taken_at=act.at,
        reason=str(act.detail.get("reason", "")),
    )
