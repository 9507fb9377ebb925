"""Reads the example edition straight from its CSV files: these tests do not lean on the product's own importer."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from fractions import Fraction
from pathlib import Path
from typing import Any

from scoring.engine import Band, Contact, Edition, Option, Participant, Question, Rules

EXAMPLES = Path(__file__).parents[2] / "examples"
TINY = EXAMPLES / "tiny-edition"


def expected_results() -> dict[str, Any]:
    return json.loads((EXAMPLES / "tiny-edition.expected_results.json").read_text("utf-8"))


def tiny_edition() -> Edition:
    settings = {row["key"]: row["value"] for row in _rows("edition")}
    rules = Rules(
        weights={area: Fraction(settings[f"weight_{area}"]) for area in ("wait", "welcome", "agent", "overall")},
        min_counted=int(settings["min_counted"]),
        min_channel_contacts=int(settings["min_channel_contacts"]),
        bands=_bands(),
        questions=_questions(),
    )
    participants = tuple(Participant(row["participant"], row["class"]) for row in _rows("participants"))
    return Edition(rules, participants, _contacts())


def _rows(name: str) -> list[dict[str, str]]:
    with (TINY / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _number(text: str) -> Fraction | None:
    return Fraction(text) if text else None


def _bands() -> dict[str, tuple[Band, ...]]:
    bands: defaultdict[str, tuple[Band, ...]] = defaultdict(tuple)
    for row in _rows("wait_bands"):
        bands[row["channel"]] += (Band(_number(row["up_to"]), Fraction(row["percent"])),)
    return dict(bands)


def _questions() -> dict[str, Question]:
    options: defaultdict[str, dict[str, Option]] = defaultdict(dict)
    for row in _rows("options"):
        option = Option(row["option"], _number(row["points"]), row["not_applicable"] == "yes")
        options[row["question"]][row["option"]] = option
    return {
        row["question"]: Question(
            row["question"],
            row["area"],
            row["kind"],
            frozenset(row["channels"].split()),
            row["metric"],
            options[row["question"]],
        )
        for row in _rows("questions")
    }


def _contacts() -> tuple[Contact, ...]:
    ticked: defaultdict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    values: defaultdict[str, dict[str, Fraction]] = defaultdict(dict)
    for row in _rows("answers"):
        contact, question = row["contact"], row["question"]
        if row["value"]:
            values[contact][question] = Fraction(row["value"])
        else:
            ticked[contact][question] = ticked[contact].get(question, frozenset()) | {row["option"]}
    return tuple(
        Contact(
            row["contact"],
            row["participant"],
            row["channel"],
            row["outcome"],
            row["review"],
            _number(row["wait"]),
            ticked[row["contact"]],
            values[row["contact"]],
        )
        for row in _rows("contacts")
    )
