"""What the product writes is for its own account alone, whatever the umask it was started with."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

OWNER_ONLY = 0o077
"""The umask: files become 0600, folders 0700."""


def keep_private(folder: Path) -> None:
    """Make the data folder where it is missing, close it to others, and write nothing open from now on.

    A folder that belongs to somebody else, such as a mounted volume, is left as it is; `check --deploy` tells of it.
    """
    os.umask(OWNER_ONLY)
    folder.mkdir(parents=True, exist_ok=True)
    with suppress(PermissionError):
        folder.chmod(0o700)


def is_private(path: Path) -> bool:
    """Whether nobody but the owner can read, write or enter it."""
    return not path.stat().st_mode & OWNER_ONLY
