"""The sums of contacts whose answers come grouped: whole numbers in arrays, nothing rounded and nothing overlooked.

What the rules do not allow is found by counting: how often each contact ticked each question, and how often as not
applicable. Whatever is out of order raises ``IrregularError`` and is left to the reading answer by answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from scoring.engine.answers import band_of, ordered_bands
from scoring.engine.checks import check_rules
from scoring.engine.grouped.types import Flags, GroupedEdition, Ints, IrregularError
from scoring.engine.grouped.worths import Worths, worths_of
from scoring.engine.types import COUNTED_OUTCOMES, COUNTED_REVIEWS, OUTCOMES, REVIEWS, Band
from surveys.engine.words import ANSWERED, CHANNELS, METRICS

NO_WAIT = -1


@dataclass(frozen=True, slots=True)
class GroupedSums:
    """The counted contacts (n) in the order given, as arrays over them.

    ``contact`` is the position among all contacts, ``participant`` that among the participants, ``channel`` that among
    ``CHANNELS``. ``obtained`` and ``possible`` are n × areas, ``cx`` and ``has_cx`` n × metrics. ``wait`` points into
    ``percents``, what the waits are worth; −1 where none was measured.
    """

    contact: Ints
    participant: Ints
    channel: Ints
    answered: Flags
    wait: Ints
    percents: tuple[Fraction, ...]
    obtained: Ints
    possible: Ints
    cx: Ints
    has_cx: Flags


def sum_grouped(edition: GroupedEdition) -> GroupedSums:
    """Raises ``IrregularError`` wherever ``Method.sum_answers`` would raise ``DataError``, and for numbers too wide."""
    problem = next(check_rules(edition.rules), None)
    if problem is not None:
        raise IrregularError(str(problem))
    contacts = edition.contacts
    codes = [participant.code for participant in edition.participants]
    if len(set(codes)) < len(codes) or len(set(contacts.code)) < len(contacts):
        raise IrregularError("a code is given more than once")
    participant = _places(contacts.participant, codes)
    channel = _places(contacts.channel, CHANNELS)
    counted = _flags(contacts.outcome, COUNTED_OUTCOMES, OUTCOMES) & _flags(contacts.review, COUNTED_REVIEWS, REVIEWS)
    answered = counted & _flags(contacts.outcome, {ANSWERED}, OUTCOMES)
    if np.diff(edition.answers.bounds)[counted & ~answered].any():
        raise IrregularError("answers without an answer")
    read = _read_answers(edition, worths_of(edition.rules, edition.known), answered, channel)
    wait, percents = _waits(edition, answered, channel)
    kept = np.flatnonzero(counted)
    return GroupedSums(
        contact=kept,
        participant=participant[kept],
        channel=channel[kept],
        answered=answered[kept],
        wait=wait[kept],
        percents=percents,
        obtained=read.obtained[kept],
        possible=read.possible[kept],
        cx=read.cx[kept],
        has_cx=read.has_cx[kept],
    )


def _places(column: Iterable[str], known: Sequence[str]) -> Ints:
    places = {name: place for place, name in enumerate(known)}
    try:
        return np.array([places[name] for name in column], dtype=np.int64)
    except KeyError as error:
        raise IrregularError(str(error)) from error


def _flags(column: Iterable[str], wanted: Collection[str], known: Collection[str]) -> Flags:
    found = {name: name in wanted for name in known}
    try:
        return np.array([found[name] for name in column], dtype=np.bool_)
    except KeyError as error:
        raise IrregularError(str(error)) from error


@dataclass(frozen=True, slots=True)
class _Read:
    """What the answers of every contact add up to; zeros for contacts that are not read."""

    obtained: Ints
    possible: Ints
    cx: Ints
    has_cx: Flags


def _read_answers(edition: GroupedEdition, worths: Worths, answered: Flags, channel: Ints) -> _Read:
    """Adds up the answers of the answered contacts, having made sure that the rules allow every one of them."""
    is_read = answered[edition.answers.contact]
    place, contact = edition.answers.place[is_read], edition.answers.contact[is_read]
    if not (worths.regular[place].all() and worths.fits[channel[contact], place].all()):
        raise IrregularError("an answer that its question or its channel does not have")
    cx, has_cx = _values(worths, place, contact, len(answered))
    return _Read(
        obtained=_added(worths.obtained, place, contact, len(answered)),
        possible=_counting(worths, place, contact, len(answered)).astype(np.int64) @ worths.possible,
        cx=cx,
        has_cx=has_cx,
    )


def _added(worth: Ints, place: Ints, contact: Ints, contacts: int) -> Ints:
    """contacts × columns: the sum of what each contact's answers are worth, which lie side by side; 0 of none."""
    sums = np.zeros((contacts, worth.shape[1]), dtype=np.int64)
    if not len(contact):
        return sums
    starts = np.concatenate(([0], 1 + np.flatnonzero(contact[1:] != contact[:-1])))
    for area, column in enumerate(np.ascontiguousarray(worth.T)):
        sums[contact[starts], area] = np.add.reduceat(column[place], starts)
    return sums


def _counting(worths: Worths, place: Ints, contact: Ints, contacts: int) -> Flags:
    """contacts × questions: whether the question was answered, and not as not applicable."""
    shape = contacts, len(worths.possible)
    cell = contact * shape[1] + worths.question[place]
    times = np.bincount(cell, minlength=contacts * shape[1]).reshape(shape)
    left_out = np.zeros(shape, dtype=np.bool_)
    left_out.ravel()[cell[worths.not_applicable[place]]] = True
    if ((times > 1) & (left_out | ~worths.takes_several)).any():
        raise IrregularError("several answers where one is asked for")
    return (times > 0) & ~left_out


def _values(worths: Worths, place: Ints, contact: Ints, contacts: int) -> tuple[Ints, Flags]:
    """contacts × metrics: the values that were given, and whether one was."""
    place, contact = (column[worths.metric[place] >= 0] for column in (place, contact))
    cx = np.zeros((contacts, len(METRICS)), dtype=np.int64)
    has_cx = np.zeros(cx.shape, dtype=np.bool_)
    cx[contact, worths.metric[place]] = worths.value[place]
    has_cx[contact, worths.metric[place]] = True
    return cx, has_cx


def _waits(edition: GroupedEdition, answered: Flags, channel: Ints) -> tuple[Ints, tuple[Fraction, ...]]:
    """Where in the returned percentages each contact's wait is; every wait is looked up once for each channel."""
    given = np.array(edition.contacts.wait, dtype=np.int64)
    wait = np.where(answered, given, NO_WAIT)
    percents: dict[Fraction, int] = {}
    worth = np.full((len(CHANNELS), len(edition.contacts.waits)), NO_WAIT, dtype=np.int64)
    measured = wait >= 0
    bands = [ordered_bands(edition.rules.bands.get(name, ())) for name in CHANNELS]
    for cell in np.unique(channel[measured] * worth.shape[1] + wait[measured]).tolist():
        on_channel, place = divmod(cell, worth.shape[1])
        percent = _percent(bands[on_channel], edition.contacts.waits[place])
        worth[on_channel, place] = percents.setdefault(percent, len(percents))
    wait[measured] = worth[channel[measured], wait[measured]]
    return wait, tuple(percents)


def _percent(bands: Sequence[Band], wait: Fraction) -> Fraction:
    band = band_of(bands, wait)
    if band is None or wait < 0:
        raise IrregularError(f"wait {wait}")
    return band.percent
