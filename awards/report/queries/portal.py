"""What a participant's own people see: their published results over the years, and the reports they may fetch."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from awards.models import Publication, Report, ReportState
from scoring.models import ClassScore, ParticipantScore
from surveys.models import Participant, Phase
from surveys.queries.names import names_apart

if TYPE_CHECKING:
    from kundeservice.core.models import User


@dataclass(frozen=True, slots=True)
class OwnResult:
    """A participant in one edition.

    Until the edition is published only that it takes part is known: `published_at` is None and every figure empty.
    An edition that was published and is open for change `is_being_corrected`: no report is made until it is published
    again.
    """

    edition_code: str
    edition: str
    year: int
    participant: str
    name: str
    class_name: str
    published_at: dt.datetime | None
    corrected_at: dt.datetime | None
    total: Fraction | None
    answered_total: Fraction | None
    agent: Fraction | None
    class_mean: Fraction | None
    rank_in_class: int | None
    class_ranked: int
    rank_overall: int | None
    everyone_ranked: int
    contacts: int
    answered: int
    is_being_corrected: bool
    has_report: bool
    report_size: int


def own_results(user: User, *, at: dt.datetime) -> tuple[OwnResult, ...]:
    """Every participant the person is one of the people of, as it stands at `at`, the newest edition first.

    Five queries at most.
    """
    participants = list(
        Participant.objects.visible_to(user)
        .select_related("edition", "award_class")
        .order_by("-edition__year", "edition__code", "name")
    )
    publications = {
        publication.edition_id: publication
        for publication in Publication.objects.published(at=at).filter(
            edition__in={participant.edition_id for participant in participants}
        )
    }
    runs = [publication.run_id for publication in publications.values()]
    scores: dict[int, list[ParticipantScore]] = {}
    for score in ParticipantScore.objects.filter(run__in=runs).select_related("participant"):
        scores.setdefault(score.run_id, []).append(score)
    class_means = {
        (row.run_id, row.award_class_id): row.figure("total") for row in ClassScore.objects.filter(run__in=runs)
    }
    reports = {
        report.participant_id: report
        for report in Report.objects.visible_to(user, at=at).filter(run__in=runs, state=ReportState.DONE)
    }
    names = names_apart([participant.edition for participant in participants])
    return tuple(
        _own_result(
            participant,
            edition_name=names[participant.edition_id],
            publication=publications.get(participant.edition_id),
            scores=scores,
            class_means=class_means,
            report=reports.get(participant.pk),
        )
        for participant in participants
    )


def report_of_own(user: User, *, edition_code: str, participant_code: str, at: dt.datetime) -> Report | None:
    """A finished report the person may fetch at `at`; None for any other, whether it exists or not."""
    return (
        Report.objects.visible_to(user, at=at)
        .filter(participant__edition__code=edition_code, participant__code=participant_code)
        .select_related("participant__edition")
        .first()
    )


def _own_result(
    participant: Participant,
    *,
    edition_name: str,
    publication: Publication | None,
    scores: dict[int, list[ParticipantScore]],
    class_means: dict[tuple[int, int], Fraction | None],
    report: Report | None,
) -> OwnResult:
    rows = scores.get(publication.run_id, []) if publication else []
    own = next((row for row in rows if row.participant_id == participant.pk), None)
    classmates = [row for row in rows if row.participant.award_class_id == participant.award_class_id]
    return OwnResult(
        edition_code=participant.edition.code,
        edition=edition_name,
        year=participant.edition.year,
        participant=participant.code,
        name=participant.name,
        class_name=participant.award_class.name,
        published_at=publication.became_public_at if publication else None,
        corrected_at=publication.corrected_at if publication else None,
        total=own.figure("total") if own else None,
        answered_total=own.figure("answered_total") if own else None,
        agent=own.figure("agent") if own else None,
        class_mean=class_means.get((publication.run_id, participant.award_class_id)) if publication else None,
        rank_in_class=own.rank_in_class if own else None,
        class_ranked=sum(row.ranked for row in classmates),
        rank_overall=own.rank_overall if own else None,
        everyone_ranked=sum(row.ranked for row in rows),
        contacts=own.contacts if own else 0,
        answered=own.answered if own else 0,
        is_being_corrected=bool(
            publication and publication.is_published and participant.edition.phase < Phase.PUBLISHED
        ),
        has_report=report is not None,
        report_size=report.size if report else 0,
    )
