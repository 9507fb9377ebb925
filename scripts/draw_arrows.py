"""Draw the tables of arrows (`surveys/services/arrows.py`) into `docs/architecture.md`, between their two marks.

`python -m scripts.draw_arrows` writes the page; a test holds it against the code.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kundeservice.settings")
django.setup()

from surveys.services.arrows import PHASE_ARROWS, REVIEW_ARROWS  # noqa: E402 - models need Django set up

PAGE = Path(__file__).resolve().parent.parent / "docs" / "architecture.md"
BEGIN, END = "<!-- drawn by scripts/draw_arrows.py -->\n", "<!-- end of what is drawn -->\n"


def drawing() -> str:
    """Both tables as state diagrams."""
    return "\n".join([*_phases(), "", *_reviews()]) + "\n"


def drawn_page(page: str) -> str:
    """The page with the drawing of today between its marks."""
    return re.sub(
        re.escape(BEGIN) + ".*?" + re.escape(END), lambda _found: BEGIN + drawing() + END, page, flags=re.DOTALL
    )


def _phases() -> Iterator[str]:
    yield from ("```mermaid", "stateDiagram-v2", "  [*] --> draft")
    for move, arrow in PHASE_ARROWS.items():
        held = ", ".join(guard.__name__.replace("_", " ") for guard in arrow.guards) or arrow.checked_by.split(".")[-1]
        for source in arrow.sources:
            yield f"  {source.name.lower()} --> {arrow.target.name.lower()}: {move.value} [{held}]"
    yield "```"


def _reviews() -> Iterator[str]:
    yield from ("```mermaid", "stateDiagram-v2", "  [*] --> not_in_review")
    for move, arrow in REVIEW_ARROWS.items():
        for source in arrow.sources:
            yield f"  {source or 'not_in_review'} --> {arrow.target or 'not_in_review'}: {move.value}"
    yield "```"


if __name__ == "__main__":
    PAGE.write_text(drawn_page(PAGE.read_text()))
