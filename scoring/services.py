"""Counting an edition: from its answers to rows that are never changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from kundeservice.core.gone import still_there
from kundeservice.core.jobs import WAITING, enqueue_job
from kundeservice.core.models import Job, User
from kundeservice.core.services.audit import record_event
from scoring import engine
from scoring.engine.rounding import round_stored
from scoring.engine.types import FIGURES
from scoring.models import Award, ClassScore, ContactScores, ParticipantScore, ScoreRun, write_fraction
from scoring.queries import CLASS_FIGURES, recount_edition, written_contacts
from scoring.reports import sentences_of
from surveys.models import AwardClass, Edition, Participant

COUNT_EDITION = "scoring.count_edition"
"""The kind of job that counts."""


class CountRefused(Exception):
    """There is nothing to count; the text says why, in the reader's language."""


class ScoringProblems(Exception):
    """The edition cannot be counted; `problems` names everything in the way, and the text says it in sentences."""

    def __init__(self, problems: Iterable[engine.DataProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__()

    @property
    def sentences(self) -> tuple[str, ...]:
        """Where each problem is and how to mend it, in the reader's language."""
        return sentences_of(self.problems)

    def __str__(self) -> str:
        return "\n".join(self.sentences)


def order_count(*, edition_id: int, by: User | None, at: dt.datetime) -> Job:
    """Have an edition counted in the background. One that waits is enough: it reads the answers when it begins.

    Raises: CountRefused when the edition is locked.
    """
    edition = still_there(Edition.objects.filter(pk=edition_id))
    if edition.is_locked:
        raise CountRefused(
            _(
                "%(edition)s er låst, så svarene er de som alt er beregnet. "
                "Skal noe rettes, må årgangen åpnes for endring først."
            )
            % {"edition": edition.name}
        )
    payload = {"edition": edition.pk}
    return enqueue_job(
        COUNT_EDITION, subject=edition.code, payload=payload, created_by=by, at=at, one_is_enough=WAITING
    )


@transaction.atomic
def count_edition(*, edition_id: int, at: dt.datetime, by: User | None = None) -> ScoreRun:
    """Count every figure, place and award of an edition by its own method, and keep them as a new run.

    The edition's row is held while its answers are read, so a count never sees half of an edit.

    Raises: ScoringProblems with every data error of the scoring rules.
    """
    edition = still_there(Edition.objects.select_for_update().filter(pk=edition_id))
    try:
        recount = recount_edition(edition)
    except engine.DataError as error:
        raise ScoringProblems(error.problems) from error
    result = recount.result
    run = ScoreRun.objects.create(
        edition=edition,
        method=edition.scoring_method,
        input_digest=recount.input_digest,
        created_at=at,
        contacts=result.summary.contacts,
        answered=result.summary.answered,
        min_counted=recount.rules.min_counted,
        min_channel_contacts=recount.rules.min_channel_contacts,
        exact=_figures(result.summary, CLASS_FIGURES),
    )
    _keep_participants(run, result)
    _keep_classes(run, result)
    _keep_awards(run, result)
    ContactScores.objects.create(run=run, exact=written_contacts(result.contacts))
    detail = {"run": run.pk, "input": run.input_digest}
    record_event(at=at, actor=by, action="edition.counted", subject=edition.code, detail=detail)
    return run


def _figures(result: engine.Figures, names: Iterable[str]) -> dict[str, str | None]:
    return {name: write_fraction(getattr(result, name)) for name in names}


def _keep_participants(run: ScoreRun, result: engine.EditionResult) -> None:
    keys = dict(Participant.objects.filter(edition=run.edition).values_list("code", "pk"))
    ParticipantScore.objects.bulk_create(
        ParticipantScore(
            run=run,
            participant_id=keys[row.participant],
            contacts=row.contacts,
            answered=row.answered,
            position=position,
            ranked=row.ranked,
            rank_in_class=row.rank_in_class,
            rank_overall=row.rank_overall,
            exact=_figures(row, FIGURES),
            total=None if row.total is None else round_stored(row.total),
            answered_total=None if row.answered_total is None else round_stored(row.answered_total),
            agent=None if row.agent is None else round_stored(row.agent),
        )
        for position, row in enumerate(result.participants, start=1)
    )


def _keep_classes(run: ScoreRun, result: engine.EditionResult) -> None:
    keys = dict(AwardClass.objects.filter(edition=run.edition).values_list("code", "pk"))
    ClassScore.objects.bulk_create(
        ClassScore(
            run=run,
            award_class_id=keys[row.award_class],
            participants=row.participants,
            exact=_figures(row, CLASS_FIGURES),
        )
        for row in result.classes
    )


def _keep_awards(run: ScoreRun, result: engine.EditionResult) -> None:
    participants = dict(Participant.objects.filter(edition=run.edition).values_list("code", "pk"))
    classes = dict(AwardClass.objects.filter(edition=run.edition).values_list("code", "pk"))
    Award.objects.bulk_create(
        Award(
            run=run,
            kind=award.kind,
            award_class_id=None if award.award_class is None else classes[award.award_class],
            participant_id=participants[award.participant],
            position=position,
        )
        for position, award in enumerate(result.awards, start=1)
    )
