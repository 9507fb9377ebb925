"""Opening the seal: to see results before publication, or to change what is locked. Two people, and a line to tell."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from kundeservice.core.models import User
from kundeservice.core.services.audit import record_event
from kundeservice.core.text import clean_text
from surveys.models import Edition, OpeningKind, Phase, SealOpening
from surveys.services.refusals import SurveyRefusal


class OpeningRefused(SurveyRefusal):
    """The seal is not opened; the text says why."""


@transaction.atomic
def set_viewers_needed(*, edition_id: int, number: int, by: User, at: dt.datetime) -> None:
    """Say how many people must agree before results are seen. Only until the field period opens: nobody may lower the
    bar once there is something to see.

    Raises: OpeningRefused after that, or for another number than one or two.
    """
    edition = Edition.objects.select_for_update().get(pk=edition_id)
    if edition.phase >= Phase.FIELD:
        raise OpeningRefused(_("Dette bestemmes før feltperioden åpner og kan ikke endres nå."))
    if number not in (1, 2):
        raise OpeningRefused(_("Velg én eller to personer."))
    edition.viewers_needed = number
    edition.save(update_fields=["viewers_needed"])
    record_event(at=at, actor=by, action="seal.viewers_set", subject=edition.code, detail={"what": str(number)})


@transaction.atomic
def ask_to_view_results(*, edition_id: int, by: User, reason: str, at: dt.datetime) -> SealOpening:
    """Ask to see places and totals before publication. Where the edition asks for one person only, it opens at once.

    Raises: OpeningRefused without a reason, or when somebody's request is waiting already.
    """
    edition = Edition.objects.select_for_update().get(pk=edition_id)
    opening = _ask(edition, OpeningKind.VIEW, by=by, reason=reason, at=at)
    if edition.viewers_needed == 1:
        _agree(opening, by=by, at=at)
    return opening


@transaction.atomic
def ask_to_unlock(*, edition_id: int, by: User, reason: str, at: dt.datetime) -> SealOpening:
    """Ask to open a locked edition for change. It always takes a second person.

    Raises: OpeningRefused unless the edition is locked, a reason is given and no request is waiting.
    """
    edition = Edition.objects.select_for_update().get(pk=edition_id)
    if not edition.is_sealed:
        raise OpeningRefused(_("Årgangen er ikke låst, så det er ingen lås å oppheve."))
    return _ask(edition, OpeningKind.UNLOCK, by=by, reason=reason, at=at)


@transaction.atomic
def agree_to_opening(*, opening_id: int, by: User, at: dt.datetime) -> SealOpening:
    """Agree to what somebody else asked for. Agreeing to an unlocking opens the edition for change, back in review.

    Raises: OpeningRefused to the one who asked, and when the request is no longer waiting.
    """
    edition = Edition.objects.select_for_update(of=("self",)).get(seal_openings=opening_id)
    opening = SealOpening.objects.get(pk=opening_id)
    if opening.agreed_at or opening.withdrawn_at:
        raise OpeningRefused(_("Ønsket er allerede behandlet."))
    if opening.asked_by_id == by.pk:
        raise OpeningRefused(_("Den som har bedt om det, kan ikke godkjenne det selv. Be en kollega."))
    _agree(opening, by=by, at=at)
    if opening.kind == OpeningKind.UNLOCK:
        _unlock(edition, opening, by=by, at=at)
    return opening


def note_look(*, edition_id: int, by: User | None, at: dt.datetime, what: str) -> None:
    """Log that somebody saw results that are not published: `what` is the page, file or command, never a figure.

    What is published is seen by everybody and leaves no line.
    """
    code, phase = Edition.objects.values_list("code", "phase").get(pk=edition_id)
    if phase < Phase.PUBLISHED:
        record_event(at=at, actor=by, action="results.seen", subject=code, detail={"what": what})


@transaction.atomic
def withdraw_opening(*, opening_id: int, by: User, at: dt.datetime) -> None:
    """Take back or turn down a request that waits. Anybody who could agree to it may.

    Raises: OpeningRefused when the request is no longer waiting.
    """
    opening = SealOpening.objects.select_for_update(of=("self",)).select_related("edition").get(pk=opening_id)
    if opening.agreed_at or opening.withdrawn_at:
        raise OpeningRefused(_("Ønsket er allerede behandlet."))
    opening.withdrawn_at = at
    opening.save(update_fields=["withdrawn_at"])
    _record("withdrawn", opening, by=by, at=at)


def _ask(edition: Edition, kind: OpeningKind, *, by: User, reason: str, at: dt.datetime) -> SealOpening:
    reason = clean_text(reason).strip()
    if not reason:
        raise OpeningRefused(_("Skriv hvorfor. Begrunnelsen blir stående i loggen."))
    if SealOpening.objects.filter(edition=edition, kind=kind).waiting().exists():
        raise OpeningRefused(_("Det ligger allerede et ønske som venter på en kollega."))
    opening = SealOpening.objects.create(edition=edition, kind=kind, reason=reason, asked_by=by, asked_at=at)
    _record("asked", opening, by=by, at=at)
    return opening


def _agree(opening: SealOpening, *, by: User, at: dt.datetime) -> None:
    opening.agreed_by = by
    opening.agreed_at = at
    opening.save(update_fields=["agreed_by", "agreed_at"])
    _record("agreed", opening, by=by, at=at)


def _unlock(edition: Edition, opening: SealOpening, *, by: User, at: dt.datetime) -> None:
    edition.phase = Phase.REVIEW
    edition.save(update_fields=["phase"])
    # Used only now: the guard in the database lets the edition back on the strength of an agreement not yet used.
    opening.used_at = at
    opening.save(update_fields=["used_at"])
    record_event(at=at, actor=by, action="edition.unlocked", subject=edition.code, detail={"reason": opening.reason})


def _record(act: str, opening: SealOpening, *, by: User, at: dt.datetime) -> None:
    record_event(
        at=at,
        actor=by,
        action=f"seal.{opening.kind}.{act}",
        subject=opening.edition.code,
        detail={"opening": opening.pk, "reason": opening.reason},
    )
