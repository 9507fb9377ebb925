"""Every problem the engine can find has a sentence that says where it is and how to mend it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils.translation import override

from scoring import engine
from scoring.engine import DataProblem
from scoring.reports import PLACES, SENTENCES, sentence_of

ENGINE = Path(engine.__file__).parent
FOUND = re.compile(
    r"""(?:DataProblem|AnswerError|_UnscorableError|_report)\(\s*(?:contact,\s*)?"([a-z_]+)"(?:,\s*"([a-z ]+)")?"""
)


def named_in_the_engine() -> list[tuple[str, str]]:
    """Kind and subject of every problem that stands in the engine's code."""
    return [match for path in ENGINE.glob("*.py") for match in FOUND.findall(path.read_text(encoding="utf-8"))]


def test_every_kind_the_engine_knows_has_a_sentence_and_no_sentence_is_left_over() -> None:
    assert {kind for kind, _ in named_in_the_engine()} == set(SENTENCES)


def test_every_place_has_a_name() -> None:
    subjects = {subject for _, subject in named_in_the_engine() if subject in PLACES} | {"contact", "question"}

    assert subjects | {"participant"} == set(PLACES)


@pytest.mark.parametrize("kind", SENTENCES)
def test_a_sentence_says_where_and_ends_with_what_to_do(kind: str) -> None:
    with override("nb"):
        sentence = sentence_of(DataProblem(kind, "contact", "c01", "in English", "reach"))

    assert sentence.startswith("Henvendelse c01: ")
    assert sentence.endswith(".")
    assert "%(" not in sentence
    assert sentence.count(". ") >= 1


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        (
            DataProblem("wait_beyond_bands", "contact", "c01", "", "301"),
            (
                "Henvendelse c01: ventetiden 301 er lengre enn alle grensene for kontaktmåten. "
                "Rett ventetiden, eller gi kontaktmåten en grense uten øvre ende."
            ),
        ),
        (
            DataProblem("weights_sum", "weight", "", "", "99"),
            "Vekten for alle områdene: vektene er 99 til sammen. Rett dem så de blir 100.",
        ),
        (
            DataProblem("percent_range", "wait bands", "email", ""),
            "Ventetidsgrensene for E-post: en prosent er ikke mellom 0 og 100. Rett prosenten.",
        ),
        (
            DataProblem("negative_weight", "weight", "agent", ""),
            "Vekten for Kundebehandleren: vekten er negativ. Vekter er 0 eller mer.",
        ),
    ],
)
def test_places_are_called_by_the_names_people_know(problem: DataProblem, expected: str) -> None:
    with override("nb"):
        assert sentence_of(problem) == expected
