"""The secret key of an installation that was given none: made once, kept beside its database."""

import os
import secrets
from pathlib import Path

KEY_BYTES = 50


def stored_secret_key(path: Path) -> str:
    """Return the key kept at `path`, made now if there is none. Only the owner may read the file.

    Several processes may start at once: the first to link its file into place wins, the others read what it wrote.
    """
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(KEY_BYTES))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()
