"""What people type is made fit to be stored, and nothing they meant is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kundeservice.core.text import clean_text, has_words, words_of


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Hei\x00 der", "Hei der"),
        ("Takk \ud83d", "Takk "),
        ("linje\r\nto\rtre", "linje\nto\ntre"),
        ("tab\tog\x0bog\x1f", "tab\togog"),
        ("bla\u030a", "blå"),
        ("👩‍👩‍👧 ČĐŊŠ – «sitat»", "👩‍👩‍👧 ČĐŊŠ – «sitat»"),
        ("slutt\ufffe\uffff", "slutt"),
    ],
)
def test_what_no_database_can_take_is_taken_out(typed: str, stored: str) -> None:
    assert clean_text(typed) == stored


@given(st.text(alphabet=st.characters(exclude_categories=[])))
def test_a_cleaned_text_is_storable_and_stays_as_it_is(typed: str) -> None:
    cleaned = clean_text(typed)
    assert clean_text(cleaned) == cleaned
    assert "\x00" not in cleaned
    cleaned.encode("utf-8")


NOTHING_TO_SEE = [
    "",
    " \n\t",
    "\u00a0",
    "\u00ad",
    "\u200b",
    "\u2060\ufeff",
    "\u202e\u2066",
    "\u3164",
    "\u115f",
    "\u2800",
    "\ufe0f",
    "\U000e0100",
    "\u0301",
]


@pytest.mark.parametrize("text", NOTHING_TO_SEE, ids=ascii)
def test_what_nobody_sees_is_not_written(text: str) -> None:
    assert not has_words(text)
    assert words_of(f" {text}\n{text} ") == ""


@pytest.mark.parametrize("text", ["Nei", "–", "1", "👩\u200d👧", "\u200bSyk", "\U0001fae8", "م", "å"], ids=ascii)
def test_what_somebody_sees_is(text: str) -> None:
    assert has_words(text)
    assert words_of(f"  {text}\n") == text
