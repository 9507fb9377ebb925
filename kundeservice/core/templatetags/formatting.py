"""Figures, dates and durations the way people of the language write them.

A missing value is an en dash that also has words for those who listen; it is HTML, so attributes and plain-text mails
use :mod:`kundeservice.core.numbers` instead.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from fractions import Fraction

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from kundeservice.core.language import reader_language, reads_english
from kundeservice.core.numbers import DASH, NO_BREAK_SPACE, Exact, format_number, format_share, format_signed

register = template.Library()

ISO_WEEK = re.compile(r"(\d{4})-W(\d{2})")


def missing() -> SafeString:
    """A dash to the eye, words to the ear."""
    return format_html(
        '<span aria-hidden="true">{}</span><span class="visually-hidden">{}</span>', DASH, gettext("ingen verdi")
    )


@register.filter
def score(value: Exact | None, decimals: int = 1) -> str:
    """``94,7`` – rounded half up from the exact value."""
    return missing() if value is None else format_number(value, int(decimals), language=reader_language())


@register.filter
def integer(value: Exact | None) -> str:
    """``4 319`` – a count."""
    return missing() if value is None else format_number(value, 0, language=reader_language())


class SpokenCount(int):
    """A count that prints as ``4 319`` and is still a number, from which `blocktranslate count` takes the plural."""

    def __str__(self) -> str:
        return format_number(int(self), 0, language=reader_language())


@register.filter
def counted(value: int) -> SpokenCount:
    """``4 319`` – for the `count` of a `blocktranslate`, which takes no text."""
    return SpokenCount(value)


@register.filter
def exact(value: Decimal | int | None) -> str:
    """``2,5`` – a number as it was given, with the decimals it has."""
    if value is None:
        return missing()
    exponent = Decimal(value).normalize().as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    return format_number(value, decimals, language=reader_language())


@register.filter
def percent(value: Exact | None, decimals: int = 0) -> str:
    """``16 %`` of a share between 0 and 1."""
    return missing() if value is None else format_share(value, int(decimals), language=reader_language())


@register.filter
def signed(value: Exact | None, decimals: int = 1) -> str:
    """``+2,1`` – a difference."""
    return missing() if value is None else format_signed(value, int(decimals), language=reader_language())


@register.filter
def longdate(value: dt.date | None) -> str:
    """``28. april 2022`` (English: ``28 April 2022``); of a moment, its date here."""
    if value is None:
        return missing()
    return date_format(_local(value), "j F Y" if _english() else "j. F Y", use_l10n=False)


@register.filter
def weekday(value: dt.date | None) -> str:
    """``onsdag 2. desember`` (English: ``Wednesday 2 December``), where the year goes without saying."""
    if value is None:
        return missing()
    return date_format(_local(value), "l j F" if _english() else "l j. F", use_l10n=False)


@register.filter
def shortdate(value: dt.date | None) -> str:
    """``28.4.2022`` (English: ``28/04/2022``) for narrow columns."""
    if value is None:
        return missing()
    return date_format(_local(value), "d/m/Y" if _english() else "j.n.Y", use_l10n=False)


@register.filter
def moment(value: dt.datetime | None) -> str:
    """``28. april 2022 kl. 12.00`` (English: ``28 April 2022 at 12:00``), in the time of the place."""
    if value is None:
        return missing()
    at = "at" if _english() else "kl."
    return f"{longdate(value)} {at} {clock(value)}"


@register.filter
def clock(value: dt.datetime | dt.time | None) -> str:
    """``12.00`` (English: ``12:00``): of a moment, in the time of the place."""
    if value is None:
        return missing()
    local = value if isinstance(value, dt.time) else _local(value)
    return f"{local:%H:%M}" if _english() else f"{local:%H.%M}"


@register.filter
def week(value: str | dt.date | None) -> str:
    """``uke 3`` of an ISO week (``2022-W03``) or of a date. Raises ValueError for a text that is neither."""
    if value is None or value == "":
        return missing()
    return gettext("uke %(number)d") % {"number": _week_number(value)}


@register.filter
def duration(value: Exact | dt.timedelta | None) -> str:
    """Seconds as ``45 s``, ``4 min 10 s``, ``3 t 5 min`` or ``2 d 4 t``: the two greatest units, nothing rounded up."""
    if value is None:
        return missing()
    seconds = Fraction(value // dt.timedelta(seconds=1)) if isinstance(value, dt.timedelta) else Fraction(value)
    days, rest = divmod(int(seconds), 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, left = divmod(rest, 60)
    hour = "h" if _english() else "t"
    sizes = [(days, "d"), (hours, hour), (minutes, "min"), (left, "s")]
    first = next((index for index, (amount, _) in enumerate(sizes) if amount), 3)
    pieces = [f"{amount}{NO_BREAK_SPACE}{unit}" for amount, unit in sizes[first : first + 2] if amount]
    return " ".join(pieces) or f"0{NO_BREAK_SPACE}s"


def _week_number(value: str | dt.date) -> int:
    if isinstance(value, dt.date):
        return _local(value).isocalendar().week
    match = ISO_WEEK.fullmatch(value)
    if match is None:
        raise ValueError(f"not an ISO week: {value!r}")
    return int(match.group(2))


def _local(value: dt.date) -> dt.date:
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def _english() -> bool:
    return reads_english()
