"""What takes two people: to lock, to publish, to see results before that, to open what is locked.

One asks; where the edition asks for two, nothing happens until another agrees. Commands stand outside: whoever runs
them has the database in hand already.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from awards.publication.queries.gates import undone_before
from awards.publication.services.publishing import (
    LOCK_EDITION,
    PublicationRefused,
    check_lockable,
    lock_edition,
    note_before_agreeing,
    publish_edition,
    schedule_publication,
    take_back_plan,
)
from kundeservice.core.gone import still_there
from kundeservice.core.jobs import UNFINISHED, enqueue_job
from kundeservice.core.text import has_words
from surveys.models import Edition, LeaderRequest, RequestKind
from surveys.services import ReasonNeeded, RequestRefused, agree_to_request, ask_to_pass, withdraw_request

if TYPE_CHECKING:
    from awards.models import Lock
    from kundeservice.core.models import User


@transaction.atomic
def ask_to_lock(*, edition_id: int, by: User, reason: str, at: dt.datetime, seen: str | None = None) -> LeaderRequest:
    """Ask to lock the edition; it is ordered when everybody needed has agreed.

    Raises: PublicationRefused, ReasonNeeded, RequestRefused, ChangedMeanwhile.
    """
    edition = still_there(Edition.objects.filter(pk=edition_id))
    check_lockable(edition)
    return _ask(edition, RequestKind.LOCK, by=by, reason=reason, wanted={}, at=at, seen=seen)


@transaction.atomic
def ask_to_publish(
    *,
    edition_id: int,
    by: User,
    reason: str,
    publish_at: dt.datetime | None,
    shows_confidence: bool,
    at: dt.datetime,
    seen: str | None = None,
) -> LeaderRequest:
    """Ask to publish a locked edition now, or at `publish_at`; it is done when everybody needed has agreed.

    Raises: PublicationRefused, ReasonNeeded, RequestRefused, ChangedMeanwhile.
    """
    edition = still_there(Edition.objects.filter(pk=edition_id))
    if not edition.is_locked:
        raise PublicationRefused(_("%(edition)s er ikke låst. Lås årgangen først.") % {"edition": edition.name})
    if publish_at is not None and publish_at <= at:
        raise PublicationRefused(_("Velg et tidspunkt som ikke har vært."))
    wanted = {"publish_at": publish_at.isoformat() if publish_at else "", "shows_confidence": shows_confidence}
    return _ask(edition, RequestKind.PUBLISH, by=by, reason=reason, wanted=wanted, at=at, seen=seen)


@transaction.atomic
def agree_and_carry_out(*, request_id: int, by: User, at: dt.datetime, seen: str | None = None) -> LeaderRequest:
    """Agree to what a colleague asked for, and carry it out. All of it or nothing.

    An edition that is opened for change is no longer planned to be published, and nothing else that was asked of it
    waits any more. What is published already stays as it is until a correction of it is published.

    Raises: RequestRefused, as `agree_to_request` does, and when something is undone that nobody has given a reason for;
    PublicationRefused, ChangedMeanwhile.
    """
    note_before_agreeing(request_id, at=at)
    asked = agree_to_request(request_id=request_id, by=by, at=at, seen=seen)
    if asked.kind == RequestKind.UNLOCK:
        take_back_plan(asked.edition, by=by, at=at)
        # Whoever asked to see, to lock or to publish asked for the answers and results as they were then.
        for waiting in LeaderRequest.objects.filter(edition=asked.edition).waiting():
            withdraw_request(request_id=waiting.pk, by=by, at=at)
    _carry_out(asked, by=by, at=at)
    return asked


def _ask(
    edition: Edition,
    kind: RequestKind,
    *,
    by: User,
    reason: str,
    wanted: dict[str, object],
    at: dt.datetime,
    seen: str | None,
) -> LeaderRequest:
    undone = undone_before(kind, edition)
    if undone and not has_words(reason):
        raise ReasonNeeded(part.text for part in undone)
    asked = ask_to_pass(edition_id=edition.pk, kind=kind, by=by, reason=reason, wanted=wanted, at=at, seen=seen)
    if asked.agreed_at:
        _carry_out(asked, by=by, at=at)
    return asked


def _carry_out(asked: LeaderRequest, *, by: User, at: dt.datetime) -> None:
    if asked.kind not in (RequestKind.LOCK, RequestKind.PUBLISH):
        return
    edition = asked.edition
    undone = undone_before(RequestKind(asked.kind), edition)
    if undone and not asked.reason:
        raise RequestRefused(
            _("Etter at ønsket ble sendt, er dette blitt ugjort: %(undone)s. Avslå ønsket, og be om det på nytt.")
            % {"undone": "; ".join(part.text for part in undone)}
        )
    if asked.kind == RequestKind.LOCK:
        _order_lock(edition, reason=asked.reason, by=by, at=at)
    else:
        _publish(edition, asked, by=by, at=at)


def _order_lock(edition: Edition, *, reason: str, by: User, at: dt.datetime) -> None:
    """In the background: summing up every answer takes longer than a page may. Raises: PublicationRefused."""
    check_lockable(edition)
    payload = {"edition": edition.pk, "reason": reason}
    enqueue_job(
        LOCK_EDITION, subject=edition.code, payload=payload, created_by=by, at=at, total=1, one_is_enough=UNFINISHED
    )


@transaction.atomic
def lock_as_agreed(*, edition_id: int, by: User | None, at: dt.datetime, reason: str) -> Lock:
    """Lock an edition that everybody needed has agreed to lock, if they would have agreed to what it is now.

    Between the agreement and the job somebody may have left something undone that nobody has given a reason for.

    Raises: PublicationRefused, as `lock_edition` does.
    """
    edition = still_there(Edition.objects.select_for_update().filter(pk=edition_id))
    undone = () if edition.is_locked else undone_before(RequestKind.LOCK, edition)
    if undone and not reason:
        raise PublicationRefused(
            _(
                "%(edition)s er ikke låst. Etter at dere ble enige, er dette blitt ugjort: %(undone)s. "
                "Gjør det ferdig, eller be om låsing på nytt med en begrunnelse."
            )
            % {"edition": edition.name, "undone": "; ".join(part.text for part in undone)}
        )
    return lock_edition(edition_id=edition_id, by=by, at=at, reason=reason)


def _publish(edition: Edition, asked: LeaderRequest, *, by: User, at: dt.datetime) -> None:
    if not edition.is_locked:
        raise PublicationRefused(_("%(edition)s er ikke låst. Lås årgangen først.") % {"edition": edition.name})
    shows_confidence = bool(asked.wanted["shows_confidence"])
    publish_at = asked.wanted_at
    if publish_at is None:
        publish_edition(edition_id=edition.pk, by=by, at=at, shows_confidence=shows_confidence)
        return
    schedule_publication(edition_id=edition.pk, publish_at=publish_at, by=by, at=at, shows_confidence=shows_confidence)
