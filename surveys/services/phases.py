"""Opening and closing the field period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext as _

from kundeservice.core.models import User
from kundeservice.core.services.audit import record_event
from surveys.models import Channel, Contact, Edition, Phase, WaitBand
from surveys.queries.questionnaire import questionnaires_of
from surveys.services.guard import hold_edition
from surveys.services.refusals import EditionNotReady


@transaction.atomic
def open_field(*, edition_id: int, by: User | None, at: dt.datetime) -> Edition:
    """Let shoppers begin: planned → field. From now on the questionnaire is what it is.

    Raises: EditionNotReady, EditionNotOpen, EditionSealed.
    """
    edition = hold_edition(edition_id, phases=(Phase.PLANNED,))
    problems = list(_lacking(edition))
    if problems:
        raise EditionNotReady(problems)
    return _move(edition, Phase.FIELD, by=by, at=at)


@transaction.atomic
def close_field(*, edition_id: int, by: User | None, at: dt.datetime) -> Edition:
    """End the field period: field → review. What was begun or returned can still be finished, nothing new begun.

    Raises: EditionNotOpen, EditionSealed.
    """
    return _move(hold_edition(edition_id, phases=(Phase.FIELD,)), Phase.REVIEW, by=by, at=at)


@transaction.atomic
def reopen_field(*, edition_id: int, by: User | None, at: dt.datetime) -> Edition:
    """Take back a closing: review → field.

    Raises: EditionNotOpen, EditionSealed.
    """
    return _move(hold_edition(edition_id, phases=(Phase.REVIEW,)), Phase.FIELD, by=by, at=at)


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


def _move(edition: Edition, phase: Phase, *, by: User | None, at: dt.datetime) -> Edition:
    former = Phase(edition.phase)
    edition.phase = phase
    edition.save(update_fields=["phase"])
    record_event(
        at=at,
        actor=by,
        action="edition.phase_changed",
        subject=edition.code,
        detail={"from": former.name.lower(), "to": phase.name.lower()},
    )
    return edition
