"""Comments are set as they were written, and none of them can hold up a report."""

from __future__ import annotations

import pytest

from awards.report.document.quoting import CUT, LONGEST_RUN, SOFT_BREAK, break_runs, breakable
from surveys.queries.content import MAX_COMMENT_LENGTH

ORDINARY = (
    "Hun spurte hva jeg trengte, og svarte på alt.",
    "Fikk «stille kø» i 4 min – så 👩‍👩‍👧 svarte de. Æ, ø, å; Čáhput, ŧ og ŋ.",
    "</blockquote><script>alert(1)</script> {{ secret }} {% load x %} ]]> &amp;",
    "Første avsnitt.\nAndre avsnitt.",
    "",
)


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_is_left_as_it_is(text: str) -> None:
    assert breakable(text) == text


def test_a_long_run_of_letters_gets_places_to_break() -> None:
    text = "a" * 1_000

    pieces = breakable(text).split(SOFT_BREAK)

    assert "".join(pieces) == text
    assert max(map(len, pieces)) == LONGEST_RUN


def test_the_longest_comment_that_any_door_takes_is_whole_whatever_its_shape() -> None:
    for text in ("ord " * (MAX_COMMENT_LENGTH // 4), "a\n" * (MAX_COMMENT_LENGTH // 2)):
        assert breakable(text).split() == text.split()


def test_what_came_in_past_every_door_is_cut_and_says_so() -> None:
    assert "Kuttet her, etter 5000 tegn" in CUT
    for text in ("ord " * 50_000, "linje\n" * 50_000):
        assert breakable(text).endswith(CUT.strip())
        assert len(breakable(text)) <= MAX_COMMENT_LENGTH + len(CUT)


def test_empty_lines_are_closed_up() -> None:
    assert breakable("a\n\n\n\nb") == "a\n\nb"


def test_letters_carry_a_bearable_number_of_marks() -> None:
    assert len(breakable("e" + "\u0301" * 50_000).removesuffix(CUT)) < 20


def test_decomposed_letters_are_composed() -> None:
    assert breakable("bla\u030a") == "blå"


def test_signs_that_turn_the_reading_direction_are_taken_out() -> None:
    assert breakable("før\u202eetter\u2066x") == "føretterx"


def test_names_break_too() -> None:
    assert SOFT_BREAK in break_runs("Selskap" * 20)


def test_no_sign_made_of_several_is_broken_in_two() -> None:
    """There is a place to break between any two emoji as it is; a letter keeps its marks."""
    family, thumb, norway = "👩‍👩‍👧", "👍🏽", "🇳🇴"
    marked = "x\u0323\u0331"

    assert breakable((family + thumb + norway) * 60) == (family + thumb + norway) * 60
    assert all(len(piece) % 3 == 0 for piece in breakable(marked * 200).split(SOFT_BREAK))
