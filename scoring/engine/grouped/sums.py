"""The sums of contacts whose answers come grouped.

What an answer's number is worth is worked out once by the same rules as everywhere (``answers.effect_of``) and packed
into one whole number with a field for each sum; adding up a contact's packed numbers gives all its sums side by side,
and how often each question was answered as well. Nothing is rounded, and no field can run over into the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from scoring.engine.answers import NOTHING, ordered_bands, whole
from scoring.engine.checks import check_rules
from scoring.engine.grouped.packing import Packing
from scoring.engine.grouped.types import GroupedContact, IrregularError, Numbering
from scoring.engine.types import (
    ANSWERED,
    CHANNELS,
    COUNTED_OUTCOMES,
    COUNTED_REVIEWS,
    OUTCOMES,
    REVIEWS,
    ContactSums,
    Exact,
    Participant,
    Rules,
)

KNOWN_CHANNELS = frozenset(CHANNELS)


def sum_grouped(
    rules: Rules, participants: Iterable[Participant], numbering: Numbering, contacts: Sequence[GroupedContact]
) -> tuple[ContactSums, ...]:
    """The sums of the counted contacts, in the order given, equal to those of ``Method.sum_answers``.

    Raises ``IrregularError`` wherever that would raise ``DataError``.
    """
    _check(rules, participants, contacts)
    packing = Packing(rules, numbering)
    readers = {
        channel: _ChannelReader(rules, packing, channel) for channel in {contact.channel for contact in contacts}
    }
    counted = {state for state in {(contact.outcome, contact.review) for contact in contacts} if _is_counted(*state)}
    return tuple(
        readers[contact.channel].read(contact) for contact in contacts if (contact.outcome, contact.review) in counted
    )


def _check(rules: Rules, participants: Iterable[Participant], contacts: Sequence[GroupedContact]) -> None:
    """What must hold before answers are read, of contacts that do not count as well."""
    problem = next(check_rules(rules), None)
    if problem is not None:
        raise IrregularError(str(problem))
    strangers = {contact.participant for contact in contacts} - {participant.code for participant in participants}
    unknown = {contact.channel for contact in contacts} - KNOWN_CHANNELS
    if strangers or unknown or len({contact.code for contact in contacts}) < len(contacts):
        raise IrregularError("contacts")


def _is_counted(outcome: str, review: str) -> bool:
    if outcome not in OUTCOMES or review not in REVIEWS:
        raise IrregularError(f"{outcome} {review}")
    return outcome in COUNTED_OUTCOMES and review in COUNTED_REVIEWS


class _ChannelReader:
    """Reads the contacts of one channel; remembers what every number and every wait is worth there."""

    def __init__(self, rules: Rules, packing: Packing, channel: str) -> None:
        self._worth = packing.worth_on(channel).__getitem__
        self._sums_of = packing.sums_of
        self._cx_of = packing.cx_of
        self._limits = [(_whole(band.up_to), band.percent) for band in ordered_bands(rules.bands.get(channel, ()))]
        self._percents: dict[tuple[int, int], Fraction] = {}

    def read(self, contact: GroupedContact) -> ContactSums:
        code, participant, channel, outcome, _review, wait, answers = contact
        if outcome != ANSWERED:
            if answers:
                raise IrregularError(code)
            return ContactSums(code, participant, channel, outcome, None, NOTHING)
        try:
            packed = sum(map(self._worth, answers.split(","))) if answers else 0
        except KeyError as error:
            raise IrregularError(code) from error
        percent = None if wait is None else self._percent(wait)
        return ContactSums(code, participant, channel, outcome, percent, self._sums_of(packed), self._cx_of(packed))

    def _percent(self, wait: Fraction) -> Fraction:
        key = wait.as_integer_ratio()  # quicker to look up than the fraction itself
        percent = self._percents.get(key)
        if percent is None:
            percent = self._percents[key] = self._percent_of(whole(wait))
        return percent

    def _percent_of(self, wait: Exact) -> Fraction:
        if wait >= 0:
            for up_to, percent in self._limits:
                if up_to is None or wait <= up_to:
                    return percent
        raise IrregularError(f"wait {wait}")


def _whole(value: Fraction | None) -> Exact | None:
    return None if value is None else whole(value)
