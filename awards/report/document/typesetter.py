"""The typesetting child: HTML in, PDF out, over its standard streams.

A process of its own, without Django, database or secrets: `press` feeds it, bounds it and kills it when a report takes
too long. Frames are a length of eight bytes and so many bytes; an answer begins with one byte, 1 for a PDF, 0 for an
error text.
"""

from __future__ import annotations

import gc
import io
import os
import resource
import struct
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

LENGTH = struct.Struct(">Q")
PDF, ERROR = b"\x01", b"\x00"
NICENESS = 10
MOST_MEMORY = 1_500 * 2**20
MEDIA_TYPES = {".css": "text/css", ".ttf": "font/ttf", ".woff2": "font/woff2"}


def main() -> None:
    """Typeset documents until the input ends.

    Arguments: the folder of our static files, the style sheet below it, and the processor seconds one report may cost.
    """
    static, style, seconds = Path(sys.argv[1]).resolve(), sys.argv[2], int(sys.argv[3])
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    documents, answers = os.fdopen(0, "rb"), os.fdopen(os.dup(1), "wb")
    # Whatever a library prints must not end up among the answers.
    os.dup2(2, 1)
    typeset = _prepare(static, style)
    while (document := _read_frame(documents)) is not None:
        _allow(seconds)
        answer = _answer(typeset, document.decode())
        answers.write(LENGTH.pack(len(answer)) + answer)
        answers.flush()
        gc.collect()


def _allow(seconds: int) -> None:
    """Let the system end this process when it has used `seconds` more of the processor, however long that takes."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime) + 1
    _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (spent + seconds, hard))


def _read_frame(stream: BinaryIO) -> bytes | None:
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    return stream.read(LENGTH.unpack(head)[0])


def _answer(typeset: Callable[[str], bytes], html: str) -> bytes:
    try:
        return PDF + typeset(html)
    except BaseException as problem:  # noqa: BLE001 – WeasyPrint's refusal to fetch is no Exception; the parent is told
        return ERROR + f"{type(problem).__name__}: {problem}".encode()


def _prepare(static: Path, style: str) -> Callable[[str], bytes]:
    """Load what every report shares: the library, the style sheet and its fonts."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fetcher = _fetcher(static)
    fonts = FontConfiguration()
    base = static.as_uri() + "/"
    sheet = CSS(url=base + style, url_fetcher=fetcher, font_config=fonts)
    # What is loaded now stays for good: the collector need not look at it again, and never in the middle of a report.
    gc.collect()
    gc.freeze()
    gc.disable()

    def typeset(html: str) -> bytes:
        pdf = io.BytesIO()
        HTML(string=html, base_url=base, url_fetcher=fetcher).write_pdf(
            pdf, stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1"
        )
        return pdf.getvalue()

    return typeset


def _fetcher(static: Path) -> Any:
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class OwnFilesOnly(URLFetcher):
        """Reaches the files of our static folder and nothing else; anything else stops the report."""

        def fetch(self, url: str, _headers: dict[str, str] | None = None) -> Any:
            address = urlsplit(url)
            path = Path(unquote(address.path)).resolve()
            is_ours = address.scheme == "file" and not address.netloc and path.is_relative_to(static)
            if not is_ours or path.suffix not in MEDIA_TYPES or not path.is_file():
                raise FatalURLFetchingError(f"refused: {url[:200]}")
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": MEDIA_TYPES[path.suffix]})

    return OwnFilesOnly()


if __name__ == "__main__":
    main()
