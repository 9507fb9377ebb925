"""What the numbers in a spreadsheet mean: numbers without float noise, and the days and times some stand for."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from awards.package.problems import Message

DATE_FORMATS = frozenset(str(number) for number in (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
"""The built-in number formats that show dates and times."""

LITERALS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
NUMBER = re.compile(r"[+-]?(\d{1,400}(\.\d{0,400})?|\.\d{1,400})([eE][+-]?\d{1,3})?", re.ASCII)

DAY_MILLISECONDS = 86_400_000
FIRST_DAY = dt.date(1899, 12, 31)
FIRST_DAY_1904 = dt.date(1904, 1, 1)
NEVER_WAS = 60
"""Excel counts a 29 February 1900, which there was not, so every later day is one too high."""
LAST_SERIAL = 2_958_465


class UnreadableValue(ValueError):
    """A cell whose content must not be used."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


def is_date_format(code: str) -> bool:
    """Whether a number format shows a date or a time: it has d, m, y, h or s outside quotes and colour names."""
    return bool(re.search("[dmyhs]", LITERALS.sub("", code), re.IGNORECASE))


def number_text(raw: str) -> str:
    """The number a person sees, without exponent or needless decimals: `5.0` → `5`, `0.10000000000000001` → `0.1`.

    A spreadsheet keeps numbers as 8-byte floats, which hold 15 digits exactly: the shortest decimal that is the same
    float is the one that was typed. Raises UnreadableValue for what is no finite number.
    """
    if not NUMBER.fullmatch(raw):
        raise UnreadableValue(_("Cellen inneholder et tall som ikke kan leses. Skriv det inn på nytt."))
    nearest = float(raw)
    if nearest in (float("inf"), float("-inf")):
        raise UnreadableValue(_("Cellen inneholder et tall som ikke kan leses. Skriv det inn på nytt."))
    text = format(Decimal(repr(nearest)), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def serial_text(raw: str, *, counts_from_1904: bool) -> str:
    """The day, time or both that a serial number stands for, as ISO text, to the nearest millisecond.

    A whole number is a day (`2022-01-10`), one below 1 a time of day (`09:30:00`), any other both. Raises
    UnreadableValue outside the years 1900–9999.
    """
    if not NUMBER.fullmatch(raw) or not 0 <= float(raw) < LAST_SERIAL + 1:
        raise UnreadableValue(_unreadable_date())
    milliseconds = int((Decimal(raw) * DAY_MILLISECONDS).to_integral_value())
    serial, within = divmod(milliseconds, DAY_MILLISECONDS)
    time = _time(within)
    if serial == 0:
        return time.isoformat()
    day = _day(serial, counts_from_1904=counts_from_1904)
    return f"{day.isoformat()}T{time.isoformat()}" if within else day.isoformat()


def _time(milliseconds: int) -> dt.time:
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return dt.time(hour, minute, second, thousandths * 1000)


def _day(serial: int, *, counts_from_1904: bool) -> dt.date:
    if not counts_from_1904 and serial == NEVER_WAS:
        raise UnreadableValue(_unreadable_date())
    try:
        if counts_from_1904:
            return FIRST_DAY_1904 + dt.timedelta(days=serial)
        return FIRST_DAY + dt.timedelta(days=serial - (serial > NEVER_WAS))
    except OverflowError as error:
        raise UnreadableValue(_unreadable_date()) from error


def _unreadable_date() -> Message:
    return _("Cellen inneholder en dato som ikke finnes. Skriv den inn på nytt, som 2022-01-10.")
