"""Figures and dates on pages: exact, half up, and written the way the reader's language writes them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.template import Context, Template, engines
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from kundeservice.core.numbers import Exact, format_number, format_share, format_signed, round_half_up
from kundeservice.core.templatetags import formatting

NBSP = "\u00a0"


def rendered(source: str, language: str = "nb", **context: object) -> str:
    with translation.override(language):
        return Template("{% load formatting %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (Fraction(1893, 20), 1, "94.7"),  # 94.65 exactly: a float would have said 94.6
        (Decimal("94.65"), 1, "94.7"),
        (Decimal("94.649999"), 1, "94.6"),
        (Fraction(-21, 2), 0, "-11"),
        (Fraction(2, 3), 2, "0.67"),
        (100, 1, "100.0"),
    ],
)
def test_halves_are_rounded_away_from_zero_from_the_exact_value(value: Exact, decimals: int, expected: str) -> None:
    assert str(round_half_up(value, decimals)) == expected


def test_a_rounded_zero_has_no_sign() -> None:
    assert str(round_half_up(Fraction(-1, 100), 1)) == "0.0"
    assert format_signed(Fraction(-1, 100)) == "0,0"


@pytest.mark.parametrize("value", [94.65, "94.65", None])
def test_what_is_not_exact_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        round_half_up(value)


@given(st.fractions(-1000, 1000), st.integers(0, 6))
def test_rounding_never_moves_a_value_more_than_half_a_unit(value: Fraction, decimals: int) -> None:
    unit = Fraction(1, 10**decimals)
    distance = abs(Fraction(round_half_up(value, decimals)) - value)
    assert distance <= unit / 2
    assert round_half_up(-value, decimals) == -round_half_up(value, decimals)


def test_a_number_follows_the_language() -> None:
    assert format_number(Fraction(947, 10)) == "94,7"
    assert format_number(Fraction(947, 10), language="en-gb") == "94.7"
    assert format_number(4319, 0) == f"4{NBSP}319"
    assert format_number(4319, 0, language="en") == "4,319"
    assert format_number(-21, 0) == "−21"


def test_a_share_is_a_percentage() -> None:
    assert format_share(Fraction(4, 25)) == f"16{NBSP}%"
    assert format_share(Decimal("0.1625"), 1, language="en-gb") == "16.3%"


@pytest.mark.parametrize(
    ("source", "value", "norwegian", "english"),
    [
        ("{{ v|score }}", Decimal("94.65"), "94,7", "94.7"),
        ("{{ v|score:2 }}", Fraction(9468, 100), "94,68", "94.68"),
        ("{{ v|signed }}", Fraction(-21, 10), "−2,1", "−2.1"),
        ("{{ v|signed }}", Fraction(21, 10), "+2,1", "+2.1"),
        ("{{ v|percent }}", Fraction(4, 25), f"16{NBSP}%", "16%"),
        ("{{ v|integer }}", 38160, f"38{NBSP}160", "38,160"),
        ("{{ v|longdate }}", dt.date(2022, 4, 28), "28. april 2022", "28 April 2022"),
        ("{{ v|clock }}", dt.datetime(2022, 4, 28, 7, 5, tzinfo=dt.UTC), "09.05", "09:05"),
        ("{{ v|clock }}", dt.time(15), "15.00", "15:00"),
        ("{{ v|weekday }}", dt.date(2026, 12, 2), "onsdag 2. desember", "Wednesday 2 December"),
        ("{{ v|shortdate }}", dt.date(2022, 4, 28), "28.4.2022", "28/04/2022"),
        ("{{ v|duration }}", 250, f"4{NBSP}min 10{NBSP}s", f"4{NBSP}min 10{NBSP}s"),
        ("{{ v|duration }}", 11_100, f"3{NBSP}t 5{NBSP}min", f"3{NBSP}h 5{NBSP}min"),
        ("{{ v|duration }}", 0, f"0{NBSP}s", f"0{NBSP}s"),
        ("{{ v|duration }}", dt.timedelta(days=2), f"2{NBSP}d", f"2{NBSP}d"),
    ],
)
def test_filters_write_for_the_reader(source: str, value: object, norwegian: str, english: str) -> None:
    assert rendered(source, v=value) == norwegian
    assert rendered(source, "en-gb", v=value) == english


def test_a_moment_is_told_in_local_time() -> None:
    noon = dt.datetime(2022, 4, 28, 10, 0, tzinfo=dt.UTC)
    with timezone.override("Europe/Oslo"):
        assert rendered("{{ v|moment }}", v=noon) == "28. april 2022 kl. 12.00"
        assert rendered("{{ v|moment }}", "en-gb", v=noon) == "28 April 2022 at 12:00"


def test_the_day_of_a_moment_is_the_day_of_the_place() -> None:
    late = dt.datetime(2022, 4, 28, 22, 30, tzinfo=dt.UTC)
    with timezone.override("Europe/Oslo"):
        assert rendered("{{ v|longdate }}", v=late) == "29. april 2022"


@pytest.mark.parametrize("value", ["2022-W03", dt.date(2022, 1, 19)])
def test_a_week_is_named_by_its_number(value: object) -> None:
    assert rendered("{{ v|week }}", v=value) == "uke 3"


def test_a_text_that_is_no_week_is_an_error() -> None:
    with pytest.raises(ValueError, match="not an ISO week"):
        formatting.week("uke 3")


@pytest.mark.parametrize(
    "name", ["score", "integer", "percent", "signed", "longdate", "weekday", "clock", "shortdate", "moment", "week"]
)
def test_a_missing_value_is_a_dash_with_words(name: str) -> None:
    assert rendered(f"{{{{ v|{name} }}}}", v=None) == (
        '<span aria-hidden="true">–</span><span class="visually-hidden">ingen verdi</span>'
    )


@pytest.mark.parametrize(("number", "bokmal"), [(1, "1 feil"), (4319, "4\u00a0319 feilene"), (0, "0 feilene")])
def test_a_count_in_a_sentence_is_grouped_and_still_chooses_the_plural(number: int, bokmal: str) -> None:
    source = (
        "{% load i18n formatting %}{% blocktranslate count n=number|counted %}{{ n }} feil"
        "{% plural %}{{ n }} feilene{% endblocktranslate %}"
    )
    assert engines["django"].from_string(source).render({"number": number}) == bokmal


@pytest.mark.parametrize(
    ("value", "bokmal"), [(Decimal("2.50"), "2,5"), (Decimal(300), "300"), (Decimal("1E+3"), "1\u00a0000"), (7, "7")]
)
def test_an_exact_number_keeps_the_decimals_it_has(value: Decimal, bokmal: str) -> None:
    assert rendered("{{ value|exact }}", value=value) == bokmal
