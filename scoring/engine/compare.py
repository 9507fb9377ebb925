"""Two results side by side: what moved, and why. Before and after an appeal, two methods, or two years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from scoring.engine.types import FIGURES, Award, ContactScore, EditionResult, ParticipantResult

OWN, OTHERS = "own", "others"
RANKED, UNRANKED, ADDED, REMOVED = "ranked", "unranked", "added", "removed"
SCORE, COUNTED, NOT_COUNTED, ANSWER = "score", "counted", "not_counted", "answered"


@dataclass(frozen=True, slots=True)
class FigureChange:
    """``difference`` is after − before, ``None`` where either is missing."""

    figure: str
    before: Fraction | None
    after: Fraction | None
    difference: Fraction | None


@dataclass(frozen=True, slots=True)
class ContactChange:
    """A contact that differs: ``kind`` says how (another score, counted now, not counted any more, answer won or lost).

    ``share`` is what this contact alone moved its participant's total by: its part of the total after − before.
    """

    contact: str
    kind: str
    before: Fraction | None
    after: Fraction | None
    areas: tuple[FigureChange, ...]
    share: Fraction


@dataclass(frozen=True, slots=True)
class Move:
    """A participant that differs in a figure or a place.

    ``cause`` is ``own`` (its ranking figures changed), ``others`` (only those of rivals did), ``ranked`` or
    ``unranked`` (it gained or lost its place among the ranked), ``added`` or ``removed`` (it is in one result only).
    ``spread_share`` is the part of the total's change that comes from dividing by another number of contacts.
    """

    participant: str
    cause: str
    before: ParticipantResult | None
    after: ParticipantResult | None
    figures: tuple[FigureChange, ...]
    contacts: tuple[ContactChange, ...]
    spread_share: Fraction


@dataclass(frozen=True, slots=True)
class ResultComparison:
    """``moves`` in the order of the later result, the removed after them.

    ``unchanged`` counts the participants without one.
    """

    moves: tuple[Move, ...]
    unchanged: int
    awards_gained: tuple[Award, ...]
    awards_lost: tuple[Award, ...]
    summary: tuple[FigureChange, ...]


def compare(before: EditionResult, after: EditionResult, *, same_contacts: bool = True) -> ResultComparison:
    """Set two results side by side; with ``same_contacts=False`` (two years) equal contact codes mean nothing."""
    old = {row.participant: row for row in before.participants}
    new = {row.participant: row for row in after.participants}
    contacts = (_by_participant(before.contacts), _by_participant(after.contacts)) if same_contacts else ({}, {})
    codes = [*new, *(code for code in old if code not in new)]
    moves = [_move(code, old.get(code), new.get(code), contacts) for code in codes]
    found = tuple(move for move in moves if move is not None)
    return ResultComparison(
        moves=found,
        unchanged=len(codes) - len(found),
        awards_gained=tuple(award for award in after.awards if award not in before.awards),
        awards_lost=tuple(award for award in before.awards if award not in after.awards),
        summary=_changes(dict(before.summary.figures()), dict(after.summary.figures())),
    )


ByParticipant = Mapping[str, Mapping[str, ContactScore]]


def _by_participant(contacts: Iterable[ContactScore]) -> ByParticipant:
    found: defaultdict[str, dict[str, ContactScore]] = defaultdict(dict)
    for contact in contacts:
        found[contact.participant][contact.code] = contact
    return found


def _move(
    code: str,
    before: ParticipantResult | None,
    after: ParticipantResult | None,
    contacts: tuple[ByParticipant, ByParticipant],
) -> Move | None:
    old, new = contacts[0].get(code, {}), contacts[1].get(code, {})
    figures = _changes(dict(before.figures()) if before else {}, dict(after.figures()) if after else {})
    changed = _contact_changes(old, new)
    cause = _cause(before, after, figures)
    if cause is None and not figures and not changed:
        return None
    return Move(code, cause or OWN, before, after, figures, changed, _spread_share(old, new))


def _cause(
    before: ParticipantResult | None, after: ParticipantResult | None, figures: Iterable[FigureChange]
) -> str | None:
    if before is None or after is None:
        return ADDED if before is None else REMOVED
    if before.ranked != after.ranked:
        return RANKED if after.ranked else UNRANKED
    if any(change.figure in _DECIDING for change in figures):
        return OWN
    moved = (before.rank_in_class, before.rank_overall) != (after.rank_in_class, after.rank_overall)
    return OTHERS if moved else None


_DECIDING = ("total", "answered_total", "agent")


def _changes(
    before: Mapping[str, Fraction | None], after: Mapping[str, Fraction | None], names: Iterable[str] = FIGURES
) -> tuple[FigureChange, ...]:
    pairs = ((name, before.get(name), after.get(name)) for name in names)
    return tuple(FigureChange(name, old, new, _difference(old, new)) for name, old, new in pairs if old != new)


def _difference(before: Fraction | None, after: Fraction | None) -> Fraction | None:
    return None if before is None or after is None else after - before


def _contact_changes(
    before: Mapping[str, ContactScore], after: Mapping[str, ContactScore]
) -> tuple[ContactChange, ...]:
    codes = sorted({*before, *after})
    changes = (
        _contact_change(code, before.get(code), after.get(code), len(before), len(after))
        for code in codes
        if before.get(code) != after.get(code)
    )
    return tuple(changes)


def _contact_change(
    code: str, before: ContactScore | None, after: ContactScore | None, made_before: int, made_after: int
) -> ContactChange:
    old, new = before.score if before else None, after.score if after else None
    areas = _changes(before.areas if before else {}, after.areas if after else {})
    share = _part(new, made_after) - _part(old, made_before)
    return ContactChange(code, _kind(before, after), old, new, areas, share)


def _part(score: Fraction | None, contacts: int) -> Fraction:
    return Fraction(0) if score is None else score / contacts


def _kind(before: ContactScore | None, after: ContactScore | None) -> str:
    if before is None:
        return COUNTED
    if after is None:
        return NOT_COUNTED
    return SCORE if before.answered == after.answered else ANSWER


def _spread_share(before: Mapping[str, ContactScore], after: Mapping[str, ContactScore]) -> Fraction:
    """What the contacts that did not change moved the total by, being divided by another number."""
    if len(before) == len(after):
        return Fraction(0)
    kept = [contact.score for code, contact in before.items() if after.get(code) == contact]
    total = sum(kept, start=Fraction(0))
    return total / len(after) - total / len(before) if kept else Fraction(0)
