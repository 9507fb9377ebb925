"""The groups a shopper belongs to when a participant's shoppers shall mirror the pool: age and part of the country."""

from __future__ import annotations

import re
from collections.abc import Mapping

AGE_GROUPS: tuple[tuple[int, int | None, str], ...] = (
    (18, 29, "18-29"),
    (30, 44, "30-44"),
    (45, 59, "45-59"),
    (60, None, "60+"),
)
"""First and last age of each group (planning rules, «Mix»)."""

COUNTIES: Mapping[str, tuple[str, ...]] = {
    "ostlandet": (
        "oslo", "akershus", "østfold", "buskerud", "innlandet", "vestfold", "telemark",
        "viken", "vestfold og telemark", "hedmark", "oppland",
    ),
    "sorlandet": ("agder", "aust-agder", "vest-agder"),
    "vestlandet": ("rogaland", "vestland", "møre og romsdal", "hordaland", "sogn og fjordane"),
    "trondelag": ("trøndelag", "nord-trøndelag", "sør-trøndelag"),
    "nord-norge": ("nordland", "troms", "finnmark", "troms og finnmark"),
}  # fmt: skip
"""The five parts of the country with their counties: today's, and those of before 2024 and before 2020."""

_REGION_OF = {county: region for region, counties in COUNTIES.items() for county in counties}
_OTHER_NAME = re.compile(r"\s+[-–]\s+|/")


def age_group(birth_year: int | None, *, year: int) -> str:
    """The group by the age reached in the edition's `year`; empty when unknown or below 18."""
    if birth_year is None:
        return ""
    age = year - birth_year
    return next((name for least, most, name in AGE_GROUPS if least <= age and (most is None or age <= most)), "")


def region_of(county: str) -> str:
    """The part of the country a county lies in; empty for a county nobody knows.

    Case, blanks and a Sami or Kven name after a dash («Troms – Romsa») make no difference.
    """
    norwegian = _OTHER_NAME.split(county.strip(), maxsplit=1)[0]
    return _REGION_OF.get(" ".join(norwegian.casefold().split()), "")
