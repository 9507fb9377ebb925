"""What takes two leaders: looking behind the seal, changing what is locked, locking and publishing."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from kundeservice.core.gone import still_there
from kundeservice.core.models import AuditEvent, Role, RoleGrant, User
from kundeservice.core.services.audit import record_event
from kundeservice.core.text import words_of
from surveys.models import Edition, LeaderRequest, Phase, RequestKind
from surveys.queries.versions import gate_lines
from surveys.services.arrows import EditionMove, move_edition
from surveys.services.refusals import SurveyRefusal
from surveys.services.seen import check_seen

SEEN = "results.seen"
"""What the trail calls a look at results before they are published."""


class RequestRefused(SurveyRefusal):
    """Nothing was asked for or agreed to; the text says why."""


@transaction.atomic
def set_viewers_needed(*, edition_id: int, number: int, by: User, at: dt.datetime) -> None:
    """Say how many people must agree before results are seen. Only until the field period opens: nobody may lower the
    bar once there is something to see.

    Raises: RequestRefused after that, or for another number than one or two.
    """
    edition = still_there(Edition.objects.select_for_update().filter(pk=edition_id))
    if edition.phase >= Phase.FIELD:
        raise RequestRefused(_("Dette bestemmes før feltperioden åpner og kan ikke endres nå."))
    if number not in (1, 2):
        raise RequestRefused(_("Velg én eller to personer."))
    edition.viewers_needed = number
    edition.save(update_fields=["viewers_needed"])
    record_event(at=at, actor=by, action="seal.viewers_set", subject=edition.code, detail={"what": str(number)})


@transaction.atomic
def ask_to_view_results(*, edition_id: int, by: User, reason: str, at: dt.datetime) -> LeaderRequest:
    """Ask to see places and totals before publication. Where the edition asks for one person only, it opens at once.

    Raises: RequestRefused to anybody but a leader, without a reason, or when somebody's request is waiting already.
    """
    edition = still_there(Edition.objects.select_for_update().filter(pk=edition_id))
    asked = _ask(edition, RequestKind.VIEW, by=by, reason=reason, at=at)
    if edition.viewers_needed == 1:
        _agree(asked, by=by, at=at)
    return asked


@transaction.atomic
def ask_to_unlock(*, edition_id: int, by: User, reason: str, at: dt.datetime) -> LeaderRequest:
    """Ask to open a locked edition for change. It always takes a second person.

    Raises: RequestRefused unless the edition is locked, a leader asks, a reason is given and no request is waiting.
    """
    edition = still_there(Edition.objects.select_for_update().filter(pk=edition_id))
    if not edition.is_locked:
        raise RequestRefused(_("Årgangen er ikke låst, så det er ingen lås å oppheve."))
    return _ask(edition, RequestKind.UNLOCK, by=by, reason=reason, at=at)


@transaction.atomic
def ask_to_pass(
    *,
    edition_id: int,
    kind: RequestKind,
    by: User,
    reason: str,
    wanted: dict[str, object],
    at: dt.datetime,
    seen: str | None = None,
) -> LeaderRequest:
    """Ask to lock or to publish. Where the edition asks for one person only, it is agreed to at once.

    Whether a reason is needed hangs on what is undone, which the caller knows. Nothing is carried out here.

    Raises: RequestRefused to anybody but a leader or when a request is waiting, ChangedMeanwhile.
    """
    edition = still_there(Edition.objects.select_for_update().filter(pk=edition_id))
    check_seen(gate_lines(edition), seen)
    asked = _ask(edition, kind, by=by, reason=reason, at=at, wanted=wanted)
    if edition.viewers_needed == 1:
        _agree(asked, by=by, at=at)
    return asked


@transaction.atomic
def agree_to_request(*, request_id: int, by: User, at: dt.datetime, seen: str | None = None) -> LeaderRequest:
    """Agree to what somebody else asked for. Agreeing to an unlocking opens the edition for change, back in review.

    Raises: RequestRefused to the one who asked, when either of the two is no leader or became one after the request,
    and when the request is no longer waiting; ChangedMeanwhile.
    """
    asked = _held_request(request_id)
    check_seen(gate_lines(asked.edition), seen)
    if asked.asked_by_id == by.pk:
        raise RequestRefused(_("Den som har bedt om det, kan ikke godkjenne det selv. Be en kollega."))
    check_two_leaders(asked_by=asked.asked_by_id, asked_at=asked.asked_at, by=by)
    _agree(asked, by=by, at=at)
    if asked.kind == RequestKind.UNLOCK:
        _unlock(asked.edition, asked, by=by, at=at)
    return asked


def note_look(*, edition_id: int, by: User, at: dt.datetime, what: str) -> None:
    """Log that somebody saw a page with results that are not published: one line a person and day, however many pages.

    `what` is the first page of the day, never a figure. What is published is seen by everybody and leaves no line.
    """
    edition = still_there(Edition.objects.only("code", "phase", "timezone").filter(pk=edition_id))
    if edition.phase >= Phase.PUBLISHED:
        return
    midnight = at.astimezone(edition.tzinfo).replace(hour=0, minute=0, second=0, microsecond=0)
    today = AuditEvent.objects.filter(subject=edition.code, action=SEEN, actor=by, at__gte=midnight, at__lte=at)
    if not today.exists():
        record_event(at=at, actor=by, action=SEEN, subject=edition.code, detail={"what": what})


def note_copy(*, edition_id: int, by: User | None, at: dt.datetime, what: str) -> None:
    """Log that results that are not published left the house as a file or by a command: a line each time.

    `what` is the file or command, never a figure.
    """
    code, phase = still_there(Edition.objects.values_list("code", "phase").filter(pk=edition_id))
    if phase < Phase.PUBLISHED:
        record_event(at=at, actor=by, action=SEEN, subject=code, detail={"what": what})


@transaction.atomic
def withdraw_request(*, request_id: int, by: User, at: dt.datetime, seen: str | None = None) -> None:
    """Take back or turn down a request that waits. Anybody who may open the page it stands on may.

    Raises: RequestRefused when the request is no longer waiting; ChangedMeanwhile.
    """
    asked = _held_request(request_id)
    check_seen(gate_lines(asked.edition), seen)
    asked.withdrawn_at = at
    asked.save(update_fields=["withdrawn_at"])
    _record("withdrawn", asked, by=by, at=at)


def _held_request(request_id: int) -> LeaderRequest:
    """A request that waits, held with its edition until the transaction ends, so that it gets one answer only."""
    edition = still_there(Edition.objects.select_for_update(of=("self",)).filter(leader_requests=request_id))
    asked = still_there(LeaderRequest.objects.select_for_update().filter(pk=request_id))
    if asked.agreed_at or asked.withdrawn_at:
        raise RequestRefused(_("Ønsket er allerede behandlet."))
    asked.edition = edition
    return asked


def _leading_since(*people: int | None) -> dict[int, dt.datetime]:
    """Since when each of these people leads the award; whoever does not, or is inactive, is left out.

    Read from the grants and not from a permission: Django gives a superuser every permission, and the seal asks for
    the role, as the rule `surveys.open_seal` says.
    """
    grants = RoleGrant.objects.filter(user__in=people, role=Role.LEADER, user__is_active=True)
    return dict(grants.values_list("user_id", "granted_at"))


def check_leads(person: User) -> None:
    """Raises: RequestRefused to anybody but a leader."""
    if person.pk not in _leading_since(person.pk):
        raise RequestRefused(_not_leader())


def check_two_leaders(*, asked_by: int, asked_at: dt.datetime, by: User) -> None:
    """Two accounts are two people only if nobody made the second one to answer a request that was waiting.

    Raises: RequestRefused when either is no leader, or became one after the request.
    """
    since = _leading_since(asked_by, by.pk)
    if by.pk not in since:
        raise RequestRefused(_not_leader())
    if asked_by not in since:
        raise RequestRefused(
            _("Den som ba om det, er ikke lenger prosjektleder. Avslå ønsket, og be om det på nytt selv.")
        )
    if since[by.pk] >= asked_at:
        raise RequestRefused(
            _(
                "Du ble prosjektleder eller fikk ny e-postadresse etter at ønsket ble sendt. "
                "La en annen prosjektleder godkjenne, eller avslå ønsket og be om det på nytt."
            )
        )
    if since[asked_by] >= asked_at:
        raise RequestRefused(
            _(
                "Den som ba om det, ble prosjektleder eller fikk ny e-postadresse etter at ønsket ble sendt. "
                "Avslå ønsket, og be om det på nytt."
            )
        )


def _not_leader() -> str:
    return _("Bare prosjektledere kan gjøre dette. Be en prosjektleder om det.")


def _ask(
    edition: Edition,
    kind: RequestKind,
    *,
    by: User,
    reason: str,
    at: dt.datetime,
    wanted: dict[str, object] | None = None,
) -> LeaderRequest:
    check_leads(by)
    reason = words_of(reason)
    if not reason and kind in (RequestKind.VIEW, RequestKind.UNLOCK):
        raise RequestRefused(_("Skriv hvorfor. Begrunnelsen blir stående i loggen."))
    if LeaderRequest.objects.filter(edition=edition, kind=kind).waiting().exists():
        raise RequestRefused(_("Det ligger allerede et ønske som venter på en kollega."))
    asked = LeaderRequest.objects.create(
        edition=edition, kind=kind, reason=reason, wanted=wanted or {}, asked_by=by, asked_at=at
    )
    _record("asked", asked, by=by, at=at)
    return asked


def _agree(asked: LeaderRequest, *, by: User, at: dt.datetime) -> None:
    asked.agreed_by = by
    asked.agreed_at = at
    asked.save(update_fields=["agreed_by", "agreed_at"])
    _record("agreed", asked, by=by, at=at)


def _unlock(edition: Edition, asked: LeaderRequest, *, by: User, at: dt.datetime) -> None:
    move_edition(edition, EditionMove.UNLOCK, by=by, at=at, action="edition.unlocked", detail={"reason": asked.reason})
    # Used only now: the guard in the database lets the edition back on the strength of an agreement not yet used.
    asked.used_at = at
    asked.save(update_fields=["used_at"])


def _record(act: str, asked: LeaderRequest, *, by: User, at: dt.datetime) -> None:
    record_event(
        at=at,
        actor=by,
        action=f"seal.{asked.kind}.{act}",
        subject=asked.edition.code,
        detail={"opening": asked.pk, "reason": asked.reason, **asked.wanted},
    )
