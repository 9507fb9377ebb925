"""From an empty table to a demo edition at any stage of its life."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from awards.demo.services.fieldwork import Fieldwork, make_contacts, review_contacts
from awards.demo.services.people import Staff, ensure_staff
from awards.demo.world import FieldPeriod, SimulatedWorld, Stage, Tables, build_package_tables, field_period
from awards.demo.world.attempts import OSLO
from awards.package.format import parse_tables
from awards.package.services import import_package, remove_edition
from awards.publication.services.archive import import_archive
from awards.publication.services.publishing import lock_edition, publish_edition
from awards.studies.services import order_studies
from scoring.services import count_edition
from shoppers.services import plan_edition
from surveys.engine.working_days import is_working_day
from surveys.models import Edition
from surveys.services import close_field, open_field

Tell = Callable[[str, int, int], None]
"""Called with what is being done, the steps done and the steps in all."""

IMPORTED_BEFORE, PLANNED_BEFORE = dt.timedelta(weeks=4), dt.timedelta(weeks=3)
WORKING_DAYS_UNREVIEWED = 2
LONGEST_PLANNING = 600.0
"""Seconds. The planner is through long before; a plan cut off by the clock would differ from machine to machine."""


class DemoExists(Exception):
    """There is an edition of that code already, and nothing was touched."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        super().__init__(
            _("Årgangen «%(code)s» finnes fra før, i fasen «%(phase)s». Ingenting er endret.")
            % {"code": edition.code, "phase": edition.get_phase_display()}
        )


@dataclass(frozen=True, slots=True)
class _Site:
    """Everything the steps of the building share. `today` is the midnight up to which things have happened."""

    stage: Stage
    seed: int
    period: FieldPeriod
    tables: Tables
    staff: Staff
    today: dt.datetime
    tell: Tell

    def at(self, day: dt.date, hour: int) -> dt.datetime:
        return dt.datetime.combine(day, dt.time(hour), OSLO)


@transaction.atomic
def build_demo(
    *,
    stage: Stage,
    seed: int,
    at: dt.datetime,
    tell: Tell,
    code: str = "",
    participants: int = 190,
    shoppers: int = 88,
    replace: bool = False,
) -> Edition:
    """Build a demo edition that has come to `stage` on the day of `at`, all of it or nothing.

    The same seed, stage and day give the same edition package. Everything before that day's midnight has happened.
    Without `code` it is called demo- and the year in which its field period ends.

    Raises: DemoExists when the code is taken and `replace` is not given; ImportRefused when that edition is locked;
    PlanImpossible when there are too few shoppers; ValueError when more is asked for than can be invented.
    """
    today = at.astimezone(OSLO).date()
    period = field_period(stage, today=today)
    code = code or f"demo-{period.ends_on.year}"
    existing = Edition.objects.filter(code=code).first()
    if existing is not None and not replace:
        raise DemoExists(existing)
    if existing is not None:
        remove_edition(existing)
    tables = build_package_tables(
        seed=seed,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        code=code,
        year=period.ends_on.year,
        participants=participants,
        shoppers=shoppers,
    )
    midnight = dt.datetime.combine(today, dt.time(), OSLO)
    site = _Site(stage, seed, period, tables, ensure_staff(), midnight, tell)
    import_archive()
    edition = _plan(site)
    if stage.includes(Stage.FIELD):
        _do_fieldwork(site, edition)
    if stage.includes(Stage.LOCKED):
        _finish(site, edition, at=at)
    edition.refresh_from_db()
    return edition


def _plan(site: _Site) -> Edition:
    site.tell(_("Leser inn deltakere, mystery shoppere og spørreskjema"), 0, 1)
    package = parse_tables({name: list(rows) for name, rows in site.tables.items()})
    imported_at = site.at(site.period.starts_on - IMPORTED_BEFORE, 10)
    edition = import_package(package=package, by=site.staff.leader, at=imported_at)
    site.tell(_("Planlegger"), 0, 1)
    plan_edition(
        edition_id=edition.pk,
        seed=site.seed,
        seconds=LONGEST_PLANNING,
        by=site.staff.leader,
        at=site.at(site.period.starts_on - PLANNED_BEFORE, 13),
        progress=lambda _stage, done, total: site.tell(_("Planlegger"), done, total),
    )
    return edition


def _do_fieldwork(site: _Site, edition: Edition) -> None:
    open_field(edition_id=edition.pk, by=site.staff.leader, at=site.at(site.period.starts_on, 8))
    fieldwork = Fieldwork(
        edition=edition,
        seed=site.seed,
        world=SimulatedWorld(site.seed, site.tables),
        now=site.today,
        is_over=site.stage.includes(Stage.REVIEW),
    )
    make_contacts(fieldwork, tell=lambda done, total: site.tell(_("Gjennomfører henvendelser"), done, total))
    if site.stage.includes(Stage.REVIEW):
        closed_at = site.at(site.period.ends_on + dt.timedelta(days=3), 8)
        close_field(
            edition_id=edition.pk,
            by=site.staff.leader,
            at=closed_at,
            reason=_("Feltperioden er over. Det som ikke er gjort, blir ikke gjort."),
        )
    review_contacts(
        fieldwork,
        staff=site.staff,
        through=_reviewed_through(site, edition),
        tell=lambda done, total: site.tell(_("Går gjennom besvarelser"), done, total),
    )


def _reviewed_through(site: _Site, edition: Edition) -> dt.date:
    """The last day whose responses have been gone through: some working days behind until everything is done."""
    if site.stage.includes(Stage.LOCKED):
        return site.today.date()
    day = site.today.date() if site.stage is Stage.FIELD else site.period.ends_on + dt.timedelta(days=1)
    for _step in range(WORKING_DAYS_UNREVIEWED):
        day = _working_day_before(day, edition)
    return day - dt.timedelta(days=1)


def _working_day_before(day: dt.date, edition: Edition) -> dt.date:
    day -= dt.timedelta(days=1)
    while not is_working_day(day, edition.closed_dates):
        day -= dt.timedelta(days=1)
    return day


def _finish(site: _Site, edition: Edition, *, at: dt.datetime) -> None:
    site.tell(_("Beregner resultatene"), 0, 1)
    yesterday = site.today.date() - dt.timedelta(days=1)
    run = count_edition(edition_id=edition.pk, at=site.at(yesterday, 13))
    lock_edition(edition_id=edition.pk, by=site.staff.leader, at=site.at(yesterday, 14))
    if site.stage.includes(Stage.PUBLISHED):
        # The studies take seconds and go before the reports, which publishing orders and which take minutes.
        order_studies(run_id=run.pk, by=site.staff.leader, at=at)
        publish_edition(edition_id=edition.pk, by=site.staff.leader, at=at, shows_confidence=True)
