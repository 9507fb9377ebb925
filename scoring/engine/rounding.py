"""The two roundings, each straight from the exact value so that no number is ever rounded twice."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

STORED_DECIMALS = 6
SHOWN_DECIMALS = 1


def round_stored(value: Fraction) -> Decimal:
    """The stored and exported form: 6 decimals, half to even. ``Fraction(1, 3)`` → ``Decimal("0.333333")``."""
    scaled = value * 10**STORED_DECIMALS
    return _decimal(round(scaled), STORED_DECIMALS)


def round_shown(value: Fraction, decimals: int = SHOWN_DECIMALS) -> Decimal:
    """The form on pages and in reports: half up (away from zero). ``Fraction(1893, 20)`` → ``Decimal("94.7")``."""
    if decimals < 0:
        raise ValueError(f"decimals must not be negative: {decimals}")
    scaled = abs(value) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return _decimal(whole if value >= 0 else -whole, decimals)


def _decimal(units: int, decimals: int) -> Decimal:
    """``units`` · 10^-decimals as written, whatever the precision of the current decimal context."""
    sign = 1 if units < 0 else 0
    digits = tuple(int(digit) for digit in str(abs(units)))
    return Decimal((sign, digits, -decimals))
