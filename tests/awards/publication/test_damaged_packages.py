"""Whatever byte of an exported package is changed: verifying refuses it in a sentence, or it is the same package."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from awards.package.format import EditionPackage, parse_package, write_package
from awards.package.format.tables import TABLES
from awards.package.services import import_package, load_package
from awards.publication.services.publishing import lock_edition
from scoring.services import count_edition
from tests.factories import AT

pytestmark = pytest.mark.django_db

TINY = Path(__file__).parents[2] / "examples" / "tiny-edition"


def changes(content: bytes, random: Random) -> Iterator[bytes]:
    for instead in (b"", bytes([random.randrange(256)])) * 5:
        position = random.randrange(len(content))
        yield content[:position] + instead + content[position + 1 :]


def is_refused(folder: Path, published_hash: str) -> bool:
    try:
        with transaction.atomic():
            call_command("verify_edition", str(folder), "--hash", published_hash, stdout=io.StringIO())
    except CommandError as refusal:
        return str(refusal) != ""
    return False


def says_the_same(folder: Path, package: EditionPackage) -> bool:
    """A line feed at the end of a file, for example, is no part of what the package says."""
    return parse_package(folder) == package


@pytest.mark.parametrize("name", sorted(table.file for table in TABLES))
def test_no_changed_byte_agrees_or_ends_in_a_traceback(name: str, tmp_path: Path) -> None:
    edition = import_package(package=parse_package(TINY), at=AT)
    count_edition(edition_id=edition.pk, at=AT)
    lock = lock_edition(edition_id=edition.pk, by=None, at=AT)
    package = load_package(edition)
    write_package(package, tmp_path / "ut")
    file = tmp_path / "ut" / name

    for changed in changes(file.read_bytes(), Random(name)):
        file.write_bytes(changed)
        assert is_refused(file.parent, lock.root_hash) or says_the_same(file.parent, package), changed
