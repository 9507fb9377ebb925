"""What the public pages show. Everything here is read through `Publication.objects.published()` and nothing else."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from awards.models import Publication, StudyKind
from awards.studies.queries.confidence import CouldBeBest, Field, read_confidence
from awards.studies.queries.reading import latest_study
from kundeservice.core.text import in_alphabet
from scoring.engine.types import unanswered_share
from scoring.models import Award, AwardKind, ParticipantScore
from surveys.models import Channel, Edition
from surveys.queries.names import names_apart


class NotPublic(LookupError):
    """There is nothing of that name that the public may see, whether it exists or not."""


@dataclass(frozen=True, slots=True)
class EditionFacts:
    """What is told of a published edition besides its results. `run_id` is the count that was published."""

    pk: int
    run_id: int
    code: str
    award: str
    year: int
    name: str
    starts_on: dt.date
    ends_on: dt.date
    published_at: dt.datetime
    corrected_at: dt.datetime | None
    contacts_per_participant: int
    min_counted: int
    min_channel_contacts: int


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A participant in a class table; the three published scores are exact, 0–100, or None without a basis."""

    name: str
    class_code: str
    class_name: str
    place: int | None
    total: Fraction | None
    answered_total: Fraction | None
    agent: Fraction | None
    contacts: int
    answered: int
    is_winner: bool


@dataclass(frozen=True, slots=True)
class WinnerInterval:
    """Where the total of one who holds the first place lies; `low` and `high` are scores."""

    name: str
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Sureness:
    """How sure a class's first place is, by the stored study: the interval of its total, and who could be the best.

    `level` is a share 0–1. `winners` is empty where too little is known to say anything.
    """

    level: Decimal
    winners: tuple[WinnerInterval, ...]
    verdict: CouldBeBest


@dataclass(frozen=True, slots=True)
class ClassTable:
    """One class: its ranked participants by place, the others by name, and its mean.

    `sureness` is None unless the leader chose to publish it.
    """

    code: str
    name: str
    mean: Fraction | None
    ranked: tuple[ScoreRow, ...]
    unranked: tuple[ScoreRow, ...]
    sureness: Sureness | None = None

    @property
    def winners(self) -> tuple[ScoreRow, ...]:
        """Whoever has the first place; several when it is shared, none when nobody is ranked."""
        return tuple(row for row in self.ranked if row.is_winner)


@dataclass(frozen=True, slots=True)
class ChannelPrize:
    """Best on a channel; several winners share it. `value` is the mean of their contacts on it, no answers included."""

    title: str
    winners: tuple[ScoreRow, ...]
    value: Fraction


@dataclass(frozen=True, slots=True)
class Summary:
    """The edition in four figures; `unanswered` is a share 0–1."""

    participants: int
    contacts: int
    mean: Fraction | None
    unanswered: Fraction | None
    nps: Fraction | None


@dataclass(frozen=True, slots=True)
class PublishedResults:
    """One published edition, whole."""

    edition: EditionFacts
    summary: Summary
    winners: tuple[ScoreRow, ...]
    classes: tuple[ClassTable, ...]
    channels: tuple[ChannelPrize, ...]

    def class_named(self, code: str) -> ClassTable:
        """The class of that code. Raises: NotPublic."""
        for table in self.classes:
            if table.code == code:
                return table
        raise NotPublic(code)


@dataclass(frozen=True, slots=True)
class PublishedEdition:
    """A line of the list of published editions."""

    edition: EditionFacts
    name: str
    winners: tuple[tuple[str, Fraction | None], ...]


def list_published(*, at: dt.datetime) -> tuple[PublishedEdition, ...]:
    """Every edition published by `at`, the newest first, with its overall winners. Three queries."""
    publications = list(_published(at))
    scores = _scores_by_participant(
        ParticipantScore.objects.filter(run__in=[row.run_id for row in publications], rank_overall=1)
    )
    prizes = (
        Award.objects.filter(run__in=[row.run_id for row in publications], kind=AwardKind.OVERALL)
        .select_related("participant")
        .order_by("position")
    )
    winners: dict[int, list[tuple[str, Fraction | None]]] = defaultdict(list)
    for prize in prizes:
        score = scores.get((prize.run_id, prize.participant_id))
        winners[prize.run_id].append((prize.participant.name, score.figure("total") if score else None))
    names = names_apart([row.edition for row in publications])
    return tuple(
        PublishedEdition(edition=_facts(row), name=names[row.edition_id], winners=tuple(winners[row.run_id]))
        for row in publications
    )


def latest_published(*, at: dt.datetime) -> EditionFacts | None:
    """The newest edition published by `at`, if any. One query."""
    publication = _published(at).first()
    return _facts(publication) if publication else None


def published_edition(code: str, *, at: dt.datetime) -> EditionFacts:
    """One edition published by `at`. Raises: NotPublic, the same for one that exists and is not published."""
    return _facts(_publication(code, at))


