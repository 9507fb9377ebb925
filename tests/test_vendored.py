"""What we carry of others' work is what they published, listed with its licence and its digest."""

from __future__ import annotations

import hashlib
import re

from tests.processes import ROOT

VENDOR = ROOT / "static" / "vendor"


def test_every_vendored_file_is_listed_with_the_digest_it_has() -> None:
    listed = dict(
        re.findall(r"^\| `([^`]+)` \| `([0-9a-f]{64})` \|$", (VENDOR / "VENDORED.md").read_text(), re.MULTILINE)
    )
    files = {path for path in VENDOR.rglob("*") if path.is_file() and path.name != "VENDORED.md"}

    assert listed == {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }


def test_every_vendored_folder_has_its_licence() -> None:
    for folder in (path for path in VENDOR.iterdir() if path.is_dir()):
        assert [path for path in folder.iterdir() if path.name.startswith("LICENSE")], folder.name
