"""Reading PDFs in tests, as a reader's own program would."""

from __future__ import annotations

import subprocess


def text_of(pdf: bytes) -> str:
    """The text of a PDF, page by page."""
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, stdout=subprocess.PIPE, check=True)
    return done.stdout.decode()
