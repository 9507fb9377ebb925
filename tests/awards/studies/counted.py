"""A count whose contact scores a test decides, kept as `count_edition` keeps it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from awards.models import Publication
from benchmarks.simulation import RULES
from scoring import engine
from scoring.engine.types import FIGURES
from scoring.models import Award, ContactScores, ParticipantScore, ScoreRun, write_fraction
from scoring.queries import written_contacts
from surveys.models import AwardClass, Edition, Phase
from tests.factories import AT, make_class, make_edition, make_participant

Scores = Mapping[str, Iterable[Fraction | int | None]]
"""The contact scores of each participant by code; None is no answer."""

NOISY = (86,) * 20 + (95, None, None, None, None)
"""25 contacts whose mean, 72.6, could easily have been another."""


def tight(mean: int) -> tuple[int, ...]:
    """25 contacts that hardly differ."""
    return (mean - 1, mean, mean, mean, mean + 1) * 5


def steady(number: int) -> Scores:
    """Participants with nearly constant scores, who make the pool say that contacts seldom differ."""
    return {f"steady{n}": (70 + n,) * 24 + (71 + n,) for n in range(number)}


def count_of(classes: Mapping[str, Scores], names: Mapping[str, str] | None = None) -> ScoreRun:
    """A count of an edition with these classes. Participants are called by their code unless `names` says otherwise."""
    edition = make_edition(min_counted=1)
    result = _scored(classes)
    run = ScoreRun.objects.create(
        edition=edition,
        method=edition.scoring_method,
        input_digest="a1" * 32,
        created_at=AT,
        contacts=result.summary.contacts,
        answered=result.summary.answered,
    )
    ContactScores.objects.create(run=run, exact=written_contacts(result.contacts))
    rows = {code: make_class(edition, code, code.title()) for code in classes}
    for position, row in enumerate(result.participants, start=1):
        name = (names or {}).get(row.participant, row.participant)
        _keep(run, row, position, rows[row.award_class], name)
    Edition.objects.filter(pk=edition.pk).update(phase=Phase.PUBLISHED)
    edition.refresh_from_db()
    return run


def publish(run: ScoreRun) -> None:
    """Publish the count with how sure it is, as it stands: there are no answers to verify it by."""
    Publication.objects.create(edition=run.edition, run=run, published_at=AT, shows_confidence=True)


def _scored(classes: Mapping[str, Scores]) -> engine.EditionResult:
    sums = [
        engine.ContactSums(
            f"{participant}-{number}",
            participant,
            "chat",
            "no_answer" if score is None else "answered",
            None,
            ((0, 0), (Fraction(score or 0), 100), (0, 0)),
        )
        for scores in classes.values()
        for participant, found in scores.items()
        for number, score in enumerate(found)
    ]
    participants = [engine.Participant(code, name) for name, scores in classes.items() for code in scores]
    return engine.score_sums(replace(RULES, min_counted=1), participants, sums)


def _keep(
    run: ScoreRun, row: engine.ParticipantResult, position: int, award_class: AwardClass, name: str
) -> ParticipantScore:
    participant = make_participant(award_class, name, code=row.participant)
    if row.rank_in_class == 1:
        Award.objects.create(run=run, kind="class", award_class=award_class, participant=participant, position=position)
    return ParticipantScore.objects.create(
        run=run,
        participant=participant,
        contacts=row.contacts,
        answered=row.answered,
        position=position,
        ranked=row.ranked,
        rank_in_class=row.rank_in_class,
        rank_overall=row.rank_overall,
        exact={name: write_fraction(getattr(row, name)) for name in FIGURES},
    )
