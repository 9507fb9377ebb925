"""Checks of an edition's rules and identifiers, before any number is made.

What only shows while answers are read (an option that does not exist, a wait beyond the bands) is found in ``answers``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import TypeVar

from scoring.engine.problems import DataProblem
from scoring.engine.types import (
    COUNTED_OUTCOMES,
    OUTCOMES,
    REVIEWS,
    Band,
    Contact,
    ContactSums,
    Edition,
    Participant,
    Question,
    Rules,
)
from surveys.engine.words import ANSWERED_AREAS, CHANNELS, CX, METRICS, QUESTION_KINDS, SCALE, SCORED_AREAS

WEIGHT_SUM = 100
HIGHEST_PERCENT = 100

_T = TypeVar("_T")


def check_identifiers(edition: Edition) -> Iterator[DataProblem]:
    """Repeated codes, and contacts whose participant, channel or state nobody knows."""
    yield from _repeated("participant", (participant.code for participant in edition.participants))
    yield from _repeated("contact", (contact.code for contact in edition.contacts))
    known = {participant.code for participant in edition.participants}
    for contact in edition.contacts:
        yield from _check_contact(contact, known)


def check_sums(rules: Rules, participants: Sequence[Participant], sums: Sequence[ContactSums]) -> Iterator[DataProblem]:
    """The same of an edition whose answers were summed elsewhere."""
    yield from check_rules(rules)
    yield from _repeated("participant", (participant.code for participant in participants))
    yield from _repeated("contact", (contact.code for contact in sums))
    known = {participant.code for participant in participants}
    for contact in sums:
        yield from _check_sums(contact, known)


def check_rules(rules: Rules) -> Iterator[DataProblem]:
    yield from _check_weights(rules)
    yield from _check_minimums(rules)
    for channel, bands in rules.bands.items():
        yield from _check_bands(channel, bands)
    for code, question in rules.questions.items():
        yield from _check_question(code, question)
    metrics = [question.metric for question in rules.questions.values() if question.metric]
    for metric in _more_than_once(metrics):
        yield DataProblem("metric_repeated", "metric", metric, "belongs to more than one question")


def _check_weights(rules: Rules) -> Iterator[DataProblem]:
    unknown = sorted(set(rules.weights) - set(SCORED_AREAS))
    if unknown:
        yield DataProblem("unknown_area", "weight", unknown[0], "no such performance area")
    for area, weight in rules.weights.items():
        if not is_exact(weight):
            yield DataProblem("not_exact", "weight", area, f"{weight!r} is not an exact number")
            return
        if weight < 0:
            yield DataProblem("negative_weight", "weight", area, f"{weight} is negative")
    total = sum(rules.weights.get(area, 0) for area in SCORED_AREAS)
    if total != WEIGHT_SUM:
        yield DataProblem("weights_sum", "weight", "", f"the weights sum to {total}, not {WEIGHT_SUM}", str(total))


def _check_minimums(rules: Rules) -> Iterator[DataProblem]:
    if rules.min_counted < 1:
        yield DataProblem(
            "minimum", "rule", "min_counted", f"{rules.min_counted}: a place needs at least one counted contact"
        )
    if rules.min_channel_contacts < 0:
        yield DataProblem("minimum", "rule", "min_channel_contacts", f"{rules.min_channel_contacts} is negative")


def _check_bands(channel: str, bands: tuple[Band, ...]) -> Iterator[DataProblem]:
    if channel not in CHANNELS:
        yield DataProblem("unknown_channel", "wait bands", channel, "no such channel")
    for band in bands:
        if not is_exact(band.percent) or not (band.up_to is None or is_exact(band.up_to)):
            yield DataProblem(
                "not_exact", "wait bands", channel, f"{band.up_to!r} → {band.percent!r} is not an exact number"
            )
        elif not 0 <= band.percent <= HIGHEST_PERCENT:
            yield DataProblem("percent_range", "wait bands", channel, f"{band.percent} % is not between 0 and 100")
    for limit in _more_than_once(band.up_to for band in bands):
        told = "∞" if limit is None else str(limit)
        yield DataProblem("band_repeated", "wait bands", channel, f"the limit {told} is given more than once", told)


def _check_question(code: str, question: Question) -> Iterator[DataProblem]:
    where = ("question", code)
    yield from _check_metric(question)
    if question.code != code:
        yield DataProblem("code_differs", *where, f"is filed under another code, {question.code}")
    if question.area not in (*SCORED_AREAS, CX):
        yield DataProblem("unknown_area", *where, f"no such area: {question.area}", question.area)
    if question.kind not in QUESTION_KINDS:
        yield DataProblem("unknown_kind", *where, f"no such kind: {question.kind}", question.kind)
    for channel in sorted(question.channels - set(CHANNELS)):
        yield DataProblem("unknown_channel", *where, f"no such channel: {channel}", channel)
    yield from _check_points(question)


def _check_points(question: Question) -> Iterator[DataProblem]:
    where = ("question", question.code)
    for option in question.options.values():
        if option.points is None:
            continue
        if not is_exact(option.points):
            yield DataProblem("not_exact", *where, f"option {option.code}: {option.points!r} is not an exact number")
        elif option.points < 0:
            yield DataProblem(
                "negative_points", *where, f"option {option.code} has negative points, {option.points}", option.code
            )


def _check_metric(question: Question) -> Iterator[DataProblem]:
    where = ("question", question.code)
    if not question.metric:
        return
    if question.metric not in METRICS:
        yield DataProblem("unknown_metric", *where, f"no such metric: {question.metric}", question.metric)
    if question.kind != SCALE:
        yield DataProblem("metric_without_scale", *where, f"the metric {question.metric} needs a scale")
    if question.area != CX:
        yield DataProblem(
            "metric_outside_cx", *where, f"the metric {question.metric} belongs to {CX}, not {question.area}"
        )


def _check_contact(contact: Contact, participants: set[str]) -> Iterator[DataProblem]:
    where = ("contact", contact.code)
    if contact.participant not in participants:
        yield DataProblem(
            "unknown_participant", *where, f"no such participant: {contact.participant}", contact.participant
        )
    if contact.channel not in CHANNELS:
        yield DataProblem("unknown_channel", *where, f"no such channel: {contact.channel}", contact.channel)
    if contact.outcome not in OUTCOMES:
        yield DataProblem("unknown_outcome", *where, f"no such outcome: {contact.outcome}", contact.outcome)
    if contact.review not in REVIEWS:
        yield DataProblem("unknown_review", *where, f"no such review state: {contact.review}", contact.review)


def _check_sums(contact: ContactSums, participants: set[str]) -> Iterator[DataProblem]:
    where = ("contact", contact.code)
    if contact.participant not in participants:
        yield DataProblem(
            "unknown_participant", *where, f"no such participant: {contact.participant}", contact.participant
        )
    if contact.channel not in CHANNELS:
        yield DataProblem("unknown_channel", *where, f"no such channel: {contact.channel}", contact.channel)
    if contact.outcome not in COUNTED_OUTCOMES:
        yield DataProblem("not_counted", *where, f"the outcome {contact.outcome!r} does not count")
    if len(contact.sums) != len(ANSWERED_AREAS):
        yield DataProblem("sums_missing", *where, f"{len(contact.sums)} area sums instead of {len(ANSWERED_AREAS)}")


def _repeated(subject: str, codes: Iterable[str]) -> Iterator[DataProblem]:
    for code in _more_than_once(codes):
        yield DataProblem("code_repeated", subject, code, "is given more than once")


def _more_than_once(values: Iterable[_T]) -> list[_T]:
    return [value for value, times in Counter(values).items() if times > 1]


def is_exact(value: object) -> bool:
    """Whole numbers and fractions; a float (NaN and infinity among them) has no place between an answer and a rank."""
    return isinstance(value, int | Fraction) and not isinstance(value, bool)
