"""The contract of the edition package as data: files, columns, types, identifiers, defaults.

Reading, checking and writing are all driven by what stands here; nothing else knows a column's name or order.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from awards.package.format import rows
from surveys.engine.words import (
    ANSWERED_AREAS,
    AREAS,
    ATTEMPT_RESULTS,
    CHANNELS,
    GENDERS,
    METRICS,
    OUTCOMES,
    QUESTION_KINDS,
    RELATION_KINDS,
    REVIEW_STATES,
    SCORED_AREAS,
    WAIT_UNITS,
    WINDOWS,
)

MAX_QUESTIONS_PER_CHANNEL = 40
LONGEST_COMMENT = 5_000
WEIGHT_SUM = 100
WEIGHT_KEYS = tuple(f"weight_{area}" for area in SCORED_AREAS)

EXCEL_CELL = 32_767
"""No cell may hold more (UTF-16 units), in any form, because Excel could not keep it."""


MOST = 1_000_000
"""No number reaches this: decimals have at most 6 digits before the point."""


class Kind(enum.Enum):
    """What a cell means. The comment gives the canonical notation in CSV."""

    CODE = enum.auto()  # [a-z0-9][a-z0-9_-]{0,39}
    TEXT = enum.auto()  # as typed: NFC, line feeds, no blank edges
    EMAIL = enum.auto()  # name@example.org
    TELEPHONE = enum.auto()  # +47 22 00 00 01, 02400
    LINK = enum.auto()  # https://firma.no/chat: an address people open; never script
    WEBSITE = enum.auto()  # such an address, or www.firma.no
    CHOICE = enum.auto()  # a word of a closed vocabulary
    CHANNELS = enum.auto()  # such words, space-separated, in the vocabulary's order
    INTEGER = enum.auto()  # 25
    DECIMAL = enum.auto()  # 12.5, no trailing zeros, no exponent
    DATE = enum.auto()  # 2022-01-10
    DATES = enum.auto()  # such dates, space-separated, earliest first
    TIME = enum.auto()  # 09:00
    INSTANT = enum.auto()  # 2022-01-10T09:30:00+01:00, in the edition's time zone
    WEEK = enum.auto()  # 2022-W03
    YES_NO = enum.auto()  # yes
    TIMEZONE = enum.auto()  # Europe/Oslo

    @property
    def repeats(self) -> bool:
        """Whether the same few values come again and again, so that remembering them pays."""
        return not self.is_written_out and self is not Kind.INSTANT

    @property
    def is_written_out(self) -> bool:
        """Whether its values are texts of many kinds, kept as they were written."""
        return self in (Kind.TEXT, Kind.EMAIL, Kind.TELEPHONE, Kind.LINK, Kind.WEBSITE)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file, or one key of `edition.csv`.

    `optional`: it may be left out altogether. `blank`: it must stand there, but its cells may be empty.
    `default`: what an empty cell of an optional column means, in the file's own notation; empty = simply not given.
    `low`/`high` are inclusive. `refers_to` names the table whose identifiers the cell must be one of.
    `field` is the attribute of the row class where the column's own name will not do. `is_percent`: the number is one
    of a hundred, so that `15 %` says 15. `is_verbatim`: other people's words, kept whatever they are.
    `refuses_fillers`: a dash or "n/a" would be shown as if it were the text.
    """

    name: str
    kind: Kind
    optional: bool = False
    blank: bool = False
    default: str = ""
    choices: tuple[str, ...] = ()
    low: int = 0
    high: int = MOST
    longest: int = EXCEL_CELL
    refers_to: str = ""
    field: str = ""
    is_percent: bool = False
    is_verbatim: bool = False
    refuses_fillers: bool = False

    @property
    def attribute(self) -> str:
        return self.field or self.name

    @property
    def may_be_empty(self) -> bool:
        return self.optional or self.blank


@dataclass(frozen=True, slots=True)
class Table:
    """One file of the package. `key` names the columns that identify a row and give the canonical order."""

    name: str
    row_type: type[Any]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    optional: bool = False
    most_rows: int = 100_000

    @property
    def file(self) -> str:
        return f"{self.name}.csv"

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def _code(name: str, *, refers_to: str = "", field: str = "", optional: bool = False) -> Column:
    return Column(name, Kind.CODE, refers_to=refers_to, field=field, optional=optional)


