"""The environment is read strictly: nonsense stops the program, with the variable's name in the message."""

from pathlib import Path

import pytest

from kundeservice.core.env import Environment, EnvironmentProblem


@pytest.mark.parametrize("word", ["1", "true", "Yes", "ON", " on "])
def test_words_that_turn_a_switch_on(word: str) -> None:
    assert Environment({"DEBUG": word}).flag("DEBUG", default=False) is True


@pytest.mark.parametrize("word", ["0", "false", "No", "off"])
def test_words_that_turn_a_switch_off(word: str) -> None:
    assert Environment({"DEBUG": word}).flag("DEBUG", default=True) is False


@pytest.mark.parametrize("word", ["ja", "nei", "2", "treu", "on off"])
def test_anything_else_is_no_switch(word: str) -> None:
    with pytest.raises(EnvironmentProblem, match=r"DEBUG=.*is not a switch.*Write one of 1, on, true, yes"):
        Environment({"DEBUG": word}).flag("DEBUG", default=False)


def test_an_empty_variable_counts_as_not_set() -> None:
    assert Environment({"DEBUG": " "}).flag("DEBUG", default=True) is True


@pytest.mark.parametrize("value", ["-1", "1.5", "ti", "٣", "11"])
def test_a_number_must_be_whole_and_within_bounds(value: str) -> None:
    with pytest.raises(EnvironmentProblem, match="PROXIES"):
        Environment({"PROXIES": value}).whole_number("PROXIES", default=0, most=10)


def test_a_number_within_bounds_is_taken() -> None:
    assert Environment({"PROXIES": "10"}).whole_number("PROXIES", default=0, most=10) == 10


def test_a_list_is_separated_by_commas() -> None:
    hosts = Environment({"ALLOWED_HOSTS": "a.example, b.example,,"}).words("ALLOWED_HOSTS")
    assert hosts == ["a.example", "b.example"]


def test_a_choice_is_one_of_the_known() -> None:
    levels = ("INFO", "WARNING")
    assert Environment({"LOG_LEVEL": "warning"}).choice("LOG_LEVEL", options=levels, default="INFO") == "WARNING"
    with pytest.raises(EnvironmentProblem, match="LOG_LEVEL='LOUD' is unknown"):
        Environment({"LOG_LEVEL": "LOUD"}).choice("LOG_LEVEL", options=levels, default="INFO")


def test_a_folder_is_absolute() -> None:
    assert Environment({"DATA_DIR": "/srv/data"}).folder("DATA_DIR", default=Path("/var")) == Path("/srv/data")
    with pytest.raises(EnvironmentProblem, match="absolute"):
        Environment({"DATA_DIR": "data"}).folder("DATA_DIR", default=Path("/var"))


def test_an_address_has_a_known_scheme_and_its_secrets_stay_out_of_the_message() -> None:
    with pytest.raises(EnvironmentProblem) as problem:
        Environment({"DATABASE_URL": "mysql://u:hemmelig@h/d"}).url("DATABASE_URL", schemes=("postgresql",))
    assert "postgresql://" in str(problem.value)
    assert "hemmelig" not in str(problem.value)
