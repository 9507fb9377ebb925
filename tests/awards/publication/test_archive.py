"""The archive: published winners of earlier years, each with its source."""

from __future__ import annotations

import csv
from decimal import Decimal

import pytest
from django.utils import translation

from awards.models import ArchivedResult, ArchiveMethod
from awards.publication.queries.archive import archived_year
from awards.publication.services.archive import DATA, import_archive

pytestmark = pytest.mark.django_db


def test_every_published_result_is_kept_with_its_source() -> None:
    import_archive()

    assert ArchivedResult.objects.count() == 33
    winner = ArchivedResult.objects.get(year=2022, overall_winner=True)
    assert (winner.winner, winner.total, winner.class_name) == ("Helthjem", Decimal("94.7"), "Transport og logistikk")
    assert not ArchivedResult.objects.filter(source="").exists()
    assert not ArchivedResult.objects.filter(source__regex="^S[0-9]$").exists()


def test_the_award_of_2011_was_given_by_a_panel() -> None:
    import_archive()

    methods = set(ArchivedResult.objects.values_list("year", "method"))
    assert methods == {
        (2011, ArchiveMethod.PANEL),
        (2017, ArchiveMethod.MYSTERY),
        (2020, ArchiveMethod.MYSTERY),
        (2022, ArchiveMethod.MYSTERY),
    }


def test_reading_the_archive_again_changes_nothing() -> None:
    import_archive()
    before = list(ArchivedResult.objects.order_by("pk").values())

    import_archive()

    assert list(ArchivedResult.objects.order_by("pk").values()) == before


def test_every_class_of_the_archive_has_an_english_name() -> None:
    import_archive()
    classes = set(ArchivedResult.objects.exclude(class_name="").values_list("class_name", flat=True))

    table = (DATA / "class_names.csv").read_text(encoding="utf-8").splitlines()
    named = {row["name_nb"] for row in csv.DictReader(table)}
    assert classes <= named

    with translation.override("en"):
        year = archived_year(2022)
    assert year is not None
    names = {winner.class_name for award in year.awards for winner in award.classes}
    assert {"Transport and logistics", "Broadband", "Debt collection"} <= names
    assert not names & {"Transport og logistikk", "Bredbånd", "Innfordring"}