def _text(name: str, longest: int = EXCEL_CELL, *, optional: bool = False) -> Column:
    return Column(name, Kind.TEXT, longest=longest, optional=optional)


def _name(name: str, longest: int, *, optional: bool = False) -> Column:
    return Column(name, Kind.TEXT, longest=longest, optional=optional, refuses_fillers=True)


def _address(name: str, kind: Kind, longest: int = 300) -> Column:
    return Column(name, kind, longest=longest, optional=True)


def _choice(name: str, choices: tuple[str, ...], *, optional: bool = False, blank: bool = False) -> Column:
    return Column(name, Kind.CHOICE, choices=choices, optional=optional, blank=blank)


def _integer(name: str, low: int, high: int, *, optional: bool = False, default: str = "") -> Column:
    return Column(name, Kind.INTEGER, low=low, high=high, optional=optional, default=default)


def _decimal(name: str, *, optional: bool = False, blank: bool = False) -> Column:
    return Column(name, Kind.DECIMAL, optional=optional, blank=blank)


def _percent(name: str, *, high: int = 100, default: str = "") -> Column:
    return Column(name, Kind.DECIMAL, high=high, optional=bool(default), default=default, is_percent=True)


def _date(name: str, *, optional: bool = False) -> Column:
    return Column(name, Kind.DATE, optional=optional)


def _instant(name: str, *, optional: bool = False) -> Column:
    return Column(name, Kind.INSTANT, optional=optional)


EDITION_KEYS: tuple[Column, ...] = (
    _code("code"),
    _name("award", 120),
    _integer("year", 1990, 2199),
    _date("starts_on"),
    _date("ends_on"),
    _integer("contacts_per_participant", 1, 1000),
    _integer("max_channels", 1, len(CHANNELS)),
    *(_percent(name, high=WEIGHT_SUM) for name in WEIGHT_KEYS),
    _percent("key_telephone", high=MOST, default="50"),
    _percent("key_email", high=MOST, default="30"),
    _percent("key_chat", high=MOST, default="20"),
    _percent("key_messenger", high=MOST, default="20"),
    _integer("min_counted", 1, 1000, optional=True, default="20"),
    _integer("min_channel_contacts", 1, 1000, optional=True, default="5"),
    Column("timezone", Kind.TIMEZONE, longest=60, optional=True, default="Europe/Oslo"),
    Column("opens_at", Kind.TIME, optional=True, default="09:00"),
    Column("closes_at", Kind.TIME, optional=True, default="15:00"),
    Column("closed_days", Kind.DATES, optional=True),
    _name("name_nb", 160, optional=True),
    _name("name_en", 160, optional=True),
)

EDITION = Table(
    "edition",
    rows.EditionSettings,
    columns=(_text("key"), Column("value", Kind.TEXT, blank=True)),
    key=("key",),
)

