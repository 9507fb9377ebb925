"""Opening a ZIP container that somebody else made, CSV package or workbook, without trusting anything it says."""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections import Counter
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import IO, Self

from django.utils.translation import gettext_lazy as _

from awards.package.format.limits import Budget, CountedStream, Limits, PackageUnreadable, TableUnreadable
from awards.package.format.problems import Message, ProblemCollector, sentence

READ_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError, RuntimeError)
"""What `zipfile` raises for damaged or deceitful archives."""

END_RECORD = struct.Struct("<4s4H2LH")
END_SIGNATURE = b"PK\x05\x06"
LONGEST_COMMENT = 65_535
ENCRYPTED = 0x1
DRIVE = re.compile(r"^[A-Za-z]:")


class Archive:
    """An open archive whose table of contents has been checked. Members are read through a byte count."""

    def __init__(self, path: Path, *, name: str, limits: Limits) -> None:
        """Raises PackageUnreadable (not an archive, too much in it) or PackageProblems (unsafe members)."""
        self.name = name
        self.budget = Budget(limits, packed_bytes=path.stat().st_size)
        _check_table_of_contents(path, limits)
        try:
            self._zip = zipfile.ZipFile(path)
        except (*DAMAGED, ValueError) as error:
            raise PackageUnreadable(damaged()) from error
        members = [member for member in self._zip.infolist() if not member.is_dir()]
        try:
            _check_members(members, name=name, limits=limits)
        except BaseException:
            self._zip.close()
            raise
        self._members = {member.filename: member for member in members}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    @property
    def names(self) -> list[str]:
        return list(self._members)

    def __contains__(self, name: object) -> bool:
        return name in self._members

    def open(self, name: str) -> io.BufferedReader:
        """The member's content. Reading may raise any of DAMAGED, or PackageUnreadable when it goes on too long."""
        try:
            source: IO[bytes] = self._zip.open(self._members[name])
        except (*DAMAGED, ValueError) as error:
            raise TableUnreadable(damaged(), file=name) from error
        return io.BufferedReader(CountedStream(source, self.budget), buffer_size=65_536)

    def open_again(self, name: str) -> IO[bytes]:
        """The content of a member that has been read to its end, and paid for, once."""
        return self._zip.open(self._members[name])


def damaged() -> Message:
    return _("Filen er skadet og kan ikke leses. Lag den på nytt.")


def _too_many_members(limits: Limits) -> Message:
    return sentence(
        _("Arkivet har mer enn %(most)s filer og blir ikke lest. Pakk bare filene i årgangspakken."),
        most=limits.members,
    )


def _check_table_of_contents(path: Path, limits: Limits) -> None:
    """Refuse an archive whose table of contents is itself a bomb, before `zipfile` loads it."""
    with path.open("rb") as file:
        size = file.seek(0, io.SEEK_END)
        file.seek(max(0, size - END_RECORD.size - LONGEST_COMMENT))
        tail = file.read()
    start = tail.rfind(END_SIGNATURE)
    if start < 0 or len(tail) - start < END_RECORD.size:
        raise PackageUnreadable(damaged())
    *_ignored, entries, directory_bytes, _offset, _comment = END_RECORD.unpack_from(tail, start)
    # An archive in the 64-bit format keeps these numbers elsewhere; none of ours is near that size.
    is_64_bit = tail[max(0, start - 20) : start].startswith(b"PK\x06\x07")
    if is_64_bit:
        raise PackageUnreadable(_("Arkivet er pakket i formatet ZIP64, som ikke trengs her. Pakk det som vanlig ZIP."))
    if entries > limits.members or directory_bytes > limits.directory_bytes:
        raise PackageUnreadable(_too_many_members(limits))


def _check_members(members: list[zipfile.ZipInfo], *, name: str, limits: Limits) -> None:
    problems = ProblemCollector()
    if len(members) > limits.members:
        raise PackageUnreadable(_too_many_members(limits))
    times = Counter(member.filename for member in members)
    for filename, count in times.items():
        if count > 1:
            message = _("Filen ligger flere ganger i arkivet. Behold den ene.")
            problems.add_to_file(name, value=filename, message=message)
    for member in members:
        refusal = _refusal(member)
        if refusal:
            problems.add_to_file(name, value=member.filename, message=refusal)
    problems.raise_if_any()


def _refusal(member: zipfile.ZipInfo) -> Message | None:
    """Why a member may not be in an archive at all; None when it may."""
    if _leaves_its_folder(member.filename):
        return _("Filnavnet peker ut av arkivet. Pakk filene uten sti.")
    if stat.S_ISLNK(member.external_attr >> 16):
        return _("Arkivet inneholder en snarvei i stedet for en fil. Pakk selve filen.")
    if member.flag_bits & ENCRYPTED:
        return _("Filen er beskyttet med passord. Pakk den uten passord.")
    if member.compress_type not in READ_METHODS:
        return _("Filen er pakket på en måte som ikke kan leses. Pakk den som vanlig ZIP.")
    return None


def _leaves_its_folder(filename: str) -> bool:
    if filename.startswith("/") or "\\" in filename or DRIVE.match(filename):
        return True
    return ".." in PurePosixPath(filename).parts
