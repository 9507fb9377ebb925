"""Age groups and parts of the country, from what a package says of a shopper."""

from __future__ import annotations

import pytest

from shoppers.queries.people import age_group, region_of


@pytest.mark.parametrize(
    ("birth_year", "group"),
    [
        (None, ""), (2005, ""), (2004, "18-29"), (1993, "18-29"), (1992, "30-44"), (1978, "30-44"), (1977, "45-59"),
        (1963, "45-59"), (1962, "60+"), (1930, "60+"),
    ],
)  # fmt: skip
def test_age_groups_by_the_age_reached_in_the_editions_year(birth_year: int | None, group: str) -> None:
    assert age_group(birth_year, year=2022) == group


@pytest.mark.parametrize(
    ("county", "region"),
    [
        ("Oslo", "ostlandet"), ("Viken", "ostlandet"), ("Agder", "sorlandet"), ("Møre og Romsdal", "vestlandet"),
        ("Trøndelag – Trööndelage", "trondelag"), ("Troms - Romsa - Tromssa", "nord-norge"),
        ("Finnmark/Finnmárku", "nord-norge"), (" vestfold  og telemark ", "ostlandet"), ("Aust-Agder", "sorlandet"),
        ("", ""), ("Skåne", ""),
    ],
)  # fmt: skip
def test_counties_of_every_reform_lie_in_one_of_five_parts(county: str, region: str) -> None:
    assert region_of(county) == region