ROW_TABLES: tuple[Table, ...] = (
    Table(
        "classes",
        rows.ClassRow,
        columns=(_code("class", field="code"), _name("name_nb", 120), _name("name_en", 120, optional=True)),
        key=("class",),
    ),
    Table(
        "participants",
        rows.ParticipantRow,
        columns=(
            _code("participant", field="code"),
            _name("name", 160),
            _code("class", refers_to="classes", field="award_class"),
            _address("website", Kind.WEBSITE),
            _address("report_email", Kind.EMAIL, 254),
            _address("telephone", Kind.TELEPHONE),
            _address("email", Kind.EMAIL),
            _address("contact_form", Kind.LINK),
            _address("chat", Kind.LINK),
            _address("messenger", Kind.LINK),
            _integer("telephone_contacts", 0, 1000, optional=True),
            _integer("email_contacts", 0, 1000, optional=True),
            _integer("chat_contacts", 0, 1000, optional=True),
            _integer("messenger_contacts", 0, 1000, optional=True),
        ),
        key=("participant",),
    ),
    Table(
        "shoppers",
        rows.ShopperRow,
        columns=(
            _code("shopper", field="code"),
            _name("name", 160),
            Column("email", Kind.EMAIL, longest=254),
            _integer("birth_year", 1900, 2199, optional=True),
            _choice("gender", GENDERS, optional=True),
            _name("county", 60, optional=True),
            Column("channels", Kind.CHANNELS, choices=CHANNELS),
            _integer("max_contacts", 0, 10_000),
            _integer("max_per_week", 0, 10_000, optional=True),
            _date("available_from", optional=True),
            _date("available_to", optional=True),
        ),
        key=("shopper",),
    ),
    Table(
        "relations",
        rows.RelationRow,
        columns=(
            _code("shopper", refers_to="shoppers"),
            _code("participant", refers_to="participants"),
            _choice("kind", RELATION_KINDS, optional=True),
        ),
        key=("shopper", "participant"),
    ),
    Table(
        "questions",
        rows.QuestionRow,
        columns=(
            _code("question", field="code"),
            _choice("area", AREAS),
            _integer("order", 0, 10_000),
            _text("text_nb", 500),
            _text("text_en", 500, optional=True),
            _choice("kind", QUESTION_KINDS),
            Column("channels", Kind.CHANNELS, choices=CHANNELS, optional=True),
            _choice("metric", METRICS, optional=True),
            _integer("scale_min", -100, 100, optional=True),
            _integer("scale_max", -100, 100, optional=True),
            Column("required", Kind.YES_NO, optional=True, default="yes"),
        ),
        key=("question",),
    ),
    Table(
        "options",
        rows.OptionRow,
        columns=(
            _code("question", refers_to="questions"),
            _code("option", field="code"),
            _integer("order", 0, 10_000),
            _text("text_nb", 300),
            _text("text_en", 300, optional=True),
            _decimal("points", optional=True),
            Column("not_applicable", Kind.YES_NO, optional=True, default="no"),
        ),
        key=("question", "option"),
    ),
    Table(
        "wait_bands",
        rows.WaitBandRow,
        columns=(
            _choice("channel", CHANNELS),
            _choice("unit", WAIT_UNITS),
            _decimal("up_to", blank=True),
            _percent("percent"),
        ),
        key=("channel", "up_to"),
    ),
    Table(
        "roleplays",
        rows.RoleplayRow,
        columns=(
            _code("roleplay", field="code"),
            _code("class", refers_to="classes", field="award_class"),
            _name("title_nb", 160),
            _text("text_nb"),
            _name("title_en", 160, optional=True),
            _text("text_en", optional=True),
        ),
        key=("roleplay",),
        optional=True,
    ),
    Table(
        "contacts",
        rows.ContactRow,
        columns=(
            _code("contact", field="code"),
            _code("participant", refers_to="participants"),
            _code("shopper", refers_to="shoppers"),
            _choice("channel", CHANNELS),
            Column("week", Kind.WEEK),
            _date("planned_on", optional=True),
            _choice("window", WINDOWS, optional=True),
            _choice("outcome", OUTCOMES, blank=True),
            _instant("contacted_at", optional=True),
            _instant("answered_at", optional=True),
            _decimal("wait", optional=True),
            _choice("review", REVIEW_STATES, optional=True),
        ),
        key=("contact",),
        optional=True,
    ),
    Table(
        "attempts",
        rows.AttemptRow,
        columns=(
            _code("contact", refers_to="contacts"),
            _integer("number", 1, 2),
            _instant("started_at"),
            _decimal("wait_seconds", optional=True),
            _choice("result", ATTEMPT_RESULTS),
        ),
        key=("contact", "number"),
        optional=True,
    ),
    Table(
        "answers",
        rows.AnswerRow,
        columns=(
            _code("contact", refers_to="contacts"),
            _code("question", refers_to="questions"),
            _code("option", optional=True),
            _integer("value", -100, 100, optional=True),
        ),
        key=("contact", "question", "option"),
        optional=True,
        most_rows=600_000,
    ),
    Table(
        "comments",
        rows.CommentRow,
        columns=(
            _code("contact", refers_to="contacts"),
            _choice("area", ANSWERED_AREAS),
            Column("text", Kind.TEXT, longest=LONGEST_COMMENT, is_verbatim=True),
        ),
        key=("contact", "area"),
        optional=True,
    ),
)

TABLES: tuple[Table, ...] = (EDITION, *ROW_TABLES)
TABLE_BY_NAME: Mapping[str, Table] = {table.name: table for table in TABLES}
