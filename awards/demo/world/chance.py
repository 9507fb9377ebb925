"""The demo's only source of chance: streams that a seed and a few names decide, so that no draw disturbs another."""

from __future__ import annotations

from random import Random


def stream(seed: int, *names: str) -> Random:
    """A stream of its own for these names; the same seed and names always give the same numbers."""
    return Random(":".join((str(seed), *names)))  # noqa: S311  # invented data, no secrets
