"""The plan as files: a workbook for the office, a calendar for each shopper."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo

import xlsxwriter
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from shoppers.models import Assignment
from shoppers.queries.lost import LostErrand
from shoppers.queries.versions import board_versions
from surveys.models import Channel, Edition

WORKBOOK_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
"""A company called «=HYPERLINK(…)» must stay a name."""


def plan_workbook(assignments: Iterable[Assignment]) -> bytes:
    """One row per contact, by week and participant; filters are on."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, WORKBOOK_OPTIONS)
    sheet = book.add_worksheet(_("Plan"))
    bold, date = book.add_format({"bold": True}), book.add_format({"num_format": "dd.mm.yyyy"})
    headings = (
        _("Henvendelse"),
        _("Klasse"),
        _("Deltaker"),
        _("Kontaktmåte"),
        _("Uke"),
        _("Dag"),
        _("Tidsrom"),
        _("Mystery shopper"),
        _("Utfall"),
    )
    sheet.write_row(0, 0, headings, bold)
    number = 0
    for number, assignment in enumerate(assignments, start=1):
        contact = assignment.contact
        sheet.write_string(number, 0, contact.code)
        sheet.write_string(number, 1, contact.participant.award_class.name)
        sheet.write_string(number, 2, contact.participant.name)
        sheet.write_string(number, 3, str(Channel(contact.channel).label))
        sheet.write_string(number, 4, contact.week)
        if contact.planned_on:
            sheet.write_datetime(number, 5, dt.datetime.combine(contact.planned_on, dt.time()), date)
        sheet.write_string(number, 6, contact.window)
        sheet.write_string(number, 7, assignment.shopper.name)
        sheet.write_string(number, 8, contact.get_outcome_display() if contact.outcome else "")
    sheet.autofilter(0, 0, number, len(headings) - 1)
    sheet.freeze_panes(1, 0)
    sheet.autofit()
    book.close()
    return stream.getvalue()


def shopper_calendar(
    edition: Edition, assignments: Iterable[Assignment], lost: Iterable[LostErrand] = (), *, at: dt.datetime
) -> bytes:
    """One shopper's planned contacts as an iCalendar file, with what they have `lost` as cancelled. One query.

    Nothing in it tells how anybody has done.
    """
    return _calendar(edition, assignments, lost, board_versions(edition), at=at)


def _calendar(
    edition: Edition,
    assignments: Iterable[Assignment],
    lost: Iterable[LostErrand],
    version: Callable[[str], str],
    *,
    at: dt.datetime,
) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Kundeserviceprisen//NONSGML plan//NB")
    calendar.add("version", "2.0")
    for assignment in assignments:
        event = _event(edition, assignment, version, at=at)
        if event is not None:
            calendar.add_component(event)
    for errand in lost:
        calendar.add_component(_cancelled(edition, errand, version, at=at))
    _add_timezones(calendar, edition)
    return bytes(calendar.to_ical())


def _add_timezones(calendar: Calendar, edition: Edition) -> None:
    """The rules of every hour in the file: of its events, wherever they lie, and with both summer and winter time."""
    days = [edition.starts_on, edition.ends_on, *(event.decoded("dtstart").date() for event in calendar.walk("VEVENT"))]
    year = dt.timedelta(days=366)
    calendar.add_missing_timezones(first_date=min(days) - year, last_date=max(days) + year)


def zip_of_calendars(
    edition: Edition,
    assignments: Sequence[Assignment],
    lost: Mapping[str, Sequence[LostErrand]] | None = None,
    *,
    at: dt.datetime,
) -> bytes:
    """A calendar per shopper in one archive, named by the shopper's code, as is what each of them has `lost`."""
    by_shopper: dict[str, list[Assignment]] = {code: [] for code in lost or {}}
    for assignment in assignments:
        by_shopper.setdefault(assignment.shopper.code, []).append(assignment)
    version = board_versions(edition)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for code, mine in sorted(by_shopper.items()):
            archive.writestr(f"{code}.ics", _calendar(edition, mine, (lost or {}).get(code, ()), version, at=at))
    return stream.getvalue()


def _event(edition: Edition, assignment: Assignment, version: Callable[[str], str], *, at: dt.datetime) -> Event | None:
    contact = assignment.contact
    if contact.planned_on is None or contact.outcome:
        return None
    hours = _hours(contact.planned_on, contact.window, edition.tzinfo)
    event = _entry(edition, contact.code, hours, version, at=at)
    event.add("summary", _summary(contact.participant.name, contact.channel))
    return event


def _cancelled(edition: Edition, errand: LostErrand, version: Callable[[str], str], *, at: dt.datetime) -> Event:
    """The same entry called off. Its title says so too: not every calendar takes a cancelled entry away."""
    event = _entry(edition, errand.code, _hours(errand.day, errand.window, edition.tzinfo), version, at=at)
    event.add("summary", _("Utgår: %(what)s") % {"what": _summary(errand.participant, errand.channel)})
    event.add("status", "CANCELLED")
    event.add("transp", "TRANSPARENT")
    return event


def _summary(participant: str, channel: str) -> str:
    return f"{participant} ({Channel(channel).label})"


def _entry(
    edition: Edition,
    code: str,
    hours: tuple[dt.datetime, dt.datetime],
    version: Callable[[str], str],
    *,
    at: dt.datetime,
) -> Event:
    event = Event()
    event.add("uid", f"{edition.code}-{code}@kundeserviceprisen")
    event.add("dtstamp", at)
    # Rises whenever the contact is moved, given away or annulled, so that a calendar lets the newer file win
    # (RFC 5545, 3.8.7.4).
    event.add("sequence", int(version(code)))
    event.add("dtstart", hours[0])
    event.add("dtend", hours[1])
    return event


def _hours(day: dt.date, window: str, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
    first, last = (int(hour) for hour in (window or "09-15").split("-"))
    return (
        dt.datetime.combine(day, dt.time(first), tzinfo=zone),
        dt.datetime.combine(day, dt.time(last), tzinfo=zone),
    )
