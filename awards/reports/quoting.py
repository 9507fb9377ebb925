"""Making what people wrote safe to typeset: nothing a comment holds may stop, slow down or deform a report."""

from __future__ import annotations

import re
import unicodedata

MOST_CHARACTERS = 5_000
MOST_LINES = 60
LONGEST_RUN = 40
"""Letters without a place to break: longer runs make the line breaker try every one of them."""
MOST_MARKS = 8
"""Combining marks on one letter."""
SOFT_BREAK = "\u200b"
ELLIPSIS = " […]"

# Overrides that turn the reading direction of everything after them, and characters that are no text at all.
_UNWANTED = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]"
)
_LONG_RUN = re.compile(rf"(\S{{{LONGEST_RUN}}})(?=\S)")


def calm(text: str) -> str:
    """The text, cut at 5,000 characters and 60 lines, with a soft break in every long run of letters."""
    return break_runs("\n".join(_lines(text)))


def break_runs(text: str) -> str:
    """Text of one line, such as a name, in which the line breaker always finds a place."""
    return _LONG_RUN.sub(rf"\1{SOFT_BREAK}", _few_marks(_UNWANTED.sub("", unicodedata.normalize("NFC", text))))


def _lines(text: str) -> list[str]:
    cut = text[:MOST_CHARACTERS]
    lines = [line.rstrip() for line in cut.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    kept = [line for index, line in enumerate(lines) if line or (index and lines[index - 1])]
    is_cut = len(cut) < len(text) or len(kept) > MOST_LINES
    shown = kept[:MOST_LINES]
    return [*shown[:-1], shown[-1] + ELLIPSIS] if is_cut and shown else shown


def _few_marks(text: str) -> str:
    if text.isascii():
        return text
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= MOST_MARKS:
            kept.append(character)
    return "".join(kept)
