"""`make mutants`: change the code a little, a thousand times over, and see whether the tests notice."""

from __future__ import annotations

import argparse
import difflib
import json
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from scripts.mutants.changes import Change, changes_of

ROOT = Path(__file__).resolve().parents[2]
OUTCOMES = ("killed", "timed out", "survived", "not tried")


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the product, the modules of it that are changed unless others are named, and where its tests are."""

    folder: str
    usual: tuple[str, ...]
    tests: tuple[str, ...]


AREAS = (
    Area("scoring/engine", ("*.py",), ("tests/scoring",)),
    Area(
        "shoppers/planner", ("constraints.py", "repair.py"), ("tests/shoppers/planner", "tests/shoppers/test_moving.py")
    ),
    Area(
        "surveys/services",
        ("*.py",),
        ("tests/surveys", "tests/shoppers/views", "tests/awards/office", "tests/awards/publication/test_gates.py"),
    ),
    Area(
        "awards/publication",
        ("**/*.py",),
        (
            "tests/awards/publication",
            "tests/awards/office",
            "tests/awards/studies/test_public_sureness.py",
            "tests/awards/test_one_figure.py",
        ),
    ),
)


def main(arguments: list[str]) -> int:
    """Exit code 1 when a module that was asked for is in no area."""
    parser = argparse.ArgumentParser(prog="make mutants")
    parser.add_argument("--only", default="", help="modules or folders, with commas between")
    parser.add_argument("--sample", type=int, default=0, help="so many changes, drawn evenly from the modules; 0: all")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another sample")
    asked = parser.parse_args(arguments)

    chosen = _modules([name.rstrip("/") for name in asked.only.split(",") if name])
    if not chosen:
        areas = ", ".join(area.folder for area in AREAS)
        print(f"Nothing to change there. Tests are known for: {areas}.")
        return 1
    changes = _drawn({name: changes_of(ROOT / name, name) for name in chosen}, asked.sample, asked.seed)
    results = [told for area in AREAS for told in _tried(area, [one for one in changes if _is_in(one.path, area)])]
    _tell(results)
    return 0


def _modules(only: list[str]) -> list[str]:
    """Paths from the project's root: the usual ones, or those that are asked for."""
    if not only:
        usual = [path for area in AREAS for pattern in area.usual for path in (ROOT / area.folder).glob(pattern)]
        return sorted(str(path.relative_to(ROOT)) for path in usual)
    asked = [path for name in only for path in ([ROOT / name] if name.endswith(".py") else (ROOT / name).rglob("*.py"))]
    names = {str(path.relative_to(ROOT)) for path in asked if path.is_file()}
    return sorted(name for name in names if any(_is_in(name, area) for area in AREAS))


def _is_in(name: str, area: Area) -> bool:
    return name.startswith(f"{area.folder}/")


def _drawn(by_module: dict[str, list[Change]], sample: int, seed: int) -> list[Change]:
    """In turn one change of every module, each module's in an order of chance, until there are enough."""
    shuffled = [random.Random(f"{seed} {name}").sample(found, len(found)) for name, found in by_module.items()]
    in_turn = [change for one_each in zip_longest(*shuffled) for change in one_each if change is not None]
    return in_turn[:sample] if sample else in_turn


def _tried(area: Area, changes: list[Change]) -> list[dict[str, Any]]:
    if not changes:
        return []
    print(f"== {area.folder}: {len(changes)} changes", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        job, results = Path(folder) / "job.json", Path(folder) / "results.jsonl"
        job.write_text(json.dumps({"tests": area.tests, "changes": [_row(one) for one in changes]}))
        command = [sys.executable, "-m", "scripts.mutants.trying", str(job), str(results)]
        subprocess.run(command, cwd=ROOT, env={**os.environ, "DATABASE_URL": ""}, check=True)
        return [json.loads(line) for line in results.read_text().splitlines()]


def _row(change: Change) -> dict[str, Any]:
    source = change.source()
    return {
        "path": change.path,
        "owner": change.owner,
        "is_constant": change.is_constant,
        "lines": change.lines,
        "source": source,
        "shown": _shown(change, source),
    }


def _shown(change: Change, source: str) -> str:
    """What a survivor is shown as: where it is, and the lines before and after."""
    differences = difflib.unified_diff(change.module.code.splitlines(), source.splitlines(), n=0, lineterm="")
    lines = [f"    {line}" for line in differences if not line.startswith(("---", "+++", "@@"))]
    return "\n".join([f"{change.path}:{change.lines[0]} {change.owner} ({change.kind})", *lines])


def _tell(results: list[dict[str, Any]]) -> None:
    """A line of figures for each module, and one for all."""
    counted = {path: Counter[str]() for path in sorted({result["path"] for result in results})}
    for result in results:
        counted[result["path"]][result["outcome"]] += 1
    print(f"\n{'':42}{'tried':>10}" + "".join(f"{outcome:>11}" for outcome in OUTCOMES))
    for path, figures in [*counted.items(), ("all", sum(counted.values(), Counter()))]:
        tried = figures.total() - figures["not tried"]
        print(f"{path:42}{tried:>10}" + "".join(f"{figures[outcome]:>11}" for outcome in OUTCOMES))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
