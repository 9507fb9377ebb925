"""What is wrong with a package: where, and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

Message: TypeAlias = str | Promise
"""A sentence, or one that waits for the reader's language."""

KEPT_PROBLEMS = 200
"""So many problems are kept word for word; the rest are counted."""

LONGEST_VALUE = 80


def _interpolate(template: Message, parameters: Mapping[str, object]) -> str:
    return str(template) % parameters


_lazy_interpolate = lazy(_interpolate, str)


def sentence(template: Message, **parameters: object) -> Message:
    """The template with its %(name)s filled in, translated when it is read and not before."""
    return _lazy_interpolate(template, parameters)


@dataclass(frozen=True, slots=True)
class PackageProblem:
    """One thing to mend.

    `file` is a file or sheet name. `row` counts as a spreadsheet does: the header is row 1; None = the file as a whole.
    `column` is the column's name, or the key's in `edition.csv`; empty where there is none. `value` is what was found,
    at most 80 printable characters. `message` says in the reader's language what is wrong and how to mend it.
    """

    file: str
    row: int | None
    column: str
    value: str
    message: Message

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"

    @property
    def place(self) -> str:
        """Where to look, in one line: «answers.csv, rad 12, kolonne «option», verdi «x»»."""
        parts = [self.file]
        if self.row is not None:
            parts.append(_("rad %(row)s") % {"row": self.row})
        if self.column:
            parts.append(_("kolonne «%(column)s»") % {"column": self.column})
        if self.value:
            parts.append(_("verdi «%(value)s»") % {"value": self.value})
        return ", ".join(parts)


class PackageProblems(Exception):
    """A package that cannot be used. `problems` are the first 200, `total` counts them all."""

    def __init__(self, problems: tuple[PackageProblem, ...], total: int) -> None:
        super().__init__(problems, total)
        self.problems = problems
        self.total = total

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems]
        if self.unlisted:
            more = ngettext("… og %(count)s feil til.", "… og %(count)s feil til.", self.unlisted)
            lines.append(more % {"count": self.unlisted})
        return "\n".join(lines)

    @property
    def unlisted(self) -> int:
        """How many problems there are beyond those listed."""
        return self.total - len(self.problems)


@dataclass(slots=True)
class ProblemCollector:
    """Gathers every problem; keeps the first 200 and counts the rest, so that a thoroughly bad file costs no memory.

    `suffix` turns a table's name into the name of the place it was read from: `.csv` for files, nothing for sheets.
    """

    suffix: str = ".csv"
    total: int = 0
    _kept: list[PackageProblem] = field(default_factory=list)

    def add(
        self, table: str, *, row: int | None = None, column: str = "", value: object = "", message: Message
    ) -> None:
        """A problem in a table of the contract."""
        self.add_to_file(table + self.suffix, row=row, column=column, value=value, message=message)

    def add_to_file(
        self, file: str, *, row: int | None = None, column: str = "", value: object = "", message: Message
    ) -> None:
        """A problem with a file as such, which may be none of the contract's."""
        self.total += 1
        if len(self._kept) < KEPT_PROBLEMS:
            self._kept.append(PackageProblem(shorten(file), row, shorten(column), shorten(str(value)), message))

    def add_stop(self, file: str, *, row: int | None = None, value: object = "", message: Message) -> None:
        """What ended the reading of a file. It stands before all others, however many were found on the way."""
        self.total += 1
        self._kept.insert(0, PackageProblem(shorten(file), row, "", shorten(str(value)), message))
        del self._kept[KEPT_PROBLEMS:]

    def raise_if_any(self) -> None:
        """Raise PackageProblems when something was found."""
        if self.total:
            raise PackageProblems(tuple(self._kept), self.total)


def shorten(text: str) -> str:
    """At most 80 characters that can be printed safely, on one line; nothing of what is blank."""
    if text.isspace():
        return ""
    cut = text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"
    if cut.isprintable():
        return cut
    escaped = "".join(_visible(character) for character in cut)
    return escaped if len(escaped) <= LONGEST_VALUE else escaped[: LONGEST_VALUE - 1] + "…"


def _visible(character: str) -> str:
    if character == "\n":
        return "⏎"
    if character.isprintable() or character == "\N{NO-BREAK SPACE}":
        return character
    return f"\\u{ord(character):04x}"
