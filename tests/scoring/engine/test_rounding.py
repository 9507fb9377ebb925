"""Stored values: 6 decimals, half to even, from the exact value."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kundeservice.core.numbers import round_half_up
from scoring.engine import round_stored


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (Fraction(1, 3), "0.333333"),
        (Fraction(2, 3), "0.666667"),
        (Fraction(5, 10**7), "0.000000"),
        (Fraction(15, 10**7), "0.000002"),
        (Fraction(25, 10**7), "0.000002"),
        (Fraction(25000001, 10**13), "0.000003"),
        (Fraction(-15, 10**7), "-0.000002"),
        (Fraction(100), "100.000000"),
    ],
)
def test_stored_values_go_half_to_even_at_six_decimals(value: Fraction, stored: str) -> None:
    assert str(round_stored(value)) == stored


def test_nothing_is_rounded_twice() -> None:
    """94.6499996 is 94.650000 when stored, and still 94.6 on the page."""
    value = Fraction("94.6499996")

    assert str(round_stored(value)) == "94.650000"
    assert str(round_half_up(value, 1)) == "94.6"


def test_a_coarse_decimal_context_changes_nothing() -> None:
    with localcontext() as context:
        context.prec = 3
        assert str(round_stored(Fraction("94.123456"))) == "94.123456"


@given(st.fractions(-100, 100))
def test_rounding_moves_a_value_half_a_unit_at_most(value: Fraction) -> None:
    assert abs(Fraction(round_stored(value)) - value) <= Fraction(1, 2 * 10**6)
    assert isinstance(round_stored(value), Decimal)