def published_results(code: str, *, at: dt.datetime) -> PublishedResults:
    """Everything the public may know of an edition at `at`. Four queries; seven queries with how sure it is.

    Raises: NotPublic, the same for an edition that exists and is not published.
    """
    publication = _publication(code, at)
    run = publication.run
    prizes = list(run.awards.order_by("position"))
    first_in_class = {prize.participant_id for prize in prizes if prize.kind == AwardKind.CLASS}
    scores = list(run.participant_scores.select_related("participant__award_class").order_by("position"))
    rows = {score.participant_id: _row(score, is_winner=score.participant_id in first_in_class) for score in scores}
    means = {score.award_class_id: score.figure("total") for score in run.class_scores.all()}
    return PublishedResults(
        edition=_facts(publication),
        summary=Summary(
            participants=len(scores),
            contacts=run.contacts,
            mean=run.figure("total"),
            unanswered=unanswered_share(contacts=run.contacts, answered=run.answered),
            nps=run.figure("nps"),
        ),
        winners=tuple(rows[prize.participant_id] for prize in prizes if prize.kind == AwardKind.OVERALL),
        classes=_class_tables(scores, rows, means, _sureness(publication)),
        channels=_channel_prizes(prizes, rows, {score.participant_id: score for score in scores}),
    )


def _publication(code: str, at: dt.datetime) -> Publication:
    publication = _published(at).filter(edition__code=code).first()
    if publication is None:
        raise NotPublic(code)
    return publication


def _published(at: dt.datetime) -> QuerySet[Publication]:
    return (
        Publication.objects.published(at=at)
        .select_related("edition", "run")
        .order_by("-edition__year", Coalesce("published_at", "publish_at").desc(), "edition__code")
    )


def _facts(publication: Publication) -> EditionFacts:
    edition: Edition = publication.edition
    published_at = publication.became_public_at
    if published_at is None:
        raise NotPublic(edition.code)
    return EditionFacts(
        pk=edition.pk,
        run_id=publication.run_id,
        code=edition.code,
        award=edition.award,
        year=edition.year,
        name=edition.name,
        starts_on=edition.starts_on,
        ends_on=edition.ends_on,
        published_at=published_at,
        corrected_at=publication.corrected_at,
        contacts_per_participant=edition.contacts_per_participant,
        min_counted=edition.min_counted,
        min_channel_contacts=edition.min_channel_contacts,
    )


def _row(score: ParticipantScore, *, is_winner: bool) -> ScoreRow:
    participant = score.participant
    return ScoreRow(
        name=participant.name,
        class_code=participant.award_class.code,
        class_name=participant.award_class.name,
        place=score.rank_in_class,
        total=score.figure("total"),
        answered_total=score.figure("answered_total"),
        agent=score.figure("agent"),
        contacts=score.contacts,
        answered=score.answered,
        is_winner=is_winner,
    )


def _sureness(publication: Publication) -> Mapping[str, Sureness]:
    """How sure each class's first place is, by class code; nothing unless it is published too."""
    if not publication.shows_confidence:
        return {}
    study = latest_study(publication.run, StudyKind.CONFIDENCE)
    if study is None:
        return {}
    page = read_confidence(study)
    return {field.code: _sureness_of(field, page.level) for field in page.classes if len(field.rows) > 1}


def _sureness_of(field: Field, level: Decimal) -> Sureness:
    winners = [
        WinnerInterval(row.name, row.low, row.high)
        for row in field.leaders
        if row.low is not None and row.high is not None
    ]
    return Sureness(
        level=level,
        winners=tuple(winners) if field.knows_spread else (),
        verdict=field.verdict,
    )


def _class_tables(
    scores: Iterable[ParticipantScore],
    rows: Mapping[int, ScoreRow],
    means: Mapping[int, Fraction | None],
    sureness: Mapping[str, Sureness],
) -> tuple[ClassTable, ...]:
    members: dict[int, list[ParticipantScore]] = defaultdict(list)
    for score in scores:
        members[score.participant.award_class_id].append(score)
    tables = []
    for class_id, those in members.items():
        award_class = those[0].participant.award_class
        ranked = [rows[score.participant_id] for score in those if score.ranked]
        unranked = [rows[score.participant_id] for score in those if not score.ranked]
        tables.append(
            ClassTable(
                code=award_class.code,
                name=award_class.name,
                mean=means.get(class_id),
                ranked=tuple(ranked),
                sureness=sureness.get(award_class.code),
                unranked=tuple(sorted(unranked, key=lambda row: in_alphabet(row.name))),
            )
        )
    return tuple(sorted(tables, key=lambda table: in_alphabet(table.name)))


def _channel_prizes(
    prizes: Iterable[Award], rows: Mapping[int, ScoreRow], scores: Mapping[int, ParticipantScore]
) -> tuple[ChannelPrize, ...]:
    winners: dict[str, list[int]] = defaultdict(list)
    for prize in prizes:
        if prize.kind in Channel.values:
            winners[prize.kind].append(prize.participant_id)
    found = []
    for channel in Channel.values:
        value = scores[winners[channel][0]].figure(channel) if winners[channel] else None
        if value is None:
            continue
        found.append(
            ChannelPrize(
                title=str(AwardKind(channel).label),
                winners=tuple(rows[participant] for participant in winners[channel]),
                value=value,
            )
        )
    return tuple(found)


def _scores_by_participant(scores: Iterable[ParticipantScore]) -> dict[tuple[int, int], ParticipantScore]:
    return {(score.run_id, score.participant_id): score for score in scores}
