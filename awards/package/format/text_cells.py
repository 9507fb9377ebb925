"""Texts as people wrote them – and texts that a spreadsheet or a wrong character set has spoilt."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from awards.package.format.csv_tables import is_too_long, too_long_cell
from awards.package.format.problems import Message, sentence
from kundeservice.core.text import without_invisible

NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
SPREADSHEET_ERROR = re.compile(
    r"#(REF|N/A|VALUE|NAME\?|DIV/0|NULL|NUM|SPILL|CALC|I/T|VERDI|NAVN\?|TOMT|SPREDT|OVERFLYT)!?|Err:\d{3}",
    re.IGNORECASE,
)
FILLERS = frozenset(
    [
        "-",
        "--",
        "---",
        "–",
        "—",
        ".",
        "..",
        "/",
        "?",
        "n/a",
        "n.a.",
        "n/a.",
        "nei",
        "ingen",
        "mangler",
        "null",
        "nil",
        "none",
        "nan",
        "ukjent",
        "tbd",
        "tba",
    ]
) | {
    "ikke aktuelt",
    "ikke relevant",
    "har ikke",
    "finnes ikke",
    "ikke oppgitt",
    "not applicable",
}
"""What people write into a cell to say that there is nothing to write."""

LETTER = re.compile(r"[A-Za-z0-9]")
LOST = "\N{REPLACEMENT CHARACTER}"
EXPECTED = frozenset("ČčĐđŊŋŠšŦŧŽžœŒ«»–—‘’‚“”„…•€°·½¼¾§©®´\u00a0") | {chr(code) for code in range(0xC0, 0x100)}
"""Characters that Norwegian, Sámi and neighbouring texts have beyond ASCII."""
WORD = re.compile(r"[^ \t\n]*[^\x00-\x7f][^ \t\n]*")
CODE_PAGES = ("cp1252", "mac_roman", "cp850")
"""What programs take UTF-8 for: Windows', the old Macintosh's, and the console's characters."""
ROUNDS = 2


class CellError(ValueError):
    """A cell that does not mean anything, with what is wrong with it."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


def is_blank(cell: str) -> bool:
    """Whether there is nothing in the cell that anybody can see."""
    if not cell or cell.isspace():
        return True
    return not cell.isascii() and not LETTER.search(cell) and not without_invisible(cell).strip()


def clean(cell: str, longest: int) -> str:
    """The text as it is kept: composed (NFC), with line feeds, without blank edges; the same again when cleaned twice.

    Raises CellError for characters no document can hold, and for too many characters.
    """
    unix = cell.replace("\r\n", "\n").replace("\r", "\n")
    found = NOT_TEXT.search(unix)
    if found:
        raise CellError(
            sentence(_("Teksten inneholder et tegn som ikke kan lagres (U+%(code)04X). Fjern det."), code=ord(found[0]))
        )
    text = unicodedata.normalize("NFC", unix).strip()
    if len(text) > longest:
        raise CellError(
            sentence(
                _("Teksten har %(length)s tegn; det er plass til %(most)s. Kort den ned."),
                length=len(text),
                most=longest,
            )
        )
    if is_too_long(text):
        raise CellError(too_long_cell())
    return text


def read_text(cell: str, *, longest: int, refuses_fillers: bool) -> str:
    """A text of the organiser's own. Raises CellError also for one that is spoilt, or stands for nothing."""
    if not cell.isascii():
        _refuse_spoilt(cell)
    text = clean(cell, longest)
    refuse_spreadsheet_error(text)
    if refuses_fillers and text.lower() in FILLERS:
        raise CellError(_("Teksten står bare for at noe mangler, og ville blitt vist som den er. Tøm cellen."))
    return text


def refuse_spreadsheet_error(text: str) -> None:
    """Raises CellError for `#REF!` and its like, in Norwegian or English."""
    if SPREADSHEET_ERROR.fullmatch(text):
        raise CellError(spreadsheet_error(text))


def spreadsheet_error(name: str) -> Message:
    """What is said of a cell in which a calculation went wrong; `name` is the spreadsheet's, as `#REF!`."""
    return sentence(_("Cellen inneholder regnearkfeilen %(error)s. Skriv inn verdien på nytt."), error=name)


def _refuse_spoilt(text: str) -> None:
    if LOST in text:
        raise CellError(_("Teksten har mistet tegn (�) da den ble lagret med feil tegnsett. Skriv den på nytt."))
    guess = likely_reading(text)
    if guess != text:
        raise CellError(
            sentence(
                _("Teksten er lest med feil tegnsett en gang. Skal det stå «%(guess)s»? Rett den."),
                guess=guess if len(guess) <= 60 else f"{guess[:59]}…",
            )
        )


def likely_reading(text: str) -> str:
    """The text with words such as `BjÃ¸rn` as they were before somebody read them in the wrong character set.

    Word by word, so that one right letter elsewhere does not hide them, and only where letters come out that are used
    here.
    """
    return WORD.sub(lambda match: _undone(match[0]), text)


def _undone(word: str) -> str:
    for _round in range(ROUNDS):
        for page in CODE_PAGES:
            before = _read_again(word, page)
            if before is not None:
                word = before
                break
    return word


def _read_again(word: str, page: str) -> str | None:
    """The word as UTF-8, had it been taken for `page`; None where that gives nothing sensible."""
    try:
        before = b"".join(_byte(character, page) for character in word).decode()
    except UnicodeError:
        return None
    is_sensible = all(character.isascii() or character in EXPECTED for character in before)
    # Half-undone text is on its way: a second round shows whether it leads somewhere.
    return before if before != word and (is_sensible or _read_again(before, page) is not None) else None


def _byte(character: str, page: str) -> bytes:
    if "\x80" <= character <= "\x9f":  # a code page's gaps, which programs let through as they are
        return character.encode("latin-1")
    return character.encode(page)
