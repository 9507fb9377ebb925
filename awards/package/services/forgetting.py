"""Whole editions as files are taken away when nobody needs them: they hold answers and names."""

from __future__ import annotations

import datetime as dt
import logging
from pathlib import Path

from django.conf import settings

log = logging.getLogger(__name__)

EXPORTS, UPLOADS = "exports", "uploads"
KEPT: dict[str, dt.timedelta] = {EXPORTS: dt.timedelta(days=7), UPLOADS: dt.timedelta(days=30)}
"""How long a package written here, and one sent in, lies before it is taken away; by folder below MEDIA_ROOT."""


def forget_old_files(*, at: dt.datetime) -> int:
    """Take away what has lain longer than it is kept; how many files. A second run finds nothing."""
    return sum(_forget(Path(settings.MEDIA_ROOT) / folder, before=at - kept) for folder, kept in KEPT.items())


def _forget(folder: Path, *, before: dt.datetime) -> int:
    old = [file for file in folder.glob("*") if file.is_file() and file.stat().st_mtime < before.timestamp()]
    for file in old:
        file.unlink(missing_ok=True)
        log.info("%s has lain long enough and is taken away", file.name)
    return len(old)
