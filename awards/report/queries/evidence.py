"""A count opened up: what every participant answered and lost, read once for all the reports of an edition."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from awards.studies.queries.reading import study_seed
from scoring import engine
from scoring.engine.answers import Effect, effect_of, ordered_bands
from scoring.engine.confidence import Confidence, study_confidence
from scoring.models import ParticipantScore, ScoreRun
from scoring.queries import read_edition
from scoring.queries.counts import RunOutdated
from surveys.engine.words import ANSWERED, ANSWERED_AREAS, WAIT
from surveys.models import Option, Question, WaitBand

FULL = Fraction(100)
NO_ANSWER_LOSS = "no_answer"
"""The key under which the points lost to unanswered contacts are kept, beside `wait` and the codes of questions."""


@dataclass(frozen=True, slots=True)
class QuestionTally:
    """What a participant's answered contacts said to one question.

    `obtained` and `possible` are points over the contacts where the question counted; `chosen` is how often each option
    code or scale value was given; `asked` is how many contacts gave any answer at all.
    """

    obtained: Fraction
    possible: Fraction
    chosen: Mapping[str, int]
    asked: int

    @property
    def score(self) -> Fraction | None:
        """Points obtained in per cent of those possible; None where the question never counted."""
        return FULL * self.obtained / self.possible if self.possible else None


@dataclass(frozen=True, slots=True)
class ParticipantEvidence:
    """One participant: the frozen figures, the score of each counted contact by code, its tallies and its losses.

    `losses` is what separates the total from 100, in points: under `no_answer`, `wait` and each question's code. They
    sum to 100 − total exactly.
    """

    code: str
    name: str
    class_code: str
    score: ParticipantScore
    contacts: Mapping[str, engine.ContactScore]
    tallies: Mapping[str, QuestionTally]
    losses: Mapping[str, Fraction]

    def figure(self, name: str) -> Fraction | None:
        return self.score.figure(name)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything the reports of one count are made of. `questions` are in the order of the questionnaire.

    `classes` and `summary` are the count's own figures of each class and of everybody: nothing that has a value there
    is worked out again.
    """

    run: ScoreRun
    rules: engine.Rules
    participants: Mapping[str, ParticipantEvidence]
    classes: Mapping[str, engine.ClassResult]
    summary: engine.Summary
    questions: tuple[Question, ...]
    options: Mapping[str, tuple[Option, ...]]
    bands: Mapping[str, tuple[WaitBand, ...]]
    confidence: Confidence

    def class_of(self, participant: ParticipantEvidence) -> tuple[ParticipantEvidence, ...]:
        """The participant's class, itself included, in the order of the results."""
        return tuple(other for other in self.participants.values() if other.class_code == participant.class_code)


def evidence_of(run: ScoreRun) -> Evidence:
    """Read and recount the answers of a count. Twelve queries and a few seconds for a whole edition.

    Raises: RunOutdated if the answers are no longer those that were counted.
    """
    edition = run.edition
    given = read_edition(edition)
    if engine.input_digest(given) != run.input_digest:
        raise RunOutdated(edition.code)
    result = engine.score_edition(given, method=run.method)
    scores: dict[str, dict[str, engine.ContactScore]] = defaultdict(dict)
    for contact_score in result.contacts:
        scores[contact_score.participant][contact_score.code] = contact_score
    contacts: dict[str, list[engine.Contact]] = defaultdict(list)
    for contact in given.contacts:
        if contact.code in scores[contact.participant]:
            contacts[contact.participant].append(contact)
    opened = _OpenedAnswers(given.rules)
    rows = run.participant_scores.select_related("participant__award_class").order_by("position")
    return Evidence(
        run=run,
        rules=given.rules,
        participants={
            row.participant.code: ParticipantEvidence(
                code=row.participant.code,
                name=row.participant.name,
                class_code=row.participant.award_class.code,
                score=row,
                contacts=scores[row.participant.code],
                tallies=opened.tallies(contacts[row.participant.code]),
                losses=opened.losses(contacts[row.participant.code], scores[row.participant.code]),
            )
            for row in rows
        },
        classes={row.award_class: row for row in result.classes},
        summary=result.summary,
        questions=tuple(Question.objects.filter(edition=edition)),
        options=_options(run),
        bands=_bands(run),
        confidence=study_confidence(result, seed=study_seed(run)),
    )


