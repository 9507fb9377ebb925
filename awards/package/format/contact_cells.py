"""How somebody is reached: telephone numbers, e-mail addresses, links. Anything else in such a cell is a mistake.

A shopper dials, writes to or opens what stands here, and a company that cannot be reached gets a zero. So a dash, "n/a"
or a number that Excel has cut is never an open channel.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from awards.package.format.problems import Message, sentence
from awards.package.format.text_cells import CellError, clean, refuse_spreadsheet_error
from kundeservice.core.addresses import read_address

NUMBER_CHARACTERS = re.compile(r"\+?[0-9 ]+")
NATIONAL = re.compile(r"[0-9]{8}|[0-9]{5}|1[0-9]{2}|18[0-9]{2}|116[0-9]{3}")
"""Numbers as they are dialled in Norway: eight digits, five (such as 02400), and the short ones that the numbering plan
has: three digits beginning with 1, four with 18 (directories), six with 116 (European services)."""
NORWAY = re.compile(r"(?:\+|00)47(?P<rest>.*)")
ABROAD = re.compile(r"(?:\+|00)[1-9][0-9]{6,14}")
OPENED_SCHEMES = frozenset({"http", "https"})
HOST = re.compile(r"(?:[\w-]+\.)+[^\W\d_][\w-]*", re.UNICODE)
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?!\d)")


def read_telephone(cell: str, *, longest: int) -> str:
    """A number that can be dialled from Norway, with its blanks. Raises CellError."""
    number = " ".join(clean(cell, longest).split())
    refuse_spreadsheet_error(number)
    if not NUMBER_CHARACTERS.fullmatch(number):
        raise CellError(
            _("Dette er ikke et telefonnummer: bare sifre, mellomrom og + foran. Tøm cellen hvis telefonen er stengt.")
        )
    digits = number.replace(" ", "")
    if not _can_be_dialled(digits):
        raise CellError(
            _(
                "Nummeret kan ikke ringes: et norsk nummer har 5 eller 8 sifre, ellers trengs landskode som +46. "
                "Har regnearket fjernet en null foran, eller skrevet nummeret om?"
            )
        )
    return number


def _can_be_dialled(digits: str) -> bool:
    if NATIONAL.fullmatch(digits):
        return True
    norwegian = NORWAY.fullmatch(digits)
    if norwegian:
        return len(norwegian["rest"]) in (5, 8)
    return bool(ABROAD.fullmatch(digits))


def read_email(cell: str, *, longest: int) -> str:
    """An address mail can be sent to. Raises CellError."""
    text = clean(cell, longest)
    refuse_spreadsheet_error(text)
    try:
        return read_address(text)
    except ValidationError as error:
        raise CellError(error.messages[0]) from error


def read_link(cell: str, *, longest: int) -> str:
    """An address that opens in a browser, with its scheme: `https://firma.no/chat`. Raises CellError."""
    link = clean(cell, longest)
    refuse_spreadsheet_error(link)
    _refuse_disguise(link)
    if not _opens(link):
        raise CellError(
            _("Dette er ikke en lenke. Skriv den som https://firma.no/chat, eller tøm cellen hvis det ikke er noen.")
        )
    return link


def read_website(cell: str, *, longest: int) -> str:
    """A home page, with or without its scheme: `www.firma.no`. Raises CellError."""
    address = clean(cell, longest)
    refuse_spreadsheet_error(address)
    _refuse_disguise(address if SCHEME.match(address) else f"https://{address}")
    if not _opens(address if SCHEME.match(address) else f"https://{address}"):
        raise CellError(_not_a_website())
    return address


def _not_a_website() -> Message:
    return _("Dette er ikke en nettadresse. Skriv den som https://firma.no, eller tøm cellen.")


def _refuse_disguise(link: str) -> None:
    """What stands before an @ looks like where a link leads, and is not: `https://bank.no@somewhere.example/chat`."""
    try:
        told, at, host = urlsplit(link).netloc.rpartition("@")
    except ValueError:
        return
    if at:
        message = _("Lenken ser ut til å føre til «%(told)s», men fører til «%(host)s». Skriv den uten «@».")
        raise CellError(sentence(message, told=told, host=host))


def _opens(link: str) -> bool:
    if any(character.isspace() for character in link):
        return False
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
        _port = parts.port  # raises for what is no port
    except ValueError:
        return False
    return parts.scheme.lower() in OPENED_SCHEMES and bool(HOST.fullmatch(host))
