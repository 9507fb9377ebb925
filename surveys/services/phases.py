"""Opening and closing the field period, and taking either back: the arrows a leader walks by hand."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from kundeservice.core.models import User
from kundeservice.core.text import words_of
from surveys.models import Edition
from surveys.queries.versions import gate_lines
from surveys.services.arrows import PHASE_ARROWS, EditionMove, move_edition
from surveys.services.guard import hold_edition
from surveys.services.seen import check_seen


def open_field(*, edition_id: int, by: User | None, at: dt.datetime, seen: str | None = None) -> Edition:
    """Let shoppers begin: planned → field. From now on the questionnaire is what it is.

    Until somebody has begun it can be taken back by `take_back_opening`.

    Raises: EditionNotReady, ChangedMeanwhile, EditionNotOpen, EditionLocked.
    """
    return _walk(EditionMove.OPEN, edition_id=edition_id, by=by, at=at, seen=seen)


def take_back_opening(
    *, edition_id: int, by: User | None, at: dt.datetime, reason: str, seen: str | None = None
) -> Edition:
    """Take back an opening, while nobody has begun: field → planned.

    Raises: WorkBegun, ReasonNeeded, ChangedMeanwhile, EditionNotOpen, EditionLocked.
    """
    return _walk(EditionMove.TAKE_BACK_OPENING, edition_id=edition_id, by=by, at=at, reason=reason, seen=seen)


def close_field(
    *, edition_id: int, by: User | None, at: dt.datetime, reason: str = "", seen: str | None = None
) -> Edition:
    """End the field period: field → review. What was begun or returned can still be finished, nothing new begun.

    Until the edition is locked it can be taken back by `reopen_field`.

    Raises: ReasonNeeded when contacts are not made and no reason is given; ChangedMeanwhile, EditionNotOpen,
    EditionLocked.
    """
    return _walk(EditionMove.CLOSE, edition_id=edition_id, by=by, at=at, reason=reason, seen=seen)


def reopen_field(*, edition_id: int, by: User | None, at: dt.datetime, reason: str, seen: str | None = None) -> Edition:
    """Take back a closing: review → field.

    Raises: ReasonNeeded, ChangedMeanwhile, EditionNotOpen, EditionLocked.
    """
    return _walk(EditionMove.REOPEN, edition_id=edition_id, by=by, at=at, reason=reason, seen=seen)


@transaction.atomic
def _walk(
    move: EditionMove, *, edition_id: int, by: User | None, at: dt.datetime, seen: str | None, reason: str = ""
) -> Edition:
    edition = hold_edition(edition_id, phases=PHASE_ARROWS[move].sources)
    check_seen(gate_lines(edition), seen)
    return move_edition(edition, move, by=by, at=at, reason=words_of(reason))
