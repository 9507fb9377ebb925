"""Methods are named, frozen and kept for ever."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest

from scoring.engine import METHODS, MethodTakenError, UnknownMethodError, method_named, register, score_edition
from tests.scoring.engine.package import tiny_edition


def test_the_default_method_has_a_name_for_people_in_both_languages() -> None:
    method = METHODS["mystery-2022"]

    assert method.title_nb.startswith("Mystery shopping 2022")
    assert method.title_en.startswith("Mystery shopping 2022")


def test_a_name_in_use_is_never_given_away() -> None:
    impostor = replace(METHODS["mystery-2022"], title_nb="Ny")

    with pytest.raises(MethodTakenError, match="mystery-2022"):
        register(impostor)

    assert METHODS["mystery-2022"].title_nb != "Ny"


def test_the_registry_and_its_methods_cannot_be_written_to() -> None:
    registry: Any = METHODS
    method: Any = METHODS["mystery-2022"]

    with pytest.raises(TypeError):
        registry["mystery-2022"] = method
    with pytest.raises(FrozenInstanceError):
        method.title_nb = "Ny"


def test_an_unknown_method_is_an_error_that_names_it() -> None:
    with pytest.raises(UnknownMethodError, match="mystery-1999"):
        method_named("mystery-1999")
    with pytest.raises(UnknownMethodError, match="mystery-1999"):
        score_edition(tiny_edition(), method="mystery-1999")
