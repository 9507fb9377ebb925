"""A workbook's parts, looked through before a parser sees them.

An Office file is an archive of XML parts, and a parser builds what it reads in memory. So a part is first run through
as bytes, within the budget of the archive: nothing in it may be a document type, an endless row, or more tags than any
real workbook has.
"""

from __future__ import annotations

import re
from typing import IO

from django.utils.translation import gettext_lazy as _

from awards.package.format.archive import DAMAGED, Archive, damaged
from awards.package.format.limits import Limits, TableUnreadable

CHUNK = 65_536
OVERLAP = 64
NEARBY = 4096
DOCUMENT_TYPE = b"<!DOCTYPE"
STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml"
RECORD = re.compile(rb"</?(?:[\w.-]+:)?(?:row|si|xf)[\s/>]")
"""Where a row, a shared text or a cell style begins or ends."""


class CheckedParts:
    """The parts of an archive by name, each looked through the first time it is asked for.

    It has what openpyxl wants of an archive. Raises TableUnreadable for a part that must not be parsed,
    PackageUnreadable when all parts together are too much, KeyError for one that is not there.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._looked_through: set[str] = set()

    def __contains__(self, name: object) -> bool:
        return name in self._archive

    def namelist(self) -> list[str]:
        return self._archive.names

    def open(self, name: str, _mode: str = "r") -> IO[bytes]:
        if name not in self._archive:
            raise KeyError(name)
        if name not in self._looked_through:
            self._look_through(name)
            self._looked_through.add(name)
        return self._archive.open_again(name)

    def read(self, name: str) -> bytes:
        with self.open(name) as stream:
            return stream.read()

    def _look_through(self, name: str) -> None:
        limits = self._archive.budget.limits
        tags = 0
        since_record = 0
        tail = b""
        with self._archive.open(name) as stream:
            try:
                while chunk := stream.read(CHUNK):
                    seen = tail + chunk
                    _refuse(seen)
                    tags += chunk.count(b"<")
                    since_record = _since_record(seen, since_record + len(chunk))
                    _bound(tags, since_record, limits)
                    tail = seen[-OVERLAP:]
            except (*DAMAGED, OSError) as error:
                raise TableUnreadable(damaged()) from error


def _since_record(seen: bytes, otherwise: int) -> int:
    """How long ago, in bytes and at the most, a record began or ended; `otherwise` where none does in what is seen."""
    for nearby in (NEARBY, len(seen)):
        if RECORD.search(seen, max(0, len(seen) - nearby)):
            return nearby
    return otherwise


def _refuse(piece: bytes) -> None:
    if b"\0" in piece:  # no part of a workbook that is read is anything but XML in UTF-8
        raise TableUnreadable(damaged())
    if DOCUMENT_TYPE in piece:
        raise TableUnreadable(_("Arbeidsboken har en XML-dokumenttype og blir ikke lest. Lagre den på nytt fra Excel."))
    if STRICT in piece:
        raise TableUnreadable(
            _("Arbeidsboken er lagret som «Strict Open XML». Lagre den som vanlig «Excel-arbeidsbok (.xlsx)».")
        )


def _bound(tags: int, since_record: int, limits: Limits) -> None:
    if since_record > limits.record_bytes:
        raise TableUnreadable(damaged())
    if tags > limits.tags:
        raise TableUnreadable(_("Arket har for mange celler og blir ikke lest. Fjern det som ikke hører til."))
