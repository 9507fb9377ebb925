"""From the text of one cell to its meaning."""

from __future__ import annotations

import datetime as dt
import functools
import re
import zoneinfo
from collections.abc import Callable, Mapping
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from awards.package.format.contact_cells import read_email, read_link, read_telephone, read_website
from awards.package.format.problems import Message, sentence
from awards.package.format.tables import Column, Kind
from awards.package.format.text_cells import CellError, clean, read_text
from kundeservice.core.local_time import (
    FIRST_YEAR,
    LAST_YEAR,
    TimeNeverShown,
    TimeShownTwice,
    is_of_our_time,
    moment_of,
)
from kundeservice.core.text import without_invisible
from surveys.engine.weeks import day_of
from surveys.engine.words import CHANNELS

Converter = Callable[[str], object]

CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
INTEGER = re.compile(r"-?[0-9]{1,9}")
DECIMAL = re.compile(r"(-?)0*([0-9]{1,6})(?:\.([0-9]{1,9}))?")
NUMBER_LIKE = re.compile(r"-?[0-9]+(\.[0-9]+)?")
COMMA_NUMBER = re.compile(r"-?[0-9]+,[0-9]+")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(:00(\.0+)?)?")
INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(?P<offset>Z|[+-][0-9]{2}:[0-9]{2})?"
)
WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})")


def converter(column: Column, timezone: zoneinfo.ZoneInfo) -> Converter:
    """The function that reads a non-empty cell of the column. It raises CellError.

    Times without offset are in `timezone`.
    """
    convert = _converter_of(column, timezone)
    if column.kind is Kind.TEXT:
        return convert

    def convert_visible(cell: str) -> object:
        return convert(without_invisible(cell))

    return convert_visible


def not_given(column: Column) -> object:
    """What an empty cell means where nothing else is said: no text, no list, or None."""
    if column.kind in (Kind.CHANNELS, Kind.DATES):
        return ()
    if column.kind in (Kind.CODE, Kind.CHOICE, Kind.TIMEZONE) or column.kind.is_written_out:
        return ""
    return None


