"""Which language the reader reads, and of two texts the one in it."""

from __future__ import annotations

from django.utils.translation import get_language

BOKMAL, ENGLISH = "nb", "en"


def reader_language() -> str:
    """The language of what is being written; bokmål when translation is switched off."""
    return get_language() or BOKMAL


def reads_english() -> bool:
    return reader_language().startswith(ENGLISH)


def in_reader_language(bokmal: str, english: str) -> str:
    """The English text for who reads English, where there is one; else the bokmål."""
    return english if english and reads_english() else bokmal
