"""The outsider's script, written from the scoring rules alone, agrees with the engine – and sees what was changed."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import pathlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from types import ModuleType

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scoring.engine import DataError, Edition, score_edition
from scoring.engine.types import FIGURES
from tests.scoring.engine.editions import editions

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "docs" / "verify" / "verify.py"
TINY = ROOT / "tests" / "examples" / "tiny-edition"
TINY_RESULTS = ROOT / "tests" / "examples" / "tiny-edition.expected_results.json"


def load_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


verify = load_script()


def as_files(edition: Edition) -> dict[str, bytes]:
    """The tables of the edition package that a recount reads, as files."""
    rules = edition.rules
    tables: dict[str, list[dict[str, object]]] = {
        "edition": [
            *({"key": f"weight_{area}", "value": weight} for area, weight in rules.weights.items()),
            {"key": "min_counted", "value": rules.min_counted},
            {"key": "min_channel_contacts", "value": rules.min_channel_contacts},
        ],
        "participants": [{"participant": p.code, "class": p.award_class} for p in edition.participants],
        "wait_bands": [
            {"channel": channel, "up_to": "" if band.up_to is None else band.up_to, "percent": band.percent}
            for channel, bands in rules.bands.items()
            for band in bands
        ],
        "questions": [
            {
                "question": q.code,
                "area": q.area,
                "kind": q.kind,
                "channels": " ".join(sorted(q.channels)),
                "metric": q.metric,
            }
            for q in rules.questions.values()
        ],
        "options": [
            {
                "question": q.code,
                "option": o.code,
                "points": "" if o.points is None else o.points,
                "not_applicable": "yes" if o.not_applicable else "",
            }
            for q in rules.questions.values()
            for o in q.options.values()
        ],
        "contacts": [
            {
                "contact": c.code,
                "participant": c.participant,
                "channel": c.channel,
                "outcome": c.outcome,
                "wait": "" if c.wait is None else c.wait,
                "review": c.review,
            }
            for c in edition.contacts
        ],
        "answers": list(answer_rows(edition)),
    }
    return {f"{name}.csv": as_csv(rows) for name, rows in tables.items() if rows}


def answer_rows(edition: Edition) -> Iterator[dict[str, object]]:
    for contact in edition.contacts:
        for question, options in contact.options.items():
            for option in sorted(options):
                yield {"contact": contact.code, "question": question, "option": option, "value": ""}
        for question, value in contact.values.items():
            yield {"contact": contact.code, "question": question, "option": "", "value": value}


def as_csv(rows: list[dict[str, object]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def with_waits(edition: Edition) -> Edition:
    """A package has a wait for every answered contact; the engine's own random editions may lack one."""
    contacts = tuple(
        replace(c, wait=Fraction(30)) if c.outcome == "answered" and c.wait is None else c for c in edition.contacts
    )
    return replace(edition, contacts=contacts)


@settings(max_examples=300, deadline=None)
@given(editions().map(with_waits))
def test_the_script_and_the_engine_agree_on_random_editions(edition: Edition) -> None:
    try:
        counted = score_edition(edition)
    except DataError:
        assume(False)
    package = verify.Package.__new__(verify.Package)
    package.files = as_files(edition)

    recount = verify.Recount(package)

    for row in counted.participants:
        figures = recount.figures[row.participant]
        assert {name: figures[name] for name in FIGURES} == dict(row.figures())
        assert (figures["contacts"], figures["answered"]) == (row.contacts, row.answered)
    assert recount.rank_overall == {r.participant: r.rank_overall for r in counted.participants if r.ranked}
    assert recount.rank_in_class == {r.participant: r.rank_in_class for r in counted.participants if r.ranked}
    assert recount.awards() == {(a.kind, a.award_class, a.participant) for a in counted.awards}
    for group in counted.classes:
        members = [p.code for p in edition.participants if p.award_class == group.award_class]
        assert recount.group(members) == {name: getattr(group, name) for name in ("total", *verify.METRICS)}


def run_script(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", str(SCRIPT), *map(str, arguments)], capture_output=True, text=True, check=False
    )


def test_the_tiny_edition_agrees_with_its_published_results() -> None:
    outcome = run_script(TINY, "--results", TINY_RESULTS)

    assert outcome.returncode == 0, outcome.stdout
    assert outcome.stdout.endswith("everything agrees\n")


def test_a_changed_figure_is_named(tmp_path: pathlib.Path) -> None:
    results = json.loads(TINY_RESULTS.read_text(encoding="utf-8"))
    results["participants"][0]["total"] += 0.000001
    changed = tmp_path / "results.json"
    changed.write_text(json.dumps(results), encoding="utf-8")

    outcome = run_script(TINY, "--results", changed)

    assert outcome.returncode == 1
    assert "DIFFERENT  lyskraft: total is published as 89.793652, but the answers give 89.793651" in outcome.stdout


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_one_flipped_bit_anywhere_is_named_by_its_file(data: st.DataObject) -> None:
    files = {path.name: path.read_bytes() for path in TINY.glob("*.csv")}
    name = data.draw(st.sampled_from(sorted(files)))
    position = data.draw(st.integers(0, len(files[name]) - 1))
    package = verify.Package.__new__(verify.Package)
    package.files = files
    listing = "".join(f"{digest}  {file}\n" for file, digest in sorted(package.sums().items()))
    root = package.root()

    flipped = bytearray(files[name])
    flipped[position] ^= 1 << data.draw(st.integers(0, 7))
    package.files = {**files, name: bytes(flipped)}

    assert list(verify.compare_sums(package, listing)) == [f"{name}: is not what was published"]
    assert package.root() != root


def test_the_root_is_what_sha256sum_gives(tmp_path: pathlib.Path) -> None:
    if shutil.which("sha256sum") is None:
        pytest.skip("sha256sum is not on this machine")
    shown = subprocess.run(
        "sha256sum *.csv | sha256sum",
        shell=True,
        cwd=TINY,
        capture_output=True,
        text=True,
        check=True,
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
    )

    assert run_script(TINY).stdout.splitlines()[0] == f"hash of the package: {shown.stdout.split()[0]}"
