"""Try each change against the tests that reach its lines: `python -m scripts.mutants.trying JOB.json RESULTS.jsonl`.

The tests run once as they are, in one process, which remembers what each of them reaches. For every change the process
then forks: the child puts the changed code in place of the code it inherited – whatever decorator holds it – and runs
the tests that reach it until one fails. Django, the database and pytest's collection are set up once for all changes.
"""

from __future__ import annotations

import ast
import gc
import json
import os
import resource
import shutil
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from types import CodeType, FunctionType, NoneType
from typing import Any

import coverage
import pytest
from django.db import connections

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("awards", "kundeservice", "scoring", "shoppers", "surveys", "tests")
CACHED = type(cache(len))
"""What `functools.cache` makes of a function."""
BYTES_OF_MEMORY = 8 * 2**30
"""What a change that never stops collecting may take."""
SECONDS_OF_GRACE = 10
TIMES_AS_LONG = 4
"""A change may take so many times as long as its tests took before, and the grace; then it counts as noticed."""


def main(job: Path, results: Path) -> int:
    """Run what a job asks for, `{"tests": [path], "changes": [{…}]}`; a line of results for every change."""
    asked = json.loads(job.read_text())
    options = ["-q", "-p", "no:xdist", "-p", "no:cacheprovider", "-m", "not browser"]
    # A folder of its own: pytest takes away the oldest of those it makes, also from under a run that still needs it.
    options += ["-o", "tmp_path_retention_policy=none", f"--basetemp={results.parent / 'tests'}", "--no-summary"]
    return int(pytest.main([*options, *asked["tests"]], plugins=[Trial(asked["changes"], results)]))


