"""The contract as data agrees with the typed rows, with the models, and with itself."""

from __future__ import annotations

import dataclasses

import pytest
from django.apps import apps

from awards.package.format import rows, tables
from awards.package.format.tables import EDITION_KEYS, ROW_TABLES, TABLES, Column, Table
from shoppers.models.shopper import Gender, RelationKind
from surveys.engine import words
from surveys.models import (
    Area,
    AttemptResult,
    Channel,
    CommentArea,
    Metric,
    Outcome,
    QuestionKind,
    ReviewState,
    WaitUnit,
    Window,
)
from surveys.queries.content import MAX_COMMENT_LENGTH


@pytest.mark.parametrize("table", ROW_TABLES, ids=lambda table: table.name)
def test_a_row_has_a_field_for_each_column_in_their_order(table: Table) -> None:
    fields = [field.name for field in dataclasses.fields(table.row_type)]

    assert fields == [column.attribute for column in table.columns]


def test_the_settings_have_a_field_for_each_key() -> None:
    fields = [field.name for field in dataclasses.fields(rows.EditionSettings)]

    assert fields == [column.name for column in EDITION_KEYS]


def test_a_package_has_a_table_for_each_file() -> None:
    fields = [field.name for field in dataclasses.fields(rows.EditionPackage)]

    assert fields == [table.name for table in TABLES]


@pytest.mark.parametrize(
    ("table", "required"),
    [
        ("classes", {"class", "name_nb"}),
        ("participants", {"participant", "name", "class"}),
        ("shoppers", {"shopper", "name", "email", "channels", "max_contacts"}),
        ("relations", {"shopper", "participant"}),
        ("questions", {"question", "area", "order", "text_nb", "kind"}),
        ("options", {"question", "option", "order", "text_nb"}),
        ("wait_bands", {"channel", "unit", "up_to", "percent"}),
        ("roleplays", {"roleplay", "class", "title_nb", "text_nb"}),
        ("contacts", {"contact", "participant", "shopper", "channel", "week", "outcome"}),
        ("attempts", {"contact", "number", "started_at", "result"}),
        ("answers", {"contact", "question"}),
        ("comments", {"contact", "area", "text"}),
    ],
)
def test_the_columns_that_may_not_be_left_out(table: str, required: set[str]) -> None:
    columns = tables.TABLE_BY_NAME[table].columns

    assert {column.name for column in columns if not column.optional} == required


def test_the_files_that_may_be_left_out() -> None:
    assert [table.name for table in TABLES if table.optional] == [
        "roleplays",
        "contacts",
        "attempts",
        "answers",
        "comments",
    ]


def test_the_keys_that_have_a_default() -> None:
    assert {column.name: column.default for column in EDITION_KEYS if column.default} == {
        "key_telephone": "50",
        "key_email": "30",
        "key_chat": "20",
        "key_messenger": "20",
        "min_counted": "20",
        "min_channel_contacts": "5",
        "timezone": "Europe/Oslo",
        "opens_at": "09:00",
        "closes_at": "15:00",
    }


@pytest.mark.parametrize(
    ("vocabulary", "model_words"),
    [
        (words.CHANNELS, Channel),
        (words.AREAS, Area),
        (words.ANSWERED_AREAS, CommentArea),
        (words.QUESTION_KINDS, QuestionKind),
        (words.METRICS, Metric),
        (words.WAIT_UNITS, WaitUnit),
        (words.GENDERS, Gender),
        (words.RELATION_KINDS, RelationKind),
        (words.WINDOWS, Window),
        (words.OUTCOMES, Outcome),
        (words.REVIEW_STATES, ReviewState),
        (words.ATTEMPT_RESULTS, AttemptResult),
    ],
)
def test_the_vocabularies_are_those_of_the_models(vocabulary: tuple[str, ...], model_words: type) -> None:
    assert vocabulary == tuple(model_words.values)  # type: ignore[attr-defined]


MODELS = {
    "classes": "surveys.AwardClass",
    "participants": "surveys.Participant",
    "shoppers": "shoppers.Shopper",
    "questions": "surveys.Question",
    "options": "surveys.Option",
    "roleplays": "surveys.RolePlay",
}


def _fitting(model: str, columns: tuple[Column, ...]) -> dict[str, tuple[int, int]]:
    """Column → (longest in a package, longest in the database), where the model has a column of that name."""
    fields = {field.name: getattr(field, "max_length", None) for field in apps.get_model(model)._meta.get_fields()}
    return {column.name: (column.longest, longest) for column in columns if (longest := fields.get(column.name))}


@pytest.mark.parametrize("table", MODELS)
def test_what_a_package_may_hold_fits_the_database(table: str) -> None:
    lengths = _fitting(MODELS[table], tables.TABLE_BY_NAME[table].columns)

    texts = {column.name for column in tables.TABLE_BY_NAME[table].columns if column.longest < tables.EXCEL_CELL}
    assert texts & set(lengths), "the model has none of the columns"
    assert {name for name in texts & set(lengths) if lengths[name][0] != lengths[name][1]} == set()


def test_what_an_edition_may_hold_fits_the_database() -> None:
    lengths = _fitting("surveys.Edition", EDITION_KEYS)

    assert {
        name: package for name, (package, database) in lengths.items() if package != database and name != "code"
    } == {}


def test_addresses_and_comments_fit_the_database() -> None:
    address = apps.get_model("surveys.ContactPoint")._meta.get_field("address")
    participants = tables.TABLE_BY_NAME["participants"]

    for name in ("telephone", "email", "contact_form", "chat", "messenger"):
        assert participants.column(name).longest == address.max_length
    assert tables.TABLE_BY_NAME["comments"].column("text").longest == MAX_COMMENT_LENGTH
