"""Why a participant has the total it has: every step from the single answer to the place, as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from scoring.engine.answers import band_of, effect_of, ordered_bands
from scoring.engine.methods import DEFAULT_METHOD
from scoring.engine.recount import score_edition
from scoring.engine.types import (
    COUNTED_OUTCOMES,
    RANK_STEPS,
    Band,
    Contact,
    ContactScore,
    Edition,
    EditionResult,
    Exact,
    ParticipantResult,
    Question,
    Rules,
)
from surveys.engine.words import ANSWERED, ANSWERED_AREAS, CHANNELS, METRICS, NOT_MADE, SCORED_AREAS, WAIT

NOT_COUNTED_NOT_MADE, NOT_COUNTED_VOID, NOT_COUNTED_REVIEW = "not_made", "void", "review"
SHARED = "shared"


class UnknownParticipantError(LookupError):
    """The edition has no participant of that code."""

    def __init__(self, participant: str) -> None:
        self.participant = participant
        super().__init__(f"no participant is called {participant!r}")


@dataclass(frozen=True, slots=True)
class QuestionStep:
    """One question in one contact; ``left_out`` tells why it is in neither sum, else ``None``."""

    question: str
    kind: str
    ticked: tuple[str, ...]
    obtained: Exact
    possible: Exact
    left_out: str | None


@dataclass(frozen=True, slots=True)
class WaitStep:
    """The wait in the channel's unit and the band it fell in."""

    wait: Fraction
    band: Band


@dataclass(frozen=True, slots=True)
class AreaStep:
    """100 · obtained / possible (for the wait: the band's percentage), and the weight it enters the contact with.

    ``score`` is ``None`` and ``weight_used`` 0 where nothing could be measured.
    """

    area: str
    questions: tuple[QuestionStep, ...]
    wait: WaitStep | None
    obtained: Exact
    possible: Exact
    score: Fraction | None
    weight: Exact
    weight_used: Exact


@dataclass(frozen=True, slots=True)
class ContactStep:
    """One contact; ``not_counted`` tells why it is left out (``not_made``, ``void``, ``review``), else ``None``.

    ``score`` is Σ weight_used · score / ``weight_sum`` over its areas, 0 for no answer.
    """

    contact: str
    channel: str
    outcome: str
    review: str
    not_counted: str | None
    areas: tuple[AreaStep, ...]
    weight_sum: Exact
    score: Fraction | None


@dataclass(frozen=True, slots=True)
class MeanStep:
    """A figure and the (contact, value) pairs it is made of; ``value`` is ``None`` where there are none."""

    figure: str
    terms: tuple[tuple[str, Exact], ...]
    value: Fraction | None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The row just above or below; ``decided_by`` is the first figure that differs, ``shared`` where none does."""

    participant: str
    rank: int
    is_above: bool
    decided_by: str
    own: Fraction | None
    other: Fraction | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything behind one row of the results."""

    participant: str
    method: str
    weights: Mapping[str, Fraction]
    contacts: tuple[ContactStep, ...]
    means: tuple[MeanStep, ...]
    result: ParticipantResult
    neighbours_in_class: tuple[Neighbour, ...]
    neighbours_overall: tuple[Neighbour, ...]


def explain(
    edition: Edition, participant: str, *, method: str = DEFAULT_METHOD, result: EditionResult | None = None
) -> Explanation:
    """Take one participant's row apart; pass ``result`` to spare a recount that has been made already.

    Raises ``UnknownParticipantError``, and what ``score_edition`` raises.
    """
    if all(known.code != participant for known in edition.participants):
        raise UnknownParticipantError(participant)
    result = result or score_edition(edition, method=method)
    row = result.participant(participant)
    scores = {score.code: score for score in result.contacts if score.participant == participant}
    contacts = sorted((c for c in edition.contacts if c.participant == participant), key=lambda contact: contact.code)
    class_rows = [other for other in result.participants if other.award_class == row.award_class]
    return Explanation(
        participant=participant,
        method=method,
        weights=dict(edition.rules.weights),
        contacts=tuple(_contact_step(edition.rules, contact, scores.get(contact.code)) for contact in contacts),
        means=_mean_steps([scores[contact.code] for contact in contacts if contact.code in scores], row),
        result=row,
        neighbours_in_class=_neighbours(row, class_rows, "rank_in_class"),
        neighbours_overall=_neighbours(row, result.participants, "rank_overall"),
    )


