"""The demo edition is an ordinary edition package, and everybody in it is invented."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest

from awards.demo.world import Tables, build_package_tables
from awards.package.format.parsing import parse_tables

COLUMNS = {
    "edition": "key value",
    "classes": "class name_nb name_en",
    "participants": (
        "participant name class website report_email telephone email contact_form chat messenger"
        " telephone_contacts email_contacts chat_contacts messenger_contacts"
    ),
    "shoppers": (
        "shopper name email birth_year gender county channels max_contacts max_per_week available_from available_to"
    ),
    "relations": "shopper participant kind",
    "questions": "question area order text_nb text_en kind channels metric scale_min scale_max required",
    "options": "question option order text_nb text_en points not_applicable",
    "wait_bands": "channel unit up_to percent",
    "roleplays": "roleplay class title_nb text_nb title_en text_en",
}
CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
CHANNELS = ("telephone", "email", "chat", "messenger")


def edition(*, seed: int, participants: int = 190, shoppers: int = 88) -> Tables:
    return build_package_tables(
        seed=seed,
        starts_on=date(2021, 11, 15),
        ends_on=date(2022, 3, 18),
        code="demo-2022",
        year=2022,
        participants=participants,
        shoppers=shoppers,
    )


@pytest.fixture(scope="module")
def tables() -> Tables:
    return edition(seed=1)


def test_every_table_has_exactly_the_packages_columns(tables: Tables) -> None:
    assert set(tables) == set(COLUMNS)
    for name, columns in COLUMNS.items():
        assert all(list(row) == columns.split() for row in tables[name]), name


@pytest.mark.parametrize(
    ("table", "column"),
    [("classes", "class"), ("participants", "participant"), ("shoppers", "shopper"), ("questions", "question"),
     ("roleplays", "roleplay"), ("participants", "name"), ("shoppers", "email")],
)  # fmt: skip
def test_identifiers_are_unique(tables: Tables, table: str, column: str) -> None:
    values = [row[column] for row in tables[table]]
    assert len(set(values)) == len(values)
    assert column in ("name", "email") or all(CODE.fullmatch(value) for value in values)


def test_the_same_seed_gives_the_same_edition_and_another_seed_another() -> None:
    assert edition(seed=3) == edition(seed=3)
    assert edition(seed=3) != edition(seed=4)


def test_190_participants_in_24_classes_of_4_to_19(tables: Tables) -> None:
    sizes = Counter(row["class"] for row in tables["participants"])
    assert sum(sizes.values()) == 190
    assert len(sizes) == 24
    assert (min(sizes.values()), max(sizes.values())) == (4, 19)


def test_no_address_leads_anywhere_real(tables: Tables) -> None:
    for row in tables["participants"]:
        sites = [row[key] for key in ("website", "contact_form", "chat", "messenger") if row[key]]
        assert all(re.fullmatch(r"https://[a-z0-9.-]+\.example(/\S*)?", site) for site in sites)
        assert all(row[key].endswith(".example") for key in ("email", "report_email") if row[key])
        assert row["telephone"] == "" or row["telephone"].startswith("+47 00 ")
    assert all(row["email"].endswith(".example") for row in tables["shoppers"])


def test_each_participant_keeps_one_to_three_channels_open_and_messenger_only_without_chat(tables: Tables) -> None:
    counts = Counter(len(_open_channels(row)) for row in tables["participants"])
    assert set(counts) == {1, 2, 3}
    assert counts[3] > 95
    assert not any(row["chat"] and row["messenger"] for row in tables["participants"])


def test_an_own_split_of_contacts_is_whole_and_only_on_open_channels(tables: Tables) -> None:
    splits = []
    for row in tables["participants"]:
        split = {channel: int(row[f"{channel}_contacts"]) for channel in CHANNELS if row[f"{channel}_contacts"]}
        assert not split or (sum(split.values()) == 25 and set(split) == _open_channels(row))
        splits.append(split)
    assert any(splits)


def test_shoppers_are_ordinary_people_from_the_whole_country(tables: Tables) -> None:
    shoppers = tables["shoppers"]
    ages = [2021 - int(row["birth_year"]) for row in shoppers]
    assert len(shoppers) == 88
    assert min(ages) >= 18
    assert max(ages) <= 65
    assert len({row["county"] for row in shoppers}) == 15
    assert {"female", "male"} <= {row["gender"] for row in shoppers}


def test_shoppers_have_room_for_every_contact_and_some_to_spare(tables: Tables) -> None:
    assert sum(int(row["max_contacts"]) for row in tables["shoppers"]) > 190 * 25 * 1.04


def test_some_pairs_must_never_meet(tables: Tables) -> None:
    share = len(tables["relations"]) / (190 * 88)
    assert 0.03 < share < 0.05
    assert len({(row["shopper"], row["participant"]) for row in tables["relations"]}) == len(tables["relations"])


def test_christmas_week_is_closed_and_only_when_it_lies_inside() -> None:
    def closed(starts_on: date, ends_on: date) -> str:
        rows = build_package_tables(seed=1, starts_on=starts_on, ends_on=ends_on, code="x", year=2022)["edition"]
        return next(row["value"] for row in rows if row["key"] == "closed_days")

    assert closed(date(2021, 11, 15), date(2022, 3, 18)).startswith("2021-12-24 2021-12-27")
    assert closed(date(2022, 1, 3), date(2022, 4, 29)) == ""


def test_a_small_edition_still_spans_many_classes() -> None:
    tables = edition(seed=1, participants=24, shoppers=36)
    assert (len(tables["participants"]), len(tables["shoppers"])) == (24, 36)
    assert len(tables["classes"]) > 15
    assert {row["class"] for row in tables["participants"]} == {row["class"] for row in tables["classes"]}


@pytest.mark.parametrize("participants", [0, 191])
def test_more_companies_than_there_are_names_cannot_be_invented(participants: int) -> None:
    with pytest.raises(ValueError, match="between 1 and 190"):
        edition(seed=1, participants=participants)


def test_a_reversed_period_is_refused() -> None:
    with pytest.raises(ValueError, match="ends before it starts"):
        build_package_tables(seed=1, starts_on=date(2022, 3, 1), ends_on=date(2022, 2, 1), code="x", year=2022)


def _open_channels(row: dict[str, str]) -> set[str]:
    addresses = {
        "telephone": ("telephone",),
        "email": ("email", "contact_form"),
        "chat": ("chat",),
        "messenger": ("messenger",),
    }
    return {channel for channel, keys in addresses.items() if any(row[key] for key in keys)}


@pytest.mark.parametrize("seed", [1, 2])
def test_the_package_reader_finds_nothing_wrong(seed: int) -> None:
    package = parse_tables({name: list(rows) for name, rows in edition(seed=seed).items()})
    assert len(package.participants) == 190
    assert len(package.questions) == 47
