"""What the project leader sees of editions, counts and reports."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.expressions import OrderBy

from awards.models import Publication, Report, ReportState
from scoring.models import ParticipantScore, ScoreRun
from surveys.models import Contact, Edition, Outcome, Participant, Phase, ReviewState


@dataclass(frozen=True)
class EditionRow:
    """A line in the list of editions."""

    code: str
    name: str
    phase: int
    phase_label: str
    starts_on: dt.date
    ends_on: dt.date
    participants: int
    planned: int
    approved: int


def list_editions(*, at: dt.datetime) -> tuple[EditionRow, ...]:
    """Every edition as it stands at `at`, the newest first. Three queries."""
    contacts: dict[int, Any] = {
        row["edition"]: row
        for row in Contact.objects.values("edition").annotate(
            planned=Count("pk", filter=~Q(outcome=Outcome.VOID)),
            approved=Count("pk", filter=Q(review=ReviewState.APPROVED) & ~Q(outcome=Outcome.VOID)),
        )
    }
    participants = dict(Participant.objects.order_by().values_list("edition").annotate(number=Count("pk")))
    return tuple(
        EditionRow(
            code=edition.code,
            name=edition.name,
            phase=_phase(edition),
            phase_label=str(_phase(edition).label),
            starts_on=edition.starts_on,
            ends_on=edition.ends_on,
            participants=participants.get(edition.pk, 0),
            planned=contacts.get(edition.pk, {}).get("planned", 0),
            approved=contacts.get(edition.pk, {}).get("approved", 0),
        )
        for edition in Edition.objects.newest_first().annotate(
            has_come=Exists(Publication.objects.due(at=at).filter(edition=OuterRef("pk")))
        )
    )


def _phase(edition: Any) -> Phase:
    """A plan that has come true counts, noted or not; see `edition_at`."""
    return Phase.PUBLISHED if edition.has_come else Phase(edition.phase)


@dataclass(frozen=True)
class ResultRow:
    """A participant's published figures, exact, with the state of its report."""

    participant_code: str
    name: str
    award_class: str
    contacts: int
    answered: int
    total: Fraction | None
    answered_total: Fraction | None
    agent: Fraction | None
    rank_overall: int | None
    rank_in_class: int | None
    report_state: str
    report_label: str
    report_error: str


SORTS = {
    "plass": "position",
    "navn": "participant__name",
    "klasse": "participant__award_class__name_nb",
    "total": "total",
    "besvarte": "answered_total",
    "kundebehandler": "agent",
}
"""Sort keys of the result list, as they stand in the address."""


def result_rows(run: ScoreRun, *, sort: str = "plass") -> tuple[ResultRow, ...]:
    """Every participant of a count in the order asked for; unknown orders fall back to the place. Two queries."""
    reports = {report.participant_id: report for report in Report.objects.filter(run=run)}
    return tuple(
        _result_row(score, reports.get(score.participant_id))
        for score in run.participant_scores.select_related("participant__award_class").order_by(*_order(sort))
    )


def _order(sort: str) -> tuple[OrderBy | str, ...]:
    key = SORTS.get(sort.removeprefix("-"), "position")
    if sort.startswith("-"):
        return (F(key).desc(nulls_last=True), "position")
    return (F(key).asc(nulls_last=True), "position")


def _result_row(score: ParticipantScore, report: Report | None) -> ResultRow:
    return ResultRow(
        participant_code=score.participant.code,
        name=score.participant.name,
        award_class=score.participant.award_class.name,
        contacts=score.contacts,
        answered=score.answered,
        total=score.figure("total"),
        answered_total=score.figure("answered_total"),
        agent=score.figure("agent"),
        rank_overall=score.rank_overall,
        rank_in_class=score.rank_in_class,
        report_state=report.state if report else "",
        report_label=str(ReportState(report.state).label) if report else "",
        report_error=report.error if report else "",
    )


def publication_of(edition: Edition, *, at: dt.datetime) -> Publication | None:
    """The edition's publication as it stands at `at`: a plan that has come true is published. Not to be saved."""
    publication = Publication.objects.filter(edition=edition).first()
    if publication is not None and Publication.objects.due(at=at).filter(pk=publication.pk).exists():
        publication.published_at = publication.publish_at
    return publication
