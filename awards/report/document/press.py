"""The press: keeps a typesetting child warm, gives it one report at a time, and kills it when one takes too long."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from django.conf import settings

from awards.report.document.lettering import STYLE
from awards.report.document.typesetter import LENGTH, PDF

PROCESSOR_SECONDS = 30
"""What one report may cost. Counted in processor time, so that a busy machine stops no honest report."""
PATIENCE_SECONDS = 300.0
"""How long to wait for one all the same, the start of a cold child included."""
CHUNK = 1 << 16
TOO_LONG = "took too long and was stopped"
FONTS = Path(__file__).with_name("fonts.conf")


class TypesettingFailed(Exception):
    """A report could not be set; the text says why."""


class Press:
    """One typesetting child. Use as a context manager; not to be shared between threads."""

    def __init__(self, *, seconds: int = PROCESSOR_SECONDS, patience: float = PATIENCE_SECONDS) -> None:
        self._seconds = seconds
        self._patience = patience
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def typeset(self, html: str) -> bytes:
        """The report as PDF. A child that died or was killed is replaced at the next call.

        Raises: TypesettingFailed.
        """
        child = self._child = self._child or _start(self._seconds)
        deadline = time.monotonic() + self._patience
        document = html.encode("utf-8", "replace")
        try:
            _write(child, LENGTH.pack(len(document)) + document, deadline)
            (length,) = LENGTH.unpack(_read(child, LENGTH.size, deadline))
            answer = _read(child, length, deadline)
        except (TypesettingFailed, OSError) as problem:
            self.close()
            raise TypesettingFailed(str(problem)) from problem
        if not answer.startswith(PDF):
            raise TypesettingFailed(answer[1:].decode("utf-8", "replace"))
        return answer[1:]

    def close(self) -> None:
        """End the child, whatever it is doing."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.communicate()


def _start(seconds: int) -> subprocess.Popen[bytes]:
    static = str(settings.STATICFILES_DIRS[0])
    # No secrets and no database address: the child needs a path to Python's modules and nothing else.
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    # A sign that our fonts lack would be borrowed from whatever font this machine happens to have.
    environment["FONTCONFIG_FILE"] = str(FONTS)
    child = subprocess.Popen(  # noqa: S603 – our own module, no argument from outside
        [sys.executable, "-m", "awards.report.document.typesetter", static, STYLE, str(seconds)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=settings.BASE_DIR,
        env=environment,
    )
    for stream in (child.stdin, child.stdout):
        if stream is not None:
            os.set_blocking(stream.fileno(), False)
    return child


def _write(child: subprocess.Popen[bytes], content: bytes, deadline: float) -> None:
    pipe = _file_number(child.stdin)
    rest = memoryview(content)
    while rest:
        _wait(writing=pipe, deadline=deadline)
        try:
            rest = rest[os.write(pipe, rest[:CHUNK]) :]
        except BrokenPipeError as problem:
            raise TypesettingFailed(_epitaph(child)) from problem


def _read(child: subprocess.Popen[bytes], length: int, deadline: float) -> bytes:
    pipe = _file_number(child.stdout)
    found = bytearray()
    while len(found) < length:
        _wait(reading=pipe, deadline=deadline)
        part = os.read(pipe, min(CHUNK, length - len(found)))
        if not part:
            raise TypesettingFailed(_epitaph(child))
        found += part
    return bytes(found)


def _wait(*, deadline: float, reading: int | None = None, writing: int | None = None) -> None:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TypesettingFailed(TOO_LONG)
    readable, writable, _rest = select.select(
        [reading] if reading is not None else [], [writing] if writing is not None else [], [], left
    )
    if not readable and not writable:
        raise TypesettingFailed(TOO_LONG)


def _epitaph(child: subprocess.Popen[bytes]) -> str:
    try:
        code = child.wait(timeout=1)
    except subprocess.TimeoutExpired:
        return "the typesetter closed its output"
    return TOO_LONG if code == -signal.SIGXCPU else f"the typesetter ended with code {code}"


def _file_number(stream: object) -> int:
    number: int = stream.fileno()  # type: ignore[attr-defined]  # opened as a pipe by `_start`
    return number
