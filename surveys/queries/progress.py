"""How far an edition has come: what is made, what waits, what is late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from kundeservice.core.text import in_alphabet
from surveys.engine.weeks import iso_week
from surveys.models import Channel, Contact, Edition, Outcome, ReviewState


@dataclass(frozen=True)
class Progress:
    """Counts of contacts. `planned` is all of them except the void ones; `made` have an outcome."""

    planned: int = 0
    made: int = 0
    answered: int = 0
    no_answer: int = 0
    awaiting_review: int = 0
    returned: int = 0
    approved: int = 0
    overdue: int = 0

    @property
    def percent_made(self) -> int:
        return 100 * self.made // self.planned if self.planned else 0

    @property
    def is_complete(self) -> bool:
        """Everything made, and everything made approved: what a count before the announcement should rest on."""
        return self.planned > 0 and self.approved == self.planned


@dataclass(frozen=True)
class ProgressRow:
    """Progress of one part of an edition, such as a channel, a week or a participant."""

    key: str
    label: str
    progress: Progress
    group: str = ""


def edition_progress(edition: Edition, *, at: dt.datetime) -> Progress:
    counts = Contact.objects.filter(edition=edition).aggregate(**_counts(at))
    return Progress(**counts)


def progress_by_channel(edition: Edition, *, at: dt.datetime) -> tuple[ProgressRow, ...]:
    """A row per channel in use, in the order of the planning rules."""
    rows = dict(_grouped(Contact.objects.filter(edition=edition), "channel", at=at))
    return tuple(
        ProgressRow(key=channel.value, label=str(channel.label), progress=rows[channel.value])
        for channel in Channel
        if channel.value in rows
    )


def progress_by_week(edition: Edition, *, at: dt.datetime) -> tuple[ProgressRow, ...]:
    """A row per ISO week that has contacts, in order."""
    rows = _grouped(Contact.objects.filter(edition=edition), "week", at=at)
    return tuple(ProgressRow(key=week, label=week, progress=progress) for week, progress in rows)


def progress_by_participant(edition: Edition, *, at: dt.datetime) -> tuple[ProgressRow, ...]:
    """A row per participant, by class and name; participants without contacts are there with zeros."""
    rows = dict(_grouped(Contact.objects.filter(edition=edition), "participant_id", at=at))
    participants = sorted(
        edition.participants.select_related("award_class"),
        key=lambda participant: (in_alphabet(participant.award_class.name), in_alphabet(participant.name)),
    )
    return tuple(
        ProgressRow(
            key=participant.code,
            label=participant.name,
            progress=rows.get(participant.pk, Progress()),
            group=participant.award_class.name,
        )
        for participant in participants
    )


def _grouped(contacts: QuerySet[Contact], field: str, *, at: dt.datetime) -> Iterable[tuple[Any, Progress]]:
    rows = contacts.order_by(field).values(field).annotate(**_counts(at))
    return ((row.pop(field), Progress(**row)) for row in rows)


def _counts(at: dt.datetime) -> dict[str, Count]:
    late = Q(outcome="", week__lt=iso_week(timezone.localtime(at)))
    return {
        "planned": Count("pk", filter=~Q(outcome=Outcome.VOID)),
        "made": Count("pk", filter=Q(outcome__in=(Outcome.ANSWERED, Outcome.NO_ANSWER))),
        "answered": Count("pk", filter=Q(outcome=Outcome.ANSWERED)),
        "no_answer": Count("pk", filter=Q(outcome=Outcome.NO_ANSWER)),
        "awaiting_review": Count("pk", filter=Q(review=ReviewState.SUBMITTED)),
        "returned": Count("pk", filter=Q(review=ReviewState.RETURNED)),
        "approved": Count("pk", filter=Q(review=ReviewState.APPROVED) & ~Q(outcome=Outcome.VOID)),
        "overdue": Count("pk", filter=late),
    }
