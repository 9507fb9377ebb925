"""From what a spreadsheet stores to what people see in its cells.

A number format decides what is seen: 1 is «100 %», 4800 is «04800», 2.5 is «3». What is seen is what is meant, so a
number is read as its format shows it – or not at all, where that cannot be said in full.
"""

from __future__ import annotations

import datetime as dt
import enum
import functools
import math
import re
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils.datetime import from_excel

from awards.package.format.problems import Message, sentence

GENERAL = ("general", "@", "")
FEWEST_SHORTENED = 10**11
"""From 12 digits on, a cell without a format of its own shows powers of ten."""
DIGITS = ".15g"
"""A spreadsheet keeps numbers as 8-byte floats and shows 15 digits, which come back as they were typed."""

TOKENS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|.', re.DOTALL)
"""What a format is made of: quoted text, an escaped character, something in brackets, any other character."""
UNSEEN = re.compile(
    r"\[(?:Black|Blue|Cyan|Green|Magenta|Red|White|Yellow|Color ?\d+|\$-[^\]]*)\]|_.|\*.", re.IGNORECASE
)
BLANKS = re.compile(r'\\[ \u00a0\u202f]|"[ \u00a0\u202f]*"|[ \u00a0\u202f]')
PLAIN = re.compile(r"(?P<whole>[#0?,]*)(?:\.(?P<decimals>[#0?]*))?(?P<percent>%?)")
MINUS = re.compile(r'^(?:\\?-|"-")')
DAYS_THAT_WERE = ((0, 60), (61, 2_958_466))
"""Excel counts a 29 February 1900, which there was not, and ends with the year 9999."""


class UnreadableValue(ValueError):
    """A cell whose content must not be used."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


class Shows(enum.Enum):
    """What a format makes of a number."""

    ALL = enum.auto()  # the number, as far as there is room
    DIGITS = enum.auto()  # so many of them
    PERCENT = enum.auto()  # a hundred times it
    DAY = enum.auto()  # a day, a time of day, or both
    OTHER = enum.auto()  # something that cannot be told in full: powers of ten, units, thousands


@dataclass(frozen=True, slots=True)
class _Section:
    shows: Shows
    decimals: int = 0
    width: int = 1


@functools.lru_cache(maxsize=512)
def shows_days(code: str) -> bool:
    """Whether a number format shows a number as a day or a time."""
    return bool(is_date_format(code))


def shown_number(value: float, code: str) -> str:
    """The number as people see it under a number format: `100 %` of 1 under `0%`, `04800` of 4800 under `00000`.

    Raises UnreadableValue where they see something else than the whole number.
    """
    section = _section(code, (value > 0) - (value < 0))
    if section.shows is Shows.OTHER:
        raise UnreadableValue(
            sentence(
                _(
                    "Regnearket viser noe annet enn tallet i cellen, for tallformatet er «%(format)s». "
                    "Skriv det du ser som tekst, eller vis cellen som vanlig tall."
                ),
                format=code[:40],
            )
        )
    if section.shows is Shows.ALL and abs(value) >= FEWEST_SHORTENED:
        raise UnreadableValue(_("Tallet er så langt at regnearket forkorter det, som 4,72E+11. Skriv det som tekst."))
    number = number_text(value)
    if section.shows is Shows.ALL:
        return number
    if section.shows is Shows.PERCENT:
        number = _plain(Decimal(number) * 100)
    whole, _point, decimals = number.partition(".")
    if len(decimals) > section.decimals:
        raise UnreadableValue(
            sentence(
                _("Cellen viser et avrundet tall, men inneholder %(number)s. Skriv tallet slik det skal være."),
                number=f"{number} %" if section.shows is Shows.PERCENT else number,
            )
        )
    padded = whole.zfill(section.width + whole.startswith("-")) + (f".{decimals}" if decimals else "")
    return f"{padded} %" if section.shows is Shows.PERCENT else padded


def number_text(value: float) -> str:
    """The number in full, without exponent or needless decimals: 5.0 is `5`, 0.1 + 0.2 is `0.3`."""
    if isinstance(value, int):
        return str(value)
    if not math.isfinite(value):
        raise UnreadableValue(_("Cellen inneholder et tall som ikke kan leses. Skriv det inn på nytt."))
    return _plain(Decimal(format(value, DIGITS)))


def serial_text(value: float, *, epoch: dt.datetime) -> str:
    """The day, time or both that a number stands for, as ISO text, to the nearest millisecond.

    A whole number is a day (`2022-01-10`), one below 1 a time of day (`09:30:00`), any other both. Raises
    UnreadableValue for days that never were.
    """
    try:
        if not any(first <= value < end for first, end in DAYS_THAT_WERE):
            raise ValueError(value)
        return day_text(from_excel(value, epoch))
    except (ValueError, OverflowError) as error:
        raise UnreadableValue(
            _("Cellen inneholder en dato som ikke finnes. Skriv den inn på nytt, som 2022-01-10.")
        ) from error


def day_text(value: dt.datetime | dt.date | dt.time) -> str:
    """A day, a time of day, or both, in ISO 8601; midnight is the day alone."""
    return value.isoformat().removesuffix("T00:00:00")


@functools.lru_cache(maxsize=512)
def _section(code: str, sign: int) -> _Section:
    """What the part of the format that applies to numbers of a sign makes of them."""
    if code.strip().lower() in GENERAL:
        return _Section(Shows.ALL)
    if shows_days(code):
        return _Section(Shows.DAY)
    sections = _sections(code)
    index = {1: 0, -1: 1, 0: 2}[sign]
    applies = sections[index] if index < len(sections) else sections[0]
    bare = BLANKS.sub("", UNSEEN.sub("", applies))
    if sign < 0 and index < len(sections):
        bare = MINUS.sub("", bare)
    if bare.lower() in ("general", "@"):
        return _Section(Shows.ALL)
    plain = PLAIN.fullmatch(bare)
    if not plain or not bare or plain["whole"].endswith(","):
        return _Section(Shows.OTHER)
    return _Section(
        Shows.PERCENT if plain["percent"] else Shows.DIGITS,
        decimals=len(plain["decimals"] or ""),
        width=max(1, plain["whole"].count("0")),
    )


def _sections(code: str) -> list[str]:
    """The parts for positive numbers, negative ones, zero and texts, as many as there are."""
    sections = [""]
    for piece in TOKENS.findall(code):
        if piece == ";":
            sections.append("")
        else:
            sections[-1] += piece
    return sections


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