def _contact_step(rules: Rules, contact: Contact, score: ContactScore | None) -> ContactStep:
    areas: tuple[AreaStep, ...] = ()
    if contact.is_counted and contact.outcome == ANSWERED:
        areas = (_wait_step(rules, contact), *(_area_step(rules, contact, area) for area in ANSWERED_AREAS))
    return ContactStep(
        contact=contact.code,
        channel=contact.channel,
        outcome=contact.outcome,
        review=contact.review,
        not_counted=_why_not_counted(contact),
        areas=areas,
        weight_sum=sum(area.weight_used for area in areas),
        score=score.score if score else None,
    )


def _why_not_counted(contact: Contact) -> str | None:
    if contact.is_counted:
        return None
    if contact.outcome == NOT_MADE:
        return NOT_COUNTED_NOT_MADE
    return NOT_COUNTED_REVIEW if contact.outcome in COUNTED_OUTCOMES else NOT_COUNTED_VOID


def _wait_step(rules: Rules, contact: Contact) -> AreaStep:
    wait = contact.wait
    band = band_of(ordered_bands(rules.bands.get(contact.channel, ())), wait) if wait is not None else None
    weight = rules.weights.get(WAIT, 0)
    if wait is None or band is None:
        return AreaStep(WAIT, (), None, 0, 0, None, weight, 0)
    return AreaStep(WAIT, (), WaitStep(wait, band), band.percent, 100, band.percent, weight, weight)


def _area_step(rules: Rules, contact: Contact, area: str) -> AreaStep:
    questions = [question for _, question in sorted(rules.questions.items()) if question.area == area]
    steps = tuple(_question_step(question, contact) for question in questions)
    obtained = sum(step.obtained for step in steps)
    possible = sum(step.possible for step in steps)
    score = Fraction(100 * obtained, possible) if possible else None
    weight = rules.weights.get(area, 0)
    return AreaStep(area, steps, None, obtained, possible, score, weight, weight if possible else 0)


def _question_step(question: Question, contact: Contact) -> QuestionStep:
    ticked = contact.options.get(question.code, frozenset())
    effect = effect_of(question, contact.channel, ticked)
    return QuestionStep(
        question.code, question.kind, tuple(sorted(ticked)), effect.obtained, effect.possible, effect.left_out
    )


def _mean_steps(scores: Sequence[ContactScore], row: ParticipantResult) -> tuple[MeanStep, ...]:
    terms: dict[str, list[tuple[str, Exact]]] = {
        "total": [(score.code, score.score) for score in scores],
        "answered_total": [(score.code, score.score) for score in scores if score.answered],
    }
    for area in SCORED_AREAS:
        terms[area] = [(score.code, score.areas[area]) for score in scores if area in score.areas]
    for channel in CHANNELS:
        terms[channel] = [(score.code, score.score) for score in scores if score.channel == channel]
    for metric in METRICS:
        terms[metric] = [(score.code, score.cx[metric]) for score in scores if metric in score.cx]
    return tuple(MeanStep(name, tuple(terms[name]), value) for name, value in row.figures())


def _neighbours(row: ParticipantResult, rows: Sequence[ParticipantResult], rank: str) -> tuple[Neighbour, ...]:
    if not row.ranked:
        return ()
    ranked = [other for other in rows if other.ranked]
    here = ranked.index(row)
    above = [_neighbour(row, ranked[here - 1], rank, is_above=True)] if here else []
    below = [_neighbour(row, ranked[here + 1], rank, is_above=False)] if here + 1 < len(ranked) else []
    return (*above, *below)


def _neighbour(row: ParticipantResult, other: ParticipantResult, rank: str, *, is_above: bool) -> Neighbour:
    step = next((step for step in RANK_STEPS if getattr(row, step) != getattr(other, step)), SHARED)
    own = getattr(row, step) if step != SHARED else None
    others = getattr(other, step) if step != SHARED else None
    return Neighbour(other.participant, getattr(other, rank), is_above, step, own, others)
