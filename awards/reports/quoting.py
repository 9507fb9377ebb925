"""Making what people wrote safe to typeset: nothing a comment holds may stop, slow down or deform a report."""

from __future__ import annotations

import re
import unicodedata

from surveys.queries.content import MAX_COMMENT_LENGTH

LONGEST_RUN = 40
"""Letters without a place to break: longer runs make the line breaker try every one of them."""
MOST_MARKS = 8
"""Combining marks on one letter."""
SOFT_BREAK = "\u200b"
CUT = f" [Kuttet her, etter {MAX_COMMENT_LENGTH} tegn.]"
"""No door takes a longer comment, so nobody should ever read this; it bounds what typesetting may cost."""

# Overrides that turn the reading direction of everything after them, and characters that are no text at all.
_UNWANTED = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]"
)
_LONG_RUN = re.compile(rf"(\S{{{LONGEST_RUN}}})(?=\S)")


def calm(text: str) -> str:
    """The whole text, empty lines closed up, with a soft break in every long run of letters."""
    return break_runs("\n".join(_lines(text)).strip())


def break_runs(text: str) -> str:
    """Text of one line, such as a name, in which the line breaker always finds a place."""
    return _LONG_RUN.sub(rf"\1{SOFT_BREAK}", _few_marks(_UNWANTED.sub("", unicodedata.normalize("NFC", text))))


def _lines(text: str) -> list[str]:
    shown = text if len(text) <= MAX_COMMENT_LENGTH else text[:MAX_COMMENT_LENGTH] + CUT
    lines = [line.rstrip() for line in shown.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return [line for index, line in enumerate(lines) if line or (index and lines[index - 1])]


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
