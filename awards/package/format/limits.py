"""How much a package may hold before it is refused, and the count that is kept while it is read.

A real edition of 190 participants has some 200,000 answers, 6 MB of CSV, 40 MB of workbook XML. The limits leave
several times that, and keep the memory of an import bounded whatever the file claims about itself.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from awards.package.format.problems import Message, sentence

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """All sizes are bytes unless they say otherwise."""

    file_bytes: int = 50 * MEGABYTE
    """One file as it lies on disk: an archive, a workbook, or one CSV file of a folder."""
    unpacked_bytes: int = 200 * MEGABYTE
    """Everything that is read, after unpacking, counted while it is read."""
    expansion: int = 200
    """So many times its own size an archive may unpack to, beyond a first megabyte."""
    members: int = 256
    directory_bytes: int = 256 * 1024
    """The table of contents of an archive."""
    columns: int = 100
    characters: int = 50_000_000
    """Text of all cells together."""
    rows: int = 1_048_576
    """Of one file or sheet, blank ones included; Excel has no more."""
    record_bytes: int = 4 * MEGABYTE
    """One row of a CSV file or a sheet."""
    tags: int = 10_000_000
    """Of one part of a workbook; a real edition's answers have 3 million."""
    shared_strings: int = 1_000_000


LIMITS = Limits()


class Unreadable(Exception):
    """Something that keeps a file from being read any further, with its place."""

    def __init__(self, message: Message, *, file: str = "", row: int | None = None, value: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.row = row
        self.value = value


class TableUnreadable(Unreadable):
    """One table cannot be read; the others can."""


class PackageUnreadable(Unreadable):
    """The package as a whole cannot be read."""


@dataclass(slots=True)
class Budget:
    """What has been read so far, held against the limits; `packed_bytes` is an archive's size, None for a folder."""

    limits: Limits
    packed_bytes: int | None = None
    unpacked: int = field(default=0, init=False)
    characters: int = field(default=0, init=False)

    def spend_bytes(self, count: int) -> None:
        """Raises PackageUnreadable once more has been unpacked than any real package holds."""
        self.unpacked += count
        if self.unpacked > self.limits.unpacked_bytes:
            raise PackageUnreadable(
                sentence(
                    _("Pakken er større enn %(most)s MB utpakket og blir ikke lest. Fjern det som ikke hører til."),
                    most=self.limits.unpacked_bytes // MEGABYTE,
                )
            )
        if self.packed_bytes is not None and self.unpacked > MEGABYTE + self.limits.expansion * self.packed_bytes:
            raise PackageUnreadable(
                sentence(
                    _("Filen pakker seg ut til mer enn %(times)s ganger sin egen størrelse og blir ikke lest."),
                    times=self.limits.expansion,
                )
            )

    def spend_characters(self, count: int) -> None:
        """Raises PackageUnreadable once the cells hold more text than any real package."""
        self.characters += count
        if self.characters > self.limits.characters:
            raise PackageUnreadable(
                sentence(
                    _("Pakken har mer enn %(most)s millioner tegn og blir ikke lest. Fjern det som ikke hører til."),
                    most=self.limits.characters // 1_000_000,
                )
            )


class CountedStream(io.RawIOBase):
    """A readable stream that charges every byte to the budget, whatever size its archive claimed."""

    def __init__(self, source: IO[bytes], budget: Budget) -> None:
        self._source = source
        self._budget = budget

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        data = self._source.read(len(view))
        self._budget.spend_bytes(len(data))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._source.close()
        super().close()
