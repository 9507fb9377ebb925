"""Editions of any size in a real database, written quickly: the data the scoring benchmarks count.

The tables are those of the product, made by its migrations; only the rows are written past the ORM, for 19 million of
them would take it hours.
"""

from __future__ import annotations

import datetime as dt
import io
import random
from collections.abc import Iterable, Iterator, Sequence
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

CLASSES, PER_CLASS, CONTACTS = 24, (7, 8), 25
SINGLES, MULTIS = 33, 2
AREAS = ("welcome",) * 8 + ("agent",) * 20 + ("overall",) * 7
CHANNELS = ("telephone",) * 13 + ("email",) * 7 + ("chat",) * 5
METRICS = {"ces": (1, 7), "csat": (1, 5), "nps": (0, 10), "ves1": (1, 7), "ves2": (1, 7)}
BANDS = ((60, 100), (180, 60), (None, 10))
BATCH = 200_000

Row = tuple[Any, ...]


def make_edition(code: str, *, seed: int = 1, participants: int = 190) -> Edition:
    """One edition: 190 participants in 24 classes, 25 answered contacts each, 40 questions answered in every one."""
    chance = random.Random(seed)
    with transaction.atomic():
        edition = Edition.objects.create(
            code=code,
            award="Benchmark",
            year=2022,
            phase=Phase.REVIEW,
            starts_on=dt.date(2021, 12, 1),
            ends_on=dt.date(2022, 3, 31),
        )
        _make_rules(edition, chance)
        contacts = _make_contacts(edition, participants, chance)
        questions = list(Question.objects.filter(edition=edition).prefetch_related("options"))
        _write(Answer, ("contact_id", "question_id", "option_id", "value"), _answers(contacts, questions, chance))
    return edition


def _make_rules(edition: Edition, chance: random.Random) -> None:
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
        points = [Decimal(value) for value in range(chance.randint(2, 5))]
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


def _make_contacts(edition: Edition, participants: int, chance: random.Random) -> list[int]:
    classes = AwardClass.objects.bulk_create(
        AwardClass(edition=edition, code=f"k{number:02}", name_nb=f"Klasse {number}") for number in range(CLASSES)
    )
    members = Participant.objects.bulk_create(
        Participant(
            edition=edition, code=f"p{number:05}", name=f"Deltaker {number}", award_class=classes[number % CLASSES]
        )
        for number in range(participants)
    )
    rows = (
        (
            edition.pk,
            member.pk,
            f"c{place * CONTACTS + turn:07}",
            CHANNELS[turn],
            f"2022-W{1 + turn % 12:02}",
            "",
            "answered",
            "approved",
            chance.randint(0, 400),
        )
        for place, member in enumerate(members)
        for turn in range(CONTACTS)
    )
    _write(
        Contact,
        ("edition_id", "participant_id", "code", "channel", "week", "window", "outcome", "review", "wait"),
        rows,
    )
    return list(Contact.objects.filter(edition=edition).order_by("code").values_list("pk", flat=True))


def _answers(contacts: Iterable[int], questions: Sequence[Question], chance: random.Random) -> Iterator[Row]:
    asked = [
        (
            question.pk,
            question.kind,
            [option.pk for option in question.options.all()],
            question.scale_min,
            question.scale_max,
        )
        for question in questions
    ]
    for contact in contacts:
        for key, kind, options, least, most in asked:
            if kind == "scale":
                yield contact, key, None, chance.randint(least or 0, most or 0)
            elif kind == "single":
                yield contact, key, options[int(chance.random() * len(options))], None
            else:
                for option in chance.sample(options[:-1], chance.randint(1, len(options) - 1)):
                    yield contact, key, option, None


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
