"""The archive: published winners of earlier years, each with its source."""

from __future__ import annotations

from decimal import Decimal

import pytest

from awards.models import ArchivedResult, ArchiveMethod
from awards.publication.services.archive import import_archive

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
