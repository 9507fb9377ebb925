"""Runs several programs side by side as one: stopped together, and one that dies is started again."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

PR_SET_PDEATHSIG = 1
SECONDS_BETWEEN_LOOKS = 0.25
LONGEST_PAUSE = 4.0


class ProgramKeepsDying(Exception):
    """A program ended several times shortly after it was started."""


@dataclass
class Program:
    """One program under supervision."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    quick_deaths: int = 0
    has_stood: bool = False
    start_again_at: float = 0.0


@dataclass
class Supervisor:
    """Starts programs, watches them, and ends them when it is told to end itself.

    A program that has never stood for `quick_seconds` and ends `patience` times in a row is not tried again: something
    is wrong with the installation, so everything is stopped and `ProgramKeepsDying` raised. One that has stood is
    started again for ever, the first time at once and never more than `LONGEST_PAUSE` later: what ails it passes, and
    the others are needed meanwhile. On Linux the programs also end when the supervisor itself is killed.
    """

    commands: Mapping[str, Sequence[str]]
    say: Callable[[str], None]
    quick_seconds: float = 10.0
    patience: int = 3
    grace_seconds: float = 30.0
    _programs: list[Program] = field(default_factory=list, init=False)
    _stopping: bool = field(default=False, init=False)

    def run(self) -> None:
        """Run until a SIGTERM or SIGINT arrives or a program keeps dying; on return no program is left."""
        previous = {number: signal.signal(number, self._on_signal) for number in (signal.SIGTERM, signal.SIGINT)}
        self._programs = [Program(name, command) for name, command in self.commands.items()]
        try:
            for program in self._programs:
                self._start(program)
            while not self._stopping:
                time.sleep(SECONDS_BETWEEN_LOOKS)
                self._look_after_programs()
        finally:
            self._end_all()
            for number, handler in previous.items():
                signal.signal(number, handler)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _start(self, program: Program) -> None:
        # A session of its own keeps Ctrl-C in the terminal from reaching the program before we stop it in good order.
        program.process = subprocess.Popen(  # noqa: S603  # the commands are our own
            program.command,
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509  # this process has no threads
        )
        program.started = time.monotonic()
        self.say(f"{program.name} started (process {program.process.pid})")

    def _look_after_programs(self) -> None:
        for program in self._programs:
            if self._stopping:
                return
            if program.process is not None and program.process.poll() is not None:
                self._take_note_of_death(program, program.process.returncode)
            if program.process is None and time.monotonic() >= program.start_again_at:
                self._start(program)

    def _take_note_of_death(self, program: Program, code: int) -> None:
        self.say(f"{program.name} ended with code {code}")
        program.process = None
        now = time.monotonic()
        if now - program.started >= self.quick_seconds:
            program.has_stood, program.quick_deaths = True, 0
        else:
            program.quick_deaths += 1
        if program.quick_deaths >= self.patience and not program.has_stood:
            raise ProgramKeepsDying(f"{program.name} ends as soon as it is started; its own lines above tell why.")
        program.start_again_at = now + min(max(0.0, program.quick_deaths - 1.0), LONGEST_PAUSE)

    def _end_all(self) -> None:
        alive = [program for program in self._programs if program.process and program.process.poll() is None]
        for program in alive:
            if program.process:
                program.process.terminate()
        deadline = time.monotonic() + self.grace_seconds
        for program in alive:
            self._await_end(program, deadline=deadline)

    def _await_end(self, program: Program, *, deadline: float) -> None:
        if program.process is None:
            return
        try:
            program.process.wait(timeout=max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.say(f"{program.name} did not end in time and is killed")
            program.process.kill()
            program.process.wait()
        self.say(f"{program.name} stopped")


def _end_with_parent() -> None:
    """Ask Linux to send SIGTERM to the program when the supervisor dies; elsewhere there is no such request."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
