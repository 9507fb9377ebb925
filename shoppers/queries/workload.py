"""Who has how much to do, week by week."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from shoppers.models import Assignment, Shopper
from shoppers.queries.planning import USUAL_PER_WEEK
from surveys.models import Channel, Edition, Outcome

LEVELS = 5
"""Heights of the bar behind a week's number."""


@dataclass(frozen=True)
class WeekLoad:
    """One shopper's contacts in one week; `level` is 0 … 5, the share of the weekly limit."""

    number: int
    level: int
    is_full: bool


@dataclass(frozen=True)
class ShopperLoad:
    """One shopper's contacts in all and in each week of `Workload.weeks`."""

    code: str
    name: str
    county: str
    channels: str
    assigned: int
    limit: int
    is_whole_period: bool
    weeks: tuple[WeekLoad, ...]

    @property
    def is_full(self) -> bool:
        """At the limit of the whole edition."""
        return self.assigned >= self.limit

    @property
    def percent(self) -> int:
        """Share of the limit, for a bar."""
        return min(100, 100 * self.assigned // self.limit) if self.limit else 100


@dataclass(frozen=True)
class Workload:
    """The shoppers shown, with sums. `spread` is among those who have room left and are there all the time."""

    weeks: tuple[str, ...]
    rows: tuple[ShopperLoad, ...]
    totals: tuple[int, ...]

    @property
    def assigned(self) -> int:
        return sum(row.assigned for row in self.rows)

    @property
    def fewest(self) -> int:
        return min((row.assigned for row in self._even()), default=0)

    @property
    def most(self) -> int:
        return max((row.assigned for row in self._even()), default=0)

    @property
    def spread(self) -> int:
        return self.most - self.fewest

    @property
    def full(self) -> int:
        """How many shoppers are at their limit."""
        return sum(row.is_full for row in self.rows)

    @property
    def full_weeks(self) -> int:
        """How many weeks of single shoppers are at their limit."""
        return sum(week.is_full for row in self.rows for week in row.weeks)

    def _even(self) -> list[ShopperLoad]:
        return [row for row in self.rows if row.is_whole_period and not row.is_full] or list(self.rows)


SORTS: Mapping[str, Callable[[ShopperLoad], tuple[Any, ...]]] = {
    "navn": lambda row: (row.name, row.code),
    "fylke": lambda row: (row.county, row.name, row.code),
    "oppdrag": lambda row: (row.assigned, row.name, row.code),
}


def read_workload(edition: Edition, *, county: str = "", channel: str = "", sort: str = "") -> Workload:
    """The load of an edition's shoppers, narrowed to a county or to those who use a channel. Two queries."""
    shoppers = [
        shopper
        for shopper in Shopper.objects.filter(edition=edition).order_by("name", "code")
        if (not county or shopper.county == county) and (not channel or channel in shopper.channel_set)
    ]
    counts = _counts(edition)
    weeks = tuple(sorted({week for _shopper, week in counts}))
    rows = [_row(shopper, weeks, counts, edition) for shopper in shoppers]
    key, is_descending = sort.removeprefix("-"), sort.startswith("-")
    rows.sort(key=SORTS.get(key, SORTS["navn"]), reverse=is_descending)
    totals = tuple(sum(row.weeks[number].number for row in rows) for number in range(len(weeks)))
    return Workload(weeks=weeks, rows=tuple(rows), totals=totals)


def counties_of(edition: Edition) -> tuple[str, ...]:
    """The counties an edition's shoppers live in. One query."""
    counties = Shopper.objects.filter(edition=edition).exclude(county="").order_by("county")
    return tuple(counties.values_list("county", flat=True).distinct())


def _counts(edition: Edition) -> dict[tuple[int, str], int]:
    rows = (
        Assignment.objects.filter(contact__edition=edition)
        .exclude(contact__outcome=Outcome.VOID)
        .values_list("shopper", "contact__week")
        .annotate(number=Count("pk"))
        .order_by()
    )
    return {(shopper, week): number for shopper, week, number in rows}


def _row(
    shopper: Shopper, weeks: Sequence[str], counts: Mapping[tuple[int, str], int], edition: Edition
) -> ShopperLoad:
    limit = USUAL_PER_WEEK if shopper.max_per_week is None else shopper.max_per_week
    numbers = [counts.get((shopper.pk, week), 0) for week in weeks]
    begins, ends = shopper.available_from or edition.starts_on, shopper.available_to or edition.ends_on
    return ShopperLoad(
        code=shopper.code,
        name=shopper.name,
        county=shopper.county,
        channels=", ".join(str(Channel(channel).label) for channel in shopper.channels.split()),
        assigned=sum(numbers),
        limit=shopper.max_contacts,
        is_whole_period=begins <= edition.starts_on and ends >= edition.ends_on,
        weeks=tuple(_week(number, limit) for number in numbers),
    )


def _week(number: int, limit: int) -> WeekLoad:
    level = min(LEVELS, -(-LEVELS * number // limit)) if limit else LEVELS * bool(number)
    return WeekLoad(number=number, level=level, is_full=number > 0 and number >= limit)
