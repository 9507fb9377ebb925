"""What the demo edition is made of: questionnaire, role plays, invented companies and people, phrases for comments."""

from __future__ import annotations

import csv
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

Row = dict[str, str]

_HERE = files(__name__)


def read_rows(name: str) -> list[Row]:
    """The rows of `<name>.csv`, as new dictionaries the caller may change."""
    return [dict(row) for row in _cached_rows(name)]


@cache
def read_settings(name: str) -> dict[str, Any]:
    """The contents of `<name>.toml`; shared, so not to be changed."""
    return tomllib.loads((_HERE / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def _cached_rows(name: str) -> tuple[Row, ...]:
    text = (_HERE / f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
