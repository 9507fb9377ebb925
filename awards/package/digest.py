"""One number that stands for a whole edition."""

from __future__ import annotations

import hashlib

from awards.package.csv_writing import csv_chunks
from awards.package.problems import ProblemCollector
from awards.package.rendering import Renderer
from awards.package.rows import EditionPackage
from awards.package.tables import TABLES


def package_digest(package: EditionPackage) -> str:
    """SHA-256, in hexadecimal, of the list of the canonical CSV files' own sums.

    The list has a line `<sum>  <file name>` per file in the order of the names, so that in an exported folder
    `sha256sum *.csv | sha256sum` gives the same number. Raises PackageProblems for text that cannot be written.
    """
    problems = ProblemCollector()
    renderer = Renderer(package, problems)
    listing = hashlib.sha256()
    for table in sorted(TABLES, key=lambda table: table.file):
        content = hashlib.sha256()
        for chunk in csv_chunks(renderer, table):
            content.update(chunk)
        listing.update(f"{content.hexdigest()}  {table.file}\n".encode())
    problems.raise_if_any()
    return listing.hexdigest()
