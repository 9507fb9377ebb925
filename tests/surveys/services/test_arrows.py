"""Phases and reviews move along arrows of one table, and nothing else writes either."""

from __future__ import annotations

import ast
import datetime as dt
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from django.utils.module_loading import import_string

from kundeservice.core.models import AuditEvent
from scripts.draw_arrows import PAGE, drawn_page
from surveys.models import Contact, Edition, Phase, ReviewState
from surveys.services.arrows import (
    NOT_IN_REVIEW,
    PHASE_ARROWS,
    REVIEW_ARROWS,
    EditionMove,
    ReviewMove,
    move_edition,
    move_review,
)
from surveys.services.refusals import EditionNotOpen, SurveyRefusal

ROOT = Path(__file__).resolve().parents[3]
APPS = ("kundeservice", "surveys", "shoppers", "scoring", "awards")
NOW = dt.datetime(2022, 3, 1, 12, tzinfo=dt.UTC)
MAY_WRITE = {
    "phase": {
        "surveys/services/arrows.py",
        # Shown as published from its moment on; never saved.
        "awards/lookup.py",
    },
    "review": {"surveys/services/arrows.py"},
}


@pytest.mark.parametrize(("move", "phase"), product(EditionMove, Phase))
def test_an_edition_moves_only_where_an_arrow_begins(move: EditionMove, phase: Phase, edition: Edition) -> None:
    """Wherever none begins nothing is written, whatever the reason; where one begins its guards decide."""
    arrow = PHASE_ARROWS[move]
    edition.phase = phase
    if phase in arrow.sources and arrow.target >= Phase.LOCKED:
        return  # Walked with its lock and its publication in `tests/awards/publication`.

    try:
        move_edition(edition, move, by=None, at=NOW, reason="Prøver")
    except EditionNotOpen:
        assert phase not in arrow.sources
        assert edition.phase == phase
        assert not AuditEvent.objects.filter(action="edition.phase_changed").exists()
    except SurveyRefusal:
        assert arrow.guards
        assert edition.phase == phase
    else:
        assert phase in arrow.sources
        assert edition.phase == arrow.target
        assert AuditEvent.objects.get(action="edition.phase_changed").detail["from"] == phase.name.lower()


@pytest.mark.parametrize(("move", "state"), product(ReviewMove, (NOT_IN_REVIEW, *ReviewState)))
def test_a_review_moves_only_where_an_arrow_begins(move: ReviewMove, state: str) -> None:
    contact = Contact(review=state)
    arrow = REVIEW_ARROWS[move]

    if state in arrow.sources:
        move_review(contact, move)
        assert contact.review == arrow.target
    else:
        with pytest.raises(ValueError, match="no arrow"):
            move_review(contact, move)
        assert contact.review == state


def test_every_phase_can_be_reached_and_every_arrow_is_guarded() -> None:
    reached = {Phase.DRAFT} | {arrow.target for arrow in PHASE_ARROWS.values()}

    assert reached == set(Phase)
    assert set(PHASE_ARROWS) == set(EditionMove)
    assert set(REVIEW_ARROWS) == set(ReviewMove)
    assert all(arrow.guards or arrow.checked_by for arrow in PHASE_ARROWS.values())


CHECKED_BY = {arrow.checked_by for arrow in PHASE_ARROWS.values()} | {a.checked_by for a in REVIEW_ARROWS.values()}


@pytest.mark.parametrize("service", sorted(CHECKED_BY - {""}))
def test_who_is_said_to_have_checked_is_there(service: str) -> None:
    assert callable(import_string(service))


@pytest.mark.parametrize("field", MAY_WRITE)
def test_nobody_else_writes_a_phase_or_a_review(field: str) -> None:
    writers = {
        str(path.relative_to(ROOT))
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if any(_written(ast.parse(path.read_text()), field))
    }

    assert writers == MAY_WRITE[field]


def _written(tree: ast.AST, field: str) -> Iterator[bool]:
    """Assignments to `something.field`, and updates of it by a keyword with a plain value."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                for part in ast.walk(target):
                    yield isinstance(part, ast.Attribute) and part.attr == field
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update":
            yield any(
                word.arg == field and not (isinstance(word.value, ast.Attribute) and word.value.attr == "target")
                for word in node.keywords
            )


def test_the_page_on_architecture_draws_the_arrows_of_today() -> None:
    page = PAGE.read_text()

    assert drawn_page(page) == page, "run `python -m scripts.draw_arrows`"