def plain(value: Decimal) -> str:
    """The number in full, without trailing zeros or exponent: `12.5`, `100`, `0`."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _code(cell: str) -> str:
    code = cell.strip()
    if not CODE.fullmatch(code):
        raise CellError(
            _(
                "Koden kan bare ha små bokstaver a–z, sifre, «-» og «_», høyst 40 tegn, "
                "og må begynne med bokstav eller siffer."
            )
        )
    return code


def _choice(cell: str, *, choices: tuple[str, ...]) -> str:
    word = cell.strip()
    for choice in choices:
        if word == choice:
            return choice
    raise CellError(sentence(_("Må være ett av disse: %(choices)s."), choices=", ".join(choices)))


def _channels(cell: str, *, all_is_none: bool) -> tuple[str, ...]:
    words = cell.split()
    if any(word not in CHANNELS for word in words) or len(set(words)) != len(words):
        raise CellError(
            sentence(
                _("Må være ett eller flere av disse, hvert én gang, med mellomrom: %(choices)s."),
                choices=", ".join(CHANNELS),
            )
        )
    if all_is_none and len(words) == len(CHANNELS):
        return ()
    return tuple(channel for channel in CHANNELS if channel in words)


def _integer(cell: str, *, low: int, high: int) -> int:
    digits = cell.strip()
    if not INTEGER.fullmatch(digits):
        raise CellError(
            sentence(_("Må være et helt tall fra %(low)s til %(high)s, bare med sifre."), low=low, high=high)
        )
    number = int(digits)
    if not low <= number <= high:
        raise CellError(sentence(_("Må være et helt tall fra %(low)s til %(high)s."), low=low, high=high))
    return number


def _text(column: Column) -> Converter:
    if column.is_verbatim:
        return functools.partial(clean, longest=column.longest)
    return functools.partial(read_text, longest=column.longest, refuses_fillers=column.refuses_fillers)


def _decimal(cell: str, *, low: int, high: int, is_percent: bool) -> Decimal:
    digits = cell.strip()
    if digits.endswith("%"):
        if not is_percent:
            raise CellError(_("Cellen viser prosent. Skriv tallet slik det skal telle, uten prosenttegn."))
        digits = digits.removesuffix("%").rstrip()
    found = DECIMAL.fullmatch(digits)
    if not found:
        raise CellError(_why_no_decimal(digits))
    sign, whole, fraction = found.groups()
    number = Decimal(plain(Decimal(f"{sign}{whole}.{fraction or '0'}")))
    if number < low:
        raise CellError(sentence(_("Tallet kan ikke være mindre enn %(low)s."), low=low))
    if number > high:
        raise CellError(sentence(_("Tallet kan ikke være større enn %(high)s."), high=high))
    return number


def _why_no_decimal(digits: str) -> Message:
    if COMMA_NUMBER.fullmatch(digits):
        return _("Må være et tall med desimalpunktum, som 12.5.")
    if NUMBER_LIKE.fullmatch(digits):
        return _("Tallet kan ha høyst 6 sifre før punktum og 9 etter.")
    return _("Må være et vanlig tall, som 3 eller 12.5.")


def _date(cell: str) -> dt.date:
    text = cell.strip()
    try:
        day = dt.date.fromisoformat(text) if DATE.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or not is_of_our_time(day):
        raise CellError(_("Må være en dato som finnes, skrevet som 2022-01-10."))
    return day


def _dates(cell: str) -> tuple[dt.date, ...]:
    days = [_date(word) for word in cell.split()]
    if len(set(days)) != len(days):
        raise CellError(_("Den samme datoen står flere ganger. Behold den ene."))
    return tuple(sorted(days))


def _time(cell: str) -> dt.time:
    found = TIME.fullmatch(cell.strip())
    if not found:
        raise CellError(_("Må være et klokkeslett som 09:00."))
    return dt.time(int(found[1]), int(found[2]))


def _instant(cell: str, *, timezone: zoneinfo.ZoneInfo) -> dt.datetime:
    text = cell.strip()
    found = INSTANT.fullmatch(text)
    try:
        written = dt.datetime.fromisoformat(text) if found else None
    except ValueError:
        written = None
    if found is None or written is None or not is_of_our_time(written):
        raise CellError(_("Må være et tidspunkt som finnes, skrevet som 2022-01-10T09:30:00+01:00."))
    if found["offset"]:
        return written.astimezone(dt.UTC)
    return _local_instant(written, timezone)


def _local_instant(written: dt.datetime, timezone: zoneinfo.ZoneInfo) -> dt.datetime:
    try:
        return moment_of(written, timezone)
    except TimeNeverShown as problem:
        message = _("Tidspunktet finnes ikke i %(timezone)s; klokken ble stilt forbi det. Rett det.")
        raise CellError(sentence(message, timezone=timezone.key)) from problem
    except TimeShownTwice as problem:
        message = _(
            "Tidspunktet finnes to ganger i %(timezone)s, for klokken ble stilt tilbake. "
            "Skriv det med tidsforskyvning, som +01:00."
        )
        raise CellError(sentence(message, timezone=timezone.key)) from problem


def _week(cell: str) -> str:
    week = cell.strip()
    found = WEEK.fullmatch(week)
    if found and FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        try:
            day_of(week)
        except ValueError:
            found = None
    else:
        found = None
    if found is None:
        raise CellError(_("Må være en uke som finnes, skrevet som 2022-W03."))
    return week


def _yes_no(cell: str) -> bool:
    word = cell.strip()
    if word not in ("yes", "no"):
        raise CellError(_("Må være yes eller no."))
    return word == "yes"


@functools.cache
def _timezones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def _timezone(cell: str) -> str:
    name = cell.strip()
    if name not in _timezones():
        raise CellError(_("Må være en tidssone som finnes, som Europe/Oslo."))
    return name


_CONVERTERS: Mapping[Kind, Converter] = {
    Kind.CODE: _code,
    Kind.DATE: _date,
    Kind.DATES: _dates,
    Kind.TIME: _time,
    Kind.WEEK: _week,
    Kind.YES_NO: _yes_no,
    Kind.TIMEZONE: _timezone,
}
"""What reads a cell the same way in every column of its kind."""
_MAKERS: Mapping[Kind, Callable[[Column], Converter]] = {
    Kind.TEXT: _text,
    Kind.EMAIL: lambda column: functools.partial(read_email, longest=column.longest),
    Kind.LINK: lambda column: functools.partial(read_link, longest=column.longest),
    Kind.WEBSITE: lambda column: functools.partial(read_website, longest=column.longest),
    Kind.TELEPHONE: lambda column: functools.partial(read_telephone, longest=column.longest),
    Kind.CHOICE: lambda column: functools.partial(_choice, choices=column.choices),
    Kind.CHANNELS: lambda column: functools.partial(_channels, all_is_none=column.optional),
    Kind.INTEGER: lambda column: functools.partial(_integer, low=column.low, high=column.high),
    Kind.DECIMAL: lambda column: functools.partial(
        _decimal, low=column.low, high=column.high, is_percent=column.is_percent
    ),
}
"""What depends on the column: how long, how large, which words."""


def _converter_of(column: Column, timezone: zoneinfo.ZoneInfo) -> Converter:
    if column.kind is Kind.INSTANT:
        return functools.partial(_instant, timezone=timezone)
    return _CONVERTERS[column.kind] if column.kind in _CONVERTERS else _MAKERS[column.kind](column)
