"""Two roundings, both from the exact value."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine import round_shown, round_stored


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


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (Fraction("94.65"), 1, "94.7"),
        (Fraction("94.6499999999"), 1, "94.6"),
        (Fraction("94.75"), 1, "94.8"),
        (Fraction("-0.05"), 1, "-0.1"),
        (Fraction("-0.04"), 1, "0.0"),
        (Fraction(1, 2), 0, "1"),
        (Fraction(100), 1, "100.0"),
        (Fraction("2.345"), 2, "2.35"),
    ],
)
def test_shown_values_go_half_up(value: Fraction, decimals: int, shown: str) -> None:
    assert str(round_shown(value, decimals)) == shown


def test_nothing_is_rounded_twice() -> None:
    """94.6499996 is 94.650000 when stored, and still 94.6 on the page."""
    value = Fraction("94.6499996")

    assert str(round_stored(value)) == "94.650000"
    assert str(round_shown(value)) == "94.6"


def test_a_coarse_decimal_context_changes_nothing() -> None:
    with localcontext() as context:
        context.prec = 3
        assert str(round_stored(Fraction("94.123456"))) == "94.123456"


def test_a_negative_number_of_decimals_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        round_shown(Fraction(1), -1)


@given(st.fractions(-100, 100), st.integers(0, 6))
def test_rounding_moves_a_value_half_a_unit_at_most(value: Fraction, decimals: int) -> None:
    assert abs(Fraction(round_shown(value, decimals)) - value) <= Fraction(1, 2 * 10**decimals)
    assert abs(Fraction(round_stored(value)) - value) <= Fraction(1, 2 * 10**6)
    assert isinstance(round_stored(value), Decimal)
