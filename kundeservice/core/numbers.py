"""Exact numbers on their way to the screen and the page: one rounding, one way to write a figure.

Nothing here knows Django; the language is an argument. A language code that begins with ``en`` is written the
English way (94.7 · 1,234 · 16%), every other one the Norwegian way (94,7 · 1 234 · 16 %).
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

Exact: TypeAlias = Fraction | Decimal | int

NO_BREAK_SPACE = "\u00a0"
MINUS = "\u2212"
DASH = "\u2013"


def round_half_up(value: Exact, decimals: int = 1) -> Decimal:
    """The value with so many decimals, halves away from zero, computed from the exact value.

    This is the rounding of pages and reports; it happens once, at the end. Raises TypeError for a float, because a
    float is no longer the exact value.
    """
    if isinstance(value, float) or not isinstance(value, Fraction | Decimal | int):
        raise TypeError(f"round_half_up needs an exact number, not {type(value).__name__}")
    exact = Fraction(value)
    scaled = abs(exact) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    # int first: a rounded zero must not keep the sign of what it was rounded from
    return Decimal(-whole if exact < 0 else whole).scaleb(-decimals)


def format_number(value: Exact, decimals: int = 1, *, language: str = "nb") -> str:
    """``94,7`` or ``94.7``; thousands are kept apart, a negative number gets a true minus sign."""
    rounded = round_half_up(value, decimals)
    whole, _, fraction = f"{abs(rounded):,.{decimals}f}".partition(".")
    point, thousands = (".", ",") if _is_english(language) else (",", NO_BREAK_SPACE)
    digits = whole.replace(",", thousands) + (point + fraction if fraction else "")
    return (MINUS if rounded < 0 else "") + digits


def format_signed(value: Exact, decimals: int = 1, *, language: str = "nb") -> str:
    """A difference: ``+2,1``, ``−2,1``; what rounds to nothing has no sign."""
    plus = "+" if round_half_up(value, decimals) > 0 else ""
    return plus + format_number(value, decimals, language=language)


def format_share(value: Exact, decimals: int = 0, *, language: str = "nb") -> str:
    """A share between 0 and 1 as a percentage: ``16 %`` in Norwegian, ``16%`` in English."""
    percentage = format_number(Fraction(value) * 100, decimals, language=language)
    return percentage + ("" if _is_english(language) else NO_BREAK_SPACE) + "%"


def _is_english(language: str) -> bool:
    return language.lower().startswith("en")
