"""The rounding of stored and exported values. What a page shows is rounded from the exact value, never from this."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

STORED_DECIMALS = 6


def round_stored(value: Fraction) -> Decimal:
    """The stored and exported form: 6 decimals, half to even. ``Fraction(1, 3)`` → ``Decimal("0.333333")``."""
    scaled = value * 10**STORED_DECIMALS
    return _decimal(round(scaled), STORED_DECIMALS)


def _decimal(units: int, decimals: int) -> Decimal:
    """``units`` · 10^-decimals as written, whatever the precision of the current decimal context."""
    sign = 1 if units < 0 else 0
    digits = tuple(int(digit) for digit in str(abs(units)))
    return Decimal((sign, digits, -decimals))
