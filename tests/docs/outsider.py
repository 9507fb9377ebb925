"""The outsider's script as a module and as a program, and editions as the files it reads."""

from __future__ import annotations

import csv
import importlib.util
import io
import pathlib
import subprocess
import sys
from collections.abc import Iterator
from types import ModuleType

from scoring.engine import Edition

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
            {"key": "code", "value": "ksp-2022"},
            *({"key": f"weight_{area}", "value": weight} for area, weight in rules.weights.items()),
            {"key": "min_counted", "value": rules.min_counted},
            {"key": "min_channel_contacts", "value": rules.min_channel_contacts},
        ],
        "participants": [
            {"participant": p.code, "name": p.code.upper(), "class": p.award_class} for p in edition.participants
        ],
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


def run_script(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", str(SCRIPT), *map(str, arguments)], capture_output=True, text=True, check=False
    )
