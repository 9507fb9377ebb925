"""A proposed plan beside the one that stands."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shoppers.models import PlanProposal
from shoppers.planner import Infeasible, PlannedContact
from shoppers.planner.certificate import FigureEntry
from shoppers.queries.planning import PlanBasis, all_contacts, plan_basis
from surveys.models import Edition
from surveys.queries.begun import lasting_contacts


@dataclass(frozen=True)
class PlanComparison:
    """What a proposal would make of the plan. Counts are contacts.

    `is_current` tells whether the edition still is what the proposal was made for; where it is not, the proposal
    cannot be taken into use. `standing` are the figures of the plan as it is now, empty where there is none.
    """

    is_current: bool
    standing: list[FigureEntry]
    total: int
    unchanged: int
    moved: int
    handed_over: int
    is_first: bool

    @property
    def changed(self) -> int:
        return self.total - self.unchanged


def undecided_proposals(edition: Edition) -> tuple[PlanProposal, ...]:
    """The proposals of an edition somebody can take into use, the newest first, without their contacts. One query."""
    return tuple(
        PlanProposal.objects.undecided()
        .filter(edition=edition)
        .select_related("created_by")
        .defer("contacts", "changes")
    )


def compare_proposal(proposal: PlanProposal, *, at: dt.datetime) -> PlanComparison:
    """Measure the plan that stands now, and count what the proposal would change in it."""
    basis = _basis_now(proposal, at=at)
    standing = all_contacts(proposal.edition)
    proposed = contacts_from_rows(proposal.contacts)
    fixed = basis.problem.fixed if basis else ()
    unchanged, moved = _kept(standing, (*fixed, *proposed))
    total = len(fixed) + len(proposed)
    return PlanComparison(
        is_current=basis is not None and basis.digest == proposal.input_digest,
        standing=basis.figures_of(standing) if basis and standing else [],
        total=total,
        unchanged=unchanged,
        moved=moved,
        handed_over=total - unchanged - moved,
        is_first=not standing,
    )


def _basis_now(proposal: PlanProposal, *, at: dt.datetime) -> PlanBasis | None:
    if not proposal.is_repair and lasting_contacts(proposal.edition).exists():
        return None
    try:
        return plan_basis(proposal.edition, repair=proposal.is_repair, at=at)
    except Infeasible:
        return None


def _kept(before: Sequence[PlannedContact], after: Sequence[PlannedContact]) -> tuple[int, int]:
    """How many contacts of `after` are as before, and how many have the same people on another day or window."""
    same = Counter(map(_place, before)) & Counter(map(_place, after))
    people = Counter(map(_people, before)) & Counter(map(_people, after))
    return same.total(), people.total() - same.total()


def _place(contact: PlannedContact) -> tuple[object, ...]:
    return (*_people(contact), contact.day, contact.window)


def _people(contact: PlannedContact) -> tuple[object, ...]:
    return contact.participant, contact.shopper, contact.channel


def rows_of_contacts(contacts: Iterable[PlannedContact]) -> list[list[str]]:
    """Contacts as a proposal keeps them."""
    return [[c.participant, c.shopper, c.channel, c.day.isoformat(), c.window, c.key] for c in contacts]


def contacts_from_rows(rows: Iterable[Sequence[str]]) -> tuple[PlannedContact, ...]:
    """The contacts a proposal keeps."""
    return tuple(
        PlannedContact(participant, shopper, channel, dt.date.fromisoformat(day), window, key)
        for participant, shopper, channel, day, window, key in rows
    )
