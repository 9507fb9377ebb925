"""From names to the short codes of the edition package."""

from __future__ import annotations

import re
import unicodedata

LONGEST_CODE = 40
_NORWEGIAN = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "đ": "d"})


def slug(name: str) -> str:
    """A code of lower-case ASCII letters, digits and hyphens: «Støtt Forsikring» → `stott-forsikring`."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(_NORWEGIAN)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_CODE].rstrip("-")
