"""The demo edition's questionnaire: complete, short enough for every channel, and fair to score."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import pytest

from awards.demo.world.content import Row, read_rows

CHANNELS = ("telephone", "email", "chat", "messenger")
METRICS = {"ces": (1, 7), "csat": (1, 5), "nps": (0, 10), "ves1": (1, 7), "ves2": (1, 7)}
QUESTIONS = read_rows("questions")
OPTIONS: dict[str, list[Row]] = defaultdict(list)
for _option in read_rows("options"):
    OPTIONS[_option["question"]].append(_option)


def asked_on(channel: str) -> list[Row]:
    return [row for row in QUESTIONS if not row["channels"] or channel in row["channels"].split()]


def is_scored(question: str) -> bool:
    return any(option["points"] for option in OPTIONS[question])


@pytest.mark.parametrize("channel", CHANNELS)
def test_nobody_is_asked_more_than_forty_questions_nor_much_fewer(channel: str) -> None:
    assert 37 <= len(asked_on(channel)) <= 40


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_agent_is_the_largest_area_and_customer_experience_comes_last(channel: str) -> None:
    areas = [row["area"] for row in asked_on(channel)]
    assert max(set(areas), key=areas.count) == "agent"
    assert areas == sorted(areas, key=("wait", "welcome", "agent", "overall", "cx").index)


@pytest.mark.parametrize("area", ["welcome", "agent", "overall"])
@pytest.mark.parametrize("channel", CHANNELS)
def test_every_area_can_be_scored_on_every_channel(channel: str, area: str) -> None:
    assert any(is_scored(row["question"]) for row in asked_on(channel) if row["area"] == area)


def test_questions_are_numbered_in_one_order() -> None:
    assert [int(row["order"]) for row in QUESTIONS] == list(range(1, len(QUESTIONS) + 1))


def test_every_text_exists_in_both_languages_and_reads_as_a_question() -> None:
    for row in QUESTIONS:
        assert row["text_nb"] != row["text_en"]
        assert "?" in row["text_nb"]
        assert "?" in row["text_en"]
    assert all(option["text_nb"] and option["text_en"] for option in read_rows("options"))


@pytest.mark.parametrize("row", QUESTIONS, ids=lambda row: row["question"])
def test_a_scored_question_can_give_nothing_and_a_single_choice_falls_step_by_step(row: Row) -> None:
    points = [Decimal(option["points"]) for option in OPTIONS[row["question"]] if option["points"]]
    if not points:
        return
    assert min(points) == 0
    assert max(points) > 0
    assert row["area"] in ("welcome", "agent", "overall")
    assert points == sorted(points, reverse=True)


def test_several_questions_give_no_points_at_all() -> None:
    unscored = {row["question"] for row in QUESTIONS if row["kind"] != "scale" and not is_scored(row["question"])}
    assert {"callback", "referred"} <= unscored
    assert len(unscored) >= 4


def test_important_questions_weigh_more_than_small_ones() -> None:
    def most(question: str) -> Decimal:
        return max(Decimal(option["points"]) for option in OPTIONS[question] if option["points"])

    assert most("open_questions") > most("spelling")
    assert most("impression") > most("efficient")


def test_not_applicable_options_give_no_points() -> None:
    not_applicable = [option for option in read_rows("options") if option["not_applicable"] == "yes"]
    assert {option["question"] for option in not_applicable} >= {"would_buy", "alternatives"}
    assert not any(option["points"] for option in not_applicable)


def test_the_five_customer_experience_scales() -> None:
    scales = {
        row["metric"]: (int(row["scale_min"]), int(row["scale_max"])) for row in QUESTIONS if row["kind"] == "scale"
    }
    assert scales == METRICS


@pytest.mark.parametrize(
    ("channel", "limit"), [("telephone", "300"), ("chat", "300"), ("messenger", "1800"), ("email", "3")]
)
def test_wait_bands_fall_towards_the_channels_limit(channel: str, limit: str) -> None:
    bands = [row for row in read_rows("wait_bands") if row["channel"] == channel]
    closed = [row for row in bands if row["up_to"]]
    assert closed[-1]["up_to"] == limit
    assert [Decimal(row["up_to"]) for row in closed] == sorted(Decimal(row["up_to"]) for row in closed)
    assert [Decimal(row["percent"]) for row in bands] == sorted(
        (Decimal(row["percent"]) for row in bands), reverse=True
    )
    assert len(bands) - len(closed) == (channel == "messenger")


def test_every_class_has_two_role_plays_in_both_languages() -> None:
    plays = read_rows("roleplays")
    classes = [row["class"] for row in plays]
    assert all(classes.count(row["class"]) == 2 for row in read_rows("classes"))
    assert all(row["text_nb"] and row["text_en"] and row["title_nb"] and row["title_en"] for row in plays)