class Trial:
    """The plugin that takes pytest's own loop over the tests in hand."""

    def __init__(self, changes: list[dict[str, Any]], results: Path) -> None:
        self._changes = changes
        self._results = results
        self._failing = results.with_suffix(".failing")
        self._failed = False
        self._skipped = False
        self._seconds: dict[str, float] = {}
        self._items: dict[str, pytest.Item] = {}
        self._reaching: dict[str, dict[int, list[str]]] = {}
        self._database: tuple[Path, Path] | None = None

    def pytest_configure(self) -> None:
        """Random examples are the same for every change, and one that fails need not become small."""
        import hypothesis  # noqa: PLC0415 - pytest must have loaded it as its plugin first

        phases = [hypothesis.Phase.explicit, hypothesis.Phase.generate]
        hypothesis.settings.register_profile("mutants", database=None, deadline=None, derandomize=True, phases=phases)
        hypothesis.settings.load_profile("mutants")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Notice how a test ends."""
        self._failed |= report.failed
        self._skipped |= report.skipped

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """The tests once as they are, then every change."""
        self._measure(session)
        live = _live_code()
        gc.collect()
        gc.freeze()
        self._leave_out_what_fails_unchanged(session)
        with self._results.open("w") as out:
            for change in self._changes:
                print(json.dumps(self._try(session, change, live)), file=out, flush=True)
        return True

    def _measure(self, session: pytest.Session) -> None:
        paths = sorted({change["path"] for change in self._changes})
        reached = coverage.Coverage(data_file=None, config_file=False, include=[str(ROOT / path) for path in paths])
        live = _live_code()
        with reached.collect():
            for item in session.items:
                live.forget()  # else only the first of the tests that share a value would reach what it is made by
                reached.switch_context(item.nodeid)
                self._measure_one(item, session)
        data = reached.get_data()
        self._reaching = {path: data.contexts_by_lineno(str(ROOT / path)) for path in paths}

    def _measure_one(self, item: pytest.Item, session: pytest.Session) -> None:
        begun = time.monotonic()
        self._run(item, session)
        if not self._failed and not self._skipped:
            self._items[item.nodeid] = item
            self._seconds[item.nodeid] = time.monotonic() - begun
        if self._database is None and item.get_closest_marker("database"):
            self._keep_database()

    def _run(self, item: pytest.Item, session: pytest.Session) -> None:
        """One test; what belongs to the whole session stays, as if the next test came from anywhere."""
        self._failed = self._skipped = False
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=session)

    def _leave_out_what_fails_unchanged(self, session: pytest.Session) -> None:
        """Every test once more, in a child and in the order of the trials: one that fails would notice anything."""
        self._restore_database()
        names = _in_order(self._items, self._seconds)
        self._failing.write_text("")
        child = os.fork()
        if child == 0:
            try:
                os.setpgid(0, 0)
                self._fall_silent(session)
                signal.signal(signal.SIGALRM, _too_long)
                with self._failing.open("w") as out:
                    for name in names:
                        signal.alarm(round(SECONDS_OF_GRACE + TIMES_AS_LONG * self._seconds[name]))
                        self._run(self._items[name], session)
                        if self._failed:
                            print(name, file=out, flush=True)
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        for name in self._failing.read_text().splitlines():
            print(f"\nLeft out, for it fails without any change: {name}")
            del self._items[name]

    def _keep_database(self) -> None:
        """Remember the migrated, empty database: a test that was stopped half-way may leave rows behind."""
        connections.close_all()
        path = Path(connections["default"].settings_dict["NAME"])
        self._database = path, path.with_suffix(".kept")
        shutil.copy(path, self._database[1])

    def _restore_database(self) -> None:
        if self._database is None:
            return
        path, kept = self._database
        connections.close_all()
        for left in path.parent.glob(f"{path.name}-*"):
            left.unlink()
        shutil.copy(kept, path)

    def _try(self, session: pytest.Session, change: dict[str, Any], live: Live) -> dict[str, Any]:
        begun = time.monotonic()
        while True:
            tests = self._tests_for(change)
            outcome = self._fork(session, change, live, tests) if tests else "survived"
            failed = self._failing.read_text() if outcome == "killed" else ""
            if not failed or self._fork(session, None, live, [failed]) == "survived":
                break
            print(f"\nLeft out from here on, for it fails without any change: {failed}")
            del self._items[failed]
        seconds = round(time.monotonic() - begun, 2)
        if outcome not in {"killed", "timed out"}:
            print(f"\n{outcome} {len(tests)} tests in {seconds} s: {change['shown']}", flush=True)
        return {"path": change["path"], "outcome": outcome, "seconds": seconds}

    def _tests_for(self, change: dict[str, Any]) -> list[str]:
        """Those that reach the changed statement."""
        reaching = self._reaching[change["path"]]
        first, last = change["lines"]
        lines = reaching if change["is_constant"] else range(first, last + 1)
        names = {name for line in lines for name in reaching.get(line, []) if name in self._items}
        if change["is_constant"] and not names:  # no function of the module was entered: others use its constants
            names = set(self._items)
        return _in_order({name: self._items[name] for name in names}, self._seconds)

    def _fork(self, session: pytest.Session, change: dict[str, Any] | None, live: Live, tests: Sequence[str]) -> str:
        self._restore_database()
        self._failing.write_text("")
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            self._be_the_child(session, change, live, tests)
        limit = SECONDS_OF_GRACE + TIMES_AS_LONG * sum(self._seconds[name] for name in tests)
        return _awaited(child, time.monotonic() + limit)

    def _be_the_child(
        self, session: pytest.Session, change: dict[str, Any] | None, live: Live, tests: Sequence[str]
    ) -> None:
        try:
            os.setpgid(0, 0)
            resource.setrlimit(resource.RLIMIT_AS, (BYTES_OF_MEMORY, BYTES_OF_MEMORY))
            self._fall_silent(session)
            live.forget()
            if change is not None:
                _put_in_place(change, live)
            for name in tests:
                self._run(self._items[name], session)
                if self._failed:
                    self._failing.write_text(name)
                    os._exit(1)
            os._exit(0)
        except NotPut:
            os._exit(3)
        finally:
            os._exit(1)

    @staticmethod
    def _fall_silent(session: pytest.Session) -> None:
        """A child says nothing; the parent tells."""
        session.config.pluginmanager.unregister(name="terminalreporter")
        silence = os.open(os.devnull, os.O_RDWR)
        for descriptor in range(3):
            os.dup2(silence, descriptor)


def _awaited(child: int, deadline: float) -> str:
    outcome = ""
    while not outcome:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            outcome = {0: "survived", 3: "not tried"}.get(os.waitstatus_to_exitcode(status), "killed")
        elif time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            outcome = "timed out"
        else:
            time.sleep(0.01)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # what its tests have started and not ended
    return outcome


def _too_long(_signal: int, _frame: object) -> None:
    raise TimeoutError


def _in_order(items: dict[str, pytest.Item], seconds: dict[str, float]) -> list[str]:
    """The quick ones first, and those that empty the tables last."""
    return sorted(items, key=lambda name: (_empties_tables(items[name]), seconds[name]))


def _empties_tables(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(marker and marker.kwargs.get("transaction")) or bool(fixtures & {"transactional_db", "live_server"})


# ---- the changed code in place of the loaded code --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Live:
    """What exists of the project's code in this process: functions by file, qualified name and first line; caches."""

    functions: dict[tuple[str, str, int], list[FunctionType]]
    caches: list[Any]

    def forget(self) -> None:
        """Empty what functions remember of their answers."""
        for remembered in self.caches:
            remembered.cache_clear()


