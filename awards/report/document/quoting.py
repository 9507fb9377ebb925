"""Making what people wrote safe to typeset: nothing a comment holds may stop, slow down or deform a report."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any

from awards.report.document.lettering import printable
from awards.report.queries.report_data import ReportData
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
# Emoji are no letters: there is a place to break between any two, and none inside one that is made of several.
_LETTER = rf"[^\s{SOFT_BREAK}\u200d\ufe0f\U0001f000-\U0001faff\U000e0020-\U000e007f]"
_LONG_RUN = re.compile(rf"({_LETTER}{{{LONGEST_RUN}}}[\u0300-\u036f]*+)(?={_LETTER})")


def typesettable(data: ReportData) -> ReportData:
    """The data of a report with all its words fit to print. Comments are left to `breakable`, which sees them whole."""
    words = _with_words(data, break_runs)
    return replace(words, digest=data.digest, quotations=data.quotations)


def breakable(text: str) -> str:
    """The whole text, empty lines closed up, with a soft break in every long run of letters."""
    return break_runs("\n".join(_lines(text)).strip())


def break_runs(text: str) -> str:
    """Text in which the line breaker always finds a place, and our fonts every sign."""
    wanted = _few_marks(_UNWANTED.sub("", unicodedata.normalize("NFC", text)))
    return _LONG_RUN.sub(rf"\1{SOFT_BREAK}", printable(wanted))


def _with_words(value: Any, change: Callable[[str], str]) -> Any:
    """A tree of frozen dataclasses and tuples with every text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_with_words(each, change) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        found = {field.name: _with_words(getattr(value, field.name), change) for field in fields(value)}
        return replace(value, **found)
    return value


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
