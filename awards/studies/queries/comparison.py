"""«Sammenlikn»: two counts side by side, and what one contact is worth to whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from awards.studies.queries.reading import Names, names_of, rules_of
from scoring import engine
from scoring.engine import compare as engine_compare
from scoring.engine.compare import ContactChange, FigureChange, Move
from scoring.models import AwardKind, ScoreRun
from scoring.queries import result_of
from surveys.models import Area, Channel, Edition, Metric
from surveys.queries.names import names_apart

CAUSES: dict[str, str | Promise] = {
    engine_compare.OWN: _("egne tall"),
    engine_compare.OTHERS: _("andres tall"),
    engine_compare.RANKED: _("er blitt rangert"),
    engine_compare.UNRANKED: _("er ikke lenger rangert"),
    engine_compare.ADDED: _("ny"),
    engine_compare.REMOVED: _("ikke lenger med"),
}
CHANGES: dict[str, str | Promise] = {
    engine_compare.SCORE: _("annen score"),
    engine_compare.COUNTED: _("teller nå"),
    engine_compare.NOT_COUNTED: _("teller ikke lenger"),
    engine_compare.ANSWER: _("svar vunnet eller tapt"),
}
FIGURE_LABELS: dict[str, str | Promise] = {
    "total": _("Totalresultat"),
    "answered_total": _("Besvarte"),
    **{area.value: area.label for area in Area},
    **{channel.value: channel.label for channel in Channel},
    **{metric.value: metric.label for metric in Metric},
}


@dataclass(frozen=True)
class RunChoice:
    """A count one can put on either side."""

    pk: int
    edition: str
    is_own: bool
    created_at: dt.datetime


@dataclass(frozen=True)
class FigureRow:
    """A figure before and after; `difference` is None where one of them is missing."""

    label: str
    before: Fraction | None
    after: Fraction | None
    difference: Fraction | None


@dataclass(frozen=True)
class ChangedContact:
    """A contact that differs, and the part of the total's change that is its own."""

    code: str
    kind: str
    before: Fraction | None
    after: Fraction | None
    share: Fraction


@dataclass(frozen=True)
class MoveRow:
    """A participant that differs: its places in class and overall, None where it has none, and why it moved."""

    name: str
    class_name: str
    cause: str
    place_before: int | None
    place_after: int | None
    overall_before: int | None
    overall_after: int | None
    total: FigureRow
    figures: tuple[FigureRow, ...]
    contacts: tuple[ChangedContact, ...]
    spread_share: Fraction


@dataclass(frozen=True)
class AwardRow:
    """A prize gained or lost."""

    title: str
    name: str
    is_gained: bool


@dataclass(frozen=True)
class ComparisonPage:
    """Two results side by side, the greatest moves first. `unchanged` is how many participants do not differ at all."""

    moves: tuple[MoveRow, ...]
    unchanged: int
    awards: tuple[AwardRow, ...]
    summary: tuple[FigureRow, ...]
    knows_contacts: bool

    @property
    def is_same(self) -> bool:
        return not (self.moves or self.awards or self.summary)


def run_choices(edition: Edition, *, others: Iterable[int]) -> tuple[RunChoice, ...]:
    """The edition's counts, and the newest one of each other edition whose results may be seen. One query."""
    runs = ScoreRun.objects.select_related("edition").order_by("-created_at", "-pk")
    seen: set[int] = set()
    found = []
    for run in runs.filter(edition__in=[edition.pk, *others]):
        if run.edition_id == edition.pk or run.edition_id not in seen:
            found.append(run)
        seen.add(run.edition_id)
    names = names_apart([run.edition for run in found])
    return tuple(
        RunChoice(run.pk, names[run.edition_id], run.edition_id == edition.pk, run.created_at) for run in found
    )


def compare_runs(before: ScoreRun, after: ScoreRun) -> ComparisonPage:
    """What moved from one count to the other and why. Contacts are told only of counts of the same edition."""
    old, new = result_of(before), result_of(after)
    same = before.edition_id == after.edition_id and bool(old.contacts) and bool(new.contacts)
    found = engine_compare.compare(old, new, same_contacts=same)
    return _page(found, _names_of_both(before, after), knows_contacts=same)


def without_contact(run: ScoreRun, contact: str) -> ComparisonPage:
    """What would move if one counted contact were struck out of a count, by the count's own rules.

    Raises KeyError for a contact that does not count, and RulesNotKeptError.
    """
    result = result_of(run)
    left = tuple(score for score in result.contacts if score.code != contact)
    if len(left) == len(result.contacts):
        raise KeyError(contact)
    rules = rules_of(run)
    participants = [engine.Participant(row.participant, row.award_class) for row in result.participants]
    now, then = (
        engine.score_contacts(rules, participants, contacts, method=run.method) for contacts in (result.contacts, left)
    )
    return _page(engine_compare.compare(now, then), names_of(run.edition), knows_contacts=True)


def _names_of_both(before: ScoreRun, after: ScoreRun) -> Names:
    new = names_of(after.edition)
    if before.edition_id == after.edition_id:
        return new
    old = names_of(before.edition)
    return Names({**old.participants, **new.participants}, {**old.classes, **new.classes})


def _page(found: engine_compare.ResultComparison, names: Names, *, knows_contacts: bool) -> ComparisonPage:
    awards = [
        *(_award(award, names, is_gained=True) for award in found.awards_gained),
        *(_award(award, names, is_gained=False) for award in found.awards_lost),
    ]
    return ComparisonPage(
        moves=tuple(sorted((_move(move, names) for move in found.moves), key=_size, reverse=True)),
        unchanged=found.unchanged,
        awards=tuple(awards),
        summary=tuple(_figure(change) for change in found.summary),
        knows_contacts=knows_contacts,
    )


def _size(move: MoveRow) -> Fraction:
    """The greatest change first; whoever came or went before all others."""
    return Fraction(1000) if move.total.difference is None else abs(move.total.difference)


def _award(award: engine.Award, names: Names, *, is_gained: bool) -> AwardRow:
    title = str(AwardKind(award.kind).label)
    if award.award_class:
        title = f"{title}, {names.classes.get(award.award_class, award.award_class)}"
    return AwardRow(title, names.participants.get(award.participant, award.participant), is_gained)


def _move(move: Move, names: Names) -> MoveRow:
    row = move.after or move.before
    award_class = row.award_class if row else ""
    before, after = (side.total if side else None for side in (move.before, move.after))
    difference = None if before is None or after is None else after - before
    return MoveRow(
        name=names.participants.get(move.participant, move.participant),
        class_name=names.classes.get(award_class, award_class),
        cause=str(CAUSES[move.cause]),
        place_before=move.before.rank_in_class if move.before else None,
        place_after=move.after.rank_in_class if move.after else None,
        overall_before=move.before.rank_overall if move.before else None,
        overall_after=move.after.rank_overall if move.after else None,
        total=FigureRow(str(FIGURE_LABELS["total"]), before, after, difference),
        figures=tuple(_figure(change) for change in move.figures if change.figure != "total"),
        contacts=tuple(_contact(change) for change in move.contacts),
        spread_share=move.spread_share,
    )


def _figure(change: FigureChange) -> FigureRow:
    return FigureRow(str(FIGURE_LABELS[change.figure]), change.before, change.after, change.difference)


def _contact(change: ContactChange) -> ChangedContact:
    return ChangedContact(change.contact, str(CHANGES[change.kind]), change.before, change.after, change.share)
