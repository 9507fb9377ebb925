"""The shoppers' comments read like people's: true to the answers, seldom alike, and without names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest

from awards.demo.world import SimulatedContact
from awards.demo.world.comments import duration
from awards.demo.world.content import read_rows, read_settings
from awards.demo.world.slips import with_slips
from tests.awards.demo.world.fieldwork import answer, demo_tables, plan

BANK = read_settings("comments")
SLOTS = {"agent", "hun", "henne", "tema", "ventetid"}


@pytest.fixture(scope="module")
def answered() -> list[SimulatedContact]:
    tables = demo_tables(1)
    return [it for it in answer(1, tables, plan(1, tables)).values() if it.outcome == "answered"]


@pytest.fixture(scope="module")
def texts(answered: list[SimulatedContact]) -> list[str]:
    return [text for it in answered for text in it.comments.values()]


def test_most_fields_are_filled_in_and_some_are_left_empty(answered: list[SimulatedContact], texts: list[str]) -> None:
    assert 0.75 < len(texts) / (3 * len(answered)) < 0.95
    assert {area for it in answered for area in it.comments} == {"welcome", "agent", "overall"}
    assert all(text.strip() == text != "" for text in texts)


def test_comments_are_seldom_alike(texts: list[str]) -> None:
    assert len(set(texts)) / len(texts) > 0.75
    assert Counter(texts).most_common(1)[0][1] < 0.005 * len(texts)


def test_some_are_short_and_some_are_long(texts: list[str]) -> None:
    lengths = sorted(len(text) for text in texts)
    assert lengths[len(lengths) // 20] < 30
    assert lengths[-len(lengths) // 20] > 130


def test_nothing_of_the_phrase_banks_own_signs_is_left(texts: list[str]) -> None:
    assert not [text for text in texts if re.search(r"[\[\]{}|]|  ", text)]


def test_no_comment_names_anybody(texts: list[str]) -> None:
    people = read_settings("people")
    names = {name for kind in ("female", "male", "other", "last") for name in people[kind]}
    # Words that begin a sentence in the phrase bank and happen to be names as well.
    names -= {"Even", "Lie", "Kim"}
    words = {word for text in texts for word in re.findall(r"[\wÆØÅæøå-]+", text)}
    assert not words & names


def test_what_a_comment_says_is_what_was_ticked(answered: list[SimulatedContact]) -> None:
    said = [it for it in answered if "nettsiden" in it.comments.get("overall", "")]
    assert said
    assert all("website" in it.options["referred"] for it in said)
    impatient = [it for it in answered if "avbrutt" in it.comments.get("agent", "")]
    assert impatient
    assert all(it.options["room"] != ("always",) for it in impatient)


def test_a_few_slips_of_the_thumb(texts: list[str]) -> None:
    without_stop = sum(not text.endswith((".", "!")) for text in texts) / len(texts)
    assert 0.02 < without_stop < 0.2
    assert sum(text[0].islower() for text in texts) > 0


def test_a_careful_shopper_makes_no_slips() -> None:
    text = "Kundebehandleren var hyggelig, og jeg fikk hjelp."
    assert with_slips(Random(1), text, 0.0) == text


def test_every_class_has_its_own_topics() -> None:
    assert set(BANK["topics"]) == {row["class"] for row in read_rows("classes")}
    assert all(len(topics) >= 5 for topics in BANK["topics"].values())


def test_every_observation_belongs_to_an_answer_that_exists() -> None:
    options = {(row["question"], row["option"]) for row in read_rows("options")}
    assert {(question, option) for question, phrases in BANK["seen"].items() for option in phrases} <= options


def test_every_phrase_is_a_whole_sentence_with_known_slots() -> None:
    for phrase in _phrases({key: value for key, value in BANK.items() if key not in ("topics", "agent_words")}):
        assert phrase.count("[") == phrase.count("]")
        assert re.search(r"[.!]$", phrase), phrase
        assert set(re.findall(r"\{(\w+)\}", phrase)) <= SLOTS, phrase


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(5, "noen få sekunder"), (40, "et halvt minutt"), (180, "tre minutter"), (1800, "30 minutter"), (3600, "en time")],
)
def test_a_wait_is_told_as_people_tell_it(seconds: int, words: str) -> None:
    assert duration(seconds) == words


def _phrases(bank: object) -> Iterator[str]:
    if isinstance(bank, dict):
        for value in bank.values():
            yield from _phrases(value)
    elif isinstance(bank, list):
        yield from bank
