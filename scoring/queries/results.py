"""A count as the engine gave it, read back from its rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from scoring import engine
from scoring.engine.types import FIGURES
from scoring.models import ClassScore, ContactScores, ParticipantScore, ScoreRun, read_fraction, write_fraction
from surveys.engine.words import CHANNELS, METRICS

CLASS_FIGURES = ("total", *METRICS)
"""What is reported of a class and of the whole edition (scoring rules, «Class and edition»)."""


def result_of(run: ScoreRun) -> engine.EditionResult:
    """Every figure, place, award and contact score of a count. Classes and summary have `CLASS_FIGURES` only.

    `contacts` is empty for counts from before contact scores were kept. Five queries.
    """
    contacts = _contacts_of(run)
    participants = _participants_of(run, contacts)
    return engine.EditionResult(
        participants=participants,
        classes=_classes_of(run),
        summary=engine.Summary(
            participants=len(participants),
            contacts=run.contacts,
            answered=run.answered,
            **{name: run.figure(name) for name in CLASS_FIGURES},
        ),
        awards=tuple(
            engine.Award(kind, award_class, participant)
            for kind, award_class, participant in run.awards.order_by("position").values_list(
                "kind", "award_class__code", "participant__code"
            )
        ),
        contacts=contacts,
    )


def written_contacts(contacts: Iterable[engine.ContactScore]) -> dict[str, list[Any]]:
    """Contact scores as they are stored in `ContactScores.exact`."""
    return {
        contact.code: [
            contact.participant,
            contact.channel,
            contact.answered,
            write_fraction(contact.score),
            {area: write_fraction(score) for area, score in contact.areas.items()},
            {metric: str(value) for metric, value in contact.cx.items()},
        ]
        for contact in contacts
    }


def _contacts_of(run: ScoreRun) -> tuple[engine.ContactScore, ...]:
    kept = ContactScores.objects.filter(run=run).first()
    return tuple(_contact(code, cells) for code, cells in sorted(kept.exact.items())) if kept else ()


def _contact(code: str, cells: list[Any]) -> engine.ContactScore:
    participant, channel, answered, score, areas, cx = cells
    return engine.ContactScore(
        code=code,
        participant=participant,
        channel=channel,
        answered=answered,
        score=Fraction(score),
        areas={area: Fraction(value) for area, value in areas.items()},
        cx={metric: engine.as_integer(Fraction(value)) for metric, value in cx.items()},
    )


def _participants_of(run: ScoreRun, contacts: Iterable[engine.ContactScore]) -> tuple[engine.ParticipantResult, ...]:
    on_channel: dict[str, dict[str, int]] = {}
    for contact in contacts:
        counts = on_channel.setdefault(contact.participant, dict.fromkeys(CHANNELS, 0))
        counts[contact.channel] += 1
    rows = run.participant_scores.select_related("participant__award_class").order_by("position")
    return tuple(_participant(row, on_channel.get(row.participant.code, dict.fromkeys(CHANNELS, 0))) for row in rows)


def _participant(row: ParticipantScore, channel_contacts: Mapping[str, int]) -> engine.ParticipantResult:
    figures: dict[str, Any] = {name: row.figure(name) for name in FIGURES}
    return engine.ParticipantResult(
        participant=row.participant.code,
        award_class=row.participant.award_class.code,
        contacts=row.contacts,
        answered=row.answered,
        channel_contacts=channel_contacts,
        ranked=row.ranked,
        rank_in_class=row.rank_in_class,
        rank_overall=row.rank_overall,
        **figures,
    )


def _classes_of(run: ScoreRun) -> tuple[engine.ClassResult, ...]:
    """Classes by code; how many contacts each had is in its participants' rows."""
    members: dict[str, list[tuple[int, int]]] = {}
    counts = run.participant_scores.values_list("participant__award_class__code", "contacts", "answered")
    for code, contacts, answered in counts:
        members.setdefault(code, []).append((contacts, answered))
    rows = ClassScore.objects.filter(run=run).select_related("award_class").order_by("award_class__code")
    return tuple(_class(row, members.get(row.award_class.code, [])) for row in rows)


def _class(row: ClassScore, members: list[tuple[int, int]]) -> engine.ClassResult:
    figures: dict[str, Any] = {name: read_fraction(row.exact.get(name)) for name in CLASS_FIGURES}
    return engine.ClassResult(
        award_class=row.award_class.code,
        participants=row.participants,
        contacts=sum(contacts for contacts, _ in members),
        answered=sum(answered for _, answered in members),
        **figures,
    )
