"""What the screen says can be collected for the English catalogue."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("kundeservice", "surveys", "shoppers", "scoring", "awards")
TRANSLATES = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext"}


def texts_in_f_strings(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        for inner in ast.walk(node) if isinstance(node, ast.JoinedStr) else ():
            if isinstance(inner, ast.Call) and getattr(inner.func, "id", "") in TRANSLATES:
                yield f"{path.relative_to(ROOT)}:{inner.lineno}"


def test_no_text_stands_inside_an_f_string_where_the_collector_does_not_look() -> None:
    sources = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    assert len(sources) > 300
    assert [place for path in sources for place in texts_in_f_strings(path)] == []