class _OpenedAnswers:
    """Takes answers apart by the edition's rules. The effect of an answer is worked out once, then looked up."""

    def __init__(self, rules: engine.Rules) -> None:
        self._rules = rules
        self._effects: dict[tuple[str, str, frozenset[str]], Effect] = {}

    def tallies(self, contacts: Iterable[engine.Contact]) -> dict[str, QuestionTally]:
        chosen: dict[str, Counter[str]] = defaultdict(Counter)
        asked: Counter[str] = Counter()
        obtained: dict[str, Fraction] = defaultdict(Fraction)
        possible: dict[str, Fraction] = defaultdict(Fraction)
        for contact in contacts:
            for code, ticked in contact.options.items():
                chosen[code].update(ticked)
                asked[code] += 1
                effect = self._effect(contact.channel, code, ticked)
                obtained[code] += effect.obtained
                possible[code] += effect.possible
            for code, value in contact.values.items():
                chosen[code][str(value)] += 1
                asked[code] += 1
        return {
            code: QuestionTally(
                obtained=obtained[code], possible=possible[code], chosen=dict(chosen[code]), asked=asked[code]
            )
            for code in asked
        }

    def losses(
        self, contacts: Iterable[engine.Contact], scores: Mapping[str, engine.ContactScore]
    ) -> dict[str, Fraction]:
        sums: dict[str, Fraction] = defaultdict(Fraction)
        for contact in contacts:
            for key, points in self._contact_losses(contact, scores[contact.code]):
                sums[key] += points
        return {key: points / len(scores) for key, points in sums.items() if points}

    def _contact_losses(self, contact: engine.Contact, score: engine.ContactScore) -> Iterator[tuple[str, Fraction]]:
        """Each part that keeps the contact from 100, in points of the contact's score."""
        if contact.outcome != ANSWERED:
            yield NO_ANSWER_LOSS, FULL
            return
        weights = self._rules.weights
        weight_sum = sum(weights[area] for area in score.areas)
        if WAIT in score.areas:
            yield WAIT, weights[WAIT] * (FULL - score.areas[WAIT]) / weight_sum
        effects = [(code, self._effect(contact.channel, code, ticked)) for code, ticked in contact.options.items()]
        possible: Counter[int] = Counter()
        for _code, effect in effects:
            possible[effect.area] += effect.possible  # type: ignore[assignment]  # a sum of exact points
        for code, effect in effects:
            missed = effect.possible - effect.obtained
            if missed:
                weight = weights[ANSWERED_AREAS[effect.area]] / weight_sum
                yield code, FULL * weight * missed / possible[effect.area]

    def _effect(self, channel: str, code: str, ticked: frozenset[str]) -> Effect:
        key = (channel, code, ticked)
        if key not in self._effects:
            self._effects[key] = effect_of(self._rules.questions[code], channel, ticked)
        return self._effects[key]


def _options(run: ScoreRun) -> dict[str, tuple[Option, ...]]:
    found: dict[str, list[Option]] = defaultdict(list)
    for option in Option.objects.filter(question__edition=run.edition).select_related("question"):
        found[option.question.code].append(option)
    return {code: tuple(options) for code, options in found.items()}


def _bands(run: ScoreRun) -> dict[str, tuple[WaitBand, ...]]:
    found: dict[str, list[WaitBand]] = defaultdict(list)
    for band in WaitBand.objects.filter(edition=run.edition):
        found[band.channel].append(band)
    return {channel: tuple(ordered_bands(bands)) for channel, bands in found.items()}
