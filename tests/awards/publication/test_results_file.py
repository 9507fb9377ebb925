"""The results file: six decimals from the exact fraction, empty where there is no basis, text that stays text."""

from __future__ import annotations

import io
import json
from fractions import Fraction
from typing import Any

import openpyxl
import pytest
from pytest_django import DjangoAssertNumQueries

from awards.publication.files.results import COLUMNS, results_csv, results_json, results_xlsx
from awards.publication.queries.results import AwardRow, ClassRow, ParticipantRow, Results, results_of
from scoring.engine.types import FIGURES
from scoring.queries import CLASS_FIGURES
from scoring.services import count_edition
from tests.factories import AT, believable_edition

NOTHING = dict.fromkeys(FIGURES)


def row(**changes: object) -> ParticipantRow:
    values: dict[str, Any] = {
        "participant": "fjord", "name": "Fjord", "award_class": "bank", "contacts": 4, "answered": 3,
        "figures": NOTHING, "rank_in_class": None, "rank_overall": None, "ranked": False,
    }  # fmt: skip
    return ParticipantRow(**{**values, **changes})


def results(*rows: ParticipantRow) -> Results:
    return Results(
        edition="ksp-2022",
        contacts=4,
        answered=3,
        figures={**dict.fromkeys(CLASS_FIGURES), "total": Fraction(2, 3)},
        participants=rows,
        classes=(ClassRow(award_class="bank", participants=1, figures=dict.fromkeys(CLASS_FIGURES)),),
        awards=(AwardRow(award="overall", award_class=None, participant="fjord"),),
    )


@pytest.mark.parametrize(
    ("exact", "stored"),
    [
        (Fraction(1, 3), "0.333333"),
        (Fraction(2, 3), "0.666667"),
        (Fraction(100), "100.000000"),
        (Fraction(-100, 3), "-33.333333"),
        (Fraction(5, 10**7), "0.000000"),
        (Fraction(15, 10**7), "0.000002"),
        (Fraction(25, 10**7), "0.000002"),
    ],
)
def test_numbers_have_six_decimals_rounded_half_to_even(exact: Fraction, stored: str) -> None:
    document = results(row(figures={**NOTHING, "total": exact}))

    line = results_csv(document).decode().splitlines()[1].split(",")

    assert line[COLUMNS.index("total")] == stored
    assert json.loads(results_json(document, computed_from=""))["participants"][0]["total"] == float(stored)


def test_the_columns_are_those_of_the_edition_package() -> None:
    head = results_csv(results()).decode().splitlines()[0]

    assert head == (
        "participant,name,class,contacts,answered,total,answered_total,wait,welcome,agent,overall,"
        "telephone,email,chat,messenger,ces,csat,nps,ves1,ves2,rank_in_class,rank_overall,ranked"
    )


def test_what_has_no_basis_is_empty() -> None:
    document = results(row())

    assert results_csv(document).decode().splitlines()[1] == "fjord,Fjord,bank,4,3" + "," * 18 + "no"
    assert json.loads(results_json(document, computed_from=""))["participants"][0]["agent"] is None


def test_json_says_what_it_was_computed_from_right_after_the_edition() -> None:
    document = json.loads(results_json(results(row()), computed_from="ab12"))

    assert list(document) == ["edition", "computed_from", "summary", "participants", "classes", "awards"]
    assert document["computed_from"] == "ab12"
    assert document["summary"] == {
        "total": 0.666667, "ces": None, "csat": None, "nps": None, "ves1": None, "ves2": None,
        "contacts": 4, "answered": 3,
    }  # fmt: skip
    assert document["awards"] == [{"award": "overall", "class": None, "participant": "fjord"}]


@pytest.mark.parametrize(
    "name", ["=1+1", '=HYPERLINK("http://e.example","x")', "+47", "-2", "@sum", "https://e.example", "007"]
)
def test_a_name_never_becomes_a_formula_a_link_or_a_number_in_the_workbook(name: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(results_xlsx(results(row(name=name)))))

    cell = book["results"].cell(row=2, column=2)

    assert (cell.value, cell.data_type, cell.hyperlink) == (name, "s", None)


def test_the_workbook_holds_numbers_as_numbers() -> None:
    document = results(row(figures={**NOTHING, "total": Fraction(2, 3)}, rank_overall=1, ranked=True))
    sheet = openpyxl.load_workbook(io.BytesIO(results_xlsx(document)))["results"]

    assert [cell.value for cell in sheet[1]] == list(COLUMNS)
    assert sheet.cell(2, COLUMNS.index("total") + 1).value == 0.666667
    assert sheet.cell(2, COLUMNS.index("total") + 1).number_format == "0.000000"
    assert sheet.cell(2, COLUMNS.index("rank_overall") + 1).value == 1
    assert sheet.cell(2, COLUMNS.index("rank_overall") + 1).number_format == "General"
    assert sheet.cell(2, COLUMNS.index("agent") + 1).value is None


@pytest.mark.django_db
def test_reading_a_count_costs_the_same_however_many_take_part(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    few = count_edition(edition_id=believable_edition(code="ksp-2021", classes=1, participants=1, contacts=2).pk, at=AT)
    many = count_edition(
        edition_id=believable_edition(code="ksp-2022", classes=3, participants=1, contacts=2).pk, at=AT
    )

    for run, rows in ((few, 1), (many, 3)):
        with django_assert_num_queries(3):
            document = results_of(run)
        assert (len(document.participants), len(document.classes)) == (rows, rows)


@pytest.mark.django_db
def test_classes_stand_by_code_whatever_language_the_database_sorts_by() -> None:
    edition = believable_edition(classes=3, participants=1, contacts=2)
    for award_class, code in zip(edition.classes.order_by("pk"), ("ab", "a-c", "aa"), strict=True):
        award_class.code = code
        award_class.save()
    run = count_edition(edition_id=edition.pk, at=AT)

    assert [row.award_class for row in results_of(run).classes] == ["a-c", "aa", "ab"]


@pytest.mark.django_db
def test_the_same_results_are_the_same_bytes() -> None:
    edition = believable_edition(classes=1, participants=2, contacts=3)
    first, again = (count_edition(edition_id=edition.pk, at=AT) for _turn in range(2))

    for write in (results_csv, results_xlsx):
        assert write(results_of(first)) == write(results_of(again))
