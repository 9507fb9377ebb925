"""Editions of any size in a real database, written quickly: the data the scoring benchmarks count.

The tables are those of the product, made by its migrations; only the rows are written past the ORM, for 19 million of
them would take it hours.
"""

from __future__ import annotations

import datetime as dt
import io
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from surveys.models import (
    Answer,
    AwardClass,
    Contact,
    Edition,
    Option,
    Participant,
    Phase,
    Question,
    WaitBand,
)

PARTICIPANTS, CLASSES, CONTACTS = 190, 24, 25
SINGLES, MULTIS = 33, 2
AREAS = ("welcome",) * 8 + ("agent",) * 20 + ("overall",) * 7
CHANNELS = ("telephone",) * 13 + ("email",) * 7 + ("chat",) * 5
OPTIONS = tuple(2 + number * 7 % 4 for number in range(len(AREAS)))
"""Options with points of each question, worth 0, 1, 2 …; «not applicable» comes after them."""
METRICS = {"ces": (1, 7), "csat": (1, 5), "nps": (0, 10), "ves1": (1, 7), "ves2": (1, 7)}
BANDS = ((60, 100), (180, 60), (None, 10))
BATCH = 200_000

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Sheet:
    """How the contacts of an edition are answered: (question, option or None, value or None) by position."""

    contacts: tuple[tuple[tuple[int, int | None, int | None], ...], ...]


def make_sheet(*, participants: int = PARTICIPANTS, seed: int = 1) -> Sheet:
    """25 contacts for each participant, with 40 questions answered in every one, some of them with several ticks."""
    chance = random.Random(seed)
    return Sheet(tuple(_answered(chance) for _contact in range(participants * CONTACTS)))


def _answered(chance: random.Random) -> tuple[tuple[int, int | None, int | None], ...]:
    """One contact: a good one is good in most respects, one answer in twenty is «not applicable»."""
    quality = chance.betavariate(5, 2)
    rows: list[tuple[int, int | None, int | None]] = []
    for number, options in enumerate(OPTIONS):
        if number >= SINGLES:
            rows += [(number, option, None) for option in range(options) if not option or chance.random() < quality]
        elif chance.random() < 0.05:
            rows.append((number, options, None))
        else:
            rows.append((number, options - 1 if chance.random() < quality else int(chance.random() * options), None))
    for number, (least, most) in enumerate(METRICS.values(), start=len(AREAS)):
        felt = min(1.0, max(0.0, chance.gauss(quality, 0.08)))
        rows.append((number, None, least + round((most - least) * felt)))
    return tuple(rows)


def make_edition(code: str, sheet: Sheet) -> Edition:
    """One edition in 24 classes, all its contacts answered as the sheet says."""
    with transaction.atomic():
        edition = Edition.objects.create(
            code=code,
            award="Benchmark",
            year=2022,
            phase=Phase.REVIEW,
            starts_on=dt.date(2021, 12, 1),
            ends_on=dt.date(2022, 3, 31),
        )
        _make_rules(edition)
        contacts = _make_contacts(edition, len(sheet.contacts))
        _write(Answer, ("contact_id", "question_id", "option_id", "value"), _answers(edition, contacts, sheet))
    return edition


def _make_rules(edition: Edition) -> None:
    WaitBand.objects.bulk_create(
        WaitBand(
            edition=edition,
            channel=channel,
            unit="seconds",
            up_to=None if limit is None else Decimal(limit),
            percent=Decimal(percent),
        )
        for channel in sorted(set(CHANNELS))
        for limit, percent in BANDS
    )
    for number, area in enumerate(AREAS):
        kind = "single" if number < SINGLES else "multi"
        question = Question.objects.create(
            edition=edition, code=f"q{number:02}", area=area, order=number, text_nb=f"Spørsmål {number}", kind=kind
        )
        points = [Decimal(value) for value in range(OPTIONS[number])]
        Option.objects.bulk_create(
            [
                *(
                    Option(question=question, code=f"o{value}", order=value, text_nb=f"{value}", points=value)
                    for value in points
                ),
                Option(question=question, code="na", order=9, text_nb="Ikke aktuelt", not_applicable=True),
            ]
        )
    for order, (metric, (least, most)) in enumerate(METRICS.items(), start=len(AREAS)):
        Question.objects.create(
            edition=edition,
            code=metric,
            area="cx",
            order=order,
            text_nb=metric,
            kind="scale",
            metric=metric,
            scale_min=least,
            scale_max=most,
        )


def _make_contacts(edition: Edition, contacts: int) -> list[int]:
    classes = AwardClass.objects.bulk_create(
        AwardClass(edition=edition, code=f"k{number:02}", name_nb=f"Klasse {number}") for number in range(CLASSES)
    )
    members = Participant.objects.bulk_create(
        Participant(
            edition=edition,
            code=f"p{number:05}",
            name=f"Deltaker {number}",
            award_class=classes[number % CLASSES],
        )
        for number in range(contacts // CONTACTS)
    )
    columns = ("edition_id", "participant_id", "code", "channel", "week", "window", "outcome", "review", "wait")
    rows = (
        (
            *(edition.pk, members[number // CONTACTS].pk, f"c{number:07}", CHANNELS[number % CONTACTS]),
            *(f"2022-W{1 + number % 12:02}", "", "answered", "approved", number * 37 % 400),
        )
        for number in range(contacts)
    )
    _write(Contact, columns, rows)
    return list(Contact.objects.filter(edition=edition).order_by("code").values_list("pk", flat=True))


def _answers(edition: Edition, contacts: Sequence[int], sheet: Sheet) -> Iterator[Row]:
    questions = Question.objects.filter(edition=edition).order_by("order").prefetch_related("options")
    keys = [(question.pk, [option.pk for option in question.options.all()]) for question in questions]
    for contact, rows in zip(contacts, sheet.contacts, strict=True):
        for question, option, value in rows:
            key, options = keys[question]
            yield contact, key, None if option is None else options[option], value


def _write(model: type[Any], columns: Sequence[str], rows: Iterable[Row]) -> None:
    """COPY on PostgreSQL, executemany on SQLite."""
    table = model._meta.db_table  # noqa: SLF001 - Django's documented way to a table
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        for batch in _batches(rows):
            if connection.vendor == "postgresql":
                lines = ("\t".join("\\N" if cell is None else str(cell) for cell in row) for row in batch)
                cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", io.StringIO("\n".join(lines) + "\n"))
            else:
                cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * len(columns))})", batch)


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
