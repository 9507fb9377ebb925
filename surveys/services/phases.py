"""Opening and closing the field period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext as _

from kundeservice.core.models import User
from kundeservice.core.services.audit import record_event
from kundeservice.core.text import clean_text
from surveys.models import Channel, Contact, Edition, Phase, WaitBand
from surveys.queries.begun import begun_contacts
from surveys.queries.gates import undone_before_closing
from surveys.queries.questionnaire import questionnaires_of
from surveys.queries.versions import gate_lines
from surveys.services.guard import hold_edition
from surveys.services.refusals import EditionNotReady, ReasonNeeded, WorkBegun
from surveys.services.seen import check_seen


@transaction.atomic
def open_field(*, edition_id: int, by: User | None, at: dt.datetime, seen: str | None = None) -> Edition:
    """Let shoppers begin: planned → field. From now on the questionnaire is what it is.

    Until somebody has begun it can be taken back by `take_back_opening`.

    Raises: EditionNotReady, ChangedMeanwhile, EditionNotOpen, EditionLocked.
    """
    edition = hold_edition(edition_id, phases=(Phase.PLANNED,))
    check_seen(gate_lines(edition), seen)
    problems = list(_lacking(edition))
    if problems:
        raise EditionNotReady(problems)
    return _move(edition, Phase.FIELD, by=by, at=at)


@transaction.atomic
def take_back_opening(
    *, edition_id: int, by: User | None, at: dt.datetime, reason: str, seen: str | None = None
) -> Edition:
    """Take back an opening, while nobody has begun: field → planned.

    Raises: WorkBegun, ReasonNeeded, ChangedMeanwhile, EditionNotOpen, EditionLocked.
    """
    edition = hold_edition(edition_id, phases=(Phase.FIELD,))
    check_seen(gate_lines(edition), seen)
    reason = clean_text(reason).strip()
    if not reason:
        raise ReasonNeeded
    begun = begun_contacts(edition).count()
    if begun:
        raise WorkBegun(begun)
    return _move(edition, Phase.PLANNED, by=by, at=at, reason=reason)


@transaction.atomic
def close_field(
    *, edition_id: int, by: User | None, at: dt.datetime, reason: str = "", seen: str | None = None
) -> Edition:
    """End the field period: field → review. What was begun or returned can still be finished, nothing new begun.

    Until the edition is locked it can be taken back by `reopen_field`.

    Raises: ReasonNeeded when contacts are not made and no reason is given; ChangedMeanwhile, EditionNotOpen,
    EditionLocked.
    """
    edition = hold_edition(edition_id, phases=(Phase.FIELD,))
    check_seen(gate_lines(edition), seen)
    reason = clean_text(reason).strip()
    undone = undone_before_closing(edition)
    if undone and not reason:
        raise ReasonNeeded(part.text for part in undone)
    return _move(edition, Phase.REVIEW, by=by, at=at, reason=reason)


@transaction.atomic
def reopen_field(*, edition_id: int, by: User | None, at: dt.datetime, reason: str, seen: str | None = None) -> Edition:
    """Take back a closing: review → field.

    Raises: ReasonNeeded, ChangedMeanwhile, EditionNotOpen, EditionLocked.
    """
    edition = hold_edition(edition_id, phases=(Phase.REVIEW,))
    check_seen(gate_lines(edition), seen)
    reason = clean_text(reason).strip()
    if not reason:
        raise ReasonNeeded
    return _move(edition, Phase.FIELD, by=by, at=at, reason=reason)


def _lacking(edition: Edition) -> Iterator[str]:
    channels = sorted(set(Contact.objects.filter(edition=edition).order_by().values_list("channel", flat=True)))
    if not channels:
        yield _("Årgangen har ingen henvendelser. Lag planen først.")
    if sum(edition.weights.values()) != 100:
        yield _("Vektene for prestasjonsområdene må bli 100 til sammen.")
    with_bands = set(WaitBand.objects.filter(edition=edition).values_list("channel", flat=True))
    for channel, questionnaire in questionnaires_of(edition, tuple(channels)).items():
        label = Channel(channel).label
        if not any(True for _question in questionnaire):
            yield _("Spørreskjemaet har ingen spørsmål for %(channel)s.") % {"channel": label}
        if channel not in with_bands:
            yield _("%(channel)s mangler grenser for ventetid.") % {"channel": label}


def _move(edition: Edition, phase: Phase, *, by: User | None, at: dt.datetime, reason: str = "") -> Edition:
    former = Phase(edition.phase)
    edition.phase = phase
    edition.save(update_fields=["phase"])
    record_event(
        at=at,
        actor=by,
        action="edition.phase_changed",
        subject=edition.code,
        detail={"from": former.name.lower(), "to": phase.name.lower(), **({"reason": reason} if reason else {})},
    )
    return edition
