"""An edition as the planner sees it: demands, capacities, pairs that must not meet, days, and what already stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from shoppers.models import Assignment, Relation, Shopper
from shoppers.planner import (
    Infeasible,
    ParticipantDemand,
    PlannedContact,
    PlanningProblem,
    ShopperCapacity,
    figure_entries,
    input_digest,
    iso_week,
    measure,
    split_contacts,
    windows_for,
    working_days,
)
from shoppers.planner.certificate import FigureEntry
from shoppers.queries.people import age_group, region_of
from surveys.engine.weeks import day_of
from surveys.engine.words import WINDOWS
from surveys.models import Edition, Outcome, Participant
from surveys.queries.begun import is_begun

USUAL_PER_WEEK = 6
"""A shopper's most contacts in a week where nothing else is said (planning rules, hard rule 5)."""


@dataclass(frozen=True, slots=True)
class PlanBasis:
    """What a plan is made from.

    `period` are the working days of the whole field period; `standing` the open contacts of a plan to mend, empty for
    a plan made anew.
    """

    problem: PlanningProblem
    period: tuple[dt.date, ...]
    standing: tuple[PlannedContact, ...] = ()

    def figures_of(self, contacts: Sequence[PlannedContact]) -> list[FigureEntry]:
        """The figures of a plan over the whole field period: the one way in which a plan is measured.

        A repair thinks of the days that are left; measured against those alone, the same plan would have other figures.
        """
        return figure_entries(measure(replace(self.problem, days=self.period, fixed=()), contacts))

    @property
    def digest(self) -> str:
        """Sum of everything, so that any change is noticed."""
        return input_digest(replace(self.problem, fixed=self.problem.fixed + self.standing))

    @property
    def contacts(self) -> tuple[PlannedContact, ...]:
        """The plan as it stands: what cannot be changed any more and what can."""
        return (*self.problem.fixed, *self.standing)


def plan_basis(edition: Edition, *, repair: bool, at: dt.datetime) -> PlanBasis:
    """The whole field period to plan anew, or with `repair` what is left of it at a moment.

    Five queries, six queries with a repair.

    Raises: Infeasible when a participant's channels contradict themselves.
    """
    period = _whole_period(edition)
    if not repair:
        return PlanBasis(planning_problem(edition), period)
    today = at.astimezone(edition.tzinfo).date()
    first = max(edition.starts_on, today + dt.timedelta(days=1))
    days = working_days(first, edition.ends_on, edition.closed_dates) if first <= edition.ends_on else ()
    fixed, standing = _split(edition, this_week=iso_week(today))
    return PlanBasis(_problem(edition, days=days, fixed=fixed), period, standing)


def planning_problem(edition: Edition) -> PlanningProblem:
    """The whole field period with nothing made, whatever today is. Five queries.

    Raises: Infeasible when a participant's channels contradict themselves.
    """
    return _problem(edition, days=_whole_period(edition), fixed=())


def all_contacts(edition: Edition) -> tuple[PlannedContact, ...]:
    """The whole plan as it stands, keyed by contact code; what was annulled is not part of it. One query."""
    return tuple(planned for planned, _week, _is_begun in _planned_contacts(edition))


def standing_figures(edition: Edition) -> list[FigureEntry]:
    """The figures of the plan as it stands now, moves by hand included; empty where there is none.

    Six queries, one query where there is no plan.

    Raises: Infeasible when a participant's channels contradict themselves.
    """
    contacts = all_contacts(edition)
    return PlanBasis(planning_problem(edition), _whole_period(edition)).figures_of(contacts) if contacts else []


def people_problem(edition: Edition) -> PlanningProblem:
    """The shoppers and who must never meet whom, without what participants are to get. Two queries.

    Whoever made a contact that was annulled is not held apart here: of what is made only relations are asked.
    """
    return PlanningProblem(
        participants=(),
        shoppers=_capacities(edition),
        excluded=frozenset(_related_pairs(edition)),
        days=_whole_period(edition),
        fixed=(),
    )


def _whole_period(edition: Edition) -> tuple[dt.date, ...]:
    return working_days(edition.starts_on, edition.ends_on, edition.closed_dates)


def _problem(edition: Edition, *, days: tuple[dt.date, ...], fixed: tuple[PlannedContact, ...]) -> PlanningProblem:
    return PlanningProblem(
        participants=demands_of(edition),
        shoppers=_capacities(edition),
        excluded=frozenset((*_related_pairs(edition), *_annulled_pairs(edition))),
        days=days,
        fixed=fixed,
    )


