"""A whole edition as a file lies no longer than it is needed."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from pytest_django import Settings

from awards.package.services.forgetting import KEPT, forget_old_files

NOW = dt.datetime(2027, 3, 1, 4, 10, tzinfo=dt.UTC)


@pytest.fixture
def files(tmp_path: Path, settings: Settings) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def lay(folder: Path, name: str, *, since: dt.datetime) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_bytes(b"answers")
    os.utime(file, (since.timestamp(), since.timestamp()))
    return file


@pytest.mark.parametrize("folder", KEPT)
def test_a_file_goes_when_its_time_is_over_and_not_before(files: Path, folder: str) -> None:
    old = lay(files / folder, "old.zip", since=NOW - KEPT[folder] - dt.timedelta(seconds=1))
    young = lay(files / folder, "young.zip", since=NOW - KEPT[folder] + dt.timedelta(seconds=1))

    assert forget_old_files(at=NOW) == 1
    assert (old.exists(), young.exists()) == (False, True)
    assert forget_old_files(at=NOW) == 0


def test_nothing_else_is_touched(files: Path) -> None:
    evidence = lay(files / "evidence", "picture.png", since=NOW - dt.timedelta(days=400))

    forget_old_files(at=NOW)

    assert evidence.exists()
