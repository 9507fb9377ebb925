"""Methods are named, frozen and kept for ever."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest

from scoring.engine import METHODS, MethodTakenError, UnknownMethodError, method_named, register, score_edition
from scoring.engine.grouped import IrregularError
from scoring.engine.methods import registry
from scoring.engine.recount import score_grouped_edition
from tests.scoring.engine.package import tiny_edition
from tests.scoring.engine.test_grouped import group


def test_the_default_method_has_a_name_for_people_in_both_languages() -> None:
    method = METHODS["mystery-2022"]

    assert method.title_nb.startswith("Mystery shopping 2022")
    assert method.title_en.startswith("Mystery shopping 2022")


def test_a_name_in_use_is_never_given_away() -> None:
    impostor = replace(METHODS["mystery-2022"], title_nb="Ny")

    with pytest.raises(MethodTakenError, match="mystery-2022"):
        register(impostor)

    assert METHODS["mystery-2022"].title_nb != "Ny"


def test_a_new_method_is_found_by_its_name_and_may_do_without_grouped_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_methods", {})
    monkeypatch.setattr(registry, "METHODS", registry._methods)
    plain = register(replace(METHODS["mystery-2022"], name="plain", score_grouped=None))

    assert method_named("plain") is plain
    with pytest.raises(IrregularError):
        score_grouped_edition(group(tiny_edition()), method="plain")


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
