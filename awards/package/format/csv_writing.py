"""The canonical CSV of a package: comma, line feed, quotes only where needed, every file and every column always there.

Written out here rather than by the `csv` module, so that the bytes of an archived edition do not depend on a library's
version.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from awards.package.format.rendering import Renderer
from awards.package.format.tables import Table

NEEDS_QUOTES = re.compile('[,"\n\r]')
CHUNK_LINES = 4096


def csv_chunks(renderer: Renderer, table: Table) -> Iterator[bytes]:
    """The bytes of one file, a few thousand lines at a time."""
    lines = [_line(renderer.header(table))]
    for row in renderer.rows(table):
        lines.append(_line(row))
        if len(lines) >= CHUNK_LINES:
            yield "".join(lines).encode()
            lines = []
    yield "".join(lines).encode()


def _line(cells: list[str]) -> str:
    joined = ",".join(cells)
    # Nearly every row is codes and numbers; only where a separator hides in a cell are the cells looked at one by one.
    if joined.count(",") == len(cells) - 1 and '"' not in joined and "\n" not in joined:
        return joined + "\n"
    return ",".join(_quoted(cell) for cell in cells) + "\n"


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if NEEDS_QUOTES.search(cell) else cell
