"""Whose results are worth looking at."""

from __future__ import annotations

import datetime as dt

from django.db.models.functions import Coalesce

from awards.models import Publication
from kundeservice.core.models import Role, User
from kundeservice.core.queries.guides import finds_guide
from surveys.models import ParticipantMember


@finds_guide(Role.PARTICIPANT)
def winners_person(at: dt.datetime) -> User | None:
    """Somebody of the overall winner of the newest published edition, None before there is one. Two queries."""
    newest = Publication.objects.published(at=at).order_by(Coalesce("published_at", "publish_at").desc()).first()
    if newest is None:
        return None
    member = (
        ParticipantMember.objects.filter(participant__scores__run=newest.run_id, user__is_active=True)
        .select_related("user")
        .order_by("participant__scores__position", "user")
        .first()
    )
    return member.user if member else None
