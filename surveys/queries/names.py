"""Names of editions side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from surveys.models import Edition


def names_apart(editions: Collection[Edition]) -> dict[int, str]:
    """Edition's key → its name, with the code behind it where two that are not the same share a name. No query."""
    names = {edition.pk: edition.name for edition in editions}
    codes = {edition.pk: edition.code for edition in editions}
    shared = Counter(names.values())
    return {key: f"{name} ({codes[key]})" if shared[name] > 1 else name for key, name in names.items()}
