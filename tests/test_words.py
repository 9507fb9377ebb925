"""Each closed vocabulary is spelled in one place, and every reader's language asked for in one."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from surveys.engine import words

ROOT = Path(__file__).resolve().parents[1]
APPS = ("kundeservice", "surveys", "shoppers", "scoring", "awards")
SOURCES = [
    path
    for app in APPS
    for path in sorted((ROOT / app).rglob("*.py"))
    if "migrations" not in path.parts and path != ROOT / "surveys/engine/words.py"
]
VOCABULARIES = {
    name: frozenset(vocabulary)
    for name, vocabulary in vars(words).items()
    if isinstance(vocabulary, tuple) and len(vocabulary) > 1
}
ENOUGH_TO_TELL = 3
"""So many words of a vocabulary, written out side by side, are the vocabulary once more."""


def test_nobody_else_spells_a_vocabulary() -> None:
    assert {str(path.relative_to(ROOT)): found for path in SOURCES if (found := _spelled(path.read_text()))} == {}


def test_a_vocabulary_spelled_again_is_noticed() -> None:
    assert _spelled('CHANNELS = ("telephone", "email", "chat")') == ["line 1: CHANNELS"]


def _spelled(source: str) -> list[str]:
    return [
        f"line {node.lineno}: {name}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Tuple | ast.List | ast.Set)
        for name, vocabulary in VOCABULARIES.items()
        if len(_texts(node) & vocabulary) >= min(ENOUGH_TO_TELL, len(vocabulary))
    ]


def _texts(node: ast.Tuple | ast.List | ast.Set) -> set[str]:
    return {part.value for part in node.elts if isinstance(part, ast.Constant) and isinstance(part.value, str)}


@pytest.mark.parametrize(
    ("spelling", "place"),
    [
        ("get_language", "kundeservice/core/language.py"),
        ("fromisocalendar", "surveys/engine/weeks.py"),
        ("%G-W%V", None),
    ],
)
def test_the_readers_language_and_iso_weeks_are_worked_out_in_one_place(spelling: str, place: str | None) -> None:
    assert {str(path.relative_to(ROOT)) for path in SOURCES if spelling in path.read_text()} == {place} - {None}