class NotPut(Exception):
    """The code that is changed was not found in this process."""


def _live_code() -> Live:
    found = Live(functions=defaultdict(list), caches=[])
    for thing in gc.get_objects():  # asked for their type alone: a lazy object would do its work for `isinstance`
        if type(thing) is FunctionType and thing.__code__.co_filename.startswith(str(ROOT)):
            code = thing.__code__
            found.functions[os.path.realpath(code.co_filename), code.co_qualname, code.co_firstlineno].append(thing)
        elif type(thing) is CACHED and (thing.__module__ or "").startswith(PACKAGES):
            found.caches.append(thing)
    return found


def _put_in_place(change: dict[str, Any], live: Live) -> None:
    path = ROOT / change["path"]
    if change["is_constant"]:
        _put_constant(change["path"], change["owner"], change["source"], live)
        return
    before = _codes(path.read_text(), str(path), change["owner"])
    after = _codes(change["source"], str(path), change["owner"])
    if len(before) != len(after):  # a lambda was changed away: the function around it is enough
        before, after = before[:1], after[:1]
    put = 0
    for old, new in zip(before, after, strict=True):
        for function in live.functions.get((os.path.realpath(path), old.co_qualname, old.co_firstlineno), []):
            function.__code__ = new
            put += 1
    if not put:
        raise NotPut(change["owner"])


def _codes(source: str, path: str, owner: str) -> list[CodeType]:
    """The code of a function and of every function in it, in the order of the source."""
    return [
        code
        for code in _nested(compile(source, path, "exec", dont_inherit=True))
        if code.co_qualname == owner or code.co_qualname.startswith(f"{owner}.<locals>.")
    ]


def _nested(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _nested(constant)


def _put_constant(path: str, name: str, source: str, live: Live) -> None:
    """The new value of a module's constant: there, wherever it was imported by its name, and as a default value."""
    module = sys.modules[path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")]
    old = getattr(module, name)
    namespace = dict(vars(module))
    exec(compile(_statement(source, name), path, "exec", dont_inherit=True), namespace)  # noqa: S102
    for other in list(sys.modules.values()):
        if getattr(other, "__dict__", {}).get(name) is old:
            setattr(other, name, namespace[name])
    if isinstance(old, (bool, int, NoneType)):  # the same object as many others
        return
    for function in chain.from_iterable(live.functions.values()):
        if any(value is old for value in function.__defaults__ or ()):
            new = tuple(namespace[name] if value is old else value for value in function.__defaults__ or ())
            function.__defaults__ = new
        for key, value in (function.__kwdefaults__ or {}).items():
            if value is old:
                function.__kwdefaults__[key] = namespace[name]


def _statement(source: str, name: str) -> ast.Module:
    """The one statement of a module that gives the name its value."""
    for statement in ast.parse(source).body:
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            return ast.Module(body=[statement], type_ignores=[])
    raise NotPut(name)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