def demands_of(edition: Edition) -> tuple[ParticipantDemand, ...]:
    """What every participant is to get, by channel. Two queries.

    Raises: Infeasible when a participant's channels contradict themselves.
    """
    participants = (
        Participant.objects.filter(edition=edition)
        .select_related("award_class")
        .prefetch_related("contact_points")
        .order_by("code")
    )
    demands, reasons = [], []
    windows = _open_windows(edition)
    for participant in participants:
        try:
            contacts = _contacts_of(participant, edition)
        except Infeasible as contradiction:
            reasons += [replace(reason, participants=(participant.code,)) for reason in contradiction.reasons]
            continue
        demands.append(
            ParticipantDemand(
                code=participant.code, award_class=participant.award_class.code, contacts=contacts, windows=windows
            )
        )
    if reasons:
        raise Infeasible(reasons)
    return tuple(demands)


def _contacts_of(participant: Participant, edition: Edition) -> tuple[tuple[str, int], ...]:
    return split_contacts(
        open_channels={point.channel for point in participant.contact_points.all()},
        weights=edition.distribution_key,
        contacts=edition.contacts_per_participant,
        max_channels=edition.max_channels,
        overrides=participant.contact_overrides or None,
    )


def _open_windows(edition: Edition) -> tuple[str, ...]:
    """The windows that lie within the edition's hours."""

    def hours(window: str) -> tuple[dt.time, dt.time]:
        first, last = window.split("-")
        return dt.time(int(first)), dt.time(int(last))

    return tuple(
        window for window in WINDOWS if edition.opens_at <= hours(window)[0] and hours(window)[1] <= edition.closes_at
    )


def _capacities(edition: Edition) -> tuple[ShopperCapacity, ...]:
    return tuple(_capacity(shopper, year=edition.year) for shopper in Shopper.objects.filter(edition=edition))


def _capacity(shopper: Shopper, *, year: int) -> ShopperCapacity:
    return ShopperCapacity(
        code=shopper.code,
        channels=shopper.channel_set,
        max_contacts=shopper.max_contacts,
        max_per_week=USUAL_PER_WEEK if shopper.max_per_week is None else shopper.max_per_week,
        available_from=shopper.available_from,
        available_to=shopper.available_to,
        gender=shopper.gender,
        age_group=age_group(shopper.birth_year, year=year),
        region=region_of(shopper.county),
    )


def _related_pairs(edition: Edition) -> Iterable[tuple[str, str]]:
    return Relation.objects.filter(shopper__edition=edition).values_list("shopper__code", "participant__code")


def _annulled_pairs(edition: Edition) -> Iterable[tuple[str, str]]:
    """Whoever made a contact that was annulled has met the participant and is not sent there again."""
    return Assignment.objects.filter(contact__edition=edition, contact__outcome=Outcome.VOID).values_list(
        "shopper__code", "contact__participant__code"
    )


def _split(edition: Edition, *, this_week: str) -> tuple[tuple[PlannedContact, ...], tuple[PlannedContact, ...]]:
    """What stays – made, begun, or in a week that has begun – and what may be changed."""
    staying: list[PlannedContact] = []
    changeable: list[PlannedContact] = []
    for planned, week, begun in _planned_contacts(edition):
        (staying if begun or week <= this_week else changeable).append(planned)
    return tuple(staying), tuple(changeable)


def _planned_contacts(edition: Edition) -> Iterator[tuple[PlannedContact, str, bool]]:
    """Every live contact by code, with its week and whether it is begun. Bare values: an edition has thousands."""
    rows = (
        Assignment.objects.filter(contact__edition=edition)
        .exclude(contact__outcome=Outcome.VOID)
        .annotate(begun=is_begun("contact"))
        .order_by("contact__code")
        .values_list(
            "contact__participant__code",
            "shopper__code",
            "contact__channel",
            "contact__planned_on",
            "contact__week",
            "contact__window",
            "contact__code",
            "begun",
        )
    )
    for participant, shopper, channel, day, week, window, code, begun in rows.iterator():
        planned = PlannedContact(
            participant=participant,
            shopper=shopper,
            channel=channel,
            day=day or day_of(week),
            window=window or windows_for(channel)[0],
            key=code,
        )
        yield planned, week, begun
