"""One number that stands for a whole edition."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from awards.package.format.csv_writing import csv_chunks
from awards.package.format.problems import ProblemCollector
from awards.package.format.rendering import Renderer
from awards.package.format.rows import EditionPackage
from awards.package.format.tables import TABLES


def package_sums(package: EditionPackage) -> dict[str, str]:
    """File name → SHA-256, in hexadecimal, of the canonical CSV file, in the order of the names.

    Raises PackageProblems for text that cannot be written.
    """
    problems = ProblemCollector()
    renderer = Renderer(package, problems)
    sums = {}
    for table in sorted(TABLES, key=lambda table: table.file):
        content = hashlib.sha256()
        for chunk in csv_chunks(renderer, table):
            content.update(chunk)
        sums[table.file] = content.hexdigest()
    problems.raise_if_any()
    return sums


def listing_of(sums: Mapping[str, str]) -> str:
    """The sums as `sha256sum` writes them: a line `<sum>  <file name>` per file."""
    return "".join(f"{digest}  {name}\n" for name, digest in sums.items())


def package_digest(package: EditionPackage) -> str:
    """SHA-256, in hexadecimal, of the listing of the canonical files' own sums.

    In an exported folder `sha256sum *.csv | sha256sum` gives the same number. Raises PackageProblems.
    """
    return root_of(package_sums(package))


def root_of(sums: Mapping[str, str]) -> str:
    """The one number for a listing of sums."""
    return hashlib.sha256(listing_of(sums).encode()).hexdigest()
