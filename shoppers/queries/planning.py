"""An edition as the planner sees it: demands, capacities, pairs that must not meet, days, and what already stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.db.models import Q, QuerySet

from shoppers.models import Assignment, Relation, Shopper
from shoppers.planner import (
    WINDOWS,
    Infeasible,
    ParticipantDemand,
    PlannedContact,
    PlanningProblem,
    ShopperCapacity,
    iso_week,
    split_contacts,
    windows_for,
    working_days,
)
from shoppers.queries.people import age_group, region_of
from surveys.models import Contact, Edition, Outcome, Participant

USUAL_PER_WEEK = 6
"""A shopper's most contacts in a week where nothing else is said (planning rules, hard rule 5)."""


def planning_problem(edition: Edition) -> PlanningProblem:
    """The whole field period with nothing made, whatever today is. Six database queries.

    Raises: Infeasible when a participant's channels contradict themselves.
    """
    days = working_days(edition.starts_on, edition.ends_on, edition.closed_dates)
    return _problem(edition, days=days, fixed=())


def repair_problem(edition: Edition, *, at: dt.datetime) -> PlanningProblem:
    """What is left to plan at a moment: days after today; what is made, begun or in a week that has begun stays.

    Raises: Infeasible when a participant's channels contradict themselves.
    """
    today = at.astimezone(edition.tzinfo).date()
    first = max(edition.starts_on, today + dt.timedelta(days=1))
    days = working_days(first, edition.ends_on, edition.closed_dates) if first <= edition.ends_on else ()
    return _problem(edition, days=days, fixed=tuple(_standing(edition, this_week=iso_week(today))))


def open_contacts(edition: Edition, *, at: dt.datetime) -> tuple[PlannedContact, ...]:
    """The planned contacts that a repair may change, keyed by contact code."""
    this_week = iso_week(at.astimezone(edition.tzinfo).date())
    return tuple(
        _planned(row)
        for row in _assignments(edition).exclude(contact__outcome=Outcome.VOID)
        if not _stands(row.contact, this_week=this_week)
    )


def has_begun_contacts(edition: Edition) -> bool:
    """Whether anything of the plan is made or begun, so that it can only be repaired."""
    return Contact.objects.filter(edition=edition).filter(_BEGUN).exists()


_BEGUN = ~Q(outcome="") | Q(contacted_at__isnull=False) | Q(attempts__isnull=False) | Q(response__isnull=False)


def _problem(edition: Edition, *, days: tuple[dt.date, ...], fixed: tuple[PlannedContact, ...]) -> PlanningProblem:
    return PlanningProblem(
        participants=_demands(edition),
        shoppers=tuple(_capacity(shopper, year=edition.year) for shopper in Shopper.objects.filter(edition=edition)),
        excluded=frozenset((*_related_pairs(edition), *_annulled_pairs(edition))),
        days=days,
        fixed=fixed,
    )


def _demands(edition: Edition) -> tuple[ParticipantDemand, ...]:
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


def _standing(edition: Edition, *, this_week: str) -> Iterator[PlannedContact]:
    for row in _assignments(edition).exclude(contact__outcome=Outcome.VOID):
        if _stands(row.contact, this_week=this_week):
            yield _planned(row)


def _assignments(edition: Edition) -> QuerySet[Assignment]:
    return (
        Assignment.objects.filter(contact__edition=edition)
        .select_related("shopper", "contact__participant", "contact__response")
        .prefetch_related("contact__attempts")
        .order_by("contact__code")
    )


def _stands(contact: Contact, *, this_week: str) -> bool:
    if contact.outcome or contact.contacted_at is not None or contact.week <= this_week:
        return True
    return bool(contact.attempts.all()) or hasattr(contact, "response")


def _planned(row: Assignment) -> PlannedContact:
    contact = row.contact
    return PlannedContact(
        participant=contact.participant.code,
        shopper=row.shopper.code,
        channel=contact.channel,
        day=contact.planned_on or _monday_of(contact.week),
        window=contact.window or windows_for(contact.channel)[0],
        key=contact.code,
    )


def _monday_of(week: str) -> dt.date:
    year, number = week.split("-W")
    return dt.date.fromisocalendar(int(year), int(number), 1)
