"""For any edition at all: every form holds it exactly, and exporting what was imported gives the same bytes."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from awards.package.format import EditionPackage, package_digest, parse_package, write_package, write_xlsx, write_zip
from tests.awards.package.format.random_packages import packages


@pytest.fixture(name="folder", scope="module")
def _folder() -> Iterator[Path]:
    """One folder for all examples; each overwrites what the one before it left."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(package=packages())
def test_archives_and_workbooks_are_the_exact_inverse_of_reading(folder: Path, package: EditionPackage) -> None:
    for write in (write_zip, write_xlsx):
        first, second = io.BytesIO(), io.BytesIO()
        write(package, first)
        (folder / "package").write_bytes(first.getvalue())

        again = parse_package(folder / "package")
        write(again, second)

        assert again == package
        assert second.getvalue() == first.getvalue()


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(package=packages())
def test_folders_are_the_exact_inverse_of_reading(folder: Path, package: EditionPackage) -> None:
    write_package(package, folder / "csv")
    first = {path.name: path.read_bytes() for path in (folder / "csv").iterdir()}

    again = parse_package(folder / "csv")
    write_package(again, folder / "csv")

    assert again == package
    assert {path.name: path.read_bytes() for path in (folder / "csv").iterdir()} == first
    assert package_digest(again) == package_digest(package)
