"""The arrows between the apps hold for foreign keys too: import-linter cannot see those written as strings."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from tests.processes import ROOT

# Each app may point to itself and to what it stands on.
MAY_POINT_TO = {
    "core": {"core"},
    "surveys": {"core", "surveys"},
    "shoppers": {"core", "surveys", "shoppers"},
    "scoring": {"core", "surveys", "scoring"},
    "awards": {"core", "surveys", "shoppers", "scoring", "awards"},
}
CLOCK = Path("kundeservice/core/clock.py")
CODE = ("kundeservice", "surveys", "shoppers", "scoring", "awards")


def relations() -> Iterator[tuple[type[models.Model], models.Field[object, object], type[models.Model]]]:
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if isinstance(field, (models.ForeignKey, models.ManyToManyField)):
                yield model, field, field.related_model


def arrows_against_the_order() -> list[str]:
    return [
        f"{model._meta.label}.{field.name} → {target._meta.label}"
        for model, field, target in relations()
        if {model._meta.app_label, target._meta.app_label} <= MAY_POINT_TO.keys()
        and target._meta.app_label not in MAY_POINT_TO[model._meta.app_label]
    ]


def test_every_app_of_ours_has_its_place_in_the_order() -> None:
    ours = {config.label for config in apps.get_app_configs() if Path(config.path).is_relative_to(ROOT / config.label)}
    assert ours | {"core"} == set(MAY_POINT_TO)


def test_foreign_keys_follow_the_arrows() -> None:
    assert arrows_against_the_order() == []


def test_a_foreign_key_against_the_arrows_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MAY_POINT_TO, "surveys", {"core"})
    assert any(arrow.startswith("surveys.") for arrow in arrows_against_the_order())


def test_what_was_asked_and_answered_does_not_know_who_asked() -> None:
    """Only `shoppers.Assignment` ties a contact to its shopper, and the contact has no way back to it."""
    from_contact = {
        f"{relation.related_model._meta.app_label}.{relation.get_accessor_name()}"
        for label in ("surveys.Contact", "surveys.Response")
        for relation in apps.get_model(label)._meta.related_objects
        if relation.related_model._meta.app_label == "shoppers" and not relation.hidden
    }
    assert from_contact == set(), "shoppers must point to contacts with related_name='+'"


def test_only_the_clock_reads_the_clock() -> None:
    readers = {
        path.relative_to(ROOT)
        for root in CODE
        for path in (ROOT / root).rglob("*.py")
        if "migrations" not in path.parts and _reads_clock(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert readers == {CLOCK}


def _reads_clock(tree: ast.AST) -> bool:
    """Find `timezone.now`, `datetime.now`, `datetime.utcnow`, `date.today` and their like."""
    return any(
        isinstance(node, ast.Attribute)
        and node.attr in {"now", "utcnow", "today"}
        and ast.unparse(node.value).split(".")[-1] in {"timezone", "datetime", "dt", "date"}
        for node in ast.walk(tree)
    )
