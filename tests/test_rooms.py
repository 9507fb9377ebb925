"""The contracts bite: an import planted against a wall between rooms or a storey is found, and so is a stray module."""

from __future__ import annotations

import ast
import copy
from typing import Any

import pytest
from grimp import ImportGraph, build_graph
from importlinter.api import read_configuration
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract

from tests.processes import ROOT

CONFIGURATION = read_configuration(str(ROOT / "pyproject.toml"))
SETTINGS, CONTRACTS = CONFIGURATION["session_options"], CONFIGURATION["contracts_options"]
KINDS = {"layers": LayersContract, "forbidden": ForbiddenContract}
OF_DJANGO = ("django.utils.", "django.core.exceptions", "django.core.validators")
"""What the package's format may take of Django: words, what an address is, and what is said of a wrong one."""


@pytest.fixture(scope="module")
def as_built() -> ImportGraph:
    return build_graph(
        *SETTINGS["root_packages"],
        include_external_packages=True,
        exclude_type_checking_imports=True,
        cache_dir=None,
    )


@pytest.fixture
def house(as_built: ImportGraph) -> ImportGraph:
    return copy.deepcopy(as_built)


def broken(house: ImportGraph) -> set[str]:
    """The names of the contracts that do not hold."""
    return {options["name"] for options in CONTRACTS if not holds(options, house)}


def holds(options: dict[str, Any], house: ImportGraph) -> bool:
    contract = KINDS[options["type"]](options["name"], SETTINGS, options)
    return bool(contract.check(copy.deepcopy(house), verbose=False).kept)


def test_the_house_as_built_keeps_every_contract(house: ImportGraph) -> None:
    assert broken(house) == set()


@pytest.mark.parametrize(
    ("importer", "imported", "contract"),
    [
        # A room a time: each looks up at the next.
        ("awards.package.services.loading", "awards.studies.services", "rooms by what they are about"),
        ("awards.studies.services", "awards.report.services", "rooms by what they are about"),
        ("awards.report.services", "awards.publication.services.publishing", "rooms by what they are about"),
        ("awards.publication.views.public", "awards.office.views.editions", "rooms by what they are about"),
        ("awards.office.queries.overview", "awards.demo.services.building", "rooms by what they are about"),
        ("awards.demo.services.building", "awards.office.queries.log", "rooms by what they are about"),
        ("awards.lookup", "awards.access", "rooms by what they are about"),
        ("awards.forms", "awards.package.services.uploads", "rooms by what they are about"),
        ("awards.models", "awards.rules", "rooms by what they are about"),
        # A storey a time, each in another room where it can be.
        ("awards.publication.views.public", "awards.publication.urls", "Every room has the same storeys"),
        ("awards.report.tasks", "awards.report.views.participant", "Every room has the same storeys"),
        ("awards.package.services.uploads", "awards.package.tasks", "Every room has the same storeys"),
        ("awards.report.document.composing", "awards.report.services", "Every room has the same storeys"),
        ("awards.publication.files.results", "awards.publication.services.site", "Every room has the same storeys"),
        ("awards.studies.certainty", "awards.studies.charts", "Every room has the same storeys"),
        ("awards.studies.queries.reading", "awards.studies.certainty", "Every room has the same storeys"),
        ("awards.package.format.cells", "awards.package.services.loading", "Every room has the same storeys"),
        ("awards.demo.world.chance", "awards.demo.services.people", "Every room has the same storeys"),
        # Kernels, and the apps below.
        ("awards.demo.world.chance", "surveys.models", "Kernels are plain Python"),
        ("awards.package.format.cells", "surveys.models", "The package's format"),
        ("surveys.queries.names", "surveys.services.drafts", "Every app has the same storeys"),
        ("scoring.queries.counts", "shoppers.models", "The award is a pipeline"),
    ],
)
def test_an_import_against_the_order_is_found(house: ImportGraph, importer: str, imported: str, contract: str) -> None:
    assert {importer, imported} <= house.modules
    house.add_import(importer=importer, imported=imported)
    assert any(contract in name for name in broken(house))


@pytest.mark.parametrize(
    "module", ["awards.notices", "awards.package.utils", "awards.report.notices", "scoring.notices"]
)
def test_a_module_without_a_place_is_found(house: ImportGraph, module: str) -> None:
    house.add_module(module)
    assert any("rooms" in name or "storeys" in name for name in broken(house))


def test_the_package_format_takes_only_words_of_django() -> None:
    taken = {
        node.module
        for path in (ROOT / "awards/package/format").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "django"
    }
    assert {module for module in taken if not module.startswith(OF_DJANGO)} == set()
